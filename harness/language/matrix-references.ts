// What a matrix says of suites, and suites of what only a matrix has: promises, profiles, rules.

import type { Matrix, Where } from './matrix.ts';
import { axisNames } from './matrix.ts';
import type { LocatedCheck } from './need-cycles.ts';
import type { Problem } from './problems.ts';
import { itemsAt, type Source, wordsAt } from './source.ts';
import { findStrays } from './stray-words.ts';
import type { Check, Suite } from './suite.ts';

export interface LocatedMatrix {
	readonly matrix: Matrix;
	readonly locate: Source;
}

/** A check that the matrix runs is part of a promise that the matrix lists. Suites serve matrices that promise less, too. */
export function findUnknownPromises(suite: Suite, checks: readonly LocatedCheck[], matrix: Matrix): readonly Problem[] {
	const run = checks.filter(({ check }) => matrix.suites.includes(suite.name) && runs(matrix, suite, check));
	const known = new Set(Object.keys(matrix.promises));
	return run.flatMap(({ path, locate }) =>
		findStrays(locate, wordsAt(locate, [...path, 'promise']), known, (word) => `The matrix lists no promise '${word}'`),
	);
}

/** Whether the check is in some cell of the matrix, and no rule skips it everywhere. */
function runs(matrix: Matrix, suite: Suite, check: Check): boolean {
	const isSkipped = matrix.skip.some(
		({ where, profiles, checks, suites }) =>
			where === undefined &&
			profiles === undefined &&
			(checks === undefined || checks.includes(check.id)) &&
			(suites === undefined || suites.includes(suite.name)),
	);
	return !isSkipped && axisNames.every((axis) => meets(matrix.axes[axis], check.where[axis]));
}

function meets(values: readonly string[], wanted: Where[keyof Where]): boolean {
	// A host that is of no known generation is a cell of every matrix.
	return wanted === undefined || [wanted].flat().some((value) => value === 'other' || values.includes(value));
}

/** Profiles that a suite may speak of although this matrix does not judge under them: suites serve several matrices. */
const wellKnownProfiles = ['shipped', 'change', 'svsm', 'dev'];

export function findUnknownProfiles(checks: readonly LocatedCheck[], matrix: Matrix): readonly Problem[] {
	const known = new Set([...matrix.profiles, ...wellKnownProfiles]);
	return checks.flatMap(({ path, locate }) =>
		findStrays(locate, wordsAt(locate, [...path, 'required']), known, (word) => `There is no profile '${word}'`),
	);
}

/** Suites that are not there; once all of them are, the checks and suites that rules name and that are not there. */
export function findUnknownScopes(
	suites: ReadonlySet<string>,
	checks: ReadonlySet<string>,
	{ locate }: LocatedMatrix,
): readonly Problem[] {
	const noSuite = (word: string) => `There is no suite '${word}'`;
	const missing = findStrays(locate, wordsAt(locate, ['suites']), suites, noSuite);
	if (missing.length > 0) {
		return missing;
	}
	const rules = ['skip', 'informational'].flatMap((list) => itemsAt(locate, [list]));
	return rules.flatMap((path) => [
		...findStrays(locate, wordsAt(locate, [...path, 'checks']), checks, (word) => `There is no check '${word}'`),
		...findStrays(locate, wordsAt(locate, [...path, 'suites']), suites, noSuite),
	]);
}
