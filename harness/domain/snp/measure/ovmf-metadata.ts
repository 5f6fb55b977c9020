// OVMF's SEV metadata: what of the guest's memory is measured beside the image (edk2 OvmfPkg/ResetVector/X64/
// OvmfSevMetadata.asm; facts/attestation.md section 6.3). 'ASEV', then u32 length of all of it, u32 version, u32 count, then
// count times {u32 address, u32 size, u32 type}; numbers are little-endian.

import { ParseError } from '../../parse-error.ts';
import { pageSize } from './digest-chain.ts';

const structure = 'OVMF SEV metadata';
const signature = 'ASEV';
const knownVersion = 1;
const headerLength = 16;
const sectionLength = 12;
/** 64 MiB. OVMF has about thirty; every page costs a hash. */
const mostPages = 16_384;

const types = {
	1: 'SNP_SEC_MEM',
	2: 'SNP_SECRETS',
	3: 'CPUID',
	4: 'SVSM_CAA',
	16: 'SNP_KERNEL_HASHES',
} as const satisfies Readonly<Record<number, string>>;
type OvmfSectionType = (typeof types)[keyof typeof types];

/** Guest-physical address and size in bytes, both multiples of 4096. */
export interface OvmfSection {
	readonly type: OvmfSectionType;
	readonly gpa: number;
	readonly size: number;
}

/**
 * The sections in the order of the table, which is the order of measuring. `offset` is where the metadata starts in the image,
 * `loadAddress` where the image itself lies, both in bytes. What KVM refuses at launch is refused here: a section that is empty,
 * not whole pages, or whose pages were given before. @throws ParseError
 */
export function parseOvmfMetadata(image: Buffer, offset: number, loadAddress: number): readonly OvmfSection[] {
	const left = image.length - offset;
	if (offset < 0 || left < headerLength) {
		throw new ParseError(structure, Math.max(0, offset), `expected ${headerLength} bytes within the image`);
	}
	const found = image.toString('latin1', offset, offset + signature.length);
	if (found !== signature) {
		const actual = image.toString('hex', offset, offset + signature.length);
		throw new ParseError(structure, offset, `expected the signature '${signature}', found the bytes ${actual}`);
	}
	const version = image.readUInt32LE(offset + 8);
	if (version !== knownVersion) {
		throw new ParseError(structure, offset + 8, `expected version ${knownVersion}, found ${version}`);
	}
	const length = image.readUInt32LE(offset + 4);
	const count = image.readUInt32LE(offset + 12);
	const needed = headerLength + count * sectionLength;
	if (length < needed || length > left) {
		const problem = `expected a length from ${needed}, as ${count} sections need, to ${left}, found ${length}`;
		throw new ParseError(structure, offset + 4, problem);
	}
	const sections = Array.from({ length: count }, (_, index) => readSection(image, offset + headerLength + index * sectionLength));
	checkMemory(sections, offset, loadAddress);
	return sections;
}

function readSection(image: Buffer, at: number): OvmfSection {
	const gpa = image.readUInt32LE(at);
	const size = image.readUInt32LE(at + 4);
	const number = image.readUInt32LE(at + 8);
	const type = types[number as keyof typeof types];
	// What a type that is not known means for the digest is not known either: some QEMUs take it for zeros, some refuse it.
	if (type === undefined) {
		throw new ParseError(structure, at + 8, `expected a section of type ${Object.keys(types).join(', ')}, found ${number}`);
	}
	if (gpa % pageSize !== 0) {
		throw new ParseError(structure, at, `expected a multiple of ${pageSize} as address of ${type}, found ${hex(gpa)}`);
	}
	if (size === 0 || size % pageSize !== 0) {
		throw new ParseError(structure, at + 4, `expected a positive multiple of ${pageSize} as size of ${type}, found ${hex(size)}`);
	}
	return { type, gpa, size };
}

function checkMemory(sections: readonly OvmfSection[], offset: number, loadAddress: number): void {
	const pages = sections.reduce((sum, { size }) => sum + size / pageSize, 0);
	if (pages > mostPages) {
		throw new ParseError(structure, offset, `expected at most ${mostPages} pages in all sections, found ${pages}`);
	}
	const byAddress = [...sections].sort((a, b) => a.gpa - b.gpa);
	for (const [index, section] of byAddress.entries()) {
		const end = section.gpa + section.size;
		const next = byAddress[index + 1];
		if (end > (next?.gpa ?? loadAddress)) {
			const what = next === undefined ? 'the image' : next.type;
			const from = hex(next?.gpa ?? loadAddress);
			throw new ParseError(
				structure,
				offset,
				`expected sections apart from each other and below the image, found ${section.type} up to ${hex(end)} and ${what} from ${from}`,
			);
		}
	}
}

function hex(value: number): string {
	return `0x${value.toString(16)}`;
}
