// For tests: chains with one fault each below a report that is good, for verifiers to find.

import { constants, type KeyObject, sign } from 'node:crypto';
import { derTag } from '../der/der.ts';
import { writeExplicit, writeInteger, writeOid, writeSequence, writeValue } from '../der/write.ts';
import { mgf1, rsassaPss, sha384 } from '../x509/algorithms.ts';
import { authorityKeyUsage, basicConstraints, buildName, type CertificateParts, type Signer } from '../x509/build.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { extensionOid } from '../x509/constraints.ts';
import { amdOrganisation } from './amd-certificate.ts';
import { authoritySigner } from './signers.ts';
import { testChain, testNow } from './test-chain.ts';
import { authorityKey, type CaseParts, flipped, leafValidity, type PeerCase, peerCase, rebuilt } from './test-peer-case.ts';

const year = 365 * 24 * 3600 * 1000;

interface Scheme {
	readonly kind: string;
	/** DER of an AlgorithmIdentifier. */
	readonly algorithm: Uint8Array;
	sign(key: KeyObject): Signer;
}

const hash = (oid: string) => writeSequence(writeOid(oid), writeValue(derTag.null));
const sha256 = '2.16.840.1.101.3.4.2.1';

function pss(oid: string, salt: number): Uint8Array {
	const mask = writeSequence(writeOid(mgf1), hash(oid));
	const parameters = [writeExplicit(0, hash(oid)), writeExplicit(1, mask), writeExplicit(2, writeInteger(salt))];
	return writeSequence(writeOid(rsassaPss), writeSequence(...parameters));
}

