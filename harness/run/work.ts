// One check under observation: its generator, what it asked and what it was answered.

import { z } from 'zod';
import { type Batch, type CheckKind, defineKind, type Observing } from '../language/kind.ts';
import type { PlannedCheck } from '../language/plan.ts';
import type { Answer } from '../ports.ts';

export interface Work {
	readonly check: PlannedCheck;
	readonly cell: string;
	readonly kind: CheckKind;
	readonly observing: Observing;
	readonly observations: Map<string, Answer>;
	readonly evidence: string[];
	batch: Batch | null;
	/** Why the kind's generator broke, when it did. */
	broke: string | null;
	startedAt: number | null;
	endedAt: number | null;
}

/** Starts the generator of a check's kind and gets its first batch. */
export function begin(kinds: readonly CheckKind[], check: PlannedCheck, cell: string): Work {
	const kind = kinds.find((candidate) => candidate.kind === check.kind) ?? unknownKind(check.kind);
	const work: Work = {
		check,
		cell,
		kind,
		observing: kind.observe(check.params),
		observations: new Map(),
		evidence: [],
		batch: null,
		broke: null,
		startedAt: null,
		endedAt: null,
	};
	resume(work);
	return work;
}

/** A plan of another version can name a kind that this one does not have: its check is an error, and the others go on. */
function unknownKind(name: string): CheckKind {
	return defineKind({
		kind: name,
		summary: '',
		target: 'host',
		params: z.unknown(),
		expectation: () => null,
		*observe() {},
		judge: () => ({ outcome: 'error', reason: { code: 'unknown-kind', message: `this snpgate has no kind '${name}'` } }),
	});
}

/** Gives the generator what it asked for; a generator that breaks ends its own check and no other. */
export function resume(work: Work): void {
	try {
		const next = work.observing.next(work.observations);
		work.batch = next.done === true ? null : next.value;
		const twice = Object.keys(work.batch ?? {}).find((name) => work.observations.has(name));
		if (twice !== undefined) {
			throw new Error(`it used the name '${twice}' twice`);
		}
	} catch (error) {
		work.batch = null;
		work.broke = error instanceof Error ? error.message : String(error);
	}
}

/** In a replay, the recording of a broken-off run says where it was cut. */
export function cutOffBy(work: Work): 'deadline' | 'interrupted' | null {
	for (const answer of work.observations.values()) {
		if (answer.kind === 'fault' && (answer.code === 'deadline' || answer.code === 'interrupted')) {
			return answer.code;
		}
	}
	return null;
}
