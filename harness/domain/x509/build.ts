// X.509 certificates and revocation lists, written as AMD's are (RFC 5280 sections 4.1 and 5.1). Who signs is given:
// certificate.ts and crl.ts read what this writes.

import { createHash } from 'node:crypto';
import { derTag, readDer } from '../der/der.ts';
import { derBytes } from '../der/values.ts';
import {
	writeBits,
	writeBoolean,
	writeExplicit,
	writeInteger,
	writeOctets,
	writeOid,
	writeSequence,
	writeText,
	writeTime,
	writeValue,
} from '../der/write.ts';
import { mgf1, rsassaPss, sha384 } from './algorithms.ts';
import { extensionOid } from './constraints.ts';
import { attributeOids } from './name.ts';

/** Signs these bytes. The algorithm is the caller's to name. */
export type Signer = (bytes: Uint8Array) => Uint8Array;

export interface ExtensionParts {
	readonly oid: string;
	readonly critical?: boolean;
	/** The contents of extnValue. */
	readonly value: Uint8Array;
}

export interface CertificateParts {
	readonly serial: bigint;
	/** DER of an AlgorithmIdentifier, such as pssSha384. */
	readonly algorithm: Uint8Array;
	/** DER of Names. */
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** Milliseconds since 1970. */
	readonly notBefore: number;
	readonly notAfter: number;
	/** DER of a SubjectPublicKeyInfo. */
	readonly publicKeyInfo: Uint8Array;
	readonly extensions: readonly ExtensionParts[];
}

/** A certificate of version 3. */
export function buildCertificate(parts: CertificateParts, sign: Signer): Uint8Array {
	const tbs = writeSequence(
		writeExplicit(0, writeInteger(2)),
		writeInteger(parts.serial),
		parts.algorithm,
		parts.issuer,
		writeSequence(writeTime(parts.notBefore), writeTime(parts.notAfter)),
		parts.subject,
		parts.publicKeyInfo,
		writeExplicit(3, writeSequence(...parts.extensions.map(writeExtension))),
	);
	return writeSequence(tbs, parts.algorithm, writeBits(sign(tbs)));
}

export interface RevocationListParts {
	readonly algorithm: Uint8Array;
	readonly issuer: Uint8Array;
	readonly thisUpdate: number;
	/** Null: the list does not say when the next one comes. */
	readonly nextUpdate: number | null;
	readonly revoked: readonly { readonly serial: bigint; readonly at: number; readonly extensions?: readonly ExtensionParts[] }[];
	readonly extensions: readonly ExtensionParts[];
}

/** A list of version 2. */
export function buildRevocationList(parts: RevocationListParts, sign: Signer): Uint8Array {
	const revoked = parts.revoked.map(({ serial, at, extensions }) =>
		writeSequence(
			writeInteger(serial),
			writeTime(at),
			...(extensions === undefined ? [] : [writeSequence(...extensions.map(writeExtension))]),
		),
	);
	const tbs = writeSequence(
		writeInteger(1),
		parts.algorithm,
		parts.issuer,
		writeTime(parts.thisUpdate),
		...(parts.nextUpdate === null ? [] : [writeTime(parts.nextUpdate)]),
		...(revoked.length === 0 ? [] : [writeSequence(...revoked)]),
		writeExplicit(0, writeSequence(...parts.extensions.map(writeExtension))),
	);
	return writeSequence(tbs, parts.algorithm, writeBits(sign(tbs)));
}

function writeExtension({ oid, critical = false, value }: ExtensionParts): Uint8Array {
	return writeSequence(writeOid(oid), ...(critical ? [writeBoolean(true)] : []), writeOctets(value));
}

/** A Name with one attribute in each part, by short names such as 'CN'; a country is a PrintableString, as RFC 5280 wants it. */
export function buildName(parts: readonly (readonly [attribute: string, value: string])[]): Uint8Array {
	return writeSequence(
		...parts.map(([attribute, value]) => {
			const text = writeText(value, attribute === 'C' ? derTag.printableString : derTag.utf8String);
			return writeValue(derTag.set, writeSequence(writeOid(attributeOids[attribute] ?? attribute), text));
		}),
	);
}

/** RSASSA-PSS with SHA-384 in both places and 48 bytes of salt (RFC 4055); AMD writes the default trailer field out or leaves it out. */
export function pssSha384({ trailer }: { readonly trailer: boolean }): Uint8Array {
	const hash = writeSequence(writeOid(sha384), writeValue(derTag.null));
	return writeSequence(
		writeOid(rsassaPss),
		writeSequence(
			writeExplicit(0, hash),
			writeExplicit(1, writeSequence(writeOid(mgf1), hash)),
			writeExplicit(2, writeInteger(48)),
			...(trailer ? [writeExplicit(3, writeInteger(1))] : []),
		),
	);
}

/** Identifier of a key: SHA-1 of its bits (RFC 5280 section 4.2.1.2, method 1). It names, and protects nothing. */
export function keyIdentifier(publicKeyInfo: Uint8Array): Uint8Array {
	const fields = readDer(publicKeyInfo).into(derTag.sequence, 'SubjectPublicKeyInfo');
	fields.next(derTag.sequence, 'algorithm');
	return createHash('sha1').update(derBytes(fields, 'subjectPublicKey')).digest();
}

export function subjectKeyIdentifier(identifier: Uint8Array): ExtensionParts {
	return { oid: extensionOid.subjectKeyIdentifier, value: writeOctets(identifier) };
}

export function authorityKeyIdentifier(identifier: Uint8Array): ExtensionParts {
	return { oid: extensionOid.authorityKeyIdentifier, value: writeSequence(writeValue(0x80, identifier)) };
}

/** An authority; without a path length there may be any number of others below it. */
export function basicConstraints(pathLength: number | null): ExtensionParts {
	const value = writeSequence(writeBoolean(true), ...(pathLength === null ? [] : [writeInteger(pathLength)]));
	return { oid: extensionOid.basicConstraints, critical: true, value };
}

/** keyCertSign, and cRLSign where lists are signed. One bit is declared unused in both cases, as AMD does. */
export function authorityKeyUsage({ signsRevocations }: { readonly signsRevocations: boolean }): ExtensionParts {
	return { oid: extensionOid.keyUsage, critical: true, value: writeBits(Uint8Array.of(signsRevocations ? 0x06 : 0x04), 1) };
}

export function crlDistributionPoint(url: string): ExtensionParts {
	const name = writeValue(0x86, Buffer.from(url));
	const point = writeSequence(writeExplicit(0, writeExplicit(0, name)));
	return { oid: extensionOid.crlDistributionPoints, value: writeSequence(point) };
}

const crlNumberOid = '2.5.29.20';

export function crlNumber(number: bigint): ExtensionParts {
	return { oid: crlNumberOid, value: writeInteger(number) };
}
