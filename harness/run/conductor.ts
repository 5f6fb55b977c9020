// Steps the generators of all ready checks of a machine together and sends the union of their batches as one round trip.

import type { Ended } from '../gate/results.ts';
import type { CheckKind } from '../language/kind.ts';
import type { Plan, PlannedCheck } from '../language/plan.ts';
import { settleBroken, settleByJudging, settleCutOff, settleWithoutJudging } from './outcomes.ts';
import type { Keyed, Lane, Source } from './source.ts';
import { begin, cutOffBy, resume, type Work } from './work.ts';

export interface Finished {
	readonly check: PlannedCheck;
	readonly cell: string;
	/** By profile. */
	readonly settled: ReadonlyMap<string, Ended>;
	readonly evidence: readonly string[];
	readonly durationMs: number;
}

export interface ConductorParts {
	readonly plan: Plan;
	readonly kinds: readonly CheckKind[];
	readonly source: Source;
	/** How many cells with guests are worked on at a time. */
	readonly jobs: number;
	readonly onStart: (check: PlannedCheck) => void;
	readonly onFinish: (finished: Finished) => void;
	readonly signal: AbortSignal;
}

/** Runs every check of the plan to an outcome under every profile. Never rejects because of a check. */
export async function conduct(parts: ConductorParts): Promise<ReadonlyMap<string, Finished>> {
	const state = createState(parts);
	const guestCells = parts.plan.cells.filter(({ checks }) => checks.some(({ target }) => target === 'guest'));
	const queue = guestCells.map(({ id }) => id);
	const worker = async () => {
		for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
			try {
				await runLane(parts, state, { on: 'guest', cell, phase: 'main' });
				await runLane(parts, state, { on: 'guest', cell, phase: 'last' });
			} finally {
				await parts.source.release(cell);
			}
		}
	};
	const workers = Array.from({ length: Math.max(1, Math.min(parts.jobs, queue.length)) }, worker);
	await Promise.all([runLane(parts, state, { on: 'host', phase: 'main' }), ...workers]);
	await runLane(parts, state, { on: 'host', phase: 'last' });
	settleRest(parts, state);
	return state.finished;
}

interface State {
	readonly finished: Map<string, Finished>;
	readonly pending: Map<string, { readonly check: PlannedCheck; readonly cell: string }>;
	/** Evidence of checks that the end of the run cut off in the middle. */
	readonly cutOff: Map<string, readonly string[]>;
	readonly finish: (finished: Finished) => void;
	/** Resolves when any check has finished. */
	readonly change: () => Promise<void>;
}

function createState(parts: ConductorParts): State {
	const finished = new Map<string, Finished>();
	const pending = new Map(
		parts.plan.cells.flatMap((cell) => cell.checks.map((check) => [check.instance, { check, cell: cell.id }] as const)),
	);
	let changed = Promise.withResolvers<void>();
	return {
		finished,
		pending,
		cutOff: new Map(),
		finish: (done) => {
			pending.delete(done.check.instance);
			finished.set(done.check.instance, done);
			parts.onFinish(done);
			const { resolve } = changed;
			changed = Promise.withResolvers<void>();
			resolve();
		},
		change: () => changed.promise,
	};
}

function belongs(lane: Lane, check: PlannedCheck, cell: string): boolean {
	const onMachine = lane.on === 'host' ? check.target === 'host' : check.target === 'guest' && cell === lane.cell;
	return onMachine && check.last === (lane.phase === 'last');
}

async function runLane(parts: ConductorParts, state: State, lane: Lane): Promise<void> {
	const active = new Map<string, Work>();
	const waiting = new Map([...state.pending].filter(([, { check, cell }]) => belongs(lane, check, cell)));
	while (waiting.size > 0 || active.size > 0) {
		if (parts.signal.aborted) {
			break;
		}
		startReady(parts, state, waiting, active);
		if (active.size > 0) {
			await step(parts, lane, active);
			finishDone(parts, state, active);
		} else if (waiting.size > 0) {
			await changeOrAbort(state, parts.signal);
		}
	}
	for (const [instance, { evidence }] of active) {
		state.cutOff.set(instance, evidence);
	}
}

