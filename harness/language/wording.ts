// What zod finds, in the words of the language: one sentence that says what belongs there.

import { z } from 'zod';
import type { Tree } from './yaml-tree.ts';

type RawIssue = z.core.$ZodRawIssue;

export type Issue = z.core.$ZodIssue & {
	/** Keys that the mapping may have, where it has one that it may not have. */
	readonly known?: readonly string[];
	/** Whether the list that is expected is one of texts. */
	readonly ofTexts?: boolean;
};

const typeNames: Readonly<Record<string, string>> = {
	string: 'text',
	number: 'a number',
	int: 'an integer',
	boolean: 'true or false',
	array: 'a list',
	object: 'a mapping',
	record: 'a mapping',
};

/** The sentence for an issue whose schema brings none of its own; undefined leaves it to zod. */
export function wordIssue(issue: RawIssue): string | undefined {
	switch (issue.code) {
		case 'invalid_type':
			rememberEntries(issue);
			return `Expected ${typeNames[String(issue.expected)] ?? issue.expected}`;
		case 'invalid_value':
			return `Expected ${alternatives((issue.values ?? []).map((value) => (typeof value === 'string' ? `'${value}'` : String(value))))}`;
		case 'too_small':
			return issue.origin === 'array'
				? 'An empty list says nothing: list at least one entry'
				: `Expected at least ${issue.minimum}${counted(issue.origin)}`;
		case 'too_big':
			return `Expected at most ${issue.maximum}${counted(issue.origin)}`;
		case 'unrecognized_keys':
			rememberKeys(issue);
			return 'Unknown key';
		case 'invalid_union':
			return anyForm;
		default:
			return undefined;
	}
}

/** Stands for the message of a union that has none of its own. */
export const anyForm = 'Expected another form';

function counted(origin: unknown): string {
	return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

export function alternatives(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** zod drops the schema from a finished issue but keeps every other field, and only here both are at hand. */
function rememberKeys(issue: RawIssue & { known?: readonly string[] }): void {
	if (issue.inst instanceof z.ZodObject) {
		issue.known = Object.keys(issue.inst.shape);
	}
}

function rememberEntries(issue: RawIssue & { ofTexts?: boolean }): void {
	if (issue.inst instanceof z.ZodArray) {
		const { element } = issue.inst;
		issue.ofTexts = element instanceof z.ZodString || element instanceof z.ZodEnum;
	}
}

const longestQuote = 60;

/** What stands there, as ", got the number 9.10"; the words are those of the file, cut to a bounded length. */
export function gotWhat(tree: Tree): string {
	if (tree.kind !== 'scalar') {
		const isEmpty = tree.kind === 'map' && tree.entries.size === 0;
		return isEmpty ? ', got an empty mapping' : `, got a ${tree.kind === 'map' ? 'mapping' : 'list'}`;
	}
	const { value, spelling } = tree;
	const quoted = spelling.length > longestQuote ? `${spelling.slice(0, longestQuote)}…` : spelling;
	if (typeof value === 'string') {
		return `, got '${quoted.replace(/\s+/g, ' ')}'`;
	}
	if (value === null && spelling === '') {
		return ', got nothing';
	}
	const kind = typeof value === 'number' ? 'the number ' : value instanceof Date ? 'the date ' : '';
	return `, got ${kind}${quoted}`;
}

/** The list that was most likely meant where there is one word, for example 'Write ["x"]'; null when nobody can tell. */
export function adviseList(issue: Issue, tree: Tree, path: readonly PropertyKey[]): string | null {
	if (issue.code !== 'invalid_type' || issue.ofTexts !== true || tree.kind !== 'scalar') {
		return null;
	}
	const { value, spelling } = tree;
	if (value === null || spelling.length >= longestQuote) {
		return null;
	}
	const word = typeof value === 'string' ? value : spelling;
	// Elsewhere a blank is part of the text; here a shell's quotes would say which ones are.
	const isCommand = path.at(-1) === 'argv';
	if (isCommand && /["'\\]/.test(word)) {
		return 'Write a list of words, the program first';
	}
	const words = isCommand ? word.split(/\s+/).filter((part) => part !== '') : [word];
	return `Write [${words.map((part) => JSON.stringify(part)).join(', ')}]`;
}

/** For a number, date, true, false or null where text belongs: its quoted form. A message may show a form of its own. */
export function adviseForm(issue: Issue & { code: 'invalid_type' }, tree: Tree): string {
	if (tree.kind !== 'scalar' || typeof tree.value === 'string' || tree.spelling === '') {
		return '';
	}
	const showsForm = issue.message.includes('"');
	if (issue.expected === 'string') {
		return showsForm ? '' : `: write "${tree.spelling}"`;
	}
	return showsForm ? `, in quotes "${tree.spelling}"` : '';
}
