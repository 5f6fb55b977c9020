// The small words of the language. Each says in one sentence what belongs there.

import { z } from 'zod';

/** An id: letters, digits, dots and dashes, for example 'vtpm.pcr-extend'. */
export const identifier = z
	.string('Expected an id')
	.regex(/^[a-z0-9][a-z0-9._-]*$/i, 'Expected an id of letters, digits, dots and dashes');

export const text = z.string('Expected text').min(1, 'Expected text, not an empty string');

export const sentence = text;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** '180s' to milliseconds, or null when it is none of '250ms', '180s', '20min', '2h'. */
export function parseDuration(value: string): number | null {
	const match = /^(\d{1,9})(ms|s|min|h)$/.exec(value);
	const unit = match?.[2] === undefined ? undefined : units[match[2]];
	return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}

/** A duration, parsed to milliseconds. */
export const duration = z.string("Expected a duration such as '180s'").transform((value, context) => {
	const parsed = parseDuration(value);
	if (parsed === null) {
		context.addIssue({ code: 'custom', message: "Expected a duration: an integer with ms, s, min or h, for example '180s'" });
		return z.NEVER;
	}
	return parsed;
});
