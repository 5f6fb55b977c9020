// A suite: an ordered list of checks. The kind is the key, so that an editor completes it.

import { z } from 'zod';
import { type UnconfirmedId, unconfirmedIds } from '../domain/unconfirmed.ts';
import type { CheckKind, Target } from './kind.ts';
import { type Where, where } from './matrix.ts';
import { identifier, sentence } from './scalars.ts';

/** One assertion of a suite, with its kind found and its parameters parsed by that kind's schema. */
export interface Check {
	readonly id: string;
	readonly title: string;
	readonly why: string;
	readonly promise: string | null;
	readonly kind: string;
	readonly params: unknown;
	readonly target: Target;
	readonly needs: readonly string[];
	/** A positive control: when it did not pass, this negative check is an error. Not a need. */
	readonly control: string | null;
	readonly tags: readonly string[];
	/** Cells in which it makes sense; elsewhere it does not exist. */
	readonly where: Where;
	/** Observed after everything else of its machine, with nothing shared from before. */
	readonly last: boolean;
	/** For which profiles it counts for the gate. */
	readonly required: boolean | readonly string[];
	/** Facts that no real machine has shown yet and this check leans on; its result says so. */
	readonly unconfirmed: readonly UnconfirmedId[];
	/** Fault name to reason code. */
	readonly mustFailUnder: Readonly<Record<string, string>>;
	/** `suites/host.yaml:31`, for people and annotations. */
	readonly source: string;
}

export interface Suite {
	readonly name: string;
	readonly title: string;
	readonly checks: readonly Check[];
}

const target = z.enum(['host', 'guest']).optional().describe('Where it is observed');
const needs = z.array(identifier).min(1).optional().describe('Ids of checks that must pass first');

const common = {
	id: identifier.describe('Unique among all suites; by it others need it and reports name it'),
	title: sentence.describe('What holds when it passes'),
	why: sentence.describe('Why it matters, for who reads the report'),
	promise: identifier.optional().describe("The matrix's promise that it is part of"),
	target,
	needs,
	control: identifier.optional().describe('Positive control of a negative check: without its pass this one is an error'),
	tags: z.array(identifier).min(1).optional().describe('Words to select it by'),
	where: where.optional(),
	last: z
		.boolean()
		.optional()
		.describe('Observed after everything else of its machine (for the host: after every guest too), with nothing reused'),
	required: z
		.union([z.boolean(), z.array(identifier).min(1)], 'Expected true, false or a list of profiles')
		.optional()
		.describe('Whether, or under which profiles, it counts for the gate; it does unless said otherwise'),
	unconfirmed: z
		.array(z.enum(unconfirmedIds))
		.min(1)
		.optional()
		.describe("Facts that it leans on and no real machine has shown yet; 'snpgate doctor --codes' lists them"),
	'must-fail-under': z.record(identifier, identifier).optional().describe('Fault to the reason code that it must fail with'),
};

/** The words of a check that are not kinds. */
export const commonKeys: readonly string[] = Object.keys(common);

/** The schema of a suite file for these kinds. That a check has exactly one kind is said by the loader, with positions. */
export function suiteSchema(kinds: readonly CheckKind[]) {
	const byKind = Object.fromEntries(kinds.map(({ kind, params, summary }) => [kind, params.optional().describe(summary)]));
	return z.strictObject({
		suite: identifier.describe('The name of the suite'),
		title: sentence,
		target: target.describe('Where its checks are observed that do not say'),
		where: where.optional().describe("Cells of all its checks; a check's own axes go first"),
		needs: needs.describe('What each of its checks needs, besides its own needs'),
		checks: z
			.array(z.strictObject({ ...common, ...byKind }))
			.min(1)
			.describe('In the order in which they run'),
	});
}
