// snpgate verify report: is it genuine, and is it acceptable?

import { type Arguments, UsageError } from './arguments.ts';

export async function execute(args: Arguments): Promise<number> {
	const [what, file, ...more] = args.words;
	if (what === 'quote') {
		throw new UsageError("'snpgate verify quote' is not available yet in this version.");
	}
	if (what !== 'report') {
		throw new UsageError(`'snpgate verify' takes 'report' and a file${what === undefined ? '' : `, not '${what}'`}.`);
	}
	if (file === undefined || more.length > 0) {
		throw new UsageError("'snpgate verify report' takes one file: snpgate verify report F --certs PATH.");
	}
	const { verifyReportFile } = await import('./verify-report.ts');
	return verifyReportFile(file, args);
}
