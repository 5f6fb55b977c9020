// For tests: reports and chains that snpgate and other verifiers are asked about, one by one, good or with one fault, and how
// their answers are held against each other.

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { buildCertificate, type CertificateParts, type ExtensionParts, pssSha384, type Signer } from '../x509/build.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { buildLeaf, leafExtensions, type Validity } from './build-chain.ts';
import { buildReport, type ReportParts } from './build-report.ts';
import { judgeReport } from './judge-report.ts';
import type { SnpProduct } from './product.ts';
import { parseReport, reportFields, signedLength } from './report.ts';
import type { Trust } from './roots.ts';
import { fromP1363 } from './signature.ts';
import { reportSigner } from './signers.ts';
import type { Tcb } from './tcb.ts';
import { testChain, testHwid, testNow, testTcb } from './test-chain.ts';
import { corpusBytes, corpusCertificates, corpusRows, corpusTime } from './test-corpus.ts';
import { verifyReport } from './verify.ts';

export interface PeerCase {
	/** Which fault it has: what differs in place and product only is of one kind. */
	readonly kind: string;
	readonly title: string;
	readonly report: Uint8Array;
	/** DER. */
	readonly leaf: Uint8Array;
	readonly intermediate: Uint8Array;
	readonly root: Uint8Array;
	/** Of the chain. */
	readonly product: SnpProduct;
	readonly hierarchy: 'vcek' | 'vlek';
	readonly at: number;
	/** AMD's roots, or the one that is given. */
	readonly trust: Trust;
}

export interface CaseParts {
	readonly kind: string;
	/** What tells it from others of its kind. */
	readonly note?: string;
	readonly product: SnpProduct;
	readonly signedWith?: 'VCEK' | 'VLEK';
	readonly report?: Partial<ReportParts>;
	/** Changes the report before it is signed: what AMD's firmware would vouch for. */
	readonly unsigned?: (report: Buffer) => void;
	/** Changes it after that. */
	readonly signed?: (report: Buffer) => Uint8Array | undefined;
	/** What the leaf says; otherwise as the report. */
	readonly leafTcb?: Tcb;
	readonly leafHwid?: Uint8Array;
	readonly extensions?: (plain: readonly ExtensionParts[]) => readonly ExtensionParts[];
	readonly validity?: Validity;
	/** A key on another curve. */
	readonly key?: KeyObject;
	/** Changes what was built. */
	readonly leaf?: (leaf: Uint8Array) => Uint8Array;
	readonly intermediate?: (intermediate: Uint8Array) => Uint8Array;
	readonly root?: (root: Uint8Array) => Uint8Array;
	readonly at?: number;
	/** Otherwise the root that is given is trusted. */
	readonly trust?: Trust;
}

const day = 24 * 3600 * 1000;
export const leafValidity: Validity = { notBefore: testNow - 100 * day, notAfter: testNow + 200 * day };
const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

/** A report and its chain, both good but for what is asked. */
export function peerCase(parts: CaseParts): PeerCase {
	const { kind, product, signedWith = 'VCEK', note } = parts;
	const chain = testChain(product);
	const report = signedReport(parts);
	const leaf = builtLeaf(parts);
	const same = (bytes: Uint8Array) => bytes;
	const root = (parts.root ?? same)(chain.root.certificate);
	const version = parts.report?.version ?? plainReport(product, signedWith).version;
	return {
		kind,
		title: `${kind}${note === undefined ? '' : `, ${note}`} (${product} ${signedWith}, version ${version})`,
		report,
		leaf: (parts.leaf ?? same)(leaf),
		intermediate: (parts.intermediate ?? same)((signedWith === 'VCEK' ? chain.ask : chain.asvk).certificate),
		root,
		product,
		hierarchy: signedWith === 'VCEK' ? 'vcek' : 'vlek',
		at: parts.at ?? testNow,
		trust: parts.trust ?? trustIn(root),
	};
}

const trustIn = (root: Uint8Array): Trust => ({ by: 'root', hashes: [createHash('sha256').update(root).digest('hex')] });

const plainOnes = new Map<string, Uint8Array>();

/** What nothing is asked of is made once, so that tools need not be asked about it again. */
function once<Bytes extends Uint8Array>(name: string, isPlain: boolean, make: () => Bytes): Uint8Array {
	const bytes = (isPlain ? plainOnes.get(name) : undefined) ?? make();
	if (isPlain) {
		plainOnes.set(name, bytes);
	}
	return bytes;
}

