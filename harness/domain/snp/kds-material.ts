// Whether bytes are what the key service was asked for, by all that a verifier would hold against them but the time. What is
// not, is the service's fault (or the store's, or a proxy's) and must never reach a verdict on a host.

import { ParseError } from '../parse-error.ts';
import { parseRevocationList } from '../x509/crl.ts';
import { formatPem, looksLikePem, parsePem } from '../x509/pem.ts';
import { type GivenCertificate, type ReadCertificate, type Reasons, readCertificates } from './chain-given.ts';
import { type Hierarchy, type KeyRequest, keyText } from './kds.ts';
import type { SnpProduct } from './product.ts';
import { checkRevocation } from './revocation.ts';
import { pinnedRoots, type Trust } from './roots.ts';
import { encodeTcb } from './tcb.ts';
import { checkAuthority, checkCommon, checkIssuer, checkVek, isSignedBy, publicKeyOf } from './verify-links.ts';

/** The time in which something is valid, milliseconds since 1970; a list may name no end. */
export interface KeyValidity {
	readonly from: number;
	readonly to: number | null;
}

export type KeyMaterial =
	/** In the form of KeyService: DER, of a chain PEM with the intermediate first. */
	| { readonly bytes: Uint8Array; readonly validity: KeyValidity; readonly chain: Chain | null }
	/** What came instead: one clause. */
	| { readonly problem: string };

/** An intermediate and its root, which sign the rest. */
export interface Chain {
	readonly intermediate: ReadCertificate;
	readonly root: ReadCertificate;
}

/** `chain` is that of the hierarchy, where it is at hand: without it signatures of others are not looked at. */
export function readKeyMaterial(request: KeyRequest, body: Uint8Array, trust: Trust, chain: Chain | null): KeyMaterial {
	try {
		switch (request.want) {
			case 'vcek':
				return readVcek(request, body, chain);
			case 'chain':
				return readChain(request.product, request.hierarchy, body, trust);
			case 'crl':
				return readList(request.product, body, chain);
		}
	} catch (error) {
		if (error instanceof ParseError) {
			return { problem: `bytes that are not ${formOf(request)}: ${error.message}` };
		}
		throw error;
	}
}

function formOf(request: KeyRequest): string {
	return { vcek: 'a certificate', chain: 'two certificates in PEM', crl: 'a revocation list' }[request.want];
}

function readVcek(request: KeyRequest & { readonly want: 'vcek' }, body: Uint8Array, chain: Chain | null): KeyMaterial {
	const { product, hwid, tcb } = request;
	const [der, ...more] = blocks(body, 'CERTIFICATE');
	if (der === undefined || more.length > 0) {
		return { problem: `${more.length + 1} certificates instead of one` };
	}
	const { read, reasons } = readCertificates([{ source: 'the certificate', der }]);
	const [leaf] = read;
	if (leaf === undefined) {
		return refused(reasons);
	}
	const { role } = leaf.identity;
	if (role !== 'VCEK' || leaf.identity.product !== product) {
		return {
			problem: `${article(role)} ${role} of ${leaf.identity.product ?? 'another product'} instead of ${keyText(request)}`,
		};
	}
	const chipId = Buffer.alloc(64);
	chipId.set(Buffer.from(hwid, 'hex'));
	return (
		refusal([
			...checkCommon(leaf, leaf.certificate.notBefore),
			...checkIssuer(leaf, product, chain?.intermediate ?? null),
			...checkVek(leaf, product, { reportedTcb: encodeTcb(tcb, product), chipId }, false),
			...(chain === null ? [] : checkSigned(leaf, chain.intermediate)),
		]) ?? { bytes: der, validity: validityOf([leaf]), chain }
	);
}

