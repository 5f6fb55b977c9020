// The same reports to snpgate and to go-sev-guest, an independent verifier, and where they disagree: who is right and why.
// Only with SNPGATE_PEERS=1. What it is asked and how is in ci/peers/go-sev-guest/main.go.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { parseCertificate } from '../x509/certificate.ts';
import { readVek } from './amd-certificate.ts';
import { peers } from './measure/test-peer.ts';
import type { SnpProduct } from './product.ts';
import { type FirmwareVersion, parseReport } from './report.ts';
import { decodeTcb } from './tcb.ts';
import { type Answer, compare, corpusCases, type Difference, judged, type PeerCase, peerCase } from './test-peer-case.ts';
import { chainFaults } from './test-peer-chains.ts';
import { damaged, goodReports, leafFaults, reportFaults, swappedLeaves } from './test-peer-faults.ts';

const program = resolve(import.meta.dirname, '..', '..', '..', 'ci', 'peers', 'out', 'go-sev-guest');

/** Texts are empty where it has nothing against something. */
interface Said {
	readonly parse: string;
	readonly verify: string;
	readonly validate: string;
	readonly signature: string;
	readonly report: Readonly<Record<string, unknown>> | null;
	readonly certificate: Readonly<Record<string, unknown>>;
}

/** All cases in one process. AMD's roots are those that it has built in. */
async function ask(t: ExecutionContext, cases: readonly PeerCase[]): Promise<readonly Said[]> {
	if (!existsSync(program)) {
		t.fail("'ci/peers/out/go-sev-guest' is not there: run 'ci/peers/prepare'");
	}
	const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
	const input = cases.map(({ report, leaf, intermediate, root, product, at, trust }) => {
		const roots = trust.by === 'pins' ? {} : { intermediate: base64(intermediate), root: base64(root) };
		const question = { report: base64(report), leaf: base64(leaf), ...roots, product, at: new Date(at).toISOString() };
		return `${JSON.stringify(question)}\n`;
	});
	const { stdout } = await execa(program, { input: input.join('') });
	return stdout.split('\n').map((line) => JSON.parse(line));
}

function answer({ parse, verify, validate }: Said): Answer {
	const why = [parse, verify, validate].filter((text) => text !== '').join('; ');
	return { taken: why === '', why };
}

const isTurin = ({ product }: PeerCase) => product === 'Turin';

/** Of Milan and Genoa. The tool's own words are from version 0.15.0. */
const differences: readonly Difference[] = [
	{
		kinds: ['a byte more'],
		ours: /^report-length$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'A report has 1184 bytes. It reads as many of any number, so that something unsigned travels with what is signed.',
	},
	{
		kinds: ['good, version 2'],
		where: ({ product, hierarchy }) => product === 'Genoa' && hierarchy === 'vcek',
		ours: /^taken$/,
		theirs: /^unknown product name \(new stepping published\?\): "Genoa"$/,
		right: 'snpgate',
		why: "AMD's certificates of Genoa say 'Genoa' (see the corpus); it knows 'Genoa-B0' to 'Genoa-B2' only.",
	},
	{
		kinds: ['a masked chip key'],
		ours: /^chip-key-masked$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'With MASK_CHIP_KEY the firmware writes zeros in place of a signature: one that is signed contradicts itself.',
	},
	{
		kinds: ['VMPL 4', 'VMPL 2^32 - 1'],
		ours: /^vmpl-range$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'There are VMPLs 0 to 3; a host may get a report for another (microsoft/confidential-sidecar-containers PR 167).',
	},
	{
		kinds: ['a reserved byte of CURRENT_TCB', 'a reserved byte of LAUNCH_TCB'],
		ours: /^reserved-not-zero$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'Reserved bytes are zero. It compares them as levels, so that more than needed is as good as enough.',
	},
	{
		kinds: ['a mitigation before version 5'],
		ours: /^reserved-not-zero$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'Before version 5 those bytes are reserved. It reads mitigation vectors in every version.',
	},
	{
		kinds: ['a masked chip'],
		ours: /^chip-id-masked$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: "A report of no chip is any chip's: who wants it must say so. It leaves the comparison out where CHIP_ID is zero.",
	},
	{
		kinds: ['a reported TCB above the committed one'],
		ours: /^tcb-order$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'Reported is at most committed, which is at most current (enarx/steward issue 154). It compares with current alone.',
	},
	{
		kinds: ['another level above 127'],
		ours: /^taken$/,
		theirs: /BlSpl TCB part is 200\. Expect 0-127/,
		right: 'either',
		why: "It says that levels but the microcode's end at 127; AMD's specification is not at hand. What AMD signed is AMD's.",
	},
	{
		kinds: ['another structVersion', 'structVersion 7'],
		ours: /^struct-version$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'structVersion says how the levels are to be read: 0 of Milan and Genoa, 1 of Turin. It reads it and goes on.',
	},
	{
		kinds: ["another product's name", "no product's name"],
		ours: /^product-mismatch$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'Only the stepping in productName is known to be wrong. It ignores the name where the report names the processor.',
	},
	{
		kinds: ['a chip in DER armour'],
		ours: /^chip-id-mismatch$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'AMD writes hwID without a tag. It takes both, in case that ever changes.',
	},
	{
		kinds: ["an extension that is not AMD's", 'a key identifier'],
		ours: /^taken$/,
		theirs: /not an AMD KDS OID/,
		right: 'either',
		why: "RFC 5280 section 4.2 lets a verifier ignore what is not critical; AMD's certificates have none of these.",
	},
	{
		kinds: ['a stepping above 15'],
		ours: /^taken$/,
		theirs: /^report signature verification error: x509: ECDSA verification failure$/,
		right: 'snpgate',
		why: 'The signature is right. It hashes the report as it writes it again, with four bits of stepping.',
	},
	{
		kinds: ['another model', 'model 0xaf'],
		ours: /^taken$/,
		theirs: /could not be verified by any trusted roots\. Last error: <nil>$/,
		right: 'snpgate',
		why: "A product has many models (Bergamo and Siena are 0xa0 to 0xaf of Genoa's keys). It knows 0x01 and 0x11 only.",
	},
	{
		kinds: ['no processor'],
		ours: /^product-unknown$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'Since version 3 a report names its processor. It takes family 0 for a report that does not, and asks the certificate.',
	},
	{
		kinds: ["a flipped bit of the root's signature", 'the intermediate as root'],
		ours: /^root-(signature|missing)$/,
		theirs: /^taken$/,
		right: 'either',
		why: "It was told to trust that certificate, and asks no more of it. snpgate wants a root of AMD's shape even then.",
	},
	{
		kinds: ['a root of another name'],
		ours: /^product-mismatch certificate-name certificate-name$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: "AMD's roots are called ARK and their product. It looks at the name of the leaf's issuer alone.",
	},
	{
		kinds: ['an intermediate that may have others below it', 'an intermediate that does not say what it may sign'],
		ours: /^not-a-ca$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: "AMD's intermediates have path length 0 and a key usage, which RFC 5280 section 4.2.1.3 demands.",
	},
	{
		kinds: ['an intermediate signed with PKCS #1 v1.5', 'an intermediate signed with PSS with SHA-256'],
		ours: /^signature-scheme intermediate-signature$/,
		theirs: /^taken$/,
		right: 'snpgate',
		why: 'AMD signs with RSASSA-PSS and SHA-384 everywhere. It looks at the scheme of the leaf alone.',
	},
];

