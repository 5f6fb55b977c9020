// snpgate replay BUNDLE: the recorded plan and evidence, judged by today's code. Touches no machine and writes nothing.

import { openBundle } from '../evidence/bundle-reader.ts';
import { findBundle } from '../evidence/find-bundle.ts';
import { formatDocument } from '../language/document.ts';
import { renderEnding } from '../reporters/ending.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import { exitCode } from './exit-code.ts';
import { compareResults, replayBundle } from './replay-bundle.ts';

export async function execute(args: Arguments): Promise<number> {
	const [word, ...more] = args.words;
	if (word === undefined || more.length > 0) {
		throw new UsageError("Expected one bundle: snpgate replay BUNDLE, for example 'snpgate replay latest'.");
	}
	const bundle = openBundle(findBundle(word, 'reports'));
	for (const warning of bundle.warnings) {
		process.stderr.write(`${warning}\n`);
	}
	const results = await replayBundle(bundle);
	const changed = compareResults(bundle.results, results);
	if (args.flag('json')) {
		process.stdout.write(formatDocument({ ...results, changed }));
	} else {
		const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
		process.stdout.write(renderEnding(reportOf({ ...bundle, results }), { colour }));
		const lines = changed.map(({ instance, was, now, why }) => `  ${instance}: was ${was}, is ${now} (${why})\n`);
		process.stdout.write(
			changed.length === 0
				? 'Replay: every outcome is the recorded one.\n'
				: `Replay: ${changed.length} changed.\n${lines.join('')}`,
		);
	}
	return exitCode(results, bundle.run.ended);
}
