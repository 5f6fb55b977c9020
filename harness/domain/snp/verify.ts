// Is a report genuine: signed by a key that AMD vouches for, in this processor, at this TCB? Pure: time and trust are given.
// Every check is made and every reason is told (facts/attestation.md section 5, rows 1 to 9).

import { verify as verifySignature } from 'node:crypto';
import { identify } from './amd-certificate.ts';
import { type GivenCertificate, type ReadCertificate, type Reasons, readCertificates } from './chain-given.ts';
import { productOf, type SnpProduct } from './product.ts';
import { conclude } from './reasons.ts';
import { knownVersions, type Report, signedLength } from './report.ts';
import { checkRevocation, type GivenRevocationList } from './revocation.ts';
import { pinnedRoots, type Trust } from './roots.ts';
import { toP1363 } from './signature.ts';
import { reservedTcbBytes } from './tcb.ts';
import { checkAuthority, checkCommon, checkIssuer, checkVek, isSignedBy, publicKeyOf } from './verify-links.ts';
import { checkForm, signingHierarchy } from './verify-report.ts';

export interface Evidence {
	readonly report: Report;
	readonly certificates: readonly GivenCertificate[];
	readonly revocationLists: readonly GivenRevocationList[];
}

export interface VerifyOptions {
	/** The time at which everything must be valid, milliseconds since 1970. */
	readonly at: number;
	readonly trust: Trust;
	/** Without a revocation list the answer is unknown. */
	readonly requireCrl: boolean;
	/** A report that is bound to no chip is accepted. */
	readonly allowMaskedChip: boolean;
}

export interface Genuineness {
	/** Null: it could not be found out. */
	readonly genuine: boolean | null;
	readonly reasons: Reasons;
	/** What was not looked at, and why. */
	readonly notJudged: readonly string[];
	readonly product: SnpProduct | null;
	/** Every certificate that could be read, in the order in which they were given. */
	readonly certificates: readonly ReadCertificate[];
	/** The chain that was found, root first; null where a link is missing. */
	readonly chain: {
		readonly root: ReadCertificate | null;
		readonly intermediate: ReadCertificate | null;
		readonly leaf: ReadCertificate | null;
	};
}

export function verifyReport({ report, certificates: given, revocationLists }: Evidence, options: VerifyOptions): Genuineness {
	const { read, reasons: damaged } = readCertificates(given);
	const form = checkForm(report);
	const hierarchy = signingHierarchy(report);
	const product = productFor(report, read);
	const nothing = { root: null, intermediate: null, leaf: null };
	if (hierarchy === null || product.name === null || !knownVersions.includes(report.version)) {
		const reasons = [...form, ...damaged, ...product.reasons];
		const notJudged = ['chain and signature: the report does not say which keys are to have signed it'];
		return { genuine: conclude(reasons), reasons, notJudged, product: product.name, certificates: read, chain: nothing };
	}
	const chain = judgeChain(read, { ...hierarchy, product: product.name }, report, options);
	const revocation = checkRevocation(revocationLists, chain.root, chain.intermediate, product.name, options);
	const reasons = [
		...form,
		...damaged,
		...product.reasons,
		...checkReservedTcb(report, product.name),
		...chain.reasons,
		...revocation.reasons,
		...missing(chain, hierarchy, given.length > 0),
	];
	return {
		genuine: conclude(reasons),
		reasons,
		notJudged: [...revocation.notJudged, ...(chain.leaf === null ? ['signature: there is no key to check it with'] : [])],
		product: product.name,
		certificates: read,
		chain: { root: chain.root, intermediate: chain.intermediate, leaf: chain.leaf },
	};
}

interface FoundProduct {
	readonly name: SnpProduct | null;
	readonly reasons: Reasons;
}