peers(
	'[peers] go-sev-guest: takes every report of the corpus under the roots that it has built in, as far as it has them',
	async (t) => {
		const cases = [...corpusCases('pins'), ...chainFaults().filter(({ trust }) => trust.by === 'pins')].filter(
			(one) => !isTurin(one),
		);
		compare(t, cases, judged, (await ask(t, cases)).map(answer), [
			{
				kinds: ['good'],
				where: ({ hierarchy }) => hierarchy === 'vlek',
				ours: /^taken$/,
				theirs: /^VLEK could not be verified by any trusted roots\. Last error: root of trust missing intermediate/,
				right: 'snpgate',
				why: "The chain is AMD's. It has built in no ASVK, and reads no intermediate that comes with a report.",
			},
		]);
	},
);

peers('[peers] go-sev-guest: reports good and damaged, and every disagreement is known', async (t) => {
	const corpus = corpusCases('given');
	const cases = [
		...corpus,
		...damaged(corpus),
		...swappedLeaves(),
		...goodReports(),
		...reportFaults(),
		...leafFaults(),
		...chainFaults(),
	];
	const asked = cases.filter((one) => !isTurin(one));
	compare(t, asked, judged, (await ask(t, asked)).map(answer), differences);
});

peers('[peers] go-sev-guest: refuses every Turin report, wrongly; its answer to the signature alone is ours', async (t) => {
	const corpus = corpusCases('given').filter(isTurin);
	const good = [...corpus, ...goodReports().filter(isTurin)];
	const same = ['a flipped bit of R', 'a flipped bit of S', 'R and S swapped', 'R is zero', 'the order without S'];
	const cases = [...good, ...damaged(corpus).filter(({ kind }) => kind === 'a flipped bit' || same.includes(kind))];
	const said = await ask(t, cases);
	for (const [index, one] of cases.entries()) {
		const { taken, why } = judged(one);
		const { verify, signature } = said[index] ?? {};
		if (index < good.length) {
			t.true(taken, `${one.title}: ${why}`);
			// AMD's certificates of Turin have fmcSPL in place of spl4 and a chip of 8 bytes; it knows neither.
			t.is(verify, 'not an AMD KDS OID: 1.3.6.1.4.1.3704.1.3.9', one.title);
			t.is(signature, '', one.title);
		}
		// Each flipped bit is signed over, whatever else snpgate has against it.
		t.is(signature === '', taken, `${one.title}: snpgate '${why}', go-sev-guest '${signature}'`);
	}
	t.log(`${good.length} reports are refused for their certificate, ${cases.length} signatures are judged alike`);
});

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anyReport = fc.record({
	product: fc.constantFrom('Milan' as const, 'Genoa' as const),
	version: fc.constantFrom(3 as const, 4 as const, 5 as const),
	// All bits that are known, and the one that must be set.
	policy: fc.nat(0x3ff_ffff).map((value) => BigInt(value) | 0x20000n),
	platformInfo: fc.nat(0xff).map((value) => BigInt(value & ~0x40)),
	vmpl: fc.nat(3),
	guestSvn: fc.nat(0xffff_ffff),
	reportData: bytes(64),
	measurement: bytes(48),
	hostData: bytes(32),
	familyId: bytes(16),
	imageId: bytes(16),
	idKeyDigest: bytes(48),
	authorKeyDigest: fc.option(bytes(48), { nil: undefined }),
	reportId: bytes(32),
	mitigations: fc.record({ launch: fc.bigInt(0n, 2n ** 64n - 1n), current: fc.bigInt(0n, 2n ** 64n - 1n) }),
});

