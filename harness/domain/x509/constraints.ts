// Extensions that say what a certificate's key may be used for (RFC 5280 sections 4.2.1.3 and 4.2.1.9).

import { derTag, readDer } from '../der/der.ts';
import { derBits, derBoolean, derSmallInteger } from '../der/values.ts';
import { ParseError } from '../parse-error.ts';
import type { Certificate, Extension } from './certificate.ts';

export const extensionOid = {
	subjectKeyIdentifier: '2.5.29.14',
	keyUsage: '2.5.29.15',
	basicConstraints: '2.5.29.19',
	crlDistributionPoints: '2.5.29.31',
	authorityKeyIdentifier: '2.5.29.35',
} as const;

export interface Constraints {
	/** The key may sign certificates. */
	readonly isCa: boolean;
	/** How many further authorities may stand between it and a leaf; null without a limit. */
	readonly pathLength: number | null;
	/** Null without the extension. */
	readonly signsCertificates: boolean | null;
	readonly signsRevocations: boolean | null;
}

const keyCertSign = 5;
const cRLSign = 6;

/** @throws ParseError */
export function readConstraints({ extensions }: Certificate): Constraints {
	const basic = basicConstraints(extensions.get(extensionOid.basicConstraints));
	const usage = extensions.get(extensionOid.keyUsage);
	const bits = usage === undefined ? null : keyUsage(usage);
	return { ...basic, signsCertificates: bits?.has(keyCertSign) ?? null, signsRevocations: bits?.has(cRLSign) ?? null };
}

function basicConstraints(extension: Extension | undefined): Pick<Constraints, 'isCa' | 'pathLength'> {
	if (extension === undefined) {
		return { isCa: false, pathLength: null };
	}
	const structure = 'BasicConstraints';
	const input = readDer(extension.value, extension.offset);
	const fields = input.into(derTag.sequence, structure);
	input.end(structure);
	const { offset } = fields;
	const isCa = fields.more && derBoolean(fields, structure);
	if (isCa === false && fields.offset !== offset) {
		throw new ParseError(structure, offset, 'the default is written out');
	}
	const pathLength = fields.more ? derSmallInteger(fields, structure, 0, 255) : null;
	fields.end(structure);
	return { isCa, pathLength };
}

function keyUsage({ value, offset }: Extension): ReadonlySet<number> {
	const input = readDer(value, offset);
	const bits = derBits(input, 'KeyUsage');
	input.end('KeyUsage');
	return bits;
}
