// What the programs of GNU coreutils have in common: options, and how they complain in the C locale.

import { refused, type ToolOutput } from '../system.ts';
import { type OptionSpec, type Parsed, parseOptions } from './options.ts';

/** The usage error of a coreutils program. */
export function misused(program: string, complaint: string): ToolOutput {
	return refused(`${program}: ${complaint}\nTry '${program} --help' for more information.\n`);
}

/** Parsed options and operands, or the usage error. */
export function coreutilsOptions(program: string, args: readonly string[], specs: readonly OptionSpec[]): Parsed | ToolOutput {
	const parsed = parseOptions(args, specs);
	return typeof parsed === 'string' ? misused(program, parsed) : parsed;
}

const units: Readonly<Record<string, number>> = {
	'': 1,
	c: 1,
	w: 2,
	b: 512,
	K: 1024,
	k: 1024,
	kB: 1000,
	KB: 1000,
	M: 1024 ** 2,
	MB: 1e6,
	G: 1024 ** 3,
};

/** A count with an optional suffix, as head and dd take it; null when it is none. */
export function parseCount(text: string): number | null {
	const match = /^(\d{1,15})([A-Za-z]{0,2})$/.exec(text);
	const unit = match?.[2] === undefined ? undefined : units[match[2]];
	return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}

/** Several byte strings as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
	const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}
