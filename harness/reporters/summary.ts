// What every report needs to know of a run before it says anything: what to look at first, what hangs on what. Pure.

import { type JudgedPromise, judgePromises } from '../gate/promises.ts';
import type { PlannedCheck } from '../language/plan.ts';
import type { OtherResult, Outcome, Result } from '../language/results.ts';
import type { RunReport } from './report.ts';

/** A planned check that has no result. */
export interface Missing {
	readonly check: PlannedCheck;
	readonly cell: string;
}

/** A rule of the matrix, or of the planner, with the reason it gives. */
interface LeftOut {
	readonly rule: string;
	readonly because: string;
}

export interface Summary {
	readonly planned: ReadonlyMap<string, PlannedCheck>;
	readonly counts: Readonly<Record<Outcome, number>>;
	/** Failed, and could not be found out: those that count for the gate first, each in the order of the plan. */
	readonly troubles: readonly Result[];
	/** Errors that say no more than that the run ended too early. */
	readonly cutOff: readonly Result[];
	readonly missing: readonly Missing[];
	/** Instance of the check that did not pass -> what is blocked by it, directly or not. */
	readonly blockedBy: ReadonlyMap<string, readonly Result[]>;
	/** The other way round. */
	readonly rootOf: ReadonlyMap<string, string>;
	/** How an instance differs under the profiles that do not decide. */
	readonly differing: ReadonlyMap<string, readonly OtherResult[]>;
	readonly promises: readonly JudgedPromise[];
	/** Passed, failed, or in error for a reason of their own. */
	readonly judged: number;
	/** Cut off, never run, or blocked by one of those. */
	readonly notReached: number;
	/** The part of the blocked that is not reached. */
	readonly blockedByEnd: number;
	/** What left out everything there was; empty as soon as anything else happened. */
	readonly leftOut: readonly LeftOut[];
}

export function summarise({ plan, results }: RunReport): Summary {
	const planned = new Map(plan.cells.flatMap(({ checks }) => checks.map((check) => [check.instance, check])));
	const byInstance = new Map(results.results.map((result) => [result.instance, result]));
	const counts: Record<Outcome, number> = { passed: 0, failed: 0, error: 0, blocked: 0, skipped: 0 };
	for (const { outcome } of results.results) {
		counts[outcome] += 1;
	}
	const rootOf = findRoots(results.results, planned, byInstance);
	const cutOff = results.results.filter(isCutOff);
	const missing = plan.cells.flatMap(({ id, checks }) =>
		checks.filter(({ instance }) => !byInstance.has(instance)).map((check) => ({ check, cell: id })),
	);
	const unreached = new Set([...cutOff, ...missing.map(({ check }) => check)].map(({ instance }) => instance));
	const blockedByEnd = [...rootOf.values()].filter((root) => unreached.has(root)).length;
	return {
		planned,
		counts,
		troubles: results.results
			.filter((result) => (result.outcome === 'failed' || result.outcome === 'error') && !isCutOff(result))
			.toSorted((a, b) => rank(a) - rank(b)),
		cutOff,
		missing,
		blockedBy: Map.groupBy(
			results.results.filter(({ instance }) => rootOf.has(instance)),
			({ instance }) => rootOf.get(instance) ?? '',
		),
		rootOf,
		differing: Map.groupBy(results.otherProfiles, ({ instance }) => instance),
		promises: judgePromises(plan, results.results),
		judged: counts.passed + counts.failed + counts.error - cutOff.length,
		notReached: unreached.size + blockedByEnd,
		blockedByEnd,
		leftOut: missing.length === 0 ? findLeftOut(results.results) : [],
	};
}

function rank({ outcome, required }: Result): number {
	return (required ? 0 : 2) + (outcome === 'failed' ? 0 : 1);
}

export function isCutOff({ outcome, reason }: Result): boolean {
	return outcome === 'error' && (reason?.code === 'deadline' || reason?.code === 'interrupted');
}

function findLeftOut(results: readonly Result[]): readonly LeftOut[] {
	if (results.some(({ outcome }) => outcome !== 'skipped')) {
		return [];
	}
	const rules = Map.groupBy(results, ({ rule, reason }) => JSON.stringify([rule, reason?.message]));
	return [...rules.values()].map(([first]) => ({
		rule: first?.rule ?? 'none',
		because: first?.reason?.message ?? 'The matrix says so',
	}));
}

/** Follows needs from each blocked check to the first one that is not itself blocked. A plan with a circle ends nowhere. */
function findRoots(
	results: readonly Result[],
	planned: ReadonlyMap<string, PlannedCheck>,
	byInstance: ReadonlyMap<string, Result>,
): ReadonlyMap<string, string> {
	const roots = new Map<string, string>();
	for (const blocked of results) {
		const path: string[] = [];
		const seen = new Set<string>();
		let at: string | undefined = blocked.instance;
		while (at !== undefined && !roots.has(at) && !seen.has(at) && byInstance.get(at)?.outcome === 'blocked') {
			path.push(at);
			seen.add(at);
			at = planned.get(at)?.needs.find((need) => byInstance.get(need)?.outcome !== 'passed');
		}
		const root = at === undefined || seen.has(at) ? undefined : (roots.get(at) ?? at);
		for (const instance of root === undefined ? [] : path) {
			roots.set(instance, root ?? '');
		}
	}
	return roots;
}
