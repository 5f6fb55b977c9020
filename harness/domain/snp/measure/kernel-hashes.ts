// The table that binds kernel, initrd and command line to the launch digest (QEMU's 'kernel-hashes=on'). QEMU target/i386/sev.c
// writes it, OVMF's BlobVerifierLibSevHashes believes nothing else; facts/attestation.md section 6.4. GUIDs in UEFI's order,
// lengths u16 little-endian.

import { hash } from 'node:crypto';
import { guidBytesMixedEndian } from '../guid.ts';

const tableGuid = '9438d606-4f22-4cc9-b479-a793d411fd21';
/** In the order of the table. */
const entryGuids = {
	cmdline: '97d02dd8-bd20-4c94-aa78-e7714d36ab2a',
	initrd: '44baf731-3a2f-4bd7-9af1-41e29169781d',
	kernel: '4de79437-abd2-427f-b835-d5b172d2045b',
} as const;

const headerLength = 18;
const entryLength = headerLength + 32;
const tableLength = headerLength + 3 * entryLength;
/** The table with its padding to 16 bytes, in bytes: QEMU asks for that much room. */
export const hashTableSize = 176;

/** SHA-256 of each, 32 bytes. */
export interface KernelHashes {
	/** Of the file given with `-kernel`, as it is. */
	readonly kernel: Uint8Array;
	/** Of the file given with `-initrd`; of nothing when none was given. */
	readonly initrd: Uint8Array;
	/** See `hashCommandLine`. */
	readonly cmdline: Uint8Array;
}

/** SHA-256 of a command line in UTF-8 with the zero byte that ends it; an absent one is the empty one. */
export function hashCommandLine(append: string): Uint8Array {
	return hash('sha256', Buffer.from(`${append}\0`), 'buffer');
}

/** SHA-256 of an initrd that was not given. */
export function hashNothing(): Uint8Array {
	return hash('sha256', '', 'buffer');
}

/** The table with its padding. */
export function hashTable(hashes: KernelHashes): Buffer {
	const table = Buffer.alloc(hashTableSize);
	table.set(guidBytesMixedEndian(tableGuid), 0);
	table.writeUInt16LE(tableLength, 16);
	let at = headerLength;
	for (const name of ['cmdline', 'initrd', 'kernel'] as const) {
		table.set(guidBytesMixedEndian(entryGuids[name]), at);
		table.writeUInt16LE(entryLength, at + 16);
		table.set(hashes[name], at + headerLength);
		at += entryLength;
	}
	return table;
}
