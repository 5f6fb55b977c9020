// Writes the bundle of one run (design section 6). Everything is on disk when a function returns; sealing comes last.

import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { sha256 } from './encoding.ts';

export interface BundleWriter {
	readonly directory: string;
	/** A whole file, replaced atomically. */
	write(name: string, content: string): void;
	/** One line of a growing file, flushed to the system before this returns. */
	append(name: 'events.ndjson' | 'evidence/observations.ndjson', line: string): void;
	putBlob(hash: string, bytes: Uint8Array): void;
	/** SHA256SUMS over all other files, atomically and last. Nothing writes here afterwards. */
	seal(): void;
	/** Closes what is open; an unsealed bundle stays as it is. */
	close(): void;
}

/** Creates the directory; it must be absent or empty. Throws an Error with one sentence otherwise. */
export function createBundle(asked: string): BundleWriter {
	const directory = resolve(asked);
	const there = statSync(directory, { throwIfNoEntry: false });
	if (asked === '' || (there !== undefined && (!there.isDirectory() || readdirSync(directory).length > 0))) {
		const what = asked === '' ? 'is no directory' : there?.isDirectory() === true ? 'is not empty' : 'is a file';
		throw new Error(`'${asked}' ${what}: a bundle needs a directory of its own. Give another '--out'.`);
	}
	mkdirSync(join(directory, 'evidence', 'blobs'), { recursive: true });
	const open = new Map<string, number>();
	const path = (name: string) => join(directory, name);
	const descriptor = (name: string) => {
		const known = open.get(name) ?? openSync(path(name), 'a');
		open.set(name, known);
		return known;
	};
	const write = (name: string, content: string | Uint8Array) => {
		const temporary = path(`${name}.tmp`);
		writeFileSync(temporary, content);
		renameSync(temporary, path(name));
	};
	const close = () => {
		for (const fd of open.values()) {
			closeSync(fd);
		}
		open.clear();
	};
	return {
		directory,
		write,
		append: (name, line) => {
			writeSync(descriptor(name), `${line}\n`);
		},
		putBlob: (hash, bytes) => {
			if (!existsSync(path(`evidence/blobs/${hash}`))) {
				write(`evidence/blobs/${hash}`, bytes);
			}
		},
		seal: () => {
			for (const fd of open.values()) {
				fsyncSync(fd);
			}
			close();
			const sums = listFiles(directory).map((name) => `${sha256(readFileSync(path(name)))}  ${name}\n`);
			write('SHA256SUMS', sums.join(''));
		},
		close,
	};
}

/** Paths of all entries below a bundle that are no directories, relative and sorted, without SHA256SUMS. */
export function listFiles(directory: string): readonly string[] {
	return readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => !entry.isDirectory())
		.map((entry) => relative(directory, join(entry.parentPath, entry.name)))
		.filter((name) => name !== 'SHA256SUMS')
		.sort();
}
