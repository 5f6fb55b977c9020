// A hierarchy in AMD's shape from keys that are given (facts/attestation.md 2.1 and 2.3): for processors that are none of AMD's.
// No verifier trusts it unless it is told to.

import { derTag } from '../der/der.ts';
import { writeInteger, writeText } from '../der/write.ts';
import {
	authorityKeyIdentifier,
	authorityKeyUsage,
	basicConstraints,
	buildCertificate,
	buildName,
	buildRevocationList,
	crlDistributionPoint,
	crlNumber,
	type ExtensionParts,
	keyIdentifier,
	pssSha384,
	type Signer,
	subjectKeyIdentifier,
} from '../x509/build.ts';
import { amdOrganisation, type Role, vekExtensions } from './amd-certificate.ts';
import { amdKeyService, type Hierarchy, keyPath } from './kds.ts';
import type { SnpProduct } from './product.ts';
import type { Tcb } from './tcb.ts';

export interface SigningKey {
	/** DER of the SubjectPublicKeyInfo. */
	readonly publicKeyInfo: Uint8Array;
	readonly sign: Signer;
}

/** Milliseconds since 1970, whole seconds; both ends belong to it. */
export interface Validity {
	readonly notBefore: number;
	readonly notAfter: number;
}

/** A root or intermediate that can sign. */
export interface Authority {
	readonly role: 'ARK' | 'ASK' | 'ASVK';
	readonly product: SnpProduct;
	readonly serial: bigint;
	/** DER. */
	readonly certificate: Uint8Array;
	readonly name: Uint8Array;
	readonly key: SigningKey;
}

const productNumbers: Readonly<Record<SnpProduct, bigint>> = { Milan: 1n, Genoa: 2n, Turin: 3n };
const serialEnds = { ARK: 0x0000n, ASK: 0x0001n, ASVK: 0x0101n } as const;

/** Serial numbers as AMD's: 0x010000, 0x010001 and 0x010101 of Milan. Those of its leaves are all 0. */
function serialOf(role: keyof typeof serialEnds, product: SnpProduct): bigint {
	return productNumbers[product] * 0x10000n + serialEnds[role];
}

function amdName(commonName: string): Uint8Array {
	return buildName([...amdOrganisation, ['CN', commonName]]);
}

const subjects: Readonly<Record<Role, (product: SnpProduct) => string>> = {
	ARK: (product) => `ARK-${product}`,
	ASK: (product) => `SEV-${product}`,
	ASVK: (product) => `SEV-VLEK-${product}`,
	VCEK: () => 'SEV-VCEK',
	VLEK: () => 'SEV-VLEK',
};

/** A root or intermediate that was built before, with its key. */
export function knownAuthority(
	role: Authority['role'],
	product: SnpProduct,
	certificate: Uint8Array,
	key: SigningKey,
): Authority {
	return { role, product, serial: serialOf(role, product), certificate, name: amdName(subjects[role](product)), key };
}

function distributionPoint(product: SnpProduct, hierarchy: Hierarchy): ExtensionParts {
	return crlDistributionPoint(`${amdKeyService}${keyPath({ want: 'crl', product, hierarchy })}`);
}

/** ARK: signs itself, the intermediates and the revocation lists. */
export function buildRoot(product: SnpProduct, key: SigningKey, validity: Validity): Authority {
	const name = amdName(subjects.ARK(product));
	const serial = serialOf('ARK', product);
	const certificate = buildCertificate(
		{
			serial,
			algorithm: pssSha384({ trailer: true }),
			issuer: name,
			subject: name,
			...validity,
			publicKeyInfo: key.publicKeyInfo,
			extensions: [
				authorityKeyUsage({ signsRevocations: true }),
				subjectKeyIdentifier(keyIdentifier(key.publicKeyInfo)),
				basicConstraints(null),
				distributionPoint(product, 'vcek'),
			],
		},
		key.sign,
	);
	return knownAuthority('ARK', product, certificate, key);
}

