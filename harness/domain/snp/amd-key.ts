// Public keys in AMD's form, 0x404 bytes: u32 curve, then X and Y of 72 bytes, all little-endian (facts/attestation.md 1.5).

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

const length = 0x404;
const p384 = 2;
const field = 72;

/** A P-384 key in AMD's form; null for another key. */
export function toAmdKey(key: KeyObject): Uint8Array | null {
	const { crv, x, y } =
		key.type === 'secret' ? {} : (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
	if (crv !== 'P-384' || x === undefined || y === undefined) {
		return null;
	}
	const bytes = Buffer.alloc(length);
	bytes.writeUInt32LE(p384, 0);
	bytes.set(Buffer.from(x, 'base64url').reverse(), 4);
	bytes.set(Buffer.from(y, 'base64url').reverse(), 4 + field);
	return bytes;
}

/** ID_KEY_DIGEST or AUTHOR_KEY_DIGEST of a P-384 key: SHA-384 of its form; null for another key. */
export function amdKeyDigest(key: KeyObject): Uint8Array | null {
	const form = toAmdKey(key);
	return form === null ? null : createHash('sha384').update(form).digest();
}
