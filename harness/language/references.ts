// Words in one file that name something in another: each must name what is there, and only once.

import { findUnknownProfiles, findUnknownPromises, findUnknownScopes, type LocatedMatrix } from './matrix-references.ts';
import { findNeedCycles, type LocatedCheck } from './need-cycles.ts';
import type { Problem } from './problems.ts';
import { type Source, wordsAt } from './source.ts';
import { findStrays } from './stray-words.ts';
import type { Suite } from './suite.ts';

export type { LocatedMatrix } from './matrix-references.ts';

export interface LocatedSuite {
	readonly suite: Suite;
	readonly locate: Source;
}

/**
 * Problems across files, those in suites first. `suites` are all that can be referred to: those of the matrix, those that
 * were asked for, and those that prerequisites may come from.
 */
export function checkReferences(suites: readonly LocatedSuite[], matrix: LocatedMatrix | null): readonly Problem[] {
	const bySuite = suites.map(({ suite, locate }) => ({
		suite,
		checks: suite.checks.map((check, index): LocatedCheck => ({ check, path: ['checks', index], locate })),
	}));
	const checks = bySuite.flatMap((located) => located.checks);
	const ids = new Set(checks.map(({ check }) => check.id));
	const names = new Set(suites.map(({ suite }) => suite.name));
	return [
		...findRepeatedSuites(suites),
		...findRepeatedIds(checks),
		...findUnknownIds(suites, checks, ids),
		...findNeedCycles(checks),
		...(matrix === null ? [] : bySuite.flatMap((located) => findUnknownPromises(located.suite, located.checks, matrix.matrix))),
		...(matrix === null ? [] : findUnknownProfiles(checks, matrix.matrix)),
		...(matrix === null ? [] : findUnknownScopes(names, ids, matrix)),
	];
}

function findRepeatedSuites(suites: readonly LocatedSuite[]): readonly Problem[] {
	const first = new Map<string, string>();
	return suites.flatMap(({ suite, locate }) => {
		const before = first.get(suite.name);
		first.set(suite.name, before ?? locate.place(['suite']).file);
		return before === undefined
			? []
			: [locate.problem(['suite'], `The name '${suite.name}' is used twice`, `It is also the suite ${before}`)];
	});
}

function findRepeatedIds(checks: readonly LocatedCheck[]): readonly Problem[] {
	const first = new Map<string, string>();
	return checks.flatMap(({ check, path, locate }) => {
		const before = first.get(check.id);
		first.set(check.id, before ?? check.source);
		return before === undefined
			? []
			: [locate.problem([...path, 'id'], `The id '${check.id}' is used twice`, `It is first at ${before}`)];
	});
}

function findUnknownIds(
	suites: readonly LocatedSuite[],
	checks: readonly LocatedCheck[],
	ids: ReadonlySet<string>,
): readonly Problem[] {
	const tell = (word: string) => `There is no check '${word}'`;
	const shared = suites.flatMap(({ locate }) => findStrays(locate, wordsAt(locate, ['needs']), ids, tell));
	const own = checks.flatMap(({ path, locate }) => {
		const words = ['needs', 'control'].flatMap((key) => wordsAt(locate, [...path, key]));
		return findStrays(locate, words, ids, tell);
	});
	return [...shared, ...own];
}
