// How a bench is written: the same work twice, by snpgate and bare, measured alternately in one process by processor time, the
// least of several rounds, so that neither the machine nor what else runs on it decides.

import { threadTime } from '../../harness/test-time.ts';

export interface Bench {
	readonly title: string;
	/** What the bare side does. */
	readonly against: string;
	/** The most that snpgate may take, as a multiple of the bare side. */
	readonly bound: number;
	readonly ours: () => unknown;
	readonly bare: () => unknown;
}

/** Milliseconds of processor time for doing it once, the least of all rounds. */
export interface Measured {
	readonly ours: number;
	readonly bare: number;
	readonly ratio: number;
	readonly holds: boolean;
}

const rounds = 15;
/** A kernel may count processor time in ticks of 4 ms: as many repetitions a round as make that small. */
const roundTime = 100;

export function measure({ ours, bare, bound }: Bench): Measured {
	const repetitions = repetitionsOf(bare);
	const least = { ours: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY };
	for (let round = 0; round < rounds; round++) {
		least.bare = Math.min(least.bare, spentOn(bare, repetitions));
		least.ours = Math.min(least.ours, spentOn(ours, repetitions));
	}
	const ratio = least.ours / least.bare;
	return { ours: least.ours / repetitions, bare: least.bare / repetitions, ratio, holds: ratio <= bound };
}

function spentOn(work: () => unknown, repetitions: number): number {
	const from = threadTime();
	for (let n = 0; n < repetitions; n++) {
		work();
	}
	return threadTime() - from;
}

function repetitionsOf(work: () => unknown): number {
	let repetitions = 1;
	while (spentOn(work, repetitions) < roundTime) {
		repetitions *= 2;
	}
	return repetitions;
}
