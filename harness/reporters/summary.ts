// What every report needs to know of a run before it says anything: what to look at first, what hangs on what. Pure.

import { type JudgedPromise, judgePromises } from '../gate/promises.ts';
import type { PlannedCheck } from '../language/plan.ts';
import type { OtherResult, Outcome, Result } from '../language/results.ts';
import { cleanLine, formatDuration, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { outcomeWords } from './words.ts';

/** A planned check that has no result. */
export interface Missing {
	readonly check: PlannedCheck;
	readonly cell: string;
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
	/** How many checks were settled before the run ended, and how many were planned. */
	readonly settled: number;
	readonly total: number;
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
	const cut = new Set(cutOff.map(({ instance }) => instance));
	const missing = plan.cells.flatMap(({ id, checks }) =>
		checks.filter(({ instance }) => !byInstance.has(instance)).map((check) => ({ check, cell: id })),
	);
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
		settled: results.results.length - cutOff.length - [...rootOf.values()].filter((root) => cut.has(root)).length,
		total: results.results.length + missing.length,
	};
}

function rank({ outcome, required }: Result): number {
	return (required ? 0 : 2) + (outcome === 'failed' ? 0 : 1);
}

export function isCutOff({ outcome, reason }: Result): boolean {
	return outcome === 'error' && (reason?.code === 'deadline' || reason?.code === 'interrupted');
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

export interface CountPart {
	readonly count: number;
	readonly words: string;
	/** Null for checks without a result. */
	readonly outcome: Outcome | null;
}

/** What there is of each outcome, worst first; what the end of the run cut off is told apart from other errors. */
export function countParts({ counts, troubles, cutOff, missing }: Summary): readonly CountPart[] {
	const informational = troubles.filter(({ outcome, required }) => outcome === 'failed' && !required).length;
	const parts: readonly CountPart[] = [
		{
			count: counts.failed,
			words: informational === 0 ? outcomeWords.failed : `${outcomeWords.failed} (${informational} of them informational)`,
			outcome: 'failed',
		},
		{ count: counts.error - cutOff.length, words: outcomeWords.error, outcome: 'error' },
		{
			count: counts.blocked,
			words: troubles.length === 0 ? outcomeWords.blocked : `${outcomeWords.blocked} by ${troubles.length === 1 ? 'it' : 'them'}`,
			outcome: 'blocked',
		},
		{ count: cutOff.length, words: 'cut off', outcome: 'error' },
		{ count: missing.length, words: 'never run', outcome: null },
		{ count: counts.skipped, words: outcomeWords.skipped, outcome: 'skipped' },
		{ count: counts.passed, words: outcomeWords.passed, outcome: 'passed' },
	];
	return parts.filter(({ count, outcome }) => count > 0 || outcome === 'passed');
}

/** '2 failed, 1 could not be found out, 23 blocked by them, 12 not applicable, 96 passed' */
export function countsInWords(summary: Summary): string {
	return countParts(summary)
		.map(({ count, words }) => `${count} ${words}`)
		.join(', ');
}

/** What must be said before any verdict of a run that did not end well; null when it did. */
export function brokenOffInWords({ run, complete }: RunReport, { settled, total }: Summary): string | null {
	const after = `after ${settled} of ${plural(total, 'check')}`;
	const seal = complete ? '' : ': unsealed bundle';
	switch (run.ended) {
		case 'interrupted':
			return `INTERRUPTED ${after}${seal}`;
		case 'deadline':
			return `DEADLINE PASSED ${after}${seal}`;
		case 'running':
			return `NOT ENDED ${after}${seal}`;
		case 'complete':
			return complete ? null : 'UNSEALED BUNDLE: it may have been changed after the run';
	}
}

/** '14 min', or null while the run has no end. */
export function runDuration({ run }: RunReport): string | null {
	const ms = run.endedAt === null ? Number.NaN : Date.parse(run.endedAt) - Date.parse(run.startedAt);
	return Number.isFinite(ms) && ms >= 0 ? formatDuration(ms) : null;
}

/** 'Change complete: no, 15 of 18 promises kept (missing: …)'; null where promises do not arise. */
export function promisesInWords({ run, plan }: RunReport, { promises }: Summary): string | null {
	if (promises.length === 0 || plan.scope === 'selection') {
		return null;
	}
	const kept = promises.filter((promise) => promise.kept === true).length;
	const broken = promises.filter((promise) => promise.kept === false);
	const open = promises.filter((promise) => promise.kept === null);
	const asides = [naming('missing', broken), naming('not judged', open)].filter((text) => text !== '').join('; ');
	const count = `${kept} of ${plural(promises.length, 'promise')} kept${asides === '' ? '' : ` (${asides})`}`;
	// An emulated machine has no SEV-SNP: whatever it shows, it does not show that the Change is complete.
	if (run.reality === 'emulated') {
		return `Promises: ${count}`;
	}
	return `Change complete: ${broken.length > 0 ? 'no' : open.length > 0 ? 'unknown' : 'yes'}, ${count}`;
}

const named = 6;

function naming(what: string, promises: readonly JudgedPromise[]): string {
	if (promises.length === 0) {
		return '';
	}
	const more = promises.length > named ? ` and ${promises.length - named} more` : '';
	return `${what}: ${promises
		.slice(0, named)
		.map(({ id }) => cleanLine(id, 40))
		.join(', ')}${more}`;
}
