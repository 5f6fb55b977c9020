// The ID block: what a guest's owner says the launch must be. The secure processor compares it at SNP_LAUNCH_FINISH and puts its
// identifiers into every report (SEV-SNP firmware ABI, 'ID Block Structure'; facts/attestation.md section 6.6). 96 bytes,
// numbers little-endian.

import { ParseError } from '../../parse-error.ts';

const structure = 'ID_BLOCK';
export const idBlockLength = 0x60;
const knownVersion = 1;
const fields = { launchDigest: [0x00, 48], familyId: [0x30, 16], imageId: [0x40, 16] } as const;
const versionAt = 0x50;
const guestSvnAt = 0x54;
const policyAt = 0x58;

export interface IdBlock {
	/** MEASUREMENT that the launch must have, 48 bytes. */
	readonly launchDigest: Uint8Array;
	/** 16 bytes each, the owner's own; in reports as FAMILY_ID and IMAGE_ID. */
	readonly familyId: Uint8Array;
	readonly imageId: Uint8Array;
	/** GUEST_SVN of reports, 32 bits. */
	readonly guestSvn: number;
	/** POLICY that the guest must have been started with, 64 bits. */
	readonly policy: bigint;
}

/** The bytes that the ID key signs. Throws RangeError for a field of another length or range. */
export function buildIdBlock(block: IdBlock): Buffer {
	const bytes = Buffer.alloc(idBlockLength);
	for (const [name, [offset, length]] of Object.entries(fields) as [keyof typeof fields, readonly [number, number]][]) {
		if (block[name].length !== length) {
			throw new RangeError(`'${name}' of an ID block: expected ${length} bytes, found ${block[name].length}.`);
		}
		bytes.set(block[name], offset);
	}
	bytes.writeUInt32LE(knownVersion, versionAt);
	bytes.writeUInt32LE(block.guestSvn, guestSvnAt);
	bytes.writeBigUInt64LE(block.policy, policyAt);
	return bytes;
}

/** @throws ParseError */
export function parseIdBlock(bytes: Uint8Array): IdBlock {
	if (bytes.length !== idBlockLength) {
		throw new ParseError(structure, bytes.length, `expected ${idBlockLength} bytes, found ${bytes.length}`);
	}
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const version = buffer.readUInt32LE(versionAt);
	if (version !== knownVersion) {
		throw new ParseError(structure, versionAt, `expected version ${knownVersion}, found ${version}`);
	}
	const range = ([offset, length]: readonly [number, number]) => buffer.subarray(offset, offset + length);
	return {
		launchDigest: range(fields.launchDigest),
		familyId: range(fields.familyId),
		imageId: range(fields.imageId),
		guestSvn: buffer.readUInt32LE(guestSvnAt),
		policy: buffer.readBigUInt64LE(policyAt),
	};
}
