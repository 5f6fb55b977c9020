// snpgate capture: what a host says to every read-only request of the checks and the doctor, in one round trip, as files.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDocument } from '../language/document.ts';
import { type HostFacts, phase0, readHostFacts } from '../plan/host-facts.ts';
import { plural } from '../reporters/plain-text.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Captured, captureFiles } from './capture-rows.ts';
import { hostAsks, projectSuites } from './host-asks.ts';
import { connect, readDestination } from './hosts.ts';
import { defaultWorld } from './load.ts';
import { UnreachableError } from './prepare.ts';
import { clock } from './system.ts';

export async function execute(args: Arguments): Promise<number> {
	const [word] = args.words;
	if (word !== undefined) {
		throw new UsageError(`'snpgate capture' takes no '${word}': it asks everything. The machine is given with '--host'.`);
	}
	const destination = readDestination(args.all('host'), args.one('hosts'));
	const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
	const directory = args.one('out') ?? `capture-${stamp}`;
	requireFree(directory);
	const requests = hostAsks(projectSuites()).map(({ request }) => request);
	const connection = await connect(destination, defaultWorld());
	try {
		const exchanges = await connection.machine.perform(requests, new AbortController().signal);
		const captured = requests.flatMap((request, index): readonly Captured[] => {
			const exchange = exchanges[index];
			return exchange === undefined ? [] : [{ request, exchange }];
		});
		const lost = captured.map(({ exchange }) => exchange.answer).filter((answer) => answer.kind === 'fault');
		const [first] = lost;
		if (first !== undefined && lost.length === captured.length) {
			throw new UnreachableError(`The host gave no answer at all: ${first.message}. Nothing was written.`);
		}
		const simulated = connection.simulated !== null;
		const files = captureFiles(captured, factsOf(captured), simulated);
		writeCapture(directory, simulated, files);
		const head = simulated ? 'SIMULATED · ' : '';
		process.stdout.write(
			`${head}${plural(captured.length - lost.length, 'answer')} in ${plural(files.contents.length, 'file')}, with 'index.json', in '${directory}'.\n` +
				(first === undefined ? '' : `${plural(lost.length, 'request')} had no answer, the first because: ${first.message}\n`) +
				"Read the files before you give them away: the kernel's log and command line may name more than the machine's kind.\n",
		);
		return 0;
	} finally {
		await connection.machine.close();
	}
}

/** Throws UsageError unless the directory is absent or empty; asked before the host is. */
function requireFree(directory: string): void {
	const there = directory === '' ? undefined : statSync(directory, { throwIfNoEntry: false });
	if (directory === '' || (there !== undefined && (!there.isDirectory() || readdirSync(directory).length > 0))) {
		const what = directory === '' ? 'is no directory' : there?.isDirectory() === true ? 'is not empty' : 'is a file';
		throw new UsageError(`'${directory}' ${what}: a capture needs a directory of its own. Give another '--out'.`);
	}
}

/** The answers that phase 0 of a run would have had are among those of the checks. */
function factsOf(captured: readonly Captured[]): HostFacts {
	const byRequest = new Map(captured.map(({ request, exchange }) => [JSON.stringify(request), exchange.answer] as const));
	return readHostFacts(
		new Map(
			Object.entries(phase0).flatMap(([name, request]) => {
				const answer = byRequest.get(JSON.stringify(request));
				return answer === undefined ? [] : [[name, answer] as const];
			}),
		),
	);
}

/** The index comes last: a directory without one is a capture that did not end. */
function writeCapture(directory: string, simulated: boolean, { rows, contents }: ReturnType<typeof captureFiles>): void {
	mkdirSync(directory, { recursive: true });
	for (const { file, bytes } of contents) {
		writeFileSync(join(directory, file), bytes);
	}
	writeFileSync(join(directory, 'index.json'), formatDocument({ format: 'snpgate.capture/1', simulated, rows }));
}
