// A suite: an ordered list of checks. The kind is the key, so that an editor completes it.

import { z } from 'zod';
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
	/** For which profiles it counts for the gate. */
	readonly required: boolean | readonly string[];
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

const common = {
	id: identifier,
	title: sentence,
	why: sentence,
	promise: identifier.optional(),
	target: z.enum(['host', 'guest']).optional(),
	needs: z.array(identifier).min(1).optional(),
	control: identifier.optional(),
	tags: z.array(identifier).min(1).optional(),
	where: where.optional(),
	required: z.union([z.boolean(), z.array(identifier).min(1)]).optional(),
	'must-fail-under': z.record(identifier, identifier).optional(),
};

/** The words of a check that are not kinds. */
export const commonKeys: readonly string[] = Object.keys(common);

/** The schema of a suite file for these kinds. That a check has exactly one kind is said by the loader, with positions. */
export function suiteSchema(kinds: readonly CheckKind[]) {
	const byKind = Object.fromEntries(kinds.map(({ kind, params, summary }) => [kind, params.optional().describe(summary)]));
	return z.strictObject({
		suite: identifier,
		title: sentence,
		checks: z.array(z.strictObject({ ...common, ...byKind })).min(1),
	});
}
