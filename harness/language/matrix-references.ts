// What a matrix says of suites, and suites of what only a matrix has: promises, profiles, rules.

import { idsAt, type LocatedCheck } from './located-check.ts';
import type { Matrix } from './matrix.ts';
import type { Problem } from './problems.ts';
import { itemsAt, type Path, type Source, wordsAt } from './source.ts';
import { findStrays } from './stray-words.ts';

export interface LocatedMatrix {
	readonly matrix: Matrix;
	readonly locate: Source;
}

/** Matrices list all promises that suites speak of, also those of checks that they do not run: a misspelt one is kept by nobody. */
export function findUnknownPromises(checks: readonly LocatedCheck[], matrix: Matrix): readonly Problem[] {
	const known = new Set(Object.keys(matrix.promises));
	return checks.flatMap(({ path, locate }) =>
		findStrays(locate, idsAt(locate, [...path, 'promise']), known, (word) => `The matrix lists no promise '${word}'`),
	);
}

/** Profiles that a suite may speak of although this matrix does not judge under them: suites serve several matrices. */
const wellKnownProfiles = ['shipped', 'change', 'svsm', 'dev'];

export function findUnknownProfiles(checks: readonly LocatedCheck[], matrix: Matrix): readonly Problem[] {
	const known = new Set([...matrix.profiles, ...wellKnownProfiles]);
	return checks.flatMap(({ path, locate }) => {
		// One word is no list of profiles, which has been told.
		const words = itemsAt(locate, [...path, 'required']).flatMap((item) => idsAt(locate, item));
		return findStrays(locate, words, known, (word) => `There is no profile '${word}'`);
	});
}

/**
 * Suites that are not there; once all of them are, the checks and suites that rules name and that are not there. Names and
 * ids are null when not all of them could be read.
 */
export function findUnknownScopes(
	suites: ReadonlySet<string> | null,
	checks: ReadonlySet<string> | null,
	{ locate }: LocatedMatrix,
): readonly Problem[] {
	const findUnknown = (path: Path, what: string, known: ReadonlySet<string> | null) =>
		known === null ? [] : findStrays(locate, wordsAt(locate, path), known, (word) => `There is no ${what} '${word}'`);
	const missing = findUnknown(['suites'], 'suite', suites);
	if (missing.length > 0) {
		return missing;
	}
	const rules = ['skip', 'informational'].flatMap((list) => itemsAt(locate, [list]));
	return rules.flatMap((path) => [
		...findUnknown([...path, 'checks'], 'check', checks),
		...findUnknown([...path, 'suites'], 'suite', suites),
	]);
}
