// A small file tree in memory: regular files, character devices, symbolic links and the directories that they imply.

type Errno = 'ENOENT' | 'EACCES' | 'EISDIR' | 'ENOTDIR' | 'EINVAL' | 'EIO' | 'ELOOP';

interface Ownership {
	/** Permission bits; 0o644 for files, 0o755 for directories, 0o600 for devices. */
	readonly mode?: number;
	readonly group?: string;
}

export type FileEntry = Ownership &
	(
		| {
				readonly type: 'file';
				readonly content: string | Uint8Array;
				/** What stat(2) says, where that is not the length: 0 under /proc, one page under /sys. */
				readonly size?: number;
				/** Opening it fails. */
				readonly denied?: 'EACCES';
		  }
		| { readonly type: 'directory' }
		| { readonly type: 'link'; readonly to: string }
		/** `read` gives the bytes at an offset; without it read(2) is EINVAL, as with a device that has only ioctls. */
		| { readonly type: 'device'; readonly read?: (offset: number, length: number) => Uint8Array }
	);

export interface Stat {
	readonly type: FileEntry['type'];
	readonly mode: number;
	readonly user: string;
	readonly group: string;
	readonly size: number;
}

type Found<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly errno: Errno };

export interface FileTree {
	/** Reads at most `length` bytes from `offset`; without them the whole file. */
	read(path: string, offset?: number, length?: number): Found<Uint8Array>;
	/** Replaces or makes a file; only the tree in memory changes. */
	write(path: string, text: string): Errno | null;
	stat(path: string, follow: boolean): Found<Stat>;
	/** Where a symbolic link points, as it was made. */
	readLink(path: string): Found<string>;
	/** Canonical path; the last component may be missing, as readlink -f allows it. */
	resolve(path: string): Found<string>;
}

const utf8 = new TextEncoder();
const mostLinks = 40;
const defaultModes = { file: 0o644, directory: 0o755, link: 0o777, device: 0o600 } as const;

const fail = (errno: Errno) => ({ ok: false, errno }) as const;
const found = <Value>(value: Value) => ({ ok: true, value }) as const;

/** A tree of these entries by absolute path; everything belongs to root. */
export function createFileTree(initial: Readonly<Record<string, FileEntry>>): FileTree {
	const entries = new Map(Object.entries(initial));
	const directories = new Set(['/']);
	for (const path of entries.keys()) {
		addParents(path);
	}

	function addParents(path: string): void {
		for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
			directories.add(path.slice(0, end));
		}
	}

	function at(path: string): FileEntry | null {
		return entries.get(path) ?? (directories.has(path) ? { type: 'directory' } : null);
	}

	/** The canonical path and what is there; `followLast` says whether a final link is followed. */
	function walk(path: string, followLast: boolean): Found<{ readonly path: string; readonly entry: FileEntry | null }> {
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

	return {
		read(path, offset = 0, length = Number.POSITIVE_INFINITY) {
			const place = walk(path, true);
			if (!place.ok) {
				return place;
			}
			const { entry } = place.value;
			if (entry === null || entry.type === 'link') {
				return fail('ENOENT');
			}
			if (entry.type === 'directory') {
				return fail('EISDIR');
			}
			if (entry.type === 'device') {
				return entry.read === undefined ? fail('EINVAL') : found(entry.read(offset, length));
			}
			if (entry.denied !== undefined) {
				return fail(entry.denied);
			}
			const bytes = typeof entry.content === 'string' ? utf8.encode(entry.content) : entry.content;
			return found(bytes.slice(offset, offset + length));
		},
		write(path, text) {
			const place = walk(path, true);
			if (!place.ok) {
				return place.errno;
			}
			const { path: canonical, entry } = place.value;
			if (entry?.type === 'directory' || canonical === '/') {
				return 'EISDIR';
			}
			if (entry === null && /^\/(proc|sys|dev)\//.test(canonical)) {
				return 'EACCES';
			}
			if (entry?.type === 'device') {
				return null;
			}
			if (entry?.type === 'file' && (entry.denied !== undefined || ((entry.mode ?? defaultModes.file) & 0o200) === 0)) {
				return 'EACCES';
			}
			entries.set(canonical, { type: 'file', content: text, mode: entry?.mode ?? defaultModes.file });
			return null;
		},
		stat(path, follow) {
			const place = walk(path, follow);
			if (!place.ok) {
				return place;
			}
			const { entry } = place.value;
			if (entry === null) {
				return fail('ENOENT');
			}
			return found({
				type: entry.type,
				mode: entry.mode ?? defaultModes[entry.type],
				user: 'root',
				group: entry.group ?? 'root',
				size: sizeOf(entry),
			});
		},
		readLink(path) {
			const place = walk(path, false);
			if (!place.ok) {
				return place;
			}
			const { entry } = place.value;
			if (entry === null) {
				return fail('ENOENT');
			}
			return entry.type === 'link' ? found(entry.to) : fail('EINVAL');
		},
		resolve(path) {
			const place = walk(path, true);
			return place.ok ? found(place.value.path) : place;
		},
	};
}

function sizeOf(entry: FileEntry): number {
	if (entry.type === 'file') {
		return entry.size ?? (typeof entry.content === 'string' ? utf8.encode(entry.content).length : entry.content.length);
	}
	return entry.type === 'link' ? utf8.encode(entry.to).length : 0;
}

/** strerror(3) of glibc, in the C locale. */
export const errorTexts: Readonly<Record<Errno, string>> = {
	ENOENT: 'No such file or directory',
	EACCES: 'Permission denied',
	EISDIR: 'Is a directory',
	ENOTDIR: 'Not a directory',
	EINVAL: 'Invalid argument',
	EIO: 'Input/output error',
	ELOOP: 'Too many levels of symbolic links',
};
