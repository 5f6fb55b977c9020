// snpgate measure WHAT F: the launch digest that a guest must have.

import { type Arguments, UsageError } from './arguments.ts';
import { measureOvmf } from './measure-ovmf.ts';

export function execute(args: Arguments): number {
	const [what, file, ...more] = args.words;
	if (what === 'igvm') {
		throw new UsageError("'snpgate measure igvm' is not available yet in this version.");
	}
	if (what !== 'ovmf' || file === undefined || more.length > 0) {
		throw new UsageError("'snpgate measure' takes 'ovmf' and one image, for example 'snpgate measure ovmf OVMF.amdsev.fd'.");
	}
	process.stdout.write(measureOvmf(file, args));
	return 0;
}
