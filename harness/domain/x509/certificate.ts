// X.509 version 3 certificates, strictly (RFC 5280 section 4.1): the parts that a verifier judges, and the bytes that were signed.

import { type DerReader, derTag, inside, readDer } from '../der/der.ts';
import { derBoolean, derBytes, derInteger, derOid, derTime } from '../der/values.ts';
import { ParseError } from '../parse-error.ts';
import { parseAlgorithm, type SignatureAlgorithm } from './algorithms.ts';
import { type DistinguishedName, parseName } from './name.ts';

export interface Extension {
	readonly critical: boolean;
	/** The contents of extnValue, whatever they are. */
	readonly value: Uint8Array;
	/** Where they begin in the certificate. */
	readonly offset: number;
}

export interface Certificate {
	/** The whole certificate. */
	readonly raw: Uint8Array;
	/** TBSCertificate with its header: what the signature covers. */
	readonly signed: Uint8Array;
	readonly serial: bigint;
	readonly algorithm: SignatureAlgorithm;
	readonly issuer: DistinguishedName;
	readonly subject: DistinguishedName;
	/** Milliseconds since 1970; both ends belong to the time of validity. */
	readonly notBefore: number;
	readonly notAfter: number;
	/** SubjectPublicKeyInfo, DER. */
	readonly publicKeyInfo: Uint8Array;
	/** By dotted identifier, in the order of the certificate. */
	readonly extensions: ReadonlyMap<string, Extension>;
	readonly signature: Uint8Array;
}

/** Context-specific, constructed. */
const explicit = (number: number) => 0xa0 + number;
const mostExtensions = 64;

/** One certificate and nothing behind it. @throws ParseError */
export function parseCertificate(raw: Uint8Array): Certificate {
	const input = readDer(raw);
	const outer = input.into(derTag.sequence, 'Certificate');
	input.end('Certificate');
	const tbs = outer.next(derTag.sequence, 'TBSCertificate');
	const algorithm = outer.next(derTag.sequence, 'signatureAlgorithm');
	const signature = derBytes(outer, 'signatureValue');
	outer.end('Certificate');
	const fields = inside(tbs);
	readVersion(fields);
	const serial = derInteger(fields, 'serialNumber');
	const inner = fields.next(derTag.sequence, 'signature');
	// RFC 5280 section 4.1.1.2. The outer one is not signed: it must say nothing else.
	if (Buffer.compare(inner.raw, algorithm.raw) !== 0) {
		throw new ParseError('signatureAlgorithm', algorithm.offset, 'differs from the algorithm that is signed');
	}
	const issuer = parseName(fields, 'issuer');
	const validity = fields.into(derTag.sequence, 'validity');
	const notBefore = derTime(validity, 'notBefore');
	const notAfter = derTime(validity, 'notAfter');
	validity.end('validity');
	const subject = parseName(fields, 'subject');
	const publicKeyInfo = fields.next(derTag.sequence, 'subjectPublicKeyInfo').raw;
	const extensions = readExtensions(fields);
	fields.end('TBSCertificate');
	return {
		raw,
		signed: tbs.raw,
		serial,
		algorithm: parseAlgorithm(inner.raw, inner.offset, 'signature'),
		issuer,
		subject,
		notBefore,
		notAfter,
		publicKeyInfo,
		extensions,
		signature,
	};
}

/** Version 3: the only one with extensions. */
function readVersion(fields: DerReader): void {
	const version = fields.into(explicit(0), 'version');
	const { offset } = version;
	const number = derInteger(version, 'version');
	version.end('version');
	if (number !== 2n) {
		throw new ParseError('version', offset, `expected version 3, found ${number + 1n}`);
	}
}

function readExtensions(fields: DerReader): ReadonlyMap<string, Extension> {
	const wrapper = fields.into(explicit(3), 'extensions');
	const list = wrapper.into(derTag.sequence, 'extensions');
	wrapper.end('extensions');
	return extensionsOf(list);
}

/** The values of an Extensions: none is there twice. @throws ParseError */
export function extensionsOf(list: DerReader): ReadonlyMap<string, Extension> {
	const extensions = new Map<string, Extension>();
	while (list.more) {
		const { offset } = list;
		const extension = list.into(derTag.sequence, 'Extension');
		const oid = derOid(extension, 'extnID');
		const critical = readCritical(extension);
		const value = extension.next(derTag.octetString, 'extnValue');
		extension.end('Extension');
		if (extensions.has(oid) || extensions.size === mostExtensions) {
			throw new ParseError('Extension', offset, extensions.has(oid) ? `${oid} is there twice` : 'too many extensions');
		}
		extensions.set(oid, { critical, value: value.contents, offset: value.offset + value.raw.length - value.contents.length });
	}
	return extensions;
}

/** DER leaves a default out: a criticality that is written is TRUE. */
function readCritical(extension: DerReader): boolean {
	const value = extension.optional(derTag.boolean, 'critical');
	if (value !== null && !derBoolean(readDer(value.raw, value.offset), 'critical')) {
		throw new ParseError('critical', value.offset, 'the default is written out');
	}
	return value !== null;
}
