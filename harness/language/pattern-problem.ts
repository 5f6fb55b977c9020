// What is wrong with a regular expression that says nothing about a line.

import { compilePattern } from '../domain/logs/patterns.ts';

/**
 * Lines of different kinds; only what says nothing of a line matches them all. They are short, so that an expression with
 * nested repetition, whose time may be exponential in the line's length, still ends at once.
 */
const probes: readonly string[] = ['# note', '  a b', 'Linux 6', 'x', '7', '-', '[', 'é'];

/** Plain text before '^', or after '$', with neither escape, choice nor repetition that could make it true after all. */
const outsideOfLine = /^[\w -]+\^[^|]*$|^[^|]*(?<!\\)\$[\w -]+$/;

/** One sentence about a regular expression that does not compile, matches every line or can match none; else null. */
export function patternProblem(source: string): string | null {
	const expression = compile(source);
	if (typeof expression === 'string') {
		return `/${source}/ is not a regular expression: ${expression}`;
	}
	if (expression.test('')) {
		return `/${source}/ matches the empty string, so it matches every line and says nothing: ask for at least one character`;
	}
	if (probes.every((line) => expression.test(line))) {
		return `/${source}/ matches any line and so says nothing: ask for words that only the line that is meant has`;
	}
	if (source === '(?!)' || outsideOfLine.test(source)) {
		return `/${source}/ can match no line: '^' is where a line begins, '$' where it ends, and '(?!)' matches nothing`;
	}
	return null;
}

/** The expression, or why it is none. */
function compile(source: string): RegExp | string {
	try {
		return compilePattern(source);
	} catch (error) {
		// V8 says "Invalid regular expression: /(/: Unterminated group".
		return error instanceof Error ? error.message.slice(error.message.lastIndexOf(': ') + 2) : String(error);
	}
}
