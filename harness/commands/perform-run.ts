// One run of a prepared plan into a new bundle.

import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kinds } from '../checks/index.ts';
import { openBundle } from '../evidence/bundle-reader.ts';
import { type BundleWriter, createBundle } from '../evidence/bundle-writer.ts';
import { sha256 } from '../evidence/encoding.ts';
import { createRecorder, type Recorder } from '../evidence/recorder.ts';
import { makeResult, makeResults } from '../gate/results.ts';
import { formatDocument } from '../language/document.ts';
import type { Results } from '../language/results.ts';
import type { RunInfo } from '../language/run-info.ts';
import { renderHtml } from '../reporters/html.ts';
import { renderJunit } from '../reporters/junit.ts';
import { renderMarkdown } from '../reporters/markdown.ts';
import { createProgress } from '../reporters/progress.ts';
import { conduct } from '../run/conductor.ts';
import type { Emit, RunEvent } from '../run/events.ts';
import { createLiveSource } from '../run/live.ts';
import { createTasks } from '../run/tasks.ts';
import { UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import type { Connection } from './hosts.ts';
import type { Prepared } from './prepare.ts';
import { clock, random } from './system.ts';

const reportsDirectory = 'reports';
const teardownLimitMs = 20_000;

interface RunOptions {
	readonly jobs: number;
	/** Null for a directory of its own under reports/. */
	readonly out: string | null;
	readonly argv: readonly string[];
	readonly stop: AbortController;
	readonly words: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

interface Ran {
	readonly directory: string;
	readonly results: Results;
	readonly ended: RunInfo['ended'];
	readonly sealed: boolean;
}

/** Runs a prepared plan into a new bundle. The connection is closed whatever happens. */
export async function performRun(prepared: Prepared, options: RunOptions): Promise<Ran> {
	const { plan, connection } = prepared;
	const startedAt = clock.now();
	const progress = createProgress({
		write: (text) => options.words.write(text),
		tty: options.words.isTTY === true && process.env.TERM !== 'dumb',
		columns: options.words.columns ?? 80,
		colour: process.env.NO_COLOR === undefined,
	});
	const tasks = createTasks(teardownLimitMs, (text) => emit({ event: 'note', text }));
	tasks.queue('host', () => connection.machine.close());
	const log: { bundle: BundleWriter | null } = { bundle: null };
	const emit: Emit = (body) => {
		const event: RunEvent = { t: clock.now() - startedAt, ...body };
		log.bundle?.append('events.ndjson', JSON.stringify(event));
		progress.onEvent(event);
	};
	try {
		const info = describeRun(prepared, options.argv, startedAt);
		const keys = connection.keys((text) => emit({ event: 'note', text }));
		const bundle = openNewBundle(options.out, info.id);
		log.bundle = bundle;
		bundle.append('events.ndjson', JSON.stringify({ format: 'snpgate.events/1' }));
		bundle.write('run.json', formatDocument(info));
		bundle.write('plan.json', formatDocument(plan));
		const recorder = createRecorder(bundle);
		keepSources(prepared, bundle);
		keepPhase0(prepared, connection, recorder);
		const total = plan.cells.reduce((sum, cell) => sum + cell.checks.length, 0);
		emit({ event: 'run-start', run: info.id, checks: total, host: prepared.hostName, reality: info.reality });
		const [deciding = ''] = plan.profiles;
		let done = 0;
		const finished = await conduct({
			plan,
			kinds,
			source: createLiveSource({
				host: connection.machine,
				guests: connection.guests,
				keys,
				cells: plan.cells,
				recorder,
				clock,
				random,
				tasks,
				emit,
				commandLimitMs: prepared.matrix.limits.command,
				signal: options.stop.signal,
			}),
			jobs: options.jobs,
			onStart: ({ instance, title }) => emit({ event: 'check-start', instance, title }),
			onFinish: (end) => {
				const result = makeResult(end.check, end.cell, deciding, end);
				if (result !== null) {
					done += 1;
					emit({ event: 'check-end', result, n: done, of: total });
				}
			},
			signal: options.stop.signal,
		});
		await tasks.endAll();
		const { reason } = options.stop.signal;
		const ended = !options.stop.signal.aborted ? 'complete' : reason === 'deadline' ? 'deadline' : 'interrupted';
		emit({ event: 'run-end', ended });
		const results = makeResults(plan, finished);
		writeReports(
			bundle,
			{ ...info, endedAt: new Date(clock.now()).toISOString(), ended, bootIds: bootIdsOf(connection) },
			results,
		);
		if (ended === 'interrupted') {
			bundle.close();
		} else {
			bundle.seal();
		}
		return { directory: bundle.directory, results, ended, sealed: ended !== 'interrupted' };
	} finally {
		progress.end();
		await tasks.endAll();
		log.bundle?.close();
	}
}

function describeRun(prepared: Prepared, argv: readonly string[], startedAt: number): RunInfo {
	const { matrix, facts, connection, plan } = prepared;
	const startedIso = new Date(startedAt).toISOString();
	const stamp = startedIso.replace(/[-:]/g, '').replace(/\.\d+/, '');
	return {
		format: 'snpgate.run/1',
		id: `${stamp}-${Buffer.from(random.bytes(3)).toString('hex')}`,
		snpgate: readVersion(),
		argv: [...argv],
		startedAt: startedIso,
		endedAt: null,
		ended: 'running',
		reality: connection.simulated === null ? matrix.reality : 'simulated',
		counterfactual: [...(connection.simulated?.counterfactual ?? [])],
		matrix: { path: prepared.matrixPath, release: String(matrix.release), title: matrix.title },
		host: { name: prepared.hostName, os: facts.os, cpu: facts.cpu, generation: facts.generation, kernel: facts.kernel },
		profiles: [...plan.profiles],
		selection: prepared.selection,
		bootIds: bootIdsOf(connection),
		sources: prepared.sources.map(({ path, text }) => ({ path, sha256: sha256(text) })),
	};
}

function readVersion(): string {
	const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
	return (JSON.parse(text) as { version: string }).version;
}

function bootIdsOf({ machine }: Connection): Record<string, string> {
	return machine.bootId === null ? {} : { [machine.name]: machine.bootId };
}

/** `reports/<run id>` with `reports/latest` pointing to it, or the directory that was asked for. */
function openNewBundle(out: string | null, id: string): BundleWriter {
	const directory = out ?? join(reportsDirectory, id);
	let bundle: BundleWriter;
	try {
		bundle = createBundle(directory);
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
	if (out === null) {
		mkdirSync(reportsDirectory, { recursive: true });
		const link = join(reportsDirectory, 'latest');
		if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() !== false) {
			rmSync(link, { force: true });
			symlinkSync(basename(directory), link);
		}
	}
	return bundle;
}

function keepSources(prepared: Prepared, bundle: BundleWriter): void {
	for (const { text } of prepared.sources) {
		bundle.putBlob(sha256(text), Buffer.from(text));
	}
}

function keepPhase0({ phase0 }: Prepared, { machine }: Connection, recorder: Recorder): void {
	for (const { name, request, exchange } of phase0) {
		recorder.use(`phase-0/${name}`, recorder.exchange(machine.name, machine.bootId, request, exchange));
	}
}

function writeReports(bundle: BundleWriter, info: RunInfo, results: Results): void {
	bundle.write('run.json', formatDocument(info));
	bundle.write('results.json', formatDocument(results));
	const report = reportOf(openBundle(bundle.directory), info.ended !== 'interrupted');
	bundle.write('report.html', renderHtml(report));
	bundle.write('junit.xml', renderJunit(report));
	bundle.write('summary.md', renderMarkdown(report));
}
