// The links of a chain, one by one: each function says what is wrong with one certificate in its place, all of it.

import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ParseError } from '../parse-error.ts';
import type { Certificate } from '../x509/certificate.ts';
import { extensionOid, readConstraints } from '../x509/constraints.ts';
import { hasChipLength, issuerName, readVek, requiredExtensions, vekExtensions } from './amd-certificate.ts';
import { malformed, type ReadCertificate, type Reasons } from './chain-given.ts';
import type { SnpProduct } from './product.ts';
import type { Report } from './report.ts';
import { decodeTcb, differingComponents, tcbText } from './tcb.ts';

/** Bytes of salt that AMD uses, the length of the hash. */
const saltLength = 48;
const understood: ReadonlySet<string> = new Set([...Object.values(extensionOid), ...Object.values(vekExtensions)]);

/** Keys that were taken out of certificates, which several links need. */
const keys = new WeakMap<Certificate, KeyObject | null>();

/** The key in a certificate, or null when node:crypto does not take it. */
export function publicKeyOf(certificate: Certificate): KeyObject | null {
	const known = keys.get(certificate);
	const key = known === undefined ? readKey(certificate) : known;
	keys.set(certificate, key);
	return key;
}

function readKey({ publicKeyInfo }: Certificate): KeyObject | null {
	try {
		return createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
	} catch {
		return null;
	}
}

/** RSASSA-PSS with SHA-384 over what the certificate or list signs. */
export function isSignedBy(signed: Uint8Array, signature: Uint8Array, key: KeyObject | null): boolean {
	return (
		key?.asymmetricKeyType === 'rsa' &&
		verify('sha384', signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature)
	);
}

/** What every certificate must be: of its time, of AMD's scheme, without a critical extension that is not understood. */
export function checkCommon({ source, certificate }: ReadCertificate, at: number): Reasons {
	const { notBefore, notAfter, algorithm, extensions } = certificate;
	const reasons: Reasons = [];
	const when = new Date(at).toISOString();
	if (at < notBefore) {
		const expected = `at or after ${new Date(notBefore).toISOString()}`;
		reasons.push({
			code: 'certificate-not-yet-valid',
			message: `${source} is not valid yet`,
			expected,
			actual: when,
			decides: 'no',
		});
	}
	if (at > notAfter) {
		const expected = `at or before ${new Date(notAfter).toISOString()}`;
		reasons.push({
			code: 'certificate-expired',
			message: `${source} is not valid any more`,
			expected,
			actual: when,
			decides: 'no',
		});
	}
	if (!algorithm.isPssSha384) {
		const expected = 'RSASSA-PSS with SHA-384, MGF1 with SHA-384, salt 48';
		reasons.push({
			code: 'signature-scheme',
			message: `${source} is signed in another way`,
			expected,
			actual: algorithm.text,
			decides: 'no',
		});
	}
	const strange = [...extensions].filter(([oid, { critical }]) => critical && !understood.has(oid)).map(([oid]) => oid);
	if (strange.length > 0) {
		const message = `${source} has a critical extension that is not understood`;
		reasons.push({ code: 'critical-extension', message, expected: 'none', actual: strange.join(', '), decides: 'no' });
	}
	return reasons;
}

/** What a root or intermediate must be: an authority, and of an intermediate one that has none below it. */
export function checkAuthority(read: ReadCertificate): Reasons {
	const { source, identity } = read;
	const isRoot = identity.role === 'ARK';
	try {
		const { isCa, pathLength, signsCertificates } = readConstraints(read.certificate);
		if (isCa && signsCertificates === true && (isRoot || pathLength === 0)) {
			return [];
		}
		const actual = `CA ${isCa}, certificate signing ${signsCertificates ?? 'not said'}, path length ${pathLength ?? 'not said'}`;
		const expected = `CA true, certificate signing true${isRoot ? '' : ', path length 0'}`;
		return [{ code: 'not-a-ca', message: `${source} may not sign what it signs`, expected, actual, decides: 'no' }];
	} catch (error) {
		return error instanceof ParseError ? [malformed('certificate-malformed', source, error)] : rethrow(error);
	}
}

/** The names of issuer and subject fit, byte by byte where the issuer is there. */
export function checkIssuer(read: ReadCertificate, product: SnpProduct, issuer: ReadCertificate | null): Reasons {
	const { source, certificate, identity } = read;
	const expected = issuerName(identity.role, product);
	const same = issuer === null || Buffer.compare(certificate.issuer.raw, issuer.certificate.subject.raw) === 0;
	return certificate.issuer.commonName === expected && same
		? []
		: [
				{
					code: 'certificate-name',
					message: `${source} names another issuer`,
					expected,
					actual: certificate.issuer.commonName,
					decides: 'no',
				},
			];
}

/** What a report says of the key that signed it. */
export type Bound = Pick<Report, 'reportedTcb' | 'chipId'>;