/** By the processor since version 3; before that by the shape of CHIP_ID or by the leaf that was given. */
function productFor({ cpuid, chipId, keyInfo }: Report, read: readonly ReadCertificate[]): FoundProduct {
	if (cpuid !== null) {
		const name = productOf(cpuid);
		const [family, model, stepping] = [cpuid.family, cpuid.model, cpuid.stepping].map((value) => `0x${value.toString(16)}`);
		const actual = `family ${family}, model ${model}, stepping ${stepping}`;
		const message = 'the report is of a processor whose keys are not known here';
		return name === null
			? { name, reasons: [{ code: 'product-unknown', message, expected: 'Milan, Genoa or Turin', actual, decides: 'no' }] }
			: { name, reasons: [] };
	}
	const isTurin = chipId.some((byte) => byte !== 0) && chipId.subarray(8).every((byte) => byte === 0);
	if (isTurin) {
		return { name: 'Turin', reasons: [] };
	}
	const leaf = keyInfo.signingKey === 1 ? 'VLEK' : 'VCEK';
	const named = read.find(({ identity }) => identity.role === leaf && identity.product !== null)?.identity.product ?? null;
	const other = named ?? read.find(({ identity }) => identity.product !== null)?.identity.product ?? null;
	const message = 'a report of version 2 does not name its processor, and no certificate does it instead';
	return other === null
		? { name: null, reasons: [{ code: 'vek-missing', message, expected: `a ${leaf}`, actual: 'none', decides: 'unknown' }] }
		: { name: other, reasons: [] };
}

interface Hierarchy {
	readonly leaf: 'VCEK' | 'VLEK';
	readonly intermediate: 'ASK' | 'ASVK';
	readonly product: SnpProduct;
}

interface JudgedChain {
	readonly root: ReadCertificate | null;
	readonly intermediate: ReadCertificate | null;
	readonly leaf: ReadCertificate | null;
	readonly reasons: Reasons;
}

/** Every leaf and intermediate that was given must fit; of roots one must, since a collection of them is no claim. */
function judgeChain(read: readonly ReadCertificate[], hierarchy: Hierarchy, report: Report, options: VerifyOptions): JudgedChain {
	const { product } = hierarchy;
	const of = (role: string) => read.filter(({ identity }) => identity.role === role);
	const roots = of('ARK');
	const root = roots.find(({ identity }) => identity.product === product) ?? roots[0] ?? null;
	const intermediates = of(hierarchy.intermediate);
	const leaves = of(hierarchy.leaf);
	const fitting = (all: readonly ReadCertificate[]) => all.find(({ identity }) => identity.product === product) ?? all[0] ?? null;
	const intermediate = fitting(intermediates);
	const strangers = read.filter(
		({ identity }) => identity.role !== 'ARK' && identity.role !== hierarchy.leaf && identity.role !== hierarchy.intermediate,
	);
	return {
		root,
		intermediate,
		leaf: fitting(leaves),
		reasons: [
			...strangers.map(({ source, identity }): Reasons[number] => {
				const expected = `${hierarchy.intermediate} and ${hierarchy.leaf}, by KEY_INFO`;
				const message = `${source} is of the other hierarchy`;
				return { code: 'wrong-key-kind', message, expected, actual: identity.role, decides: 'no' };
			}),
			...(root === null ? [] : checkRoot(root, product, options)),
			...intermediates.flatMap((one) => checkIntermediate(one, root, product, options)),
			...leaves.flatMap((one) => checkLeaf(one, intermediate, product, report, options)),
		],
	};
}

function checkRoot(root: ReadCertificate, product: SnpProduct, { at, trust }: VerifyOptions): Reasons {
	const { source, sha256, certificate } = root;
	const trusted = trust.by === 'pins' ? sha256 === pinnedRoots[product] : trust.hashes.includes(sha256);
	const expected = trust.by === 'pins' ? `SHA-256 ${pinnedRoots[product]}` : `SHA-256 ${trust.hashes.join(' or ')}`;
	return [
		...checkProduct(root, product),
		...(trusted
			? []
			: [
					{
						code: 'root-not-pinned',
						message: `${source} is no root that is trusted for ${product}`,
						expected,
						actual: `SHA-256 ${sha256}`,
						decides: 'no',
					} as const,
				]),
		...checkCommon(root, at),
		...checkAuthority(root),
		...checkIssuer(root, product, root),
		...(isSignedBy(certificate.signed, certificate.signature, publicKeyOf(certificate))
			? []
			: [badSignature('root-signature', source, 'itself')]),
	];
}