/** ASK signs the keys of chips, ASVK those of cloud providers. */
export function buildIntermediate(role: 'ASK' | 'ASVK', root: Authority, key: SigningKey, validity: Validity): Authority {
	const { product } = root;
	const name = amdName(subjects[role](product));
	const serial = serialOf(role, product);
	const certificate = buildCertificate(
		{
			serial,
			algorithm: pssSha384({ trailer: true }),
			issuer: root.name,
			subject: name,
			...validity,
			publicKeyInfo: key.publicKeyInfo,
			extensions: [
				subjectKeyIdentifier(keyIdentifier(key.publicKeyInfo)),
				authorityKeyIdentifier(keyIdentifier(root.key.publicKeyInfo)),
				basicConstraints(0),
				authorityKeyUsage({ signsRevocations: false }),
				distributionPoint(product, role === 'ASK' ? 'vcek' : 'vlek'),
			],
		},
		root.key.sign,
	);
	return knownAuthority(role, product, certificate, key);
}

export interface LeafParts {
	/** SubjectPublicKeyInfo of a P-384 key. */
	readonly publicKeyInfo: Uint8Array;
	readonly validity: Validity;
	readonly extensions: readonly ExtensionParts[];
}

/** VCEK below an ASK, VLEK below an ASVK. */
export function buildLeaf(issuer: Authority, { publicKeyInfo, validity, extensions }: LeafParts): Uint8Array {
	return buildCertificate(
		{
			serial: 0n,
			algorithm: pssSha384({ trailer: false }),
			issuer: issuer.name,
			subject: amdName(subjects[issuer.role === 'ASVK' ? 'VLEK' : 'VCEK'](issuer.product)),
			...validity,
			publicKeyInfo,
			extensions,
		},
		issuer.key.sign,
	);
}

/** What binds a leaf: to this chip, or to this cloud provider. */
export type BoundTo = { readonly hwid: Uint8Array } | { readonly cspId: string };

/** The extensions of a leaf, in AMD's order: the chip's identifier is bytes without a tag. */
export function leafExtensions(product: SnpProduct, tcb: Tcb, boundTo: BoundTo): readonly ExtensionParts[] {
	const isTurin = product === 'Turin';
	const integer = (name: keyof typeof vekExtensions, value: number) => ({
		oid: vekExtensions[name],
		value: writeInteger(value),
	});
	// A VCEK of Milan carries a stepping, which is known to be wrong on some; a VLEK carries none.
	const productName = product === 'Milan' && 'hwid' in boundTo ? 'Milan-B0' : product;
	return [
		integer('structVersion', isTurin ? 1 : 0),
		{ oid: vekExtensions.productName, value: writeText(productName, derTag.ia5String) },
		...(isTurin ? [integer('fmcSPL', tcb.fmc ?? 0)] : []),
		integer('blSPL', tcb.bootloader),
		integer('teeSPL', tcb.tee),
		...(isTurin ? [integer('snpSPL', tcb.snp)] : [integer('spl4', 0)]),
		integer('spl5', 0),
		integer('spl6', 0),
		integer('spl7', 0),
		...(isTurin ? [] : [integer('snpSPL', tcb.snp)]),
		integer('ucodeSPL', tcb.microcode),
		'hwid' in boundTo
			? { oid: vekExtensions.hwID, value: boundTo.hwid }
			: { oid: vekExtensions.cspID, value: writeText(boundTo.cspId, derTag.ia5String) },
	];
}

export interface RevocationParts {
	readonly thisUpdate: number;
	readonly nextUpdate: number | null;
	/** Serial numbers of intermediates; revoked at `thisUpdate`. */
	readonly revoked: readonly bigint[];
}

/** A list of the root's. No list of AMD's was at hand: its extensions are those that RFC 5280 section 5.2 demands. */
export function buildRevocations(root: Authority, { thisUpdate, nextUpdate, revoked }: RevocationParts): Uint8Array {
	return buildRevocationList(
		{
			algorithm: pssSha384({ trailer: true }),
			issuer: root.name,
			thisUpdate,
			nextUpdate,
			revoked: revoked.map((serial) => ({ serial, at: thisUpdate })),
			extensions: [authorityKeyIdentifier(keyIdentifier(root.key.publicKeyInfo)), crlNumber(1n)],
		},
		root.key.sign,
	);
}
