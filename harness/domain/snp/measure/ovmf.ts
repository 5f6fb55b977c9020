// An OVMF image as QEMU maps it for an SEV-SNP guest: its last byte lies just below 4 GiB (facts/attestation.md section 6.2).

import { ParseError } from '../../parse-error.ts';
import { pageSize } from './digest-chain.ts';
import { type OvmfSection, parseOvmfMetadata } from './ovmf-metadata.ts';
import { type OvmfTableEntry, parseOvmfTable } from './ovmf-table.ts';

const structure = 'OVMF image';
const fourGiB = 0x1_0000_0000;
export const largestOvmf = 16 * 1024 * 1024;

const guids = {
	sevEsReset: '00f771de-1a7e-4fcb-890e-68c77e2fb44e',
	sevMetadata: 'dc886566-984a-4798-a75e-5585a7bf67cc',
	sevHashTable: '7255371f-3a3b-4b04-927b-1da6efa8d454',
} as const;

export interface Ovmf {
	/** The bytes as they came: they are what is measured. */
	readonly image: Buffer;
	/** Guest-physical address of the first byte. */
	readonly loadAddress: number;
	/** Where every vCPU but the first starts, a linear address of 32 bits; null when the table has no such entry. */
	readonly apResetEip: number | null;
	/** Where the table of kernel hashes belongs, in guest-physical bytes; base 0 means nowhere. Null when the table has no such entry. */
	readonly hashTableArea: { readonly base: number; readonly size: number } | null;
	/** In the order of measuring; null for a firmware without SEV metadata, which QEMU does not launch with SEV-SNP. */
	readonly sections: readonly OvmfSection[] | null;
	/** Whether it has a page for an SVSM's calling area, without which it does not run under one. */
	readonly hasSvsmCallingArea: boolean;
}

/** Reads an image of 4096 bytes to 16 MiB, in whole pages. Time grows with the table and the sections, not with the image. @throws ParseError */
export function parseOvmf(bytes: Uint8Array): Ovmf {
	if (bytes.length === 0 || bytes.length % pageSize !== 0 || bytes.length > largestOvmf) {
		const problem = `expected ${pageSize} to ${largestOvmf} bytes, a multiple of ${pageSize}, found ${bytes.length}`;
		throw new ParseError(structure, bytes.length, problem);
	}
	const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const table = parseOvmfTable(image);
	const loadAddress = fourGiB - image.length;
	const reset = entry(table, 'sevEsReset', 4);
	const metadata = entry(table, 'sevMetadata', 4);
	const area = entry(table, 'sevHashTable', 8);
	// The entry counts from the end of the image.
	const sections = metadata === null ? null : parseOvmfMetadata(image, image.length - metadata.data.readUInt32LE(0), loadAddress);
	return {
		image,
		loadAddress,
		apResetEip: reset?.data.readUInt32LE(0) ?? null,
		hashTableArea: area === null ? null : { base: area.data.readUInt32LE(0), size: area.data.readUInt32LE(4) },
		sections,
		hasSvsmCallingArea: sections?.some(({ type }) => type === 'SVSM_CAA') ?? false,
	};
}

/** An entry of at least this many bytes; QEMU reads the first ones and does not ask for more. */
function entry(table: ReadonlyMap<string, OvmfTableEntry>, name: keyof typeof guids, least: number): OvmfTableEntry | null {
	const found = table.get(guids[name]);
	if (found !== undefined && found.data.length < least) {
		const problem = `expected at least ${least} bytes in the entry ${guids[name]}, found ${found.data.length}`;
		throw new ParseError('OVMF table', found.offset, problem);
	}
	return found ?? null;
}
