// The table of GUIDs at the end of an OVMF image, and of an SVSM image of the old kind. It is read from its end backwards: each
// entry is its data, then u16 length of the whole entry, then its GUID in UEFI's order; numbers are little-endian. The entry at
// the very end names the table and has the length of all of it (edk2 OvmfPkg/ResetVector/Ia16/ResetVectorVtf0.asm; QEMU
// hw/i386/pc_sysfw_ovmf.c; facts/attestation.md section 6.3).

import { ParseError } from '../../parse-error.ts';
import { guidMixedEndian } from '../guid.ts';

const structure = 'OVMF table';
const tableGuid = '96b582de-1fb2-45f7-baea-a366c55a082d';
/** The reset vector's code behind the table, in bytes. */
const behindTable = 32;
/** Length and GUID of an entry, in bytes. */
const trailer = 18;

/** The data of one entry; `offset` is where it starts in the image, in bytes. */
export interface OvmfTableEntry {
	readonly offset: number;
	readonly data: Buffer;
}

/**
 * Entries by GUID in lower case. QEMU takes the entry nearest to the end where a GUID is there twice, other tools the farthest,
 * so that is refused. At most 65,535 bytes are read.
 * @throws ParseError
 */
export function parseOvmfTable(image: Uint8Array): ReadonlyMap<string, OvmfTableEntry> {
	const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
	const end = bytes.length - behindTable;
	if (end < trailer) {
		throw new ParseError(structure, 0, `expected an image of at least ${behindTable + trailer} bytes, found ${bytes.length}`);
	}
	const footer = readTrailer(bytes, end);
	if (footer.guid !== tableGuid) {
		throw new ParseError(structure, end - 16, `expected the GUID ${tableGuid}, found ${footer.guid}: no OVMF with a table`);
	}
	const start = end - footer.length;
	if (footer.length < trailer || start < 0) {
		const most = Math.min(end, 0xffff);
		throw new ParseError(structure, end - trailer, `expected a length of ${trailer} to ${most}, found ${footer.length}`);
	}
	const entries = new Map<string, OvmfTableEntry>();
	// Every entry takes at least its trailer, so this ends.
	for (let at = end - trailer; at > start; ) {
		if (at - start < trailer) {
			throw new ParseError(structure, start, `expected an entry of at least ${trailer} bytes, found ${at - start} left over`);
		}
		const { length, guid } = readTrailer(bytes, at);
		if (length < trailer || length > at - start) {
			throw new ParseError(structure, at - trailer, `expected a length of ${trailer} to ${at - start}, found ${length}`);
		}
		if (entries.has(guid)) {
			throw new ParseError(structure, at - 16, `expected each GUID once, found ${guid} again`);
		}
		at -= length;
		entries.set(guid, { offset: at, data: bytes.subarray(at, at + length - trailer) });
	}
	return entries;
}

function readTrailer(bytes: Buffer, end: number): { readonly length: number; readonly guid: string } {
	return { length: bytes.readUInt16LE(end - trailer), guid: guidMixedEndian(bytes.subarray(end - 16, end)) };
}
