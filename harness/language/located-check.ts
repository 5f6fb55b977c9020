// What a suite refers to and can be referred to by, read from its text: a suite with problems has references, too.

import { isIdentifier } from './scalars.ts';
import { itemsAt, type Path, type Source, treeAt, wordsAt } from './source.ts';
import type { Check, Suite } from './suite.ts';

export interface LocatedSuite {
	/** Null when the file has problems: what it refers to is then still looked at, as far as it can be read. */
	readonly suite: Suite | null;
	readonly locate: Source;
	/** Whether the user named this file; what it and another file both have is then a problem of this one. */
	readonly named?: boolean;
}

/** A check that has an id, with its path in the file of its suite. */
export interface LocatedCheck {
	readonly id: string;
	/** Those of the suite are among them. */
	readonly needs: readonly string[];
	readonly control: string | null;
	/** Null in a suite with problems. */
	readonly check: Check | null;
	readonly path: Path;
	readonly locate: Source;
}

/** The checks of a suite that have an id. */
export function locateChecks({ suite, locate }: LocatedSuite): readonly LocatedCheck[] {
	const shared = idsAt(locate, ['needs']).map(({ word }) => word);
	return itemsAt(locate, ['checks']).flatMap((path, index): LocatedCheck[] => {
		const id = idsAt(locate, [...path, 'id'])[0]?.word;
		if (id === undefined) {
			return [];
		}
		const own = idsAt(locate, [...path, 'needs']).map(({ word }) => word);
		// A check of the suite that all the others need does not need itself.
		const needs = [...new Set([...shared.filter((need) => need !== id), ...own])];
		const control = idsAt(locate, [...path, 'control'])[0]?.word ?? null;
		return [{ id, needs, control, check: suite?.checks[index] ?? null, path, locate }];
	});
}

/** Whether the id of every check could be read; else a word that names none of them may be right. */
export function hasAllIds({ locate }: LocatedSuite): boolean {
	const isList = treeAt(locate.tree, ['checks'])?.kind === 'list';
	return isList && itemsAt(locate, ['checks']).every((path) => idsAt(locate, [...path, 'id']).length > 0);
}

/** The name of the suite as a word with its path, or none. */
export function nameOf({ locate }: LocatedSuite): ReturnType<typeof wordsAt> {
	return idsAt(locate, ['suite']);
}

/** The words at a path that have the form of an id; of the others that has been said when the file was read. */
export function idsAt(source: Source, path: Path): ReturnType<typeof wordsAt> {
	return wordsAt(source, path).filter(({ word }) => isIdentifier(word));
}

/** Where a check says that it needs this one, or else where its suite says it for all. */
export function needPath({ path, locate }: LocatedCheck, id: string): Path {
	const lists: readonly Path[] = [[...path, 'needs'], [...path, 'control'], ['needs']];
	return lists.flatMap((list) => wordsAt(locate, list)).find(({ word }) => word === id)?.path ?? path;
}
