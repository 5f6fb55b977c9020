// What the key service gave before, one file each, in a form that other programs read too. Nothing in it is believed: every
// entry is read again as if it had just come.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hierarchyOf, type KeyRequest } from '../domain/snp/kds.ts';
import { mostBytes } from '../domain/snp/kds-answer.ts';
import { type Chain, type KeyMaterial, readKeyMaterial } from '../domain/snp/kds-material.ts';
import type { Trust } from '../domain/snp/roots.ts';
import { entryPath, entryRequest } from './store-path.ts';

export interface StoreEntry {
	readonly request: KeyRequest;
	/** Below the store's directory. */
	readonly path: string;
	/** Milliseconds since 1970. */
	readonly keptAt: number;
	readonly material: KeyMaterial;
}

export interface KeyStore {
	readonly directory: string;
	/** The entry, as it is found now; null when there is none. */
	find(request: KeyRequest): StoreEntry | null;
	/** Keeps bytes that were read as what was asked for. The sentence says why they could not be kept. */
	keep(request: KeyRequest, bytes: Uint8Array): string | null;
	/** All that has the name of an entry, in the order of the names. */
	list(): readonly StoreEntry[];
}

export function createKeyStore(directory: string, trust: Trust): KeyStore {
	const chainOf = (request: KeyRequest): Chain | null => {
		const material =
			request.want === 'chain'
				? undefined
				: find({ want: 'chain', product: request.product, hierarchy: hierarchyOf(request) })?.material;
		return material === undefined || 'problem' in material ? null : material.chain;
	};

	const find = (request: KeyRequest): StoreEntry | null => {
		const path = entryPath(request);
		const file = join(directory, path);
		try {
			const { size, mtimeMs: keptAt } = statSync(file);
			const material: KeyMaterial =
				size > mostBytes(request)
					? { problem: `${size} bytes, more than such an entry has` }
					: readKeyMaterial(request, readFileSync(file), trust, chainOf(request));
			return { request, path, keptAt, material };
		} catch (error) {
			const code = codeOf(error);
			const problem = `a file that cannot be read (${code})`;
			return code === 'ENOENT' || code === 'ENOTDIR' ? null : { request, path, keptAt: 0, material: { problem } };
		}
	};

	const keep = (request: KeyRequest, bytes: Uint8Array): string | null => {
		const file = join(directory, entryPath(request));
		// Another process may write the same entry: a rename is seen whole or not at all.
		const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
		try {
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(draft, bytes, { flag: 'wx' });
			renameSync(draft, file);
			return null;
		} catch (error) {
			discard(draft);
			return `'${file}' cannot be written (${codeOf(error)}): give another directory with SNPGATE_KDS, or it is fetched every time.`;
		}
	};

	const list = (): readonly StoreEntry[] =>
		namesBelow(directory)
			.flatMap((path) => entryRequest(path) ?? [])
			.flatMap((request) => find(request) ?? []);

	return { directory, find, keep, list };
}

function discard(draft: string): void {
	try {
		rmSync(draft, { force: true });
	} catch {
		// Its directory could not be made either, which is what is said.
	}
}

function namesBelow(directory: string): readonly string[] {
	try {
		return readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
	} catch (error) {
		const code = codeOf(error);
		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return [];
		}
		throw error;
	}
}

/** Of a defect, which has none, nothing is swallowed. */
function codeOf(error: unknown): string {
	const { code } = error as NodeJS.ErrnoException;
	if (code === undefined) {
		throw error;
	}
	return code;
}