function checkIntermediate(
	one: ReadCertificate,
	root: ReadCertificate | null,
	product: SnpProduct,
	{ at }: VerifyOptions,
): Reasons {
	const { certificate, source } = one;
	return [
		...checkProduct(one, product),
		...checkCommon(one, at),
		...checkAuthority(one),
		...checkIssuer(one, product, root),
		...(root === null || isSignedBy(certificate.signed, certificate.signature, publicKeyOf(root.certificate))
			? []
			: [badSignature('intermediate-signature', source, root.source)]),
	];
}

function checkLeaf(
	one: ReadCertificate,
	intermediate: ReadCertificate | null,
	product: SnpProduct,
	report: Report,
	options: VerifyOptions,
): Reasons {
	const { certificate, source } = one;
	return [
		...checkProduct(one, product),
		...checkCommon(one, options.at),
		...checkIssuer(one, product, intermediate),
		...checkVek(one, product, report, options.allowMaskedChip),
		...(intermediate === null || isSignedBy(certificate.signed, certificate.signature, publicKeyOf(intermediate.certificate))
			? []
			: [badSignature('vek-signature', source, intermediate.source)]),
		...checkReportSignature(one, report),
	];
}

function checkProduct({ source, certificate, identity }: ReadCertificate, product: SnpProduct): Reasons {
	const actual = identity.product ?? identify(certificate)?.role ?? 'unknown';
	const message = `${source} is of another product than the report`;
	return identity.product === product ? [] : [{ code: 'product-mismatch', message, expected: product, actual, decides: 'no' }];
}

/** ECDSA P-384 with SHA-384 over the first 672 bytes as they came. */
function checkReportSignature({ source, certificate }: ReadCertificate, { bytes, signature }: Report): Reasons {
	const key = publicKeyOf(certificate);
	const form = toP1363(signature);
	const message = `the report is not signed by the key of ${source}`;
	const wrong = (actual: string): Reasons => [
		{ code: 'report-signature', message, expected: 'a valid signature', actual, decides: 'no' },
	];
	if (form === null) {
		return wrong('bytes that are reserved in the signature are not zero');
	}
	const isValid =
		key?.asymmetricKeyType === 'ec' &&
		verifySignature('sha384', bytes.subarray(0, signedLength), { key, dsaEncoding: 'ieee-p1363' }, form);
	return isValid ? [] : wrong('an invalid one');
}

function badSignature(
	code: 'root-signature' | 'intermediate-signature' | 'vek-signature',
	source: string,
	by: string,
): Reasons[number] {
	return {
		code,
		message: `${source} is not signed by ${by}`,
		expected: 'a valid signature',
		actual: 'an invalid one',
		decides: 'no',
	};
}

function checkReservedTcb({ currentTcb, reportedTcb, committedTcb, launchTcb }: Report, product: SnpProduct): Reasons {
	const fields = { CURRENT_TCB: currentTcb, REPORTED_TCB: reportedTcb, COMMITTED_TCB: committedTcb, LAUNCH_TCB: launchTcb };
	const wrong = Object.entries(fields).flatMap(([name, bytes]) =>
		reservedTcbBytes(bytes, product).map((index) => `${name}[${index}]`),
	);
	const message = `bytes that ${product} reserves in a TCB are not zero`;
	return wrong.length === 0
		? []
		: [{ code: 'reserved-not-zero', message, expected: 'zeros', actual: wrong.join(', '), decides: 'no' }];
}

/** A role of which nothing was given leaves the answer open. */
function missing(chain: JudgedChain, { leaf, intermediate }: Omit<Hierarchy, 'product'>, some: boolean): Reasons {
	const gone = (code: 'vek-missing' | 'intermediate-missing' | 'root-missing', role: string): Reasons[number] => {
		const message = `there is no ${role}${some ? ' among the certificates' : ''}`;
		return { code, message, expected: role, actual: 'none', decides: 'unknown' };
	};
	return [
		...(chain.root === null ? [gone('root-missing', 'ARK')] : []),
		...(chain.intermediate === null ? [gone('intermediate-missing', intermediate)] : []),
		...(chain.leaf === null ? [gone('vek-missing', leaf)] : []),
	];
}