/** What the end of the run cut off is an error, and what needs it is blocked by it, in the order of the needs. */
function settleRest(parts: ConductorParts, state: State): void {
	while (state.pending.size > 0) {
		for (const { check, cell } of state.pending.values()) {
			if (prerequisites(check).some((need) => state.pending.has(need))) {
				continue;
			}
			const why = parts.signal.reason === 'deadline' ? 'deadline' : 'interrupted';
			const settled = new Map(
				parts.plan.profiles.map((profile) => [
					profile,
					settleWithoutJudging(check, profile, lookUpIn(state)) ?? settleCutOff(why),
				]),
			);
			state.finish({ check, cell, settled, evidence: state.cutOff.get(check.instance) ?? [], durationMs: 0 });
		}
	}
}

function prerequisites(check: PlannedCheck): readonly string[] {
	return check.control === null ? check.needs : [...check.needs, check.control];
}

async function changeOrAbort(state: State, signal: AbortSignal): Promise<void> {
	const aborted = Promise.withResolvers<void>();
	const abort = () => aborted.resolve();
	signal.addEventListener('abort', abort, { once: true });
	await Promise.race([state.change(), aborted.promise]);
	signal.removeEventListener('abort', abort);
}

function lookUpIn(state: State) {
	return (instance: string, profile: string) => state.finished.get(instance)?.settled.get(profile);
}

/** Moves checks whose needs and control have ended from waiting to active, or straight to their outcome. */
function startReady(
	parts: ConductorParts,
	state: State,
	waiting: Map<string, { check: PlannedCheck; cell: string }>,
	active: Map<string, Work>,
): void {
	for (let moved = true; moved; ) {
		moved = false;
		for (const [instance, { check, cell }] of waiting) {
			if (prerequisites(check).some((need) => state.pending.has(need))) {
				continue;
			}
			waiting.delete(instance);
			moved = true;
			const decided = parts.plan.profiles.map(
				(profile) => [profile, settleWithoutJudging(check, profile, lookUpIn(state))] as const,
			);
			if (decided.every(([, settled]) => settled !== null)) {
				const settled = new Map(decided.flatMap(([profile, end]) => (end === null ? [] : [[profile, end] as const])));
				state.finish({ check, cell, settled, evidence: [], durationMs: 0 });
				continue;
			}
			const work = begin(parts.kinds, check, cell);
			parts.onStart(check);
			active.set(instance, work);
		}
	}
	finishDone(parts, state, active);
}

/** One round: everything that the active checks want now, in one go, each check's own requests kept together. */
async function step(parts: ConductorParts, lane: Lane, active: ReadonlyMap<string, Work>): Promise<void> {
	const asked: { readonly work: Work; readonly name: string; readonly keyed: Keyed }[] = [];
	for (const work of active.values()) {
		for (const [name, request] of Object.entries(work.batch ?? {})) {
			asked.push({ work, name, keyed: { key: `${work.check.instance}/${name}`, request, asker: work.check.instance } });
		}
	}
	const answers = await parts.source.ask(
		lane,
		asked.map(({ keyed }) => keyed),
	);
	for (const [index, { work, name }] of asked.entries()) {
		const answered = answers[index];
		if (answered === undefined) {
			throw new Error(`'${work.check.instance}/${name}' got no answer`);
		}
		work.observations.set(name, answered.answer);
		if (answered.exchange !== null) {
			work.evidence.push(answered.exchange);
			work.startedAt = Math.min(work.startedAt ?? answered.startedAt, answered.startedAt);
			work.endedAt = Math.max(work.endedAt ?? answered.endedAt, answered.endedAt);
		}
	}
	for (const work of active.values()) {
		resume(work);
	}
}

function finishDone(parts: ConductorParts, state: State, active: Map<string, Work>): void {
	for (const [instance, work] of active) {
		if (work.batch !== null || parts.signal.aborted) {
			continue;
		}
		active.delete(instance);
		const cut = cutOffBy(work);
		const settled = new Map(
			parts.plan.profiles.map((profile) => [
				profile,
				settleWithoutJudging(work.check, profile, lookUpIn(state)) ??
					(cut === null ? settleWork(work, profile, state) : settleCutOff(cut)),
			]),
		);
		const took = work.startedAt === null || work.endedAt === null || cut !== null ? 0 : work.endedAt - work.startedAt;
		state.finish({ check: work.check, cell: work.cell, settled, evidence: work.evidence, durationMs: took });
	}
}

function settleWork(work: Work, profile: string, state: State): Ended {
	return work.broke === null
		? settleByJudging(work.kind, work.check, profile, work.observations, lookUpIn(state))
		: settleBroken(work.kind.kind, work.broke);
}
