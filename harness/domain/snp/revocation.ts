// Revocation: lists of the root that name intermediates. Revoked, stale and unavailable are three things.

import { ParseError } from '../parse-error.ts';
import { readConstraints } from '../x509/constraints.ts';
import { parseRevocationList, type RevocationList } from '../x509/crl.ts';
import { malformed, type ReadCertificate, type Reasons } from './chain-given.ts';
import type { SnpProduct } from './product.ts';
import { isSignedBy, publicKeyOf } from './verify-links.ts';

export interface GivenRevocationList {
	readonly source: string;
	readonly der: Uint8Array;
}

interface Judged {
	readonly reasons: Reasons;
	readonly notJudged: readonly string[];
}

/**
 * Lists that were given are judged; without any the answer is open only where one is required. A leaf cannot be listed: all
 * have serial number 0, and AMD retires them by the TCB.
 */
export function checkRevocation(
	given: readonly GivenRevocationList[],
	root: ReadCertificate | null,
	intermediate: ReadCertificate | null,
	product: SnpProduct,
	{ at, requireCrl }: { readonly at: number; readonly requireCrl: boolean },
): Judged {
	const { lists, reasons } = read(given);
	const own = lists.filter(({ list }) => list.issuer.commonName === `ARK-${product}`);
	if (own.length > 0) {
		const judged = own.flatMap(({ source, list }) => judge(source, list, root, intermediate, at));
		return {
			reasons: [...reasons, ...judged],
			notJudged: root === null ? ['revocation: there is no root to check the list with'] : [],
		};
	}
	if (!requireCrl && given.length === 0) {
		return { reasons, notJudged: ['revocation: no revocation list was given or required'] };
	}
	const message = given.length === 0 ? 'there is no revocation list' : `no revocation list is of ARK-${product}`;
	const actual = lists.length === 0 ? 'none' : lists.map(({ list }) => list.issuer.commonName).join(', ');
	return {
		reasons: [...reasons, { code: 'crl-unavailable', message, expected: `a list of ARK-${product}`, actual, decides: 'unknown' }],
		notJudged: [],
	};
}

interface ReadList {
	readonly source: string;
	readonly list: RevocationList;
}

function read(given: readonly GivenRevocationList[]): { readonly lists: readonly ReadList[]; readonly reasons: Reasons } {
	const lists: ReadList[] = [];
	const reasons: Reasons = [];
	for (const { source, der } of given) {
		try {
			lists.push({ source, list: parseRevocationList(der) });
		} catch (error) {
			if (!(error instanceof ParseError)) {
				throw error;
			}
			reasons.push(malformed('crl-malformed', source, error));
		}
	}
	return { lists, reasons };
}

function judge(
	source: string,
	list: RevocationList,
	root: ReadCertificate | null,
	intermediate: ReadCertificate | null,
	at: number,
): Reasons {
	const reasons: Reasons = [];
	const when = new Date(at).toISOString();
	if (root !== null && !isList(list, root)) {
		const message = `${source} is not signed by ${root.source}`;
		reasons.push({
			code: 'crl-signature',
			message,
			expected: 'a valid signature of the root',
			actual: 'an invalid one',
			decides: 'no',
		});
		return reasons;
	}
	if (list.critical.length > 0) {
		// RFC 5280 section 5.2: a list with what is not understood must not be used. None of AMD's has anything critical.
		const message = `${source} has a critical extension that is not understood`;
		reasons.push({ code: 'crl-not-understood', message, expected: 'none', actual: list.critical.join(', '), decides: 'unknown' });
	}
	if (at < list.thisUpdate || (list.nextUpdate !== null && at > list.nextUpdate)) {
		const next = list.nextUpdate === null ? 'no end' : new Date(list.nextUpdate).toISOString();
		const expected = `${new Date(list.thisUpdate).toISOString()} to ${next}`;
		reasons.push({ code: 'crl-stale', message: `${source} is not of this time`, expected, actual: when, decides: 'unknown' });
	}
	if (intermediate !== null && list.revoked.has(intermediate.certificate.serial)) {
		const actual = `0x${intermediate.certificate.serial.toString(16).padStart(6, '0')}`;
		const message = `${source} revokes ${intermediate.source}`;
		reasons.push({ code: 'intermediate-revoked', message, expected: 'not listed', actual, decides: 'no' });
	}
	return reasons;
}

/** Signed in AMD's scheme, by this root, which may sign lists. */
function isList({ issuer, algorithm, signed, signature }: RevocationList, { certificate }: ReadCertificate): boolean {
	const mayList = () => {
		try {
			return readConstraints(certificate).signsRevocations === true;
		} catch {
			return false;
		}
	};
	return (
		algorithm.isPssSha384 &&
		Buffer.compare(issuer.raw, certificate.subject.raw) === 0 &&
		mayList() &&
		isSignedBy(signed, signature, publicKeyOf(certificate))
	);
}
