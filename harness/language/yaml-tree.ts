// A YAML document as plain data that remembers where each value stands and how it was spelled.
// Linear and bounded whatever the text: an alias refers to what it names, and values are counted as if it were a copy.

import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';

export type Tree = MapTree | ListTree | ScalarTree;

interface MapTree {
	readonly kind: 'map';
	readonly offset: number;
	readonly value: Readonly<Record<string, unknown>>;
	readonly entries: ReadonlyMap<string, { readonly keyOffset: number; readonly tree: Tree }>;
	/** Values in it, with those behind aliases. */
	readonly size: number;
}

interface ListTree {
	readonly kind: 'list';
	readonly offset: number;
	readonly value: readonly unknown[];
	readonly items: readonly Tree[];
	readonly size: number;
}

interface ScalarTree {
	readonly kind: 'scalar';
	readonly offset: number;
	/** A Date where a YAML 1.1 reader would see one: such a word is text in quotes only. */
	readonly value: unknown;
	/** As the file has it, for example '9.10' of the number 9.1. */
	readonly spelling: string;
	readonly size: 1;
}

/** What a tree cannot hold. */
interface Flaw {
	readonly offset: number;
	readonly message: string;
	/** Offset of the same key where it stood first. */
	readonly first?: number;
}

interface Planting {
	readonly flaws: Flaw[];
	/** A tree is open while it is being made, so that an alias inside it is seen. */
	readonly anchors: Map<string, Tree | 'open'>;
	depth: number;
	deepest: number;
	hasLostAlias: boolean;
}

const mostValues = 500_000;
const mostLevels = 64;

/** https://yaml.org/type/timestamp.html: what YAML 1.1 tools take for a date when it is not in quotes. */
const timestamp = /^\d{4}-\d{2}-\d{2}$|^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}/;

/** The tree of a document without syntax errors; null, with the reason among the flaws, when it cannot be known or is too large. */
export function plantTree(document: Document.Parsed): { readonly tree: Tree | null; readonly flaws: readonly Flaw[] } {
	const planting: Planting = { flaws: [], anchors: new Map(), depth: 0, deepest: 0, hasLostAlias: false };
	const tree = plant(document.contents, 0, planting);
	const { offset } = tree;
	if (planting.deepest > mostLevels) {
		return { tree: null, flaws: [{ offset, message: `Nested deeper than ${mostLevels} levels` }] };
	}
	if (tree.size > mostValues) {
		return { tree: null, flaws: [{ offset, message: `More than ${mostValues} values, counting what aliases repeat` }] };
	}
	return { tree: planting.hasLostAlias ? null : tree, flaws: planting.flaws };
}

/** `offset` is where a value that was left empty would stand. */
function plant(node: ParsedNode | null, offset: number, planting: Planting): Tree {
	if (node === null || planting.depth > mostLevels) {
		return { kind: 'scalar', offset, value: null, spelling: '', size: 1 };
	}
	if (isAlias(node)) {
		return followAlias(node.source, node.range[0], planting);
	}
	const { anchor } = node;
	if (anchor !== undefined) {
		planting.anchors.set(anchor, 'open');
	}
	planting.depth += 1;
	planting.deepest = Math.max(planting.deepest, planting.depth);
	const tree = isMap(node) ? plantMap(node, planting) : isSeq(node) ? plantList(node, planting) : plantScalar(node);
	planting.depth -= 1;
	if (anchor !== undefined) {
		planting.anchors.set(anchor, tree);
	}
	return tree;
}

function followAlias(name: string, offset: number, planting: Planting): Tree {
	const target = planting.anchors.get(name);
	if (target === undefined || target === 'open') {
		const message =
			target === 'open' ? `The alias '*${name}' is inside what it stands for` : `There is no '&${name}' before this alias`;
		planting.flaws.push({ offset, message });
		planting.hasLostAlias = true;
		return plant(null, offset, planting);
	}
	return target;
}

function plantScalar(node: Scalar.Parsed): Tree {
	const { value } = node;
	const isDate = node.type === 'PLAIN' && typeof value === 'string' && timestamp.test(value);
	return { kind: 'scalar', offset: node.range[0], value: isDate ? new Date(value) : value, spelling: node.source, size: 1 };
}

function plantList(node: YAMLSeq.Parsed, planting: Planting): Tree {
	const items = node.items.map((item) => plant(item, node.range[0], planting));
	const size = items.reduce((sum, item) => sum + item.size, 1);
	return { kind: 'list', offset: node.range[0], value: items.map(({ value }) => value), items, size };
}

function plantMap(node: YAMLMap.Parsed, planting: Planting): Tree {
	const entries = new Map<string, { keyOffset: number; tree: Tree }>();
	for (const { key, value } of node.items) {
		const [keyOffset, keyEnd] = key?.range ?? node.range;
		const tree = plant(value, keyEnd, planting);
		const name = keyText(key);
		const first = name === null ? undefined : entries.get(name)?.keyOffset;
		if (name === null) {
			planting.flaws.push({ offset: keyOffset, message: 'Expected a key that is plain text' });
		} else if (name === '__proto__') {
			planting.flaws.push({ offset: keyOffset, message: `'${name}' cannot be a key` });
		} else if (first !== undefined) {
			planting.flaws.push({ offset: keyOffset, message: `The key '${name}' is written twice`, first });
		} else {
			entries.set(name, { keyOffset, tree });
		}
	}
	const value = Object.fromEntries(Array.from(entries, ([name, { tree }]) => [name, tree.value]));
	const size = Array.from(entries.values()).reduce((sum, { tree }) => sum + tree.size, 1);
	return { kind: 'map', offset: node.range[0], value, entries, size };
}

/** Numbers and the like are keys as they are spelled; null for an empty key, a list, a mapping or an alias. */
function keyText(key: ParsedNode | null): string | null {
	if (!isScalar(key)) {
		return null;
	}
	return typeof key.value === 'string' ? key.value : key.source || null;
}
