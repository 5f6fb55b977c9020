// A source against a schema: every issue becomes a problem where it stands, in words about what was meant.

import type { z } from 'zod';
import { nearestWord } from '../domain/text/nearest.ts';
import type { Problem } from './problems.ts';
import { type Path, type Source, treeAt } from './source.ts';
import { didYouMean, listWords } from './stray-words.ts';
import { chooseBranch } from './union-branch.ts';
import { adviseForm, adviseList, anyForm, gotWhat, type Issue, wordIssue } from './wording.ts';
import type { Tree } from './yaml-tree.ts';

export interface Validated<T> {
	/** Null when there is any problem. */
	readonly data: T | null;
	readonly problems: readonly Problem[];
	/** Whether a problem is at this path, or below it: what else is said of it might be its consequence. */
	isFlawed(path: Path): boolean;
}

/** All problems of the values that a source holds. A source without a tree has none that are not already known. */
export function validate<Schema extends z.ZodType>(schema: Schema, source: Source): Validated<z.infer<Schema>> {
	if (source.tree === null) {
		return { data: null, problems: [], isFlawed: () => true };
	}
	const parsed = schema.safeParse(source.tree.value, { error: wordIssue });
	if (parsed.success) {
		return { data: parsed.data, problems: [], isFlawed: () => false };
	}
	const { issues } = parsed.error;
	return {
		data: null,
		problems: explainAll(issues, [], source),
		isFlawed: (path) => issues.some((issue) => path.every((step, index) => issue.path[index] === step)),
	};
}

/** `base` is the path of what the issues' own paths start from. */
function explainAll(issues: readonly Issue[], base: Path, source: Source): readonly Problem[] {
	const misspelt = new Set(
		issues.flatMap((issue) =>
			issue.code === 'unrecognized_keys' ? issue.keys.map((key) => String([...issue.path, nearestKey(issue, key)])) : [],
		),
	);
	const isConsequence = ({ path }: Issue) => misspelt.has(String(path)) && treeAt(source.tree, [...base, ...path]) === null;
	const inner = new Set(
		issues.filter(isRule).flatMap(({ path, message }) => path.map((_, end) => told(path.slice(0, end), message))),
	);
	const isSaidInside = (issue: Issue) => isRule(issue) && inner.has(told(issue.path, issue.message));
	return issues.flatMap((issue) =>
		isConsequence(issue) || isSaidInside(issue) ? [] : explain(issue, [...base, ...issue.path], source),
	);
}

/** A rule of our own: one on a mapping may ask again what one on a value in it has asked. */
function isRule({ code }: Issue): boolean {
	return code === 'custom';
}

function told(path: Path, message: string): string {
	return JSON.stringify([path.map(String), message]);
}

function nearestKey(issue: Issue, key: string): string | null {
	return nearestWord(key, issue.known ?? []);
}

/** The key that was most likely meant, or else those that may stand here and do not yet. */
function adviseKey(issue: Issue, key: string, mapping: Tree | null): string | null {
	const near = nearestKey(issue, key);
	const taken = mapping?.kind === 'map' ? mapping.entries : new Map<string, unknown>();
	const free = (issue.known ?? []).filter((known) => !taken.has(known));
	return near === null && free.length > 0 ? `Known here: ${listWords(free)}` : didYouMean(near);
}

function explain(issue: Issue, path: Path, source: Source): readonly Problem[] {
	switch (issue.code) {
		case 'invalid_union':
			return explainUnion(issue, path, source);
		case 'unrecognized_keys':
			return issue.keys.map((key) =>
				source.problem([...path, key], `Unknown key '${key}'`, adviseKey(issue, key, treeAt(source.tree, path)), 'key'),
			);
		case 'invalid_key': {
			const [inner] = issue.issues;
			return [source.problem(path, `${inner?.message ?? issue.message}, got '${String(path.at(-1))}'`, null, 'key')];
		}
		default:
			return [explainValue(issue, path, source)];
	}
}

function explainUnion(issue: Issue & { code: 'invalid_union' }, path: Path, source: Source): readonly Problem[] {
	const choice = chooseBranch(issue, treeAt(source.tree, path));
	switch (choice.is) {
		case 'branch':
			return explainAll(choice.issues, path, source);
		case 'mixture': {
			const message = `'${choice.key}' cannot stand beside '${choice.beside}': keep one`;
			return [source.problem([...path, choice.key], message, null, 'key')];
		}
		case 'none': {
			const message = issue.message === anyForm ? choice.message : issue.message;
			return [
				explainValue({ code: 'invalid_type', expected: choice.takesText ? 'string' : 'union', path: [], message }, path, source),
			];
		}
	}
}

function explainValue(issue: Issue, path: Path, source: Source): Problem {
	const tree = treeAt(source.tree, path);
	if (tree === null) {
		const [first = '', ...rest] = issue.message;
		return source.problem(path, `'${String(path.at(-1))}' is required: ${first.toLowerCase()}${rest.join('')}`, null, 'key');
	}
	switch (issue.code) {
		case 'invalid_value': {
			const near = typeof tree.value === 'string' ? nearestWord(tree.value, issue.values.map(String)) : null;
			return source.problem(path, issue.message + gotWhat(tree), didYouMean(near));
		}
		case 'invalid_type':
			return source.problem(path, issue.message + gotWhat(tree) + adviseForm(issue, tree), adviseList(issue, tree, path));
		case 'invalid_format':
			return source.problem(path, issue.message + gotWhat(tree));
		case 'too_small':
		case 'too_big':
			return source.problem(path, issue.message + (typeof tree.value === 'number' ? gotWhat(tree) : ''));
		default:
			return source.problem(path, issue.message);
	}
}
