// snpgate kds: what is kept of AMD's key service, and fetching it while there is a network.

import { type Arguments, UsageError } from './arguments.ts';

export async function execute(args: Arguments): Promise<number> {
	const [word, more] = args.words;
	if (more !== undefined || (word !== 'prefetch' && word !== 'status')) {
		const found = more ?? word;
		const got = found === undefined ? '' : `, not '${found}'`;
		throw new UsageError(`'snpgate kds' takes 'prefetch' or 'status'${got}.`);
	}
	if (word === 'status') {
		refuse(args, ['report', 'product'], 'status', "shows all that is kept; only 'prefetch' takes it");
		const { showStatus } = await import('./kds-status.ts');
		return showStatus(args.flag('json'));
	}
	refuse(args, ['json'], 'prefetch', "prints lines; 'snpgate kds status --json' says what is kept then");
	const { prefetch } = await import('./kds-prefetch.ts');
	return prefetch(args.all('report'), args.all('product'));
}

function refuse(args: Arguments, options: readonly string[], word: string, why: string): void {
	const given = options.find((name) => args.flag(name));
	if (given !== undefined) {
		throw new UsageError(`'--${given}' is not for 'snpgate kds ${word}', which ${why}.`);
	}
}
