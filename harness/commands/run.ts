// snpgate run: plan, observe, judge, write the bundle, say the verdict.

import { join, relative } from 'node:path';
import { openBundle } from '../evidence/bundle-reader.ts';
import { formatDocument } from '../language/document.ts';
import { parseDuration } from '../language/scalars.ts';
import { renderEnding } from '../reporters/ending.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import { exitCode } from './exit-code.ts';
import { performRun } from './perform-run.ts';
import { prepare } from './prepare.ts';

export async function execute(args: Arguments, argv: readonly string[]): Promise<number> {
	const options = readOptions(args);
	const stop = new AbortController();
	const unlisten = listen(stop, options.deadlineMs);
	const words = options.json ? process.stderr : process.stdout;
	try {
		const prepared = await prepare(args, (text) => process.stderr.write(`${text}\n`), stop.signal);
		const ran = await performRun(prepared, { ...options, argv, stop, words });
		const report = reportOf(openBundle(ran.directory), ran.sealed);
		words.write(`\n${renderEnding(report, { colour: words.isTTY === true && process.env.NO_COLOR === undefined })}`);
		const below = relative(process.cwd(), ran.directory);
		const shown = below === '' || below.startsWith('..') ? ran.directory : below;
		words.write(`Bundle: ${shown}${ran.sealed ? '' : ' (not sealed)'} · report: ${join(shown, 'report.html')}\n`);
		if (options.json) {
			process.stdout.write(formatDocument(ran.results));
		}
		return exitCode(ran.results, ran.ended);
	} finally {
		unlisten();
	}
}

interface Options {
	readonly jobs: number;
	readonly deadlineMs: number | null;
	readonly out: string | null;
	readonly json: boolean;
}

function readOptions(args: Arguments): Options {
	const jobs = args.one('jobs') ?? '1';
	if (!/^[1-9]\d{0,2}$/.test(jobs)) {
		throw new UsageError(`'--jobs ${jobs}': expected a number from 1 to 999.`);
	}
	const deadline = args.one('deadline');
	const deadlineMs = deadline === undefined ? null : parseDuration(deadline);
	if (deadline !== undefined && (deadlineMs === null || deadlineMs === 0)) {
		throw new UsageError(`'--deadline ${deadline}': expected an integer with ms, s, min or h, for example 30min.`);
	}
	if (args.one('out') === '') {
		throw new UsageError("'--out' names no directory. Give one that is absent or empty, or leave it out.");
	}
	return { jobs: Number(jobs), deadlineMs, out: args.one('out') ?? null, json: args.flag('json') };
}

/** The first signal ends the run in order, the deadline likewise. A second one changes nothing: the handlers stay until the process ends. */
function listen(stop: AbortController, deadlineMs: number | null): () => void {
	const interrupt = () => stop.abort('interrupted');
	const timer = deadlineMs === null ? undefined : setTimeout(() => stop.abort('deadline'), deadlineMs);
	process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
	return () => {
		clearTimeout(timer);
	};
}
