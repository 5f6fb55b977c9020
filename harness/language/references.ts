// Words in one file that name something in another: each must name what is there, and only once.

import { hasAllIds, idsAt, type LocatedCheck, type LocatedSuite, locateChecks, nameOf } from './located-check.ts';
import { findUnknownProfiles, findUnknownPromises, findUnknownScopes, type LocatedMatrix } from './matrix-references.ts';
import { findNeedCycles } from './need-cycles.ts';
import { findEarlyNeeds, findUnbootedGuests } from './need-order.ts';
import type { Problem } from './problems.ts';
import { itemsAt, type Source } from './source.ts';
import { findStrays } from './stray-words.ts';

export type { LocatedSuite } from './located-check.ts';
export type { LocatedMatrix } from './matrix-references.ts';

/**
 * Problems across files, those in suites first. `suites` are all that can be referred to: those of the matrix, those that
 * were asked for, and those that prerequisites may come from; also those with problems, which are not told again.
 */
export function checkReferences(suites: readonly LocatedSuite[], matrix: LocatedMatrix | null): readonly Problem[] {
	// Of two files the one that the user named is at fault; sorting keeps the order of all others.
	const ranked = [...suites].sort((a, b) => Number(a.named ?? false) - Number(b.named ?? false));
	const checks = suites.flatMap(locateChecks);
	const ids = new Set(checks.map(({ id }) => id));
	// An id that could not be read may be the one that is named; then no word is called unknown.
	const known = suites.every(hasAllIds) ? ids : null;
	const names = suites.every((suite) => nameOf(suite).length > 0)
		? new Set(suites.flatMap(nameOf).map(({ word }) => word))
		: null;
	return [
		...findRepeatedSuites(ranked),
		...findRepeatedIds(ranked),
		...(known === null ? [] : suites.flatMap(({ locate }) => findUnknownIds(locate, known))),
		...findNeedCycles(checks),
		...(known === null ? [] : findUnbootedGuests(checks)),
		...findEarlyNeeds(checks),
		...(matrix === null ? [] : findUnknownPromises(checks, matrix.matrix)),
		...(matrix === null ? [] : findUnknownProfiles(checks, matrix.matrix)),
		...(matrix === null ? [] : findUnknownScopes(names, known, matrix)),
	];
}

function findRepeatedSuites(suites: readonly LocatedSuite[]): readonly Problem[] {
	const first = new Map<string, string>();
	return suites.flatMap((suite) =>
		nameOf(suite).flatMap(({ word, path }) => {
			const { file, line } = suite.locate.place(path);
			const before = first.get(word);
			first.set(word, before ?? `${file}:${line}`);
			return before === undefined
				? []
				: [suite.locate.problem(path, `The name '${word}' is used twice`, `It is first at ${before}`)];
		}),
	);
}

interface Use {
	readonly check: LocatedCheck;
	readonly suite: string | undefined;
}

/** Ids that two files have. Two suites of one name are told as that, and an id twice in one file when it was read. */
function findRepeatedIds(suites: readonly LocatedSuite[]): readonly Problem[] {
	const first = new Map<string, Use>();
	const uses = suites.flatMap((located) => {
		const suite = nameOf(located)[0]?.word;
		return locateChecks(located).map((check): Use => ({ check, suite }));
	});
	return uses.flatMap((use) => {
		const { id, path, locate } = use.check;
		const before = first.get(id);
		first.set(id, before ?? use);
		const isTold = before?.check.locate === locate || (before?.suite !== undefined && before.suite === use.suite);
		if (before === undefined || isTold) {
			return [];
		}
		const { file, line } = before.check.locate.place(before.check.path);
		return [locate.problem([...path, 'id'], `The id '${id}' is used twice`, `It is first at ${file}:${line}`)];
	});
}

function findUnknownIds(locate: Source, ids: ReadonlySet<string>): readonly Problem[] {
	const own = itemsAt(locate, ['checks']).flatMap((path) => ['needs', 'control'].map((key) => [...path, key]));
	const words = [['needs'], ...own].flatMap((path) => idsAt(locate, path));
	return findStrays(locate, words, ids, (word) => `There is no check '${word}'`);
}