/** A leaf against its kind and product, and against the report that it is to have signed. */
export function checkVek(read: ReadCertificate, product: SnpProduct, report: Bound, allowMaskedChip: boolean): Reasons {
	const { source, identity } = read;
	if (identity.role !== 'VCEK' && identity.role !== 'VLEK') {
		return [];
	}
	try {
		return [
			...checkLeafKey(read),
			...checkExtensions(read, identity.role, product),
			...checkBinding(read, product, report, allowMaskedChip),
		];
	} catch (error) {
		return error instanceof ParseError ? [malformed('certificate-malformed', source, error)] : rethrow(error);
	}
}

function checkLeafKey({ source, certificate }: ReadCertificate): Reasons {
	const key = publicKeyOf(certificate);
	const curve = key?.asymmetricKeyDetails?.namedCurve ?? key?.asymmetricKeyType ?? 'none';
	const reasons: Reasons = [];
	if (key?.asymmetricKeyType !== 'ec' || curve !== 'secp384r1') {
		const message = `the key of ${source} is not on P-384`;
		reasons.push({ code: 'vek-key', message, expected: 'secp384r1', actual: curve, decides: 'no' });
	}
	if (certificate.extensions.has(extensionOid.basicConstraints) && readConstraints(certificate).isCa) {
		const message = `${source} claims to be an authority`;
		reasons.push({ code: 'leaf-is-ca', message, expected: 'CA false', actual: 'CA true', decides: 'no' });
	}
	return reasons;
}

function checkExtensions({ source, certificate }: ReadCertificate, role: 'VCEK' | 'VLEK', product: SnpProduct): Reasons {
	const byOid = new Map(Object.entries(vekExtensions).map(([name, oid]) => [oid as string, name]));
	const required = requiredExtensions(role, product);
	const present = [...certificate.extensions.keys()];
	const missing = required.filter((name) => !certificate.extensions.has(vekExtensions[name]));
	const foreign = present.filter((oid) => {
		const name = byOid.get(oid);
		return name === undefined ? oid.startsWith('1.3.6.1.4.1.3704.') : !required.some((one) => one === name);
	});
	if (missing.length === 0 && foreign.length === 0) {
		return [];
	}
	const actual = [...missing.map((name) => `without ${name}`), ...foreign.map((oid) => `with ${byOid.get(oid) ?? oid}`)].join(
		', ',
	);
	const message = `${source} has not the extensions of a ${role} of ${product}`;
	return [{ code: 'vek-extensions', message, expected: required.join(', '), actual, decides: 'no' }];
}

function checkBinding(
	{ source, certificate, identity }: ReadCertificate,
	product: SnpProduct,
	report: Bound,
	allowMaskedChip: boolean,
): Reasons {
	const facts = readVek(certificate);
	const reasons: Reasons = [];
	const wantedVersion = product === 'Turin' ? 1 : 0;
	if (facts.structVersion !== wantedVersion) {
		const message = `structVersion of ${source} does not fit ${product}`;
		reasons.push({
			code: 'struct-version',
			message,
			expected: `${wantedVersion}`,
			actual: `${facts.structVersion}`,
			decides: 'no',
		});
	}
	if (facts.productName !== product) {
		const message = `productName of ${source} is of another product`;
		reasons.push({ code: 'product-mismatch', message, expected: product, actual: facts.productName || 'none', decides: 'no' });
	}
	const reported = decodeTcb(report.reportedTcb, product);
	if (differingComponents(facts.tcb, reported).length > 0 || facts.reservedSpls.length > 0) {
		const actual = [tcbText(facts.tcb), ...facts.reservedSpls.map((name) => `${name} not zero`)].join(', ');
		const message = `${source} is for another TCB than the report reports`;
		reasons.push({ code: 'tcb-mismatch', message, expected: tcbText(reported), actual, decides: 'no' });
	}
	return identity.role === 'VCEK' ? [...reasons, ...checkChip(source, facts.hwid, product, report, allowMaskedChip)] : reasons;
}

function checkChip(
	source: string,
	hwid: Uint8Array | null,
	product: SnpProduct,
	{ chipId }: Bound,
	allowMasked: boolean,
): Reasons {
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
	if (chipId.every((byte) => byte === 0)) {
		const message = 'CHIP_ID is masked, so that the report is bound to no chip';
		return allowMasked
			? []
			: [{ code: 'chip-id-masked', message, expected: 'the chip of the certificate', actual: 'zeros', decides: 'no' }];
	}
	// Turin's identifier is 8 bytes and the rest of the field is zero.
	const padded = new Uint8Array(64);
	padded.set((hwid ?? new Uint8Array()).subarray(0, 64));
	const fits = hwid !== null && hasChipLength(hwid, product) && Buffer.compare(padded, chipId) === 0;
	const message = `${source} is another chip's`;
	return fits
		? []
		: [{ code: 'chip-id-mismatch', message, expected: hex(chipId), actual: hwid === null ? 'none' : hex(hwid), decides: 'no' }];
}

function rethrow(error: unknown): never {
	throw error;
}