function readChain(product: SnpProduct, hierarchy: Hierarchy, body: Uint8Array, trust: Trust): KeyMaterial {
	const role = hierarchy === 'vcek' ? 'ASK' : 'ASVK';
	const given: GivenCertificate[] = blocks(body, 'CERTIFICATE').map((der, index) => ({
		source: `certificate ${index + 1}`,
		der,
	}));
	const { read, reasons } = readCertificates(given);
	if (reasons.length > 0) {
		return refused(reasons);
	}
	const of = (wanted: string) => read.find(({ identity }) => identity.role === wanted && identity.product === product) ?? null;
	const [intermediate, root] = [of(role), of('ARK')];
	if (intermediate === null || root === null || read.length !== 2) {
		const found = read.map(({ identity }) => `${identity.role} of ${identity.product ?? 'another product'}`).join(', ');
		return { problem: `${found || 'no certificate'} instead of ${role} and ARK of ${product}` };
	}
	const trusted = trust.by === 'pins' ? root.sha256 === pinnedRoots[product] : trust.hashes.includes(root.sha256);
	if (!trusted) {
		return { problem: `an ARK of ${product} that is not the trusted one (SHA-256 ${root.sha256})` };
	}
	return (
		refusal([
			...[root, intermediate].flatMap((one) => [
				...checkCommon(one, one.certificate.notBefore),
				...checkAuthority(one),
				...checkIssuer(one, product, root),
				...checkSigned(one, root),
			]),
		]) ?? {
			bytes: Buffer.from([intermediate, root].map(({ certificate }) => formatPem('CERTIFICATE', certificate.raw)).join('')),
			validity: validityOf([intermediate, root]),
			chain: { intermediate, root },
		}
	);
}

function readList(product: SnpProduct, body: Uint8Array, chain: Chain | null): KeyMaterial {
	const [der, ...more] = blocks(body, 'X509 CRL');
	if (der === undefined || more.length > 0) {
		return { problem: `${more.length + 1} revocation lists instead of one` };
	}
	const { thisUpdate, nextUpdate } = parseRevocationList(der);
	const given = [{ source: 'the list', der }];
	const { reasons } = checkRevocation(given, chain?.root ?? null, null, product, { at: thisUpdate, requireCrl: true });
	return refusal(reasons) ?? { bytes: der, validity: { from: thisUpdate, to: nextUpdate }, chain };
}

/** DER, or the blocks of a text, which must all be of this kind. @throws ParseError */
function blocks(body: Uint8Array, label: string): readonly Uint8Array[] {
	const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
	if (!looksLikePem(text)) {
		return [body];
	}
	return parsePem(text).map(({ label: found, bytes }, index) => {
		if (found !== label) {
			throw new ParseError('PEM', index, `expected '${label}', found '${found}'`);
		}
		return bytes;
	});
}

function checkSigned(one: ReadCertificate, by: ReadCertificate): Reasons {
	const { signed, signature } = one.certificate;
	return isSignedBy(signed, signature, publicKeyOf(by.certificate))
		? []
		: [
				{
					code: one.identity.role === 'VCEK' ? 'vek-signature' : 'intermediate-signature',
					message: `the signature of ${one.source} is wrong`,
					expected: `that of ${by.certificate.subject.commonName}`,
					actual: 'another',
					decides: 'no',
				},
			];
}

function refusal(reasons: Reasons): { readonly problem: string } | null {
	return reasons.length === 0 ? null : refused(reasons);
}

function refused([first]: Reasons): { readonly problem: string } {
	if (first === undefined) {
		return { problem: 'nothing' };
	}
	// A damaged form is told whole in its message.
	const isWhole = first.code === 'certificate-malformed' || first.code === 'crl-malformed';
	return { problem: isWhole ? first.message : `${first.message} (expected ${first.expected}, got ${first.actual})` };
}

function validityOf(certificates: readonly ReadCertificate[]): KeyValidity {
	return {
		from: Math.max(...certificates.map(({ certificate }) => certificate.notBefore)),
		to: Math.min(...certificates.map(({ certificate }) => certificate.notAfter)),
	};
}

function article(role: string): string {
	return role.startsWith('A') ? 'an' : 'a';
}
