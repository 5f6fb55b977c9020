// ID authentication information: who signed an ID block, and who vouches for that key (SEV-SNP firmware ABI, 'ID Authentication
// Information Structure'; facts/attestation.md section 6.6). 4096 bytes; keys and signatures in AMD's form, zeros elsewhere.

import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ParseError } from '../../parse-error.ts';
import { toAmdKey } from '../amd-key.ts';
import { fromP1363, toP1363 } from '../signature.ts';

const structure = 'ID_AUTH';
const idAuthLength = 0x1000;
const ecdsaP384Sha384 = 1;
/** Field: offset and length in bytes. Between them everything is zero. */
const fields = {
	idKeyAlgorithm: [0x000, 4],
	authorKeyAlgorithm: [0x004, 4],
	blockSignature: [0x040, 512],
	idKey: [0x240, 0x404],
	idKeySignature: [0x680, 512],
	authorKey: [0x880, 0x404],
} as const;

/** An elliptic key in AMD's form: u32 curve, X and Y little-endian. */
const p384 = 2;
const numberLength = 48;
const coordinate = 72;

export interface IdAuth {
	/** Over the ID block, 512 bytes. */
	readonly blockSignature: Uint8Array;
	/** ID_KEY_DIGEST of reports is the SHA-384 of these 0x404 bytes. */
	readonly idKey: Uint8Array;
	/** Null when no author vouches for the ID key. */
	readonly author: {
		/** Over the 0x404 bytes of the ID key, 512 bytes. */
		readonly idKeySignature: Uint8Array;
		/** AUTHOR_KEY_DIGEST of reports is the SHA-384 of these 0x404 bytes. */
		readonly key: Uint8Array;
	} | null;
}

/** Signs an ID block of 96 bytes with private P-384 keys; without an author its fields stay zero. Throws TypeError for another key. */
export function signIdBlock(block: Uint8Array, idKey: KeyObject, authorKey: KeyObject | null): Buffer {
	const bytes = Buffer.alloc(idAuthLength);
	const publicIdKey = requireP384(idKey);
	bytes.writeUInt32LE(ecdsaP384Sha384, fields.idKeyAlgorithm[0]);
	bytes.set(signatureOf(block, idKey), fields.blockSignature[0]);
	bytes.set(publicIdKey, fields.idKey[0]);
	if (authorKey !== null) {
		bytes.writeUInt32LE(ecdsaP384Sha384, fields.authorKeyAlgorithm[0]);
		bytes.set(requireP384(authorKey), fields.authorKey[0]);
		bytes.set(signatureOf(publicIdKey, authorKey), fields.idKeySignature[0]);
	}
	return bytes;
}

/** Reads the form; whether the signatures hold is `verifyIdAuth`'s to say. @throws ParseError */
export function parseIdAuth(bytes: Uint8Array): IdAuth {
	if (bytes.length !== idAuthLength) {
		throw new ParseError(structure, bytes.length, `expected ${idAuthLength} bytes, found ${bytes.length}`);
	}
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const range = ([offset, length]: readonly [number, number]) => buffer.subarray(offset, offset + length);
	requireZeros(buffer);
	const [idAt] = fields.idKeyAlgorithm;
	const [authorAt] = fields.authorKeyAlgorithm;
	if (buffer.readUInt32LE(idAt) !== ecdsaP384Sha384) {
		const problem = `expected algorithm ${ecdsaP384Sha384} (ECDSA P-384 with SHA-384), found ${buffer.readUInt32LE(idAt)}`;
		throw new ParseError(structure, idAt, problem);
	}
	const authorAlgorithm = buffer.readUInt32LE(authorAt);
	const parts = { idKeySignature: range(fields.idKeySignature), key: range(fields.authorKey) };
	const silent = [parts.idKeySignature, parts.key].every((part) => part.every((byte) => byte === 0));
	// Without an author nothing of this is looked at, so either number is harmless; half an author is a mistake.
	const expected = silent ? [0, ecdsaP384Sha384] : [ecdsaP384Sha384];
	if (!expected.includes(authorAlgorithm)) {
		throw new ParseError(
			structure,
			authorAt,
			`expected ${expected.join(' or ')} as the author's algorithm, found ${authorAlgorithm}`,
		);
	}
	return { blockSignature: range(fields.blockSignature), idKey: range(fields.idKey), author: silent ? null : parts };
}

/** Whether the ID key signed this ID block and the author the ID key; `author` is null when nobody vouches. */
export function verifyIdAuth(block: Uint8Array, auth: IdAuth): { readonly block: boolean; readonly author: boolean | null } {
	return {
		block: isSignedBy(block, auth.blockSignature, auth.idKey),
		author: auth.author === null ? null : isSignedBy(auth.idKey, auth.author.idKeySignature, auth.author.key),
	};
}

function requireP384(key: KeyObject): Uint8Array {
	const bytes = key.asymmetricKeyType === 'ec' ? toAmdKey(key) : null;
	if (bytes === null || key.type !== 'private') {
		throw new TypeError('Keys of an ID block: expected private keys on P-384.');
	}
	return bytes;
}

function signatureOf(data: Uint8Array, key: KeyObject): Uint8Array {
	return fromP1363(sign('sha384', data, { key, dsaEncoding: 'ieee-p1363' }));
}

function isSignedBy(data: Uint8Array, signature: Uint8Array, amdKey: Uint8Array): boolean {
	const numbers = toP1363(signature);
	const key = fromAmdKey(amdKey);
	return numbers !== null && key !== null && verify('sha384', data, { key, dsaEncoding: 'ieee-p1363' }, numbers);
}

/** Null for another curve, for a point that is not on it, and when anything else is not zero. */
function fromAmdKey(bytes: Uint8Array): KeyObject | null {
	const number = (from: number) => Buffer.from(bytes.slice(from, from + numberLength)).reverse();
	const x = number(4);
	const y = number(4 + coordinate);
	const rest = Buffer.from(bytes);
	rest.fill(0, 4, 4 + numberLength).fill(0, 4 + coordinate, 4 + coordinate + numberLength);
	if (rest.readUInt32LE(0) !== p384 || rest.subarray(4).some((byte) => byte !== 0)) {
		return null;
	}
	try {
		const jwk = { kty: 'EC', crv: 'P-384', x: x.toString('base64url'), y: y.toString('base64url') };
		return createPublicKey({ key: jwk, format: 'jwk' });
	} catch {
		return null;
	}
}

function requireZeros(bytes: Buffer): void {
	let from = 0;
	for (const [offset, length] of [...Object.values(fields), [idAuthLength, 0] as const]) {
		if (bytes.subarray(from, offset).some((byte) => byte !== 0)) {
			throw new ParseError(structure, from, `expected zeros up to byte ${offset}`);
		}
		from = offset + length;
	}
}
