// JSON objects in a text that may hold several of them, and words of a shell between them.

import { rememberLast } from '../../text/remember-last.ts';

export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The strings of a list, or null when it is no list of strings. */
export function stringList(value: unknown): readonly string[] | null {
	return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

/** Before an object on its line: nothing, a monitor's arrow, or a log's words that end in a sign of assignment. */
const arrow = /^\s*(?:<-|->|[SC]:)\s*$/;
const assignment = '=:,[]}';
/** Such a line is a comment of a program or of a schema, or a string in one. */
const comment = /^\s{0,64}(?:#|\/\/|\/?\*|["'])/;
const longestArrow = 64;

/**
 * The objects at the outermost level, in their order; what does not parse is passed over, and so is what a sentence or a
 * program has in the middle of a line. One pass over the text.
 */
export const jsonObjects = rememberLast((text: string): readonly JsonObject[] => {
	const objects: JsonObject[] = [];
	let depth = 0;
	let start = 0;
	const first = text.indexOf('{');
	let line = text.lastIndexOf('\n', first) + 1;
	let isComment: boolean | null = null;
	const mayStart = (at: number): boolean => {
		let before = at - 1;
		while (before >= line && (text[before] === ' ' || text[before] === '\t')) {
			before--;
		}
		if (before < line || (at - line < longestArrow && arrow.test(text.slice(line, at)))) {
			return true;
		}
		isComment ??= comment.test(text.slice(line, line + longestArrow + 4));
		return !isComment && assignment.includes(text[before] ?? ' ');
	};
	for (let at = first; at >= 0 && at < text.length; at++) {
		const character = text[at];
		if (character === '\n') {
			line = at + 1;
			isComment = null;
		} else if (character === '{') {
			if (depth === 0 && at > line && !mayStart(at)) {
				continue;
			}
			if (depth === 0) {
				start = at;
			}
			depth++;
		} else if (character === '}' && depth > 0) {
			depth--;
			if (depth === 0) {
				const value = parse(text.slice(start, at + 1));
				if (isObject(value)) {
					objects.push(value);
				}
			}
		} else if (character === '"' && depth > 0) {
			at = endOfString(text, at);
		}
	}
	return objects;
});

/** The index of the quote that ends the string which starts at `at`, or of the text's end. */
function endOfString(text: string, at: number): number {
	let end = at + 1;
	while (end < text.length && text[end] !== '"') {
		end += text[end] === '\\' ? 2 : 1;
	}
	return end;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