/** Signatures that are good but not of AMD's scheme. */
const schemes: readonly Scheme[] = [
	{
		kind: 'PKCS #1 v1.5',
		algorithm: writeSequence(writeOid('1.2.840.113549.1.1.12'), writeValue(derTag.null)),
		sign: (key) => (bytes) => sign('sha384', bytes, key),
	},
	{
		kind: 'PSS with SHA-256',
		algorithm: pss(sha256, 32),
		sign: (key) => (bytes) => sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
	},
	{
		kind: 'PSS with 32 bytes of salt',
		algorithm: pss(sha384, 32),
		sign: (key) => (bytes) => sign('sha384', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
	},
];

type Fault = Omit<CaseParts, 'product' | 'signedWith'>;

/** Faults of the chain below a report that is signed with the key of its leaf. */
function faults(product: PeerCase['product'], signedWith: 'VCEK' | 'VLEK'): readonly Fault[] {
	const chain = testChain(product);
	const isChip = signedWith === 'VCEK';
	const [issuer, other] = isChip ? [chain.ask, chain.asvk] : [chain.asvk, chain.ask];
	const rootSign = chain.root.key.sign;
	const name = (commonName: string) => buildName([...amdOrganisation, ['CN', commonName]]);
	const intermediate = (change: Partial<CertificateParts>) => (der: Uint8Array) => rebuilt(der, change, rootSign);
	const leaf = (change: Partial<CertificateParts>) => (der: Uint8Array) => rebuilt(der, change, issuer.key.sign);
	const root = (change: Partial<CertificateParts>) => (der: Uint8Array) => rebuilt(der, change, rootSign);
	const replaced = (der: Uint8Array, oid: string, value: CertificateParts['extensions'][number] | null) => ({
		extensions: [...parseCertificate(der).extensions].flatMap(([one, { critical, value: bytes }]) =>
			one !== oid ? [{ oid: one, critical, value: bytes }] : value === null ? [] : [value],
		),
	});
	const usage = extensionOid.keyUsage;
	const basic = extensionOid.basicConstraints;
	const { privateKey, publicKeyInfo } = authorityKey();
	const stranger = testChain(product, { name: 'stranger' });
	const strange = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: writeInteger(1) };
	const plain = (der: Uint8Array) => replaced(der, '', null).extensions;
	return [
		{ kind: 'a good chain' },
		{ kind: 'at the first second of the leaf', at: leafValidity.notBefore },
		{ kind: 'a second before the leaf', at: leafValidity.notBefore - 1000 },
		{ kind: 'at the last second of the leaf', at: leafValidity.notAfter },
		{ kind: 'a second after the leaf', at: leafValidity.notAfter + 1000 },
		{ kind: 'before everything', at: testNow - 10 * year },
		{ kind: 'after everything', at: testNow + 30 * year },
		{ kind: 'an intermediate that is over', intermediate: intermediate({ notAfter: testNow - year / 10 }) },
		{ kind: 'an intermediate that is not yet', intermediate: intermediate({ notBefore: testNow + year / 10 }) },
		{ kind: 'a root that is over', root: root({ notAfter: testNow - year / 10 }) },
		{ kind: 'a flipped bit of the signature', note: 'leaf', leaf: (der) => flipped(der, -9) },
		{ kind: 'a flipped bit of the signature', note: 'intermediate', intermediate: (der) => flipped(der, -9) },
		{ kind: "a flipped bit of the root's signature", root: (der) => flipped(der, -9) },
		{ kind: "the other hierarchy's intermediate", intermediate: () => other.certificate },
		{ kind: "another hierarchy's leaf", leaf: (der) => rebuilt(der, { issuer: other.name }, other.key.sign) },
		{
			kind: "a leaf of the other hierarchy's issuer, both given",
			leaf: (der) => rebuilt(der, { issuer: other.name }, other.key.sign),
			intermediate: () => other.certificate,
		},
		{ kind: "a stranger's intermediate", intermediate: () => stranger[isChip ? 'ask' : 'asvk'].certificate },
		{ kind: "a stranger's leaf", leaf: (der) => rebuilt(der, {}, stranger[isChip ? 'ask' : 'asvk'].key.sign) },
		{ kind: "a stranger's root", root: () => stranger.root.certificate },
		{ kind: "a chain of AMD's names that AMD did not make", trust: { by: 'pins' } },
		{ kind: 'the root as intermediate', intermediate: () => chain.root.certificate },
		{ kind: 'the intermediate as root', root: () => issuer.certificate },
		{ kind: 'a leaf of another name', leaf: leaf({ subject: name('SEV-VXEK') }) },
		{
			kind: 'an intermediate of another name',
			intermediate: intermediate({ subject: name('SEV-Rome') }),
			leaf: leaf({ issuer: name('SEV-Rome') }),
		},
		{
			kind: 'a root of another name',
			root: root({ subject: name('ARK-Rome'), issuer: name('ARK-Rome') }),
			intermediate: intermediate({ issuer: name('ARK-Rome') }),
		},
		{ kind: 'an issuer that is not the one above', leaf: leaf({ issuer: name('SEV-Rome') }) },
		{
			kind: 'an intermediate that is no authority',
			intermediate: (der) => rebuilt(der, replaced(der, basic, null), rootSign),
		},
		{
			kind: 'an intermediate that may have others below it',
			intermediate: (der) => rebuilt(der, replaced(der, basic, basicConstraints(null)), rootSign),
		},
		{
			kind: 'an intermediate that may not sign certificates',
			intermediate: (der) =>
				rebuilt(
					der,
					replaced(der, usage, { ...authorityKeyUsage({ signsRevocations: false }), value: Buffer.from('03020780', 'hex') }),
					rootSign,
				),
		},
		{
			kind: 'an intermediate that does not say what it may sign',
			intermediate: (der) => rebuilt(der, replaced(der, usage, null), rootSign),
		},
		{ kind: 'a root that is no authority', root: (der) => rebuilt(der, replaced(der, basic, null), rootSign) },
		{
			kind: 'a critical extension that is not known',
			note: 'intermediate',
			intermediate: (der) => rebuilt(der, { extensions: [...plain(der), strange] }, rootSign),
		},
		{
			kind: 'a critical extension that is not known in the root',
			root: (der) => rebuilt(der, { extensions: [...plain(der), strange] }, rootSign),
		},
		{ kind: 'a byte behind a certificate', note: 'leaf', leaf: (der) => Buffer.concat([der, Buffer.of(0)]) },
		{ kind: 'a byte behind a certificate', note: 'intermediate', intermediate: (der) => Buffer.concat([der, Buffer.of(0)]) },
		{ kind: 'no certificate', note: 'leaf', leaf: () => Buffer.from('this is no certificate, though it is long enough') },
		{
			kind: 'no certificate',
			note: 'intermediate',
			intermediate: () => Buffer.from('this is no certificate, though it is long enough'),
		},
		...schemes.flatMap(({ kind, algorithm, sign: by }): readonly Fault[] => [
			{
				kind: `an intermediate signed with ${kind}`,
				root: (der) => rebuilt(der, { publicKeyInfo }, authoritySigner(privateKey)),
				intermediate: (der) => rebuilt(der, { algorithm }, by(privateKey)),
			},
			{
				kind: `a leaf signed with ${kind}`,
				intermediate: intermediate({ publicKeyInfo }),
				leaf: (der) => rebuilt(der, { algorithm }, by(privateKey)),
			},
		]),
	];
}

/** Every fault of a chain, of every product and hierarchy. */
export function chainFaults(): readonly PeerCase[] {
	return (['Milan', 'Genoa', 'Turin'] as const).flatMap((product) =>
		(['VCEK', 'VLEK'] as const).flatMap((signedWith) =>
			faults(product, signedWith).map((fault) => peerCase({ ...fault, product, signedWith })),
		),
	);
}
