// The certificates that a report is verified with: those that came with it, and what AMD's key service has for the rest.

import { ParseError } from '../domain/parse-error.ts';
import { parseCertificateTable } from '../domain/snp/certificate-table.ts';
import type { GivenCertificate } from '../domain/snp/chain-given.ts';
import { neededKeys } from '../domain/snp/kds.ts';
import { productOf } from '../domain/snp/product.ts';
import type { AttestationReason, GenuineReason } from '../domain/snp/reasons.ts';
import { parseReport, type Report } from '../domain/snp/report.ts';
import type { GivenRevocationList } from '../domain/snp/revocation.ts';
import { looksLikePem, parsePem } from '../domain/x509/pem.ts';
import { Inconclusive, type Observations, type Observing } from '../language/kind.ts';
import type { Answer, Fault } from '../ports.ts';

/** Asks for what this report needs, and for the time at which it is judged. */
export function* requestKeys(prefix: string, bytes: Uint8Array): Observing {
	const report = asReport(bytes);
	const product = report?.cpuid == null ? null : productOf(report.cpuid);
	if (report === null || product === null) {
		yield { [`${prefix}now`]: { do: 'now' } };
		return;
	}
	const { leaf, chain, crl } = neededKeys(report, product);
	yield {
		[`${prefix}now`]: { do: 'now' },
		...(leaf === null ? {} : { [`${prefix}leaf`]: { do: 'fetch-key', key: leaf } as const }),
		[`${prefix}chain`]: { do: 'fetch-key', key: chain },
		[`${prefix}crl`]: { do: 'fetch-key', key: crl },
	};
}

function asReport(bytes: Uint8Array): Report | null {
	try {
		return parseReport(bytes);
	} catch {
		return null;
	}
}

export interface Keys {
	readonly certificates: readonly GivenCertificate[];
	readonly revocationLists: readonly GivenRevocationList[];
	/** What could not be had: the answer stays open, whoever's fault it is. */
	readonly reasons: readonly AttestationReason<GenuineReason>[];
	/** Milliseconds since 1970, by the controller's clock or the recording's. */
	readonly at: number;
}

const faultCodes: Readonly<Record<string, GenuineReason>> = {
	'kds-masked-chip': 'kds-masked-chip',
	'kds-unknown-chip': 'kds-unknown-chip',
	'kds-throttled': 'kds-throttled',
};

/** The certificates of the table go first: a role that it has is not fetched for. */
export function readKeys(observations: Observations, prefix: string, table: Uint8Array): Keys {
	const now = observations.get(`${prefix}now`);
	if (now?.kind !== 'time') {
		throw new Inconclusive('not-observed', 'the time of the verification was not observed');
	}
	const given = fromTable(table);
	const roles = new Set(given.map(({ role }) => role));
	const reasons: AttestationReason<GenuineReason>[] = [];
	const fetched = (name: string, role: string): Uint8Array | null => {
		const answer = observations.get(prefix + name);
		if (answer === undefined || roles.has(role)) {
			return null;
		}
		if (answer.kind === 'bytes') {
			return answer.bytes;
		}
		reasons.push(missing(name, answer));
		return null;
	};
	const [leaf, chain, crl] = [fetched('leaf', 'VCEK'), fetched('chain', 'ASK'), fetched('crl', 'CRL')];
	return {
		certificates: [
			...given.filter(({ role }) => role !== 'CRL').map(({ source, der }) => ({ source, der })),
			...(leaf === null ? [] : [{ source: 'VCEK of the key service', der: leaf }]),
			...(chain === null ? [] : chainOf(chain)),
		],
		revocationLists: [
			...given.filter(({ role }) => role === 'CRL').map(({ source, der }) => ({ source, der })),
			...(crl === null ? [] : [{ source: 'revocation list of the key service', der: crl }]),
		],
		reasons,
		at: Date.parse(now.iso),
	};
}

function missing(name: string, answer: Answer): AttestationReason<GenuineReason> {
	const fault: Pick<Fault, 'code' | 'message' | 'next'> =
		answer.kind === 'fault' ? answer : { code: 'protocol', message: `the answer is of the wrong form ('${answer.kind}')` };
	const code = name === 'crl' ? 'crl-unavailable' : (faultCodes[fault.code] ?? 'kds-unavailable');
	const message = fault.next === undefined ? fault.message : `${fault.message} Next: ${fault.next}`;
	return { code, message, expected: name, actual: fault.code, decides: 'unknown' };
}

interface Given extends GivenCertificate {
	readonly role: string;
}

/** A table that is damaged is the host's own matter: the certificates are then asked for. */
function fromTable(table: Uint8Array): readonly Given[] {
	try {
		return parseCertificateTable(table).flatMap(({ guid, role, data }) =>
			role === null ? [] : [{ role, source: `${role} of the host's table (${guid})`, der: data }],
		);
	} catch (error) {
		if (error instanceof ParseError) {
			return [];
		}
		throw error;
	}
}

function chainOf(bytes: Uint8Array): readonly GivenCertificate[] {
	const text = Buffer.from(bytes).toString('latin1');
	const ders = looksLikePem(text) ? parsePem(text).map((block) => block.bytes) : [bytes];
	return ders.map((der, index) => ({ source: `chain of the key service #${index + 1}`, der }));
}
