// YAML files that the user names: their text, and how their path is shown.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { UsageError } from './arguments.ts';

export interface Source {
	/** Relative to the working directory where it lies below it. */
	readonly path: string;
	readonly text: string;
}

/** Throws UsageError when the file cannot be read. */
export function readSource(path: string): Source {
	try {
		return { path: shorten(path), text: readFileSync(path, 'utf8') };
	} catch (error) {
		throw new UsageError(`'${shorten(path)}' cannot be read: ${error instanceof Error ? error.message.split(',')[0] : error}.`);
	}
}

export function shorten(path: string): string {
	const short = relative(process.cwd(), path);
	return short === '' || short.startsWith('..') ? path : short;
}
