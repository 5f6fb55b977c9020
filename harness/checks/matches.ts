// The judgement that all kinds with must and must-not patterns share.

import type { Matches } from '../domain/logs/patterns.ts';
import type { Judgement } from '../language/kind.ts';

const longestQuote = 240;

/** Untrusted text on one bounded line. */
export function quote(text: string): string {
	const line = text.replace(/\p{Cc}+/gu, ' ').trim();
	return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}

/** The first forbidden line outweighs a missing one: it says what is wrong. */
export function judgeMatches(matches: Matches, where: string): Judgement {
	const expected = [
		...matches.must.map(({ pattern }) => `/${pattern}/`),
		...matches.mustNot.map(({ pattern }) => `no /${pattern}/`),
	].join(', ');
	const forbidden = matches.mustNot.find(({ line }) => line !== null);
	if (forbidden?.line != null) {
		const message = `A line that must not be in ${where} is there`;
		return {
			outcome: 'failed',
			reason: { code: 'forbidden-line', message },
			expected: `no /${forbidden.pattern}/`,
			actual: quote(forbidden.line),
		};
	}
	const missing = matches.must.filter(({ line }) => line === null);
	if (missing.length > 0) {
		const message = `A line that must be in ${where} is not there`;
		const patterns = missing.map(({ pattern }) => `/${pattern}/`).join(', ');
		return {
			outcome: 'failed',
			reason: { code: 'missing-line', message },
			expected: patterns,
			actual: `no such line in ${where}`,
		};
	}
	const seen = matches.must.flatMap(({ line }) => (line === null ? [] : [quote(line)]));
	return { outcome: 'passed', expected, actual: seen.length > 0 ? seen.join(' | ') : `none of them in ${where}` };
}
