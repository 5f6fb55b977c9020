// A YAML file of the language as it was read: one document of YAML 1.2, its values, and the place of each of them.

import { LineCounter, parseDocument } from 'yaml';
import type { Place, Problem } from './problems.ts';
import { explainSyntax } from './yaml-errors.ts';
import { plantTree, type Tree } from './yaml-tree.ts';

/** Keys and indices from the root. */
export type Path = readonly PropertyKey[];

export interface Source {
	/** Null when the text is no YAML. */
	readonly tree: Tree | null;
	/** The value's position, or its key's; for what is not there, the key of the mapping that lacks it. */
	place(path: Path, at?: 'key' | 'value'): Place;
	problem(path: Path, message: string, hint?: string | null, at?: 'key' | 'value'): Problem;
}

const largest = 2 * 1024 * 1024;

/** Reads a file's text. Problems are those of YAML itself; where the tree is not null, the values are worth looking at. */
export function readSource(text: string, file: string): { readonly source: Source; readonly problems: readonly Problem[] } {
	// Editors count columns without the byte order mark.
	const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
	const lines = new LineCounter();
	const placeAt = (offset: number): Place => {
		const { line, col } = lines.lineStarts.length === 0 ? { line: 1, col: offset + 1 } : lines.linePos(offset);
		const start = lines.lineStarts[line - 1] ?? 0;
		const next = lines.lineStarts[line];
		const end = next === undefined ? body.length : next - (body[next - 2] === '\r' ? 2 : 1);
		return { file, line, col, sourceLine: body.slice(start, end) };
	};
	const unreadable = (problems: readonly Problem[]) => ({ source: sourceOf(null, placeAt), problems });
	if (body.length > largest) {
		return unreadable([{ ...placeAt(0), message: `Longer than ${largest / 1024 / 1024} MiB`, hint: null }]);
	}
	// Keys are compared in yaml-tree.ts: here it would take a time that is quadratic in their number.
	const document = parseDocument(body, {
		version: '1.2',
		lineCounter: lines,
		prettyErrors: false,
		uniqueKeys: false,
		resolveKnownTags: false,
		logLevel: 'error',
	});
	const version = document.directives?.yaml;
	if (version?.explicit && version.version !== '1.2') {
		return unreadable([
			{ ...placeAt(0), message: `Expected YAML 1.2, got YAML ${version.version}`, hint: "Remove the '%YAML' line" },
		]);
	}
	const errors = [...document.errors, ...document.warnings];
	if (errors.length > 0) {
		const problems = errors.map((error) => {
			const { offset, ...words } = explainSyntax(error, body);
			return { ...placeAt(offset), ...words };
		});
		// What follows an error on its line is mostly its consequence.
		const told = new Set<number>();
		return unreadable(problems.filter(({ line }) => !told.has(line) && told.add(line)));
	}
	const { tree, flaws } = plantTree(document);
	const problems = flaws.map(({ offset, message, first }) => {
		const hint = first === undefined ? null : `It is first on line ${placeAt(first).line}`;
		return { ...placeAt(offset), message, hint };
	});
	return { source: sourceOf(tree, placeAt), problems };
}

function sourceOf(tree: Tree | null, placeAt: (offset: number) => Place): Source {
	const place: Source['place'] = (path, at = 'value') => placeAt(tree === null ? 0 : offsetOf(tree, path, at));
	return {
		tree,
		place,
		problem: (path, message, hint = null, at = 'value') => ({ ...place(path, at), message, hint }),
	};
}

function offsetOf(root: Tree, path: Path, at: 'key' | 'value'): number {
	let here = root;
	let keyOffset = root.offset;
	for (const step of path) {
		const entry = here.kind === 'map' ? here.entries.get(String(step)) : undefined;
		const next = entry?.tree ?? (here.kind === 'list' ? here.items[Number(step)] : undefined);
		if (next === undefined) {
			return keyOffset;
		}
		here = next;
		keyOffset = entry?.keyOffset ?? next.offset;
	}
	return at === 'key' ? keyOffset : here.offset;
}

/** The tree at a path, or null where there is none. */
export function treeAt(root: Tree | null, path: Path): Tree | null {
	return path.reduce<Tree | null>((here, step) => {
		if (here?.kind === 'map') {
			return here.entries.get(String(step))?.tree ?? null;
		}
		return here?.kind === 'list' ? (here.items[Number(step)] ?? null) : null;
	}, root);
}

/** The words at a path, be it one or a list of them, each with its own path. What is no text is left out. */
export function wordsAt(source: Source, path: Path): readonly { readonly word: string; readonly path: Path }[] {
	const tree = treeAt(source.tree, path);
	if (tree?.kind === 'list') {
		return tree.items.flatMap(({ value }, index) => (typeof value === 'string' ? [{ word: value, path: [...path, index] }] : []));
	}
	return typeof tree?.value === 'string' ? [{ word: tree.value, path }] : [];
}

/** The keys of the mapping at a path, each with its path; none where there is no mapping. */
export function keysAt(source: Source, path: Path): readonly { readonly word: string; readonly path: Path }[] {
	const tree = treeAt(source.tree, path);
	return tree?.kind === 'map' ? Array.from(tree.entries.keys(), (word) => ({ word, path: [...path, word] })) : [];
}

/** The paths of the items of the list at a path. */
export function itemsAt(source: Source, path: Path): readonly Path[] {
	const tree = treeAt(source.tree, path);
	return tree?.kind === 'list' ? tree.items.map((_, index) => [...path, index]) : [];
}
