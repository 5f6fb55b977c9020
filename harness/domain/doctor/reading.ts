// What a text that somebody pasted says: its kind, whether SEV-SNP is usable by it, the facts, and what is wrong.

import type { UnconfirmedId } from '../unconfirmed.ts';

export const textKinds = [
	'host-kernel',
	'guest-kernel',
	'snphost',
	'domcaps',
	'fwdesc',
	'libvirt',
	'vhv',
	'qmp',
	'qemu',
	'snpguest',
	'tpm',
	'avc',
	'rpm',
	'svsm',
	'unknown',
] as const;
export type TextKind = (typeof textKinds)[number];

export type SnpState = 'usable' | 'unusable' | 'unknown';

/** Plain data, as it stands in `doctor --json`. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact };

/** A cause that this text shows, with the line that shows it. */
export interface Sign {
	/** A code of the closed list (`doctor --codes`). */
	readonly code: string;
	/** One line of the text, without time stamps and escapes, at most 240 characters. */
	readonly evidence: string;
}

/** One text, read. `unknown` is honest: a text that does not say is never a claim. */
export interface Reading {
	readonly kind: TextKind;
	readonly snp: SnpState;
	readonly facts: { readonly [name: string]: Fact };
	/** In the order of the text; which one is the root is decided by the list of causes. */
	readonly signs: readonly Sign[];
	/** Facts that this reading leans on and no real machine has shown yet. */
	readonly unconfirmed?: readonly UnconfirmedId[];
}

/** A reader of one kind of text. Both functions are pure, linear, and throw for no input. */
export interface TextReader {
	readonly kind: TextKind;
	/** How sure this is such a text: 0 not at all, 1 a hint, 2 its form, 3 words that nothing else says. */
	recognise(text: string): 0 | 1 | 2 | 3;
	read(text: string): Reading;
}

/** An entry of the closed list of causes. */
export interface Cause {
	readonly code: string;
	/** What it means, one sentence. */
	readonly meaning: string;
	/** What it is easily taken for and is not. */
	readonly isNot: string;
	/** Function first, then AMD's name of the switch; never a guess. */
	readonly next: string;
	readonly severity: 'blocks-snp' | 'weakens' | 'tool' | 'note';
	/** Where in the chain from firmware setup to guest it sits; the lowest one found is the root. */
	readonly rank: number;
	/** Codes or evidence to look at next. */
	readonly lookAt: string;
}
