// snpgate replay BUNDLE: the recorded plan and evidence, judged by today's code. Touches no machine and writes nothing.

import { kinds } from '../checks/index.ts';
import { type Bundle, openBundle } from '../evidence/bundle-reader.ts';
import { formatDocument } from '../evidence/bundle-writer.ts';
import { findBundle } from '../evidence/find-bundle.ts';
import { makeResults } from '../gate/results.ts';
import type { Results } from '../language/results.ts';
import { renderEnding } from '../reporters/ending.ts';
import { conduct } from '../run/conductor.ts';
import { createRecordedSource } from '../run/recorded.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import { exitCode } from './exit-code.ts';

interface Change {
	readonly instance: string;
	readonly was: string | null;
	readonly now: string | null;
	readonly why: string;
}

export async function execute(args: Arguments): Promise<number> {
	const [word, ...more] = args.words;
	if (word === undefined || more.length > 0) {
		throw new UsageError("Expected one bundle: snpgate replay BUNDLE, for example 'snpgate replay latest'.");
	}
	const bundle = openBundle(findBundle(word, 'reports'));
	for (const warning of bundle.warnings) {
		process.stderr.write(`${warning}\n`);
	}
	const results = await replay(bundle);
	const changed = compare(bundle.results, results);
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

async function replay(bundle: Bundle): Promise<Results> {
	const finished = await conduct({
		plan: bundle.plan,
		kinds,
		source: createRecordedSource(bundle),
		jobs: 1,
		onStart: () => {},
		onFinish: () => {},
		signal: new AbortController().signal,
	});
	return makeResults(bundle.plan, finished);
}

function compare(recorded: Results | null, now: Results): readonly Change[] {
	const before = new Map(recorded?.results.map((result) => [result.instance, result]));
	return now.results.flatMap((result) => {
		const was = before.get(result.instance);
		if (was !== undefined && JSON.stringify(was) === JSON.stringify(result)) {
			return [];
		}
		const why =
			result.reason?.code === 'not-recorded'
				? 'not recorded'
				: was === undefined
					? 'the run ended before it'
					: was.outcome === result.outcome
						? 'said otherwise'
						: 'the check judges otherwise today';
		return [{ instance: result.instance, was: was?.outcome ?? null, now: result.outcome, why }];
	});
}
