// What run and plan share: suites, matrix, the connection, phase 0, and the plan.

import { dirname } from 'node:path';
import { kinds } from '../checks/index.ts';
import type { Matrix } from '../language/matrix.ts';
import type { Plan } from '../language/plan.ts';
import { type HostFacts, phase0, readHostFacts } from '../plan/host-facts.ts';
import { makePlan } from '../plan/plan.ts';
import { describeSelection } from '../plan/selection.ts';
import type { Exchange, Machine, MachineRequest } from '../ports.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Connection, connect, type Destination, readDestination } from './hosts.ts';
import { defaultMatrix, type LoadedMatrix, loadMatrixFile, loadSuites, matrixForRelease, requireSound } from './load.ts';
import { readProfiles, readSelection } from './selection.ts';
import type { Source } from './source-file.ts';

/** The host gave no answer at all: there is no plan, no bundle and no verdict. */
export class UnreachableError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'UnreachableError';
	}
}

export interface Prepared {
	readonly plan: Plan;
	readonly matrix: Matrix;
	readonly matrixPath: string;
	readonly connection: Connection;
	readonly hostName: string;
	readonly facts: HostFacts;
	readonly phase0: readonly Phase0Exchange[];
	readonly selection: string | null;
	readonly sources: readonly Source[];
}

interface Phase0Exchange {
	readonly name: string;
	readonly request: MachineRequest;
	readonly exchange: Exchange;
}

/** Everything up to the plan. Throws UsageError before any machine is touched when the files are unsound. */
export async function prepare(args: Arguments, tell: (text: string) => void, signal: AbortSignal): Promise<Prepared> {
	const suites = loadSuites(args.words);
	const destination = readDestination(args.all('host'), args.one('hosts'));
	const given = args.one('matrix') ?? (destination.at === 'sim' ? defaultMatrix : undefined);
	const early = given === undefined ? null : loadMatrixFile(given);
	if (early !== null || suites.problems.length > 0) {
		requireSound(suites, early ?? loadMatrixFile(defaultMatrix));
	}
	const connection = await connect(destination, early?.matrix?.world ?? null);
	try {
		const observed = await observePhase0(connection.machine, signal);
		const lost = observed.map(({ exchange }) => exchange.answer).find((answer) => answer.kind === 'fault');
		if (lost !== undefined) {
			// What the host is decides the plan: a guess here would name cells that the host does not have.
			const why = signal.aborted && signal.reason === 'deadline' ? 'the deadline passed' : lost.message;
			throw new UnreachableError(`Host '${nameOf(destination, connection)}' could not be looked at: ${why}. Nothing was judged.`);
		}
		const facts = readHostFacts(new Map(observed.map(({ name, exchange }) => [name, exchange.answer])));
		const loaded = early ?? chooseMatrix(facts, tell);
		if (args.one('matrix') === undefined && early !== null) {
			tell(`No '--matrix': using '${loaded.path}'.`);
		}
		const matrix = requireSound(suites, loaded);
		const selection = readSelection(args, matrix, suites.named);
		const hostName = nameOf(destination, connection);
		const plan = makePlan({
			suites: suites.suites,
			matrix,
			matrixDirectory: dirname(loaded.path),
			kinds,
			profiles: readProfiles(args, matrix),
			host: { name: hostName, generation: facts.generation },
			selection,
			trust: connection.trust,
		});
		if ('problem' in plan) {
			throw new UsageError(plan.problem);
		}
		const sources = [...suites.sources, loaded.source];
		const matrixPath = loaded.path;
		return {
			plan,
			matrix,
			matrixPath,
			connection,
			hostName,
			facts,
			phase0: observed,
			selection: describeSelection(selection),
			sources,
		};
	} catch (error) {
		await connection.machine.close();
		throw error;
	}
}

function chooseMatrix(facts: HostFacts, tell: (text: string) => void): LoadedMatrix {
	const own = matrixForRelease(facts.osId, facts.osVersion);
	const loaded = loadMatrixFile(own ?? defaultMatrix);
	tell(
		own === null
			? `No '--matrix', and none for this host (${facts.os}): using '${loaded.path}'.`
			: `No '--matrix': using '${loaded.path}' for this host (${facts.os}).`,
	);
	return loaded;
}

async function observePhase0(machine: Machine, signal: AbortSignal): Promise<readonly Phase0Exchange[]> {
	const asked = Object.entries(phase0) as readonly (readonly [string, MachineRequest])[];
	const exchanges = await machine.perform(
		asked.map(([, request]) => request),
		signal,
	);
	return asked.flatMap(([name, request], index) => {
		const exchange = exchanges[index];
		return exchange === undefined ? [] : [{ name, request, exchange }];
	});
}

function nameOf(destination: Destination, connection: Connection): string {
	return destination.at === 'local' ? 'local' : `sim:${connection.simulated?.world}`;
}
