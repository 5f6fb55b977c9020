// The shape of a check kind: one file in checks/ defines one.

import type { z } from 'zod';
import type { Trust } from '../domain/snp/roots.ts';
import type { Answer, Request } from '../ports.ts';
import type { Axes, Limits, PackageRule } from './matrix.ts';

export type Target = 'host' | 'guest';

/** Named requests that are sent together; a name is used once in a check. */
export type Batch = Readonly<Record<string, Request>>;

export type Observations = ReadonlyMap<string, Answer>;

/** Yields batches and is resumed with every answer so far. It asks, and never concludes. */
export type Observing = Generator<Batch, void, Observations>;

export interface Reason {
	/** Closed word for machines: 'wrong-version', 'not-installed', 'unrecognised-output' … */
	readonly code: string;
	/** One sentence for people. */
	readonly message: string;
}

/** What a judge says of the evidence; `expected` and `actual` are one line of text each. */
export type Judgement =
	| { readonly outcome: 'passed'; readonly expected: string; readonly actual: string; readonly notes?: readonly string[] }
	| {
			readonly outcome: 'failed';
			readonly reason: Reason;
			readonly expected: string;
			readonly actual: string;
			readonly notes?: readonly string[];
	  }
	| {
			readonly outcome: 'error';
			readonly reason: Reason;
			readonly expected?: string;
			readonly actual?: string;
			readonly notes?: readonly string[];
	  };

/** Where and under which profile a check is judged: all that may shape its expectation. */
export interface Place {
	readonly profile: string;
	readonly axes: Axes;
	/** 41, or a word such as 'rawhide'. */
	readonly release: number | string;
	readonly packages: Readonly<Record<string, PackageRule>>;
	readonly limits: Limits;
	/** Whose roots vouch for reports: AMD's, or those of a simulated machine. */
	readonly trust: Trust;
}

/**
 * A kind of check. `params` is what the suite says; `expectation` turns it, with the matrix's word for this place and
 * profile, into plain data that is written into plan.json; `judge` sees that and the observations, and nothing else.
 */
export interface CheckKind {
	readonly kind: string;
	readonly summary: string;
	/** Where it observes when the suite does not say. */
	readonly target: Target;
	readonly params: z.ZodType;
	expectation(params: unknown, place: Place): unknown;
	observe(params: unknown): Observing;
	judge(observations: Observations, expectation: unknown): Judgement;
}

interface KindSpec<Schema extends z.ZodType, Expectation> {
	readonly kind: string;
	readonly summary: string;
	readonly target: Target;
	readonly params: Schema;
	expectation(params: z.infer<Schema>, place: Place): Expectation;
	observe(params: z.infer<Schema>): Observing;
	judge(observations: Observations, expectation: Expectation): Judgement;
}

/** Types a kind from its schema and hides the types again, so that kinds of any parameters fit in one list. */
export function defineKind<Schema extends z.ZodType, Expectation>(spec: KindSpec<Schema, Expectation>): CheckKind {
	return {
		...spec,
		expectation: (params, place) => spec.expectation(params as z.infer<Schema>, place),
		observe: (params) => spec.observe(params as z.infer<Schema>),
		judge: (observations, expectation) => spec.judge(observations, expectation as Expectation),
	};
}

/** Thrown by a judge, through the readers in observations.ts, when the evidence does not let it find out; becomes `error`. */
export class Inconclusive extends Error {
	readonly reason: Reason;

	constructor(code: string, message: string) {
		super(message);
		this.name = 'Inconclusive';
		this.reason = { code, message };
	}
}
