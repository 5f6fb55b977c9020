// results.json: outcomes and verdicts (design section 6).

import { z } from 'zod';

const outcomes = ['passed', 'failed', 'error', 'blocked', 'skipped'] as const;
export type Outcome = (typeof outcomes)[number];

const reason = z.strictObject({ code: z.string(), message: z.string() });

const result = z.strictObject({
	id: z.string(),
	instance: z.string(),
	suite: z.string(),
	cell: z.string(),
	target: z.enum(['host', 'guest']),
	profile: z.string(),
	outcome: z.enum(outcomes),
	/** Null when it passed. */
	reason: reason.nullable(),
	expected: z.string().nullable(),
	actual: z.string().nullable(),
	/** Ids of exchanges in evidence/observations.ndjson. */
	evidence: z.array(z.string()),
	/** The rule of the matrix that skipped it. */
	rule: z.string().nullable(),
	notes: z.array(z.string()),
	required: z.boolean(),
	durationMs: z.number(),
});
export type Result = z.infer<typeof result>;

const verdict = z.strictObject({
	profile: z.string(),
	verdict: z.enum(['pass', 'fail', 'incomplete']),
	/** A required check could not be found out for a reason that may be gone next time. */
	retryable: z.boolean(),
	/** One sentence each, the first one is the headline. */
	reasons: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdict>;

const otherResult = z.strictObject({
	profile: z.string(),
	instance: z.string(),
	outcome: z.enum(outcomes),
	required: z.boolean(),
	reason: reason.nullable(),
	expected: z.string().nullable(),
	actual: z.string().nullable(),
	notes: z.array(z.string()),
});
export type OtherResult = z.infer<typeof otherResult>;

export const resultsSchema = z.strictObject({
	format: z.literal('snpgate.results/1'),
	verdicts: z.array(verdict),
	/** Of the deciding profile. */
	results: z.array(result),
	/** Those that differ under the other profiles. */
	otherProfiles: z.array(otherResult),
});
export type Results = z.infer<typeof resultsSchema>;
