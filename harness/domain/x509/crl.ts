// Certificate revocation lists (RFC 5280 section 5.1), as AMD's key service gives them.

import { type DerReader, derTag, inside, readDer } from '../der/der.ts';
import { derBytes, derInteger, derTime } from '../der/values.ts';
import { ParseError } from '../parse-error.ts';
import { parseAlgorithm, type SignatureAlgorithm } from './algorithms.ts';
import { extensionsOf } from './certificate.ts';
import { type DistinguishedName, parseName } from './name.ts';

export interface RevocationList {
	readonly raw: Uint8Array;
	/** TBSCertList with its header: what the signature covers. */
	readonly signed: Uint8Array;
	readonly algorithm: SignatureAlgorithm;
	readonly issuer: DistinguishedName;
	/** Milliseconds since 1970. */
	readonly thisUpdate: number;
	/** Null when the list does not say when the next one comes. */
	readonly nextUpdate: number | null;
	readonly revoked: ReadonlySet<bigint>;
	/** Identifiers of all that is critical: in the list and, once each, in its entries. Who does not know one must not use the list. */
	readonly critical: readonly string[];
	readonly signature: Uint8Array;
}

const explicit = (number: number) => 0xa0 + number;
const mostRevoked = 100_000;

/** One list and nothing behind it. @throws ParseError */
export function parseRevocationList(raw: Uint8Array): RevocationList {
	const input = readDer(raw);
	const outer = input.into(derTag.sequence, 'CertificateList');
	input.end('CertificateList');
	const tbs = outer.next(derTag.sequence, 'TBSCertList');
	const algorithm = outer.next(derTag.sequence, 'signatureAlgorithm');
	const signature = derBytes(outer, 'signatureValue');
	outer.end('CertificateList');
	const fields = inside(tbs);
	const version = fields.optional(derTag.integer, 'version');
	if (version !== null && derInteger(readDer(version.raw, version.offset), 'version') !== 1n) {
		throw new ParseError('version', version.offset, 'expected version 2');
	}
	const inner = fields.next(derTag.sequence, 'signature');
	if (Buffer.compare(inner.raw, algorithm.raw) !== 0) {
		throw new ParseError('signatureAlgorithm', algorithm.offset, 'differs from the algorithm that is signed');
	}
	const issuer = parseName(fields, 'issuer');
	const thisUpdate = derTime(fields, 'thisUpdate');
	const nextUpdate = isTime(fields, raw) ? derTime(fields, 'nextUpdate') : null;
	const { revoked, critical: inEntries } = readRevoked(fields);
	const inList = readListExtensions(fields);
	fields.end('TBSCertList');
	return {
		raw,
		signed: tbs.raw,
		algorithm: parseAlgorithm(inner.raw, inner.offset, 'signature'),
		issuer,
		thisUpdate,
		nextUpdate,
		revoked,
		critical: [...new Set([...inList, ...inEntries])],
		signature,
	};
}

function isTime(fields: DerReader, raw: Uint8Array): boolean {
	const tag = fields.more ? raw[fields.offset] : undefined;
	return tag === derTag.utcTime || tag === derTag.generalizedTime;
}

/** Identifiers of the critical ones. Version 2 has extensions: the number of the list and the identifier of the key. */
function readListExtensions(fields: DerReader): readonly string[] {
	const wrapper = fields.optional(explicit(0), 'crlExtensions');
	if (wrapper === null) {
		return [];
	}
	const inner = inside(wrapper);
	const list = inner.into(derTag.sequence, 'crlExtensions');
	inner.end('crlExtensions');
	return criticalOf(list);
}

function criticalOf(list: DerReader): readonly string[] {
	return [...extensionsOf(list)].filter(([, { critical }]) => critical).map(([oid]) => oid);
}

function readRevoked(fields: DerReader): { readonly revoked: ReadonlySet<bigint>; readonly critical: ReadonlySet<string> } {
	const critical = new Set<string>();
	const list = fields.optional(derTag.sequence, 'revokedCertificates');
	const revoked = new Set<bigint>();
	const entries = list === null ? null : inside(list);
	while (entries?.more === true) {
		const entry = entries.into(derTag.sequence, 'revokedCertificate');
		revoked.add(derInteger(entry, 'userCertificate'));
		derTime(entry, 'revocationDate');
		const extensions = entry.optional(derTag.sequence, 'crlEntryExtensions');
		for (const oid of extensions === null ? [] : criticalOf(inside(extensions))) {
			critical.add(oid);
		}
		entry.end('revokedCertificate');
		if (revoked.size > mostRevoked) {
			throw new ParseError('revokedCertificates', entries.offset, `more than ${mostRevoked} entries`);
		}
	}
	return { revoked, critical };
}
