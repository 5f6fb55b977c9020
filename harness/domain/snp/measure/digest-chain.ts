// How the secure processor folds pages into a launch digest: each page's PAGE_INFO, 0x70 bytes, holds the digest so far, and its
// SHA-384 is the next one (SEV-SNP firmware ABI 8.17.2, 'Layout of the PAGE_INFO Structure'; facts/attestation.md section 6.1).

import { hash } from 'node:crypto';

export const pageSize = 4096;
const digestLength = 48;
const pageInfoLength = 0x70;

/** PAGE_TYPE. Only of the first two the contents count. */
const pageTypes = { normal: 1, vmsa: 2, zero: 3, unmeasured: 4, secrets: 5, cpuid: 6 } as const;
type PageType = keyof typeof pageTypes;
type WithoutContents = Exclude<PageType, 'normal' | 'vmsa'>;

export interface DigestChain {
	/** Adds the pages of `contents`, a multiple of 4096 bytes, from this guest-physical address on. */
	add(type: 'normal' | 'vmsa', gpa: number, contents: Uint8Array): void;
	/** Adds as many pages as `size` bytes have. */
	skip(type: WithoutContents, gpa: number, size: number): void;
	/** The digest so far: SHA-384, lower-case hex. */
	digest(): string;
}

/** A chain that starts with zeros, as SNP_LAUNCH_START does. Every page not said otherwise has VMPL permissions 0 and is no IMI. */
export function startDigest(): DigestChain {
	const info = Buffer.alloc(pageInfoLength);
	info.writeUInt16LE(pageInfoLength, 0x60);

	function fold(type: PageType, gpa: number): void {
		info[0x62] = pageTypes[type];
		// In two parts, as a number of this language goes no further than 53 bits and Node writes 48 of them.
		info.writeUIntLE(gpa % 2 ** 48, 0x68, 6);
		info.writeUInt16LE(Math.floor(gpa / 2 ** 48), 0x6e);
		info.set(hash('sha384', info, 'buffer'), 0);
	}

	return {
		add(type, gpa, contents) {
			requireWholePages(contents.length);
			for (let offset = 0; offset < contents.length; offset += pageSize) {
				info.set(hash('sha384', contents.subarray(offset, offset + pageSize), 'buffer'), digestLength);
				fold(type, gpa + offset);
			}
		},
		skip(type, gpa, size) {
			requireWholePages(size);
			info.fill(0, digestLength, 2 * digestLength);
			for (let offset = 0; offset < size; offset += pageSize) {
				fold(type, gpa + offset);
			}
		},
		digest: () => info.toString('hex', 0, digestLength),
	};
}

function requireWholePages(length: number): void {
	if (length % pageSize !== 0) {
		throw new RangeError(`Expected whole pages of ${pageSize} bytes, found ${length} bytes.`);
	}
}