const hex = (value: Uint8Array | null) => Buffer.from(value ?? []).toString('hex');
const numbers = ({ major, minor, build }: FirmwareVersion) => [major, minor, build];

/** What main.go says of a report that it could read. */
function ourFields(raw: Uint8Array, product: SnpProduct): Readonly<Record<string, unknown>> {
	const report = parseReport(raw);
	const { policy, platformInfo, cpuid } = report;
	const tcb = (levels: Uint8Array) => {
		const { fmc, ...rest } = decodeTcb(levels, product);
		return fmc === null ? rest : { fmc, ...rest };
	};
	return {
		version: report.version,
		guestSvn: report.guestSvn,
		vmpl: report.vmpl,
		signatureAlgorithm: report.signatureAlgorithm,
		policy: `${policy.raw}`,
		platformInfo: `${platformInfo.raw}`,
		keyInfo: report.keyInfo.raw,
		familyId: hex(report.familyId),
		imageId: hex(report.imageId),
		reportData: hex(report.reportData),
		measurement: hex(report.measurement),
		hostData: hex(report.hostData),
		idKeyDigest: hex(report.idKeyDigest),
		authorKeyDigest: hex(report.authorKeyDigest),
		reportId: hex(report.reportId),
		reportIdMa: hex(report.reportIdMa),
		chipId: hex(report.chipId),
		signature: hex(report.signature),
		currentTcb: tcb(report.currentTcb),
		reportedTcb: tcb(report.reportedTcb),
		committedTcb: tcb(report.committedTcb),
		launchTcb: tcb(report.launchTcb),
		currentVersion: numbers(report.currentVersion),
		committedVersion: numbers(report.committedVersion),
		cpuid: cpuid === null ? [0, 0, 0] : [cpuid.family, cpuid.model, cpuid.stepping],
		launchMitigations: `${report.launchMitigations ?? 0}`,
		currentMitigations: `${report.currentMitigations ?? 0}`,
		policyBits: { abiMajor: policy.abiMajor, abiMinor: policy.abiMinor, ...policy.bits },
		...(platformInfo.unknownBits.length === 0 ? { platformBits: platformInfo.bits } : {}),
	};
}

peers('[peers] go-sev-guest: reads the same fields in reports and certificates, 200 random ones among them', async (t) => {
	const seed = Date.now() & 0x7fff_ffff;
	t.log(`seed ${seed}`);
	const random = fc.sample(anyReport, { numRuns: 200, seed }).map(({ product, authorKeyDigest, ...fields }, index) =>
		peerCase({
			kind: 'random',
			note: `${index}`,
			product,
			report: { ...fields, ...(authorKeyDigest === undefined ? {} : { authorKeyDigest }) },
		}),
	);
	// Of Genoa's chips and version 2 see the table above.
	const good = goodReports().filter(
		({ kind, product, hierarchy }) => kind === 'good' || product !== 'Genoa' || hierarchy === 'vlek',
	);
	const cases = [...corpusCases('given'), ...good, ...random];
	for (const [index, said] of (await ask(t, cases)).entries()) {
		const one = cases[index] ?? t.fail();
		const { title, report, leaf, product } = one;
		const { currentTcb, reportedTcb, committedTcb, launchTcb, ...rest } = said.report ?? {};
		const mine = ourFields(report, product);
		if (product === 'Turin') {
			// It reads the levels of Turin where Milan has them.
			t.like(mine, rest, title);
			t.notDeepEqual(reportedTcb, mine.reportedTcb, title);
			continue;
		}
		t.deepEqual({ ...rest, currentTcb, reportedTcb, committedTcb, launchTcb }, mine, title);
		const { structVersion, productName, hwid, cspId, tcb } = readVek(parseCertificate(leaf));
		const { fmc: _, ...levels } = tcb;
		const theirs = { ...said.certificate, productName: `${said.certificate.productName}`.split('-')[0] };
		t.deepEqual(theirs, { structVersion, productName, hwid: hex(hwid), cspId: cspId ?? '', tcb: levels }, title);
		t.deepEqual(
			[answer(said), judged(one)],
			[
				{ taken: true, why: '' },
				{ taken: true, why: '' },
			],
			title,
		);
	}
});
