// A summary in the words that every report uses.

import type { JudgedPromise } from '../gate/promises.ts';
import type { Outcome } from '../language/results.ts';
import { cleanLine, formatDuration, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import type { Summary } from './summary.ts';
import { outcomeWords } from './words.ts';

const notReachedWords = 'not reached';

export interface CountPart {
	readonly count: number;
	readonly words: string;
	/** Null for what was not reached. */
	readonly outcome: Outcome | null;
}

/** What there is of each outcome, worst first; what the end of the run kept from being judged is told apart. */
export function countParts({ counts, troubles, cutOff, blockedByEnd, notReached }: Summary): readonly CountPart[] {
	const informational = troubles.filter(({ outcome, required }) => outcome === 'failed' && !required).length;
	const parts: readonly CountPart[] = [
		{
			count: counts.failed,
			words: informational === 0 ? outcomeWords.failed : `${outcomeWords.failed} (${informational} of them informational)`,
			outcome: 'failed',
		},
		{ count: counts.error - cutOff.length, words: outcomeWords.error, outcome: 'error' },
		{
			count: counts.blocked - blockedByEnd,
			words: troubles.length === 0 ? outcomeWords.blocked : `${outcomeWords.blocked} by ${troubles.length === 1 ? 'it' : 'them'}`,
			outcome: 'blocked',
		},
		{ count: notReached, words: notReachedWords, outcome: null },
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
export function brokenOffInWords({ run, complete }: RunReport, summary: Summary): string | null {
	const reach = reachInWords(summary);
	const seal = complete ? '' : '; unsealed bundle';
	switch (run.ended) {
		case 'interrupted':
			return `INTERRUPTED: ${reach}${seal}`;
		case 'deadline':
			return `DEADLINE PASSED: ${reach}${seal}`;
		case 'running':
			return `NOT ENDED: ${reach}${seal}`;
		case 'complete':
			return complete ? null : 'UNSEALED BUNDLE: it may have been changed after the run';
	}
}

/** '1 judged, 8 not reached, 14 not applicable' */
function reachInWords({ judged, counts, blockedByEnd, notReached }: Summary): string {
	const parts: readonly (readonly [number, string])[] = [
		[counts.blocked - blockedByEnd, outcomeWords.blocked],
		[notReached, notReachedWords],
		[counts.skipped, outcomeWords.skipped],
	];
	const said = parts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`]));
	return [`${judged} judged`, ...said].join(', ');
}

const mostRules = 3;

/** "The host is genoa, this cell is for milan (rule 'host-generation')"; none unless that is all there is to say. */
export function leftOutInWords({ leftOut }: Summary): readonly string[] {
	const said = leftOut
		.slice(0, mostRules)
		.map(({ rule, because }) => `${cleanLine(because, 200)} (rule '${cleanLine(rule, 60)}')`);
	const rest = leftOut.length - mostRules;
	return rest > 0 ? [...said, `${plural(rest, 'more reason')} in report.html`] : said;
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
	const aside = asides === '' ? '' : ` (${asides})`;
	// An emulated machine has no SEV-SNP: whatever it shows, it does not show that the Change is complete.
	if (run.reality === 'emulated') {
		return `Promises: ${kept} of ${promises.length} kept${aside}`;
	}
	const complete = broken.length > 0 ? 'no' : open.length > 0 ? 'unknown' : 'yes';
	return `Change complete: ${complete}, ${kept} of ${plural(promises.length, 'promise')} kept${aside}`;
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
