// What stat(2) says of an entry of a simulated file tree.

import type { FileEntry, Stat } from './files.ts';

export const defaultModes = { file: 0o644, directory: 0o755, link: 0o777, device: 0o600 } as const;
const utf8 = new TextEncoder();
/** Size of every attribute in /sys, whatever is in it. */
const page = 4096;

export function statOf(entry: FileEntry): Stat {
	const type = entry.type === 'attribute' ? 'file' : entry.type;
	return {
		type,
		mode: entry.mode ?? (entry.type === 'attribute' ? attributeMode(entry) : defaultModes[type]),
		user: 'root',
		group: entry.group ?? 'root',
		size: sizeOf(entry),
	};
}

function attributeMode({ read, write }: Extract<FileEntry, { type: 'attribute' }>): number {
	return (read === undefined ? 0 : 0o444) | (write === undefined ? 0 : 0o200);
}

function sizeOf(entry: FileEntry): number {
	switch (entry.type) {
		case 'file':
			return entry.size ?? (typeof entry.content === 'string' ? utf8.encode(entry.content).length : entry.content.length);
		case 'link':
			return utf8.encode(entry.to).length;
		case 'attribute':
			return page;
		default:
			return 0;
	}
}
