// Throw-away hierarchies in AMD's shape, with keys that live as long as the process. For tests.

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { formatPem } from '../x509/pem.ts';
import {
	type Authority,
	buildIntermediate,
	buildLeaf,
	buildRevocations,
	buildRoot,
	type LeafParts,
	leafExtensions,
	type RevocationParts,
	type SigningKey,
	type Validity,
} from './build-chain.ts';
import { buildReport, type ReportParts } from './build-report.ts';
import type { Hierarchy } from './kds.ts';
import { hwidLength, type SnpProduct } from './product.ts';
import type { Trust } from './roots.ts';
import { authoritySigner, reportSigner } from './signers.ts';
import type { Tcb } from './tcb.ts';

const year = 365 * 24 * 3600 * 1000;
/** The time at which everything here is valid unless a test says otherwise. */
export const testNow = Date.UTC(2026, 5, 1, 12);

export interface TestChain {
	readonly product: SnpProduct;
	readonly root: Authority;
	readonly ask: Authority;
	readonly asvk: Authority;
	readonly trust: Trust;
	/** PEM of intermediate and root, as the key service gives it. */
	chainPem(hierarchy: Hierarchy): Buffer;
	crl(parts?: Partial<RevocationParts>): Uint8Array;
	/** A chip's key at this TCB; the same chip and TCB have the same key, as with AMD. */
	vcek(parts?: Partial<LeafSpec>): Uint8Array;
	vlek(parts?: Partial<LeafSpec> & { readonly cspId?: string }): Uint8Array;
	/** Signed with the key of the same chip and TCB. */
	report(parts?: Partial<ReportParts>): Buffer;
}

interface LeafSpec {
	readonly hwid: Uint8Array;
	readonly tcb: Tcb;
	readonly validity: Validity;
	/** In place of those that belong there. */
	readonly extensions: LeafParts['extensions'];
}

export const testTcb: Readonly<Record<SnpProduct, Tcb>> = {
	Milan: { fmc: null, bootloader: 4, tee: 0, snp: 24, microcode: 219 },
	Genoa: { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 },
	Turin: { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 },
};

/** An identifier that begins like a DER header: 02 08 of an INTEGER (virtee/snpguest issue 38). */
export function testHwid(product: SnpProduct, last = 1): Uint8Array {
	const hwid = new Uint8Array(hwidLength(product)).fill(0xa5);
	hwid.set([0x02, 0x06]);
	hwid[hwid.length - 1] = last;
	return hwid;
}

const chains = new Map<string, TestChain>();

/** One hierarchy a product, size and name in a process: keys of 4096 bits, which are AMD's, take seconds to make. */
export function testChain(product: SnpProduct, { bits = 2048, name = '' } = {}): TestChain {
	const id = `${product} ${bits} ${name}`;
	const chain = chains.get(id) ?? makeChain(product, bits);
	chains.set(id, chain);
	return chain;
}

function makeChain(product: SnpProduct, bits: number): TestChain {
	const validity = { notBefore: testNow - 5 * year, notAfter: testNow + 20 * year };
	const root = buildRoot(product, authorityKey(bits), validity);
	const ask = buildIntermediate('ASK', root, authorityKey(bits), validity);
	const asvk = buildIntermediate('ASVK', root, authorityKey(bits), validity);
	const leafKeys = new Map<string, KeyObject>();
	const leafKey = (name: string): KeyObject => {
		const key = leafKeys.get(name) ?? generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
		leafKeys.set(name, key);
		return key;
	};
	const nameOf = (hwid: Uint8Array | null, tcb: Tcb) =>
		`${hwid === null ? 'provider' : Buffer.from(hwid).toString('hex')} ${JSON.stringify(tcb)}`;
	const intermediates = { vcek: ask, vlek: asvk };
	return {
		product,
		root,
		ask,
		asvk,
		trust: { by: 'root', hashes: [createHash('sha256').update(root.certificate).digest('hex')] },
		chainPem: (hierarchy) =>
			Buffer.from([intermediates[hierarchy], root].map(({ certificate }) => formatPem('CERTIFICATE', certificate)).join('')),
		crl: (parts = {}) =>
			buildRevocations(root, { thisUpdate: testNow - year / 12, nextUpdate: testNow + year, revoked: [], ...parts }),
		vcek: ({ hwid = testHwid(product), tcb = testTcb[product], validity: span, extensions } = {}) =>
			buildLeaf(ask, {
				publicKeyInfo: publicKeyInfo(leafKey(nameOf(hwid, tcb))),
				validity: span ?? { notBefore: testNow - year, notAfter: testNow + 6 * year },
				extensions: extensions ?? leafExtensions(product, tcb, { hwid }),
			}),
		vlek: ({ tcb = testTcb[product], cspId = 'CN=cc-test.example', validity: span, extensions } = {}) =>
			buildLeaf(asvk, {
				publicKeyInfo: publicKeyInfo(leafKey(nameOf(null, tcb))),
				validity: span ?? { notBefore: testNow - year / 2, notAfter: testNow + year / 2 },
				extensions: extensions ?? leafExtensions(product, tcb, { cspId }),
			}),
		report: (parts = {}) => {
			const signedWith = parts.signedWith ?? 'VCEK';
			const tcb = parts.tcb ?? { current: testTcb[product] };
			const hwid = parts.hwid === undefined ? (signedWith === 'VCEK' ? testHwid(product) : null) : parts.hwid;
			const key = leafKey(nameOf(signedWith === 'VCEK' ? (hwid ?? testHwid(product)) : null, tcb.reported ?? tcb.current));
			const plain: ReportParts = {
				version: product === 'Turin' ? 5 : 3,
				product,
				hwid,
				signedWith,
				policy: 0x30000n,
				platformInfo: 0x25n,
				vmpl: 0,
				tcb,
				firmware: { current: { major: 1, minor: 55, build: 40 } },
			};
			return Buffer.from(buildReport({ ...plain, ...parts }, reportSigner(key)));
		},
	};
}

function authorityKey(bits: number): SigningKey {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
	return { publicKeyInfo: publicKey.export({ format: 'der', type: 'spki' }), sign: authoritySigner(privateKey) };
}

function publicKeyInfo(key: KeyObject): Uint8Array {
	return createPublicKey(key).export({ format: 'der', type: 'spki' });
}