function builtLeaf(parts: CaseParts): Uint8Array {
	const { product, signedWith = 'VCEK', key = leafKey, leafTcb, leafHwid, extensions, validity } = parts;
	const chain = testChain(product);
	const isChip = signedWith === 'VCEK';
	const hwid = leafHwid ?? testHwid(product);
	const tcb = leafTcb ?? parts.report?.tcb?.reported ?? parts.report?.tcb?.current ?? testTcb[product];
	const plain = leafExtensions(product, tcb, isChip ? { hwid } : { cspId: 'CN=cc-test.example' });
	const isPlain = leafHwid === undefined && extensions === undefined && validity === undefined && key === leafKey;
	return once(`${product} ${signedWith} ${JSON.stringify(tcb)}`, isPlain, () =>
		buildLeaf(isChip ? chain.ask : chain.asvk, {
			publicKeyInfo: createPublicKey(key).export({ format: 'der', type: 'spki' }),
			validity: validity ?? leafValidity,
			extensions: extensions?.(plain) ?? plain,
		}),
	);
}

function plainReport(product: SnpProduct, signedWith: 'VCEK' | 'VLEK'): ReportParts {
	return {
		version: product === 'Turin' ? 5 : 3,
		product,
		hwid: signedWith === 'VCEK' ? testHwid(product) : null,
		signedWith,
		policy: 0x30000n,
		platformInfo: 0x25n,
		vmpl: 0,
		tcb: { current: testTcb[product] },
		firmware: { current: { major: 1, minor: 55, build: 40 } },
	};
}

function signedReport({ product, signedWith = 'VCEK', report: parts, unsigned, signed, key = leafKey }: CaseParts): Uint8Array {
	const isPlain = parts === undefined && unsigned === undefined && signed === undefined && key === leafKey;
	return once(`${product} ${signedWith}`, isPlain, () => {
		const report = Buffer.from(buildReport({ ...plainReport(product, signedWith), ...parts }, () => new Uint8Array(96)));
		unsigned?.(report);
		report.set(padded(reportSigner(key)(report.subarray(0, signedLength))), reportFields.SIGNATURE[0]);
		return signed?.(report) ?? report;
	});
}

/** A signature of a smaller curve in the places of P-384's. */
function padded(signature: Uint8Array): Uint8Array {
	const half = signature.length / 2;
	const wide = new Uint8Array(96);
	wide.set(signature.subarray(0, half), 48 - half);
	wide.set(signature.subarray(half), 96 - half);
	return fromP1363(wide);
}

/** Every report of the corpus with its certificates, at a time at which they are valid, under AMD's roots or the one that is given. */
export function corpusCases(trust: 'pins' | 'given'): readonly PeerCase[] {
	return corpusRows.map(({ report, leaf, chain, product }) => {
		const [vek, intermediate, root] = [...corpusCertificates(leaf), ...corpusCertificates(chain)].map(({ der }) => der);
		if (vek === undefined || intermediate === undefined || root === undefined) {
			throw new Error(`${report}: a certificate is missing`);
		}
		const hierarchy = leaf.includes('vlek') ? 'vlek' : 'vcek';
		return {
			kind: 'good',
			title: `${report} with ${leaf}`,
			report: corpusBytes(report),
			leaf: vek,
			intermediate,
			root,
			product,
			hierarchy,
			at: hierarchy === 'vlek' ? Date.parse('2025-06-01') : corpusTime,
			trust: trust === 'pins' ? { by: 'pins' } : trustIn(root),
		};
	});
}

/** The same certificate with something else in it, signed again. */
export function rebuilt(der: Uint8Array, change: Partial<CertificateParts>, sign: Signer): Uint8Array {
	const { serial, issuer, subject, notBefore, notAfter, publicKeyInfo, extensions } = parseCertificate(der);
	const parts: CertificateParts = {
		serial,
		algorithm: pssSha384({ trailer: true }),
		issuer: issuer.raw,
		subject: subject.raw,
		notBefore,
		notAfter,
		publicKeyInfo,
		extensions: [...extensions].map(([oid, { critical, value }]) => ({ oid, critical, value })),
	};
	return buildCertificate({ ...parts, ...change }, sign);
}

/** A key for an authority that is none of the test chains'; made when it is needed, which takes time. */
export function authorityKey(): { readonly privateKey: KeyObject; readonly publicKeyInfo: Uint8Array } {
	ownAuthority ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
	const { privateKey, publicKey } = ownAuthority;
	return { privateKey, publicKeyInfo: publicKey.export({ format: 'der', type: 'spki' }) };
}

let ownAuthority: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** The same bytes with one bit flipped; a negative place counts from the end. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
	const copy = Uint8Array.from(bytes);
	const index = at < 0 ? bytes.length + at : at;
	copy[index] = (bytes[index] ?? 0) ^ (1 << bit);
	return copy;
}

