// For the test of the corpus' `expect`: how a name of the corpus for a fact becomes one of ours. Where an expectation is
// prose, what is kept of it stands in the mapping.

import type { Fact, SnpState } from './reading.ts';

/** A transcript as the doctor reads it. */
export interface Seen {
	readonly file: string;
	readonly text: string;
	readonly snp: SnpState;
	/** Of the cause by this text alone. */
	readonly code: string | null;
	/** The value at a path in the facts; undefined where nothing is. */
	readonly fact: (...path: readonly (string | number)[]) => Fact | undefined;
	readonly wanted: unknown;
	/** Another transcript. */
	readonly other: (file: string) => Seen;
}

/** The name of our fact, or how the value comes of what was seen; `reads` is what is kept of the expectation. */
export type Mapping =
	| string
	| ((seen: Seen) => unknown)
	| { readonly is: (seen: Seen) => unknown; readonly reads: (wanted: unknown) => unknown };

export type Table = Readonly<Record<string, Mapping>>;

/** 'empty-asid-range (why)' is 'empty-asid-range'. */
export const firstWord = (wanted: unknown) => (typeof wanted === 'string' ? wanted.split(' ')[0] : wanted);
export const hex = (value: unknown) => `0x${BigInt(String(value)).toString(16)}`;

/** Throws for what is no list: a fact that went missing must not pass for an empty one. */
export function list(value: Fact | undefined): readonly Fact[] {
	if (!Array.isArray(value)) {
		throw new TypeError(`not a list: ${JSON.stringify(value)}`);
	}
	return value;
}

export const verdict = { is: ({ snp }: Seen) => (snp === 'unknown' ? 'unknown' : snp === 'usable'), reads: firstWord };

/** The corpus has the module's parameter with an underscore in one code; ours are words with hyphens. */
export const cause = {
	is: ({ code }: Seen) => code,
	reads: (wanted: unknown) => String(firstWord(wanted)).replaceAll('_', '-'),
};
