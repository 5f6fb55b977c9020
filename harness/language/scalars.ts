// The small words of the language. Each says in one sentence what belongs there.

import { z } from 'zod';
import { patternProblem } from './pattern-problem.ts';

const identifierForm = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Whether a word has the form of an id. */
export function isIdentifier(word: string): boolean {
	return identifierForm.test(word);
}

/** An id: letters, digits, dots and dashes, for example 'vtpm.pcr-extend'. */
export const identifier = z
	.string('Expected an id')
	.regex(identifierForm, 'Expected an id of letters, digits, dots, dashes and underscores')
	.describe("A name of letters, digits, dots, dashes and underscores, for example 'vtpm.pcr-extend'");

export const text = z.string('Expected text').min(1, 'Expected text, not an empty string').describe('Text');

export const sentence = text.describe('One sentence for people');

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

const durationForm = /^(\d{1,9})(ms|s|min|h)$/;

/** '180s' to milliseconds, or null when it is none of '250ms', '180s', '20min', '2h'. */
export function parseDuration(value: string): number | null {
	const match = durationForm.exec(value);
	const unit = match?.[2] === undefined ? undefined : units[match[2]];
	return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}

const notADuration = 'Expected an integer with ms, s, min or h, for example "180s"';

/** A duration, parsed to milliseconds. */
export const duration = z
	.string(notADuration)
	.regex(durationForm, notADuration)
	.transform((value) => parseDuration(value) ?? z.NEVER)
	.describe("An integer with ms, s, min or h, for example '180s'");

/** Bytes as an even number of hex digits; parsed to lower case without '0x'. */
export const hex = z
	.string('Expected hex digits')
	.regex(/^(?:0[xX])?[0-9a-fA-F]+$/, { error: "Expected hex digits, with or without '0x'", abort: true })
	.refine((value) => value.length % 2 === 0, 'Expected an even number of hex digits: two for each byte')
	.transform((value) => value.toLowerCase().replace(/^0x/, ''))
	.describe("Bytes in hex, with or without '0x', in quotes");

export const absolutePath = z
	.string("Expected a path that starts with '/'")
	// A NUL ends the path for the kernel, whatever follows it.
	.regex(/^\/[^\0]*$/, "Expected a path that starts with '/'")
	.describe('An absolute path');

/** A regular expression of JavaScript that says something of a line; kinds compile it with `compilePattern`. */
export const pattern = text
	.superRefine((value, context) => {
		const message = value === '' ? null : patternProblem(value);
		if (message !== null) {
			context.addIssue({ code: 'custom', message });
		}
	})
	.describe('A regular expression that does not match the empty string');

export const patterns = z.array(pattern).min(1).describe('Regular expressions');
