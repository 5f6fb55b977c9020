// A small file tree in memory: regular files, attributes of the kernel, character devices, symbolic links and directories.

import { defaultModes, statOf } from './file-stat.ts';
import type { Errno, FileEntry, FileTree, Found } from './files.ts';

const utf8 = new TextEncoder();
const mostLinks = 40;
/** File systems of the kernel: nobody else makes files there. */
const ofTheKernel = /^\/(proc|sys|dev)\//;

const fail = (errno: Errno) => ({ ok: false, errno }) as const;
const found = <Value>(value: Value) => ({ ok: true, value }) as const;

interface Place {
	/** Canonical. */
	readonly path: string;
	/** Null when nothing is there. */
	readonly entry: FileEntry | null;
}

/** A tree of these entries by absolute path, and of the directories that they imply; everything belongs to root. */
export function createFileTree(initial: Readonly<Record<string, FileEntry>>): FileTree {
	const entries = new Map<string, FileEntry>();
	const implied = new Set(['/']);
	put(initial);

	function put(added: Readonly<Record<string, FileEntry>>): void {
		for (const [path, entry] of Object.entries(added)) {
			entries.set(path, entry);
			for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
				implied.add(path.slice(0, end));
			}
		}
	}

	function take(path: string): void {
		for (const all of [entries, implied]) {
			for (const name of all.keys()) {
				if (name === path || name.startsWith(`${path}/`)) {
					all.delete(name);
				}
			}
		}
	}

	function at(path: string): FileEntry | null {
		return entries.get(path) ?? (implied.has(path) ? { type: 'directory' } : null);
	}

	/** The canonical path and what is there; `followLast` says whether a final link is followed. */
	function walk(path: string, followLast: boolean): Found<Place> {
		if (!path.startsWith('/') || path.includes('\0')) {
			return fail('ENOENT');
		}
		let rest = path.split('/').filter((part) => part !== '');
		let here = '';
		let links = 0;
		let entry: FileEntry | null = at('/');
		while (rest.length > 0) {
			const [part, ...after] = rest;
			if (entry === null) {
				return fail('ENOENT');
			}
			if (entry.type !== 'directory') {
				return fail('ENOTDIR');
			}
			rest = after;
			if (part === '.' || part === '..') {
				here = part === '..' ? here.slice(0, Math.max(0, here.lastIndexOf('/'))) : here;
				entry = at(here || '/');
				continue;
			}
			const next = `${here}/${part}`;
			const target = at(next);
			if (target?.type === 'link' && (rest.length > 0 || followLast)) {
				links += 1;
				if (links > mostLinks) {
					return fail('ELOOP');
				}
				rest = [...target.to.split('/').filter((name) => name !== ''), ...rest];
				here = target.to.startsWith('/') ? '' : here;
				entry = at(here || '/');
				continue;
			}
			here = next;
			entry = target;
		}
		const slash = path.endsWith('/') && entry !== null && entry.type !== 'directory';
		return slash ? fail('ENOTDIR') : found({ path: here || '/', entry });
	}

	/** What is there, as a system call finds it that needs something to be there. */
	function existing(path: string, follow: boolean): Found<{ readonly path: string; readonly entry: FileEntry }> {
		const place = walk(path, follow);
		if (!place.ok) {
			return place;
		}
		const { entry } = place.value;
		return entry === null ? fail('ENOENT') : found({ path: place.value.path, entry });
	}

	function namesIn(path: string): readonly string[] {
		const prefix = path === '/' ? '/' : `${path}/`;
		const below = [...entries.keys(), ...implied].filter((name) => name.startsWith(prefix) && name !== prefix);
		return [...new Set(below.map((name) => name.slice(prefix.length).split('/')[0] ?? ''))].sort();
	}

	return {
		put,
		take,
		read(path, offset = 0, length = Number.POSITIVE_INFINITY) {
			const place = existing(path, true);
			if (!place.ok) {
				return place;
			}
			const { entry } = place.value;
			switch (entry.type) {
				case 'link':
					return fail('ENOENT');
				case 'directory':
					return fail('EISDIR');
				case 'device':
					return entry.read === undefined ? fail('EINVAL') : found(entry.read(offset, length));
				case 'attribute': {
					const content = entry.read?.() ?? fail('EACCES');
					return content.ok ? found(content.value.slice(offset, offset + length)) : content;
				}
				case 'file': {
					const bytes = typeof entry.content === 'string' ? utf8.encode(entry.content) : entry.content;
					return entry.denied === undefined ? found(bytes.slice(offset, offset + length)) : fail(entry.denied);
				}
			}
		},
		write(path, content) {
			const place = walk(path, true);
			if (!place.ok) {
				return place.errno;
			}
			const { path: canonical, entry } = place.value;
			if (entry === null) {
				if (ofTheKernel.test(canonical)) {
					return 'EACCES';
				}
				entries.set(canonical, { type: 'file', content, mode: defaultModes.file });
				return null;
			}
			switch (entry.type) {
				case 'link':
					return 'ENOENT';
				case 'directory':
					return 'EISDIR';
				case 'device':
					return null;
				case 'attribute':
					return (entry.write ?? (() => 'EACCES' as const))(typeof content === 'string' ? utf8.encode(content) : content);
				case 'file': {
					const mode = entry.mode ?? defaultModes.file;
					if (entry.denied !== undefined || (mode & 0o200) === 0) {
						return 'EACCES';
					}
					entries.set(canonical, { type: 'file', content, mode });
					return null;
				}
			}
		},
		makeDirectory(path) {
			const place = walk(path, false);
			if (!place.ok) {
				return place.errno;
			}
			if (place.value.entry !== null) {
				return 'EEXIST';
			}
			const { path: canonical } = place.value;
			const parent = at(canonical.slice(0, canonical.lastIndexOf('/')) || '/');
			const make = parent?.type === 'directory' ? parent.make : undefined;
			const made = make?.() ?? {};
			if (typeof made === 'string') {
				return made;
			}
			if (make === undefined && ofTheKernel.test(canonical)) {
				return 'EPERM';
			}
			put({ [canonical]: { type: 'directory' } });
			put(Object.fromEntries(Object.entries(made).map(([name, entry]) => [`${canonical}/${name}`, entry])));
			return null;
		},
		removeDirectory(path) {
			const place = existing(path, false);
			if (!place.ok) {
				return place.errno;
			}
			const { path: canonical, entry } = place.value;
			if (entry.type !== 'directory') {
				return 'ENOTDIR';
			}
			// Attributes are the kernel's and go with their directory.
			const holds = namesIn(canonical).some((name) => at(`${canonical}/${name}`)?.type !== 'attribute');
			if (holds || canonical === '/') {
				return holds ? 'ENOTEMPTY' : 'EBUSY';
			}
			take(canonical);
			return null;
		},
		unlink(path) {
			const place = existing(path, false);
			if (!place.ok) {
				return place.errno;
			}
			const { path: canonical, entry } = place.value;
			if (entry.type === 'directory') {
				return 'EISDIR';
			}
			if (ofTheKernel.test(canonical)) {
				return 'EPERM';
			}
			entries.delete(canonical);
			return null;
		},
		names(path) {
			const place = existing(path, true);
			return !place.ok ? place : place.value.entry.type === 'directory' ? found(namesIn(place.value.path)) : fail('ENOTDIR');
		},
		stat(path, follow) {
			const place = existing(path, follow);
			return place.ok ? found(statOf(place.value.entry)) : place;
		},
		readLink(path) {
			const place = existing(path, false);
			if (!place.ok) {
				return place;
			}
			const { entry } = place.value;
			return entry.type === 'link' ? found(entry.to) : fail('EINVAL');
		},
		resolve(path) {
			const place = walk(path, true);
			return place.ok ? found(place.value.path) : place;
		},
	};
}