export interface Answer {
	readonly taken: boolean;
	/** Why not. */
	readonly why: string;
}

const options = { requireCrl: false, allowMaskedChip: false } as const;
/** Allows what is somebody's choice: what is left is what makes a report believable. */
const lenient = { allowDebug: true, allowProvisional: true, allowMigrationAgent: true };

/** snpgate on all of it. */
export function judged({ report, at, trust, ...chain }: PeerCase): Answer {
	const evidence = { report, certificates: given(chain), revocationLists: [], tableGuids: null };
	const { verdict, reasons } = judgeReport(evidence, { ...options, at, trust }, lenient);
	return { taken: verdict === 'pass', why: reasons.map(({ code }) => code).join(' ') };
}

/** snpgate on what makes a report genuine alone; one of another length is none. */
export function genuine({ report, at, trust, ...chain }: PeerCase): Answer {
	if (report.length !== signedLength + reportFields.SIGNATURE[1]) {
		return { taken: false, why: 'report-length' };
	}
	const evidence = { report: parseReport(report), certificates: given(chain), revocationLists: [] };
	const found = verifyReport(evidence, { ...options, at, trust });
	return { taken: found.genuine === true, why: found.reasons.map(({ code }) => code).join(' ') };
}

export function given({ leaf, intermediate, root }: Pick<PeerCase, 'leaf' | 'intermediate' | 'root'>) {
	return [
		{ source: 'leaf', der: leaf },
		{ source: 'intermediate', der: intermediate },
		{ source: 'root', der: root },
	];
}

/** Cases in which a tool answers otherwise than snpgate, and who is right. */
export interface Difference {
	readonly kinds: readonly string[];
	/** Only these of them; otherwise all. */
	readonly where?: (one: PeerCase) => boolean;
	/** Reasons of snpgate; 'taken' without any. */
	readonly ours: RegExp;
	/** What the tool says; 'taken' where it has nothing against it. */
	readonly theirs: RegExp;
	readonly right: 'snpgate' | 'the tool' | 'either';
	readonly why: string;
}

/** Fails on a difference that is not in the table, and on a row of the table that is not true of all its cases. */
export function compare<One extends PeerCase>(
	t: ExecutionContext,
	cases: readonly One[],
	ours: (one: One) => Answer,
	theirs: readonly Answer[],
	differences: readonly Difference[],
): void {
	t.is(theirs.length, cases.length);
	const counts = { taken: 0, refused: 0, different: 0 };
	const met = new Set<Difference>();
	const wrong: string[] = [];
	for (const [index, one] of cases.entries()) {
		const [mine, other] = [ours(one), theirs[index] ?? { taken: false, why: 'no answer' }];
		const [row, more] = differences.filter(({ kinds, where }) => kinds.includes(one.kind) && where?.(one) !== false);
		const isKnown = row === undefined ? mine.taken === other.taken : mine.taken !== other.taken && isAs(row, mine, other);
		if (!isKnown || more !== undefined) {
			wrong.push(`${one.title}: snpgate '${text(mine)}', the tool '${text(other)}'`);
		}
		if (row !== undefined) {
			met.add(row);
		}
		counts[row !== undefined ? 'different' : other.taken ? 'taken' : 'refused'] += 1;
	}
	t.deepEqual(wrong, [], 'differences that the table does not have, or has otherwise');
	const idle = differences.flatMap(({ kinds, where }) =>
		kinds.filter((kind) => !cases.some((one) => one.kind === kind && where?.(one) !== false)),
	);
	t.deepEqual(idle, [], 'kinds in the table without a case');
	const ways = (who: Difference['right']) => [...met].filter(({ right }) => right === who).length;
	t.log(`both take ${counts.taken}, both refuse ${counts.refused}, ${counts.different} differ in ${met.size} known ways:`);
	t.log(`snpgate is right in ${ways('snpgate')}, the tool in ${ways('the tool')}, either in ${ways('either')}`);
}

const text = ({ taken, why }: Answer) => (taken ? 'taken' : why);

function isAs({ ours, theirs }: Difference, mine: Answer, other: Answer): boolean {
	return ours.test(text(mine)) && theirs.test(text(other));
}

/** The same for each, a few at a time: what is done waits for processes. */
export async function eachOf<One, Result>(
	all: readonly One[],
	make: (one: One, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
	const results: Result[] = [];
	const next = all.entries();
	const work = async () => {
		for (const [index, one] of next) {
			results[index] = await make(one, index);
		}
	};
	await Promise.all(Array.from({ length: 3 }, work));
	return results;
}
