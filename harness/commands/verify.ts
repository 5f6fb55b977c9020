// snpgate verify report: is it genuine, and is it acceptable?

import { type Arguments, UsageError } from './arguments.ts';

export async function execute(args: Arguments): Promise<number> {
	const [what, file, ...more] = args.words;
	if (args.flag('codes')) {
		if (what !== undefined) {
			throw new UsageError("'--codes' lists every reason there is and reads nothing: leave out the rest.");
		}
		await showCodes(args.flag('json'));
		return 0;
	}
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

/** Every reason with its meaning: the closed list that `reasons` of a verdict is made of. */
async function showCodes(json: boolean): Promise<void> {
	const [{ genuineReasons, acceptableReasons }, { formatDocument }] = await Promise.all([
		import('../domain/snp/reasons.ts'),
		import('../language/document.ts'),
	]);
	if (json) {
		process.stdout.write(
			formatDocument({ format: 'snpgate.attestation-reasons/1', genuine: genuineReasons, acceptable: acceptableReasons }),
		);
		return;
	}
	const width = Math.max(...[genuineReasons, acceptableReasons].flatMap(Object.keys).map((code) => code.length));
	const lines = (reasons: Readonly<Record<string, string>>) =>
		Object.entries(reasons).map(([code, meaning]) => `  ${code.padEnd(width)}  ${meaning}\n`);
	process.stdout.write(
		['Not genuine, or not known to be:\n', ...lines(genuineReasons), 'Not acceptable:\n', ...lines(acceptableReasons)].join(''),
	);
}
