// The one signature scheme of AMD's certificates: RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt (RFC 4055).

import { type DerReader, derTag, inside, readDer } from '../der/der.ts';
import { derOid, derSmallInteger } from '../der/values.ts';
import { ParseError } from '../parse-error.ts';

export const rsassaPss = '1.2.840.113549.1.1.10';
export const mgf1 = '1.2.840.113549.1.1.8';
export const sha384 = '2.16.840.1.101.3.4.2.2';
/** Context-specific, constructed. */
const explicit = (number: number) => 0xa0 + number;

export interface SignatureAlgorithm {
	readonly oid: string;
	/** RSASSA-PSS with SHA-384 in both places and 48 bytes of salt. */
	readonly isPssSha384: boolean;
	/** For people. */
	readonly text: string;
}

/** An AlgorithmIdentifier; `raw` is the whole of it. Parameters of other algorithms are not looked into. */
export function parseAlgorithm(raw: Uint8Array, offset: number, structure: string): SignatureAlgorithm {
	const reader = readDer(raw, offset).into(derTag.sequence, structure);
	const oid = derOid(reader, structure);
	if (oid !== rsassaPss) {
		if (reader.more) {
			reader.any(structure);
		}
		reader.end(structure);
		return { oid, isPssSha384: false, text: oid };
	}
	const { hash, mask, salt } = pssParameters(reader.into(derTag.sequence, structure), structure);
	reader.end(structure);
	return {
		oid,
		isPssSha384: hash === sha384 && mask === sha384 && salt === 48,
		text: `RSASSA-PSS ${name(hash)}, MGF1 ${name(mask)}, salt ${salt}`,
	};
}

/** RSASSA-PSS-params; AMD's roots write the default trailer field out, its leaves leave it out. */
function pssParameters(
	reader: DerReader,
	structure: string,
): { readonly hash: string; readonly mask: string; readonly salt: number } {
	const hash = reader.optional(explicit(0), structure);
	const mask = reader.optional(explicit(1), structure);
	const salt = reader.optional(explicit(2), structure);
	const trailer = reader.optional(explicit(3), structure);
	reader.end(structure);
	if (trailer !== null) {
		const field = inside(trailer);
		derSmallInteger(field, structure, 1, 1);
		field.end(structure);
	}
	return {
		hash: hash === null ? 'sha1' : onlyHash(inside(hash), structure),
		mask: mask === null ? 'sha1' : maskHash(inside(mask), structure),
		salt: salt === null ? 20 : saltLength(inside(salt), structure),
	};
}

function onlyHash(reader: DerReader, structure: string): string {
	const hash = hashOid(reader, structure);
	reader.end(structure);
	return hash;
}

function saltLength(reader: DerReader, structure: string): number {
	const length = derSmallInteger(reader, structure, 0, 1_024);
	reader.end(structure);
	return length;
}

function maskHash(reader: DerReader, structure: string): string {
	const sequence = reader.into(derTag.sequence, structure);
	const { offset } = sequence;
	const oid = derOid(sequence, structure);
	if (oid !== mgf1) {
		throw new ParseError(structure, offset, `expected MGF1, found ${oid}`);
	}
	const hash = hashOid(sequence, structure);
	sequence.end(structure);
	reader.end(structure);
	return hash;
}

/** A hash's AlgorithmIdentifier: its parameters are NULL or left out. */
function hashOid(reader: DerReader, structure: string): string {
	const sequence = reader.into(derTag.sequence, structure);
	const oid = derOid(sequence, structure);
	const parameters = sequence.optional(derTag.null, structure);
	sequence.end(structure);
	if (parameters !== null && parameters.contents.length > 0) {
		throw new ParseError(structure, parameters.offset, 'a NULL with contents');
	}
	return oid;
}

function name(oid: string): string {
	return oid === sha384 ? 'SHA-384' : oid === 'sha1' ? 'SHA-1' : oid;
}
