// What is in a simulated file tree, what can be asked of it, and how it refuses.

export type Errno =
	| 'ENOENT'
	| 'EACCES'
	| 'EPERM'
	| 'EEXIST'
	| 'EISDIR'
	| 'ENOTDIR'
	| 'ENOTEMPTY'
	| 'EINVAL'
	| 'EIO'
	| 'ELOOP'
	| 'EBUSY'
	| 'ENXIO'
	| 'ENOTTY'
	| 'EBADMSG'
	| 'ETIMEDOUT'
	| 'EFBIG';

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
		/** `make` is what the kernel puts into a directory that is made in it (configfs); without it, none is put there. */
		| { readonly type: 'directory'; readonly make?: () => Readonly<Record<string, FileEntry>> | Errno }
		/** A file of the kernel's that answers at every read and write. What it has no function for is EACCES. */
		| {
				readonly type: 'attribute';
				readonly read?: () => Found<Uint8Array>;
				readonly write?: (bytes: Uint8Array) => Errno | null;
		  }
		| { readonly type: 'link'; readonly to: string }
		/** `read` gives the bytes at an offset; without it read(2) is EINVAL, as with a device that has only ioctls. */
		| { readonly type: 'device'; readonly read?: (offset: number, length: number) => Uint8Array }
	);

export interface Stat {
	readonly type: Exclude<FileEntry['type'], 'attribute'>;
	readonly mode: number;
	readonly user: string;
	readonly group: string;
	readonly size: number;
}

export type Found<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly errno: Errno };

export interface FileTree {
	/** Reads at most `length` bytes from `offset`; without them the whole file. */
	read(path: string, offset?: number, length?: number): Found<Uint8Array>;
	/** Replaces or makes a file; only the tree in memory changes. */
	write(path: string, content: string | Uint8Array): Errno | null;
	/** mkdir(2) and rmdir(2). */
	makeDirectory(path: string): Errno | null;
	removeDirectory(path: string): Errno | null;
	/** unlink(2). */
	unlink(path: string): Errno | null;
	/** Names in a directory. */
	names(path: string): Found<readonly string[]>;
	/** What the system itself puts there and takes away: a process in /proc. */
	put(added: Readonly<Record<string, FileEntry>>): void;
	take(path: string): void;
	stat(path: string, follow: boolean): Found<Stat>;
	/** Where a symbolic link points, as it was made. */
	readLink(path: string): Found<string>;
	/** Canonical path; the last component may be missing, as readlink -f allows it. */
	resolve(path: string): Found<string>;
}

/** strerror(3) of glibc, in the C locale. */
export const errorTexts: Readonly<Record<Errno, string>> = {
	ENOENT: 'No such file or directory',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	EEXIST: 'File exists',
	EISDIR: 'Is a directory',
	ENOTDIR: 'Not a directory',
	ENOTEMPTY: 'Directory not empty',
	EINVAL: 'Invalid argument',
	EIO: 'Input/output error',
	ELOOP: 'Too many levels of symbolic links',
	EBUSY: 'Device or resource busy',
	ENXIO: 'No such device or address',
	ENOTTY: 'Inappropriate ioctl for device',
	EBADMSG: 'Bad message',
	ETIMEDOUT: 'Connection timed out',
	EFBIG: 'File too large',
};
