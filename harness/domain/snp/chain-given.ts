// The certificates that were given, sorted into a chain: each has its role, or a reason why it has none.

import { createHash } from 'node:crypto';
import { ParseError } from '../parse-error.ts';
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { type Identity, identify } from './amd-certificate.ts';
import type { AttestationReason, GenuineReason } from './reasons.ts';

/** DER of one certificate and where it came from, for people: 'chain.pem #2'. */
export interface GivenCertificate {
	readonly source: string;
	readonly der: Uint8Array;
}

export interface ReadCertificate {
	readonly source: string;
	/** SHA-256 of the DER, lower-case hexadecimal. */
	readonly sha256: string;
	readonly certificate: Certificate;
	readonly identity: Identity;
}

export type Reasons = AttestationReason<GenuineReason>[];

export interface SortedCertificates {
	readonly read: readonly ReadCertificate[];
	readonly reasons: Reasons;
}

/** Parses and names what was given. What cannot be used is a reason: a given certificate is never passed over. */
export function readCertificates(given: readonly GivenCertificate[]): SortedCertificates {
	const reasons: Reasons = [];
	const read: ReadCertificate[] = [];
	for (const { source, der } of given) {
		try {
			const certificate = parseCertificate(der);
			const identity = identify(certificate);
			if (identity === null) {
				reasons.push({
					code: 'certificate-name',
					message: `${source} is no certificate of AMD's hierarchies`,
					expected: 'ARK-…, SEV-…, SEV-VLEK-…, SEV-VCEK or SEV-VLEK of Advanced Micro Devices',
					actual: certificate.subject.commonName || 'no common name',
					decides: 'no',
				});
				continue;
			}
			read.push({ source, sha256: createHash('sha256').update(der).digest('hex'), certificate, identity });
		} catch (error) {
			if (!(error instanceof ParseError)) {
				throw error;
			}
			reasons.push(malformed('certificate-malformed', source, error));
		}
	}
	return { read, reasons };
}

export function malformed(
	code: 'certificate-malformed' | 'crl-malformed',
	source: string,
	error: ParseError,
): AttestationReason<GenuineReason> {
	return {
		code,
		message: `${source} is damaged: ${error.message}`,
		expected: 'strict DER',
		actual: error.problem,
		decides: 'no',
	};
}
