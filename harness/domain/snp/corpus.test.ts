// Real reports with their certificates: each gives its verdict, and each change of them its reason.

import { readdirSync } from 'node:fs';
import test from 'ava';
import type { GivenCertificate } from './chain-given.ts';
import { defaultExpectation, type Expectation } from './expectation.ts';
import { judgeReport } from './judge-report.ts';
import { reportFields } from './report.ts';
import { corpusBytes, corpusCertificates, corpusPath, corpusRows, corpusTime, hasAttestationCorpus } from './test-corpus.ts';

const withCorpus = hasAttestationCorpus ? test : test.skip;

interface Given {
	readonly report: Uint8Array;
	readonly certificates: readonly GivenCertificate[];
	readonly at?: number;
	readonly expectation?: Expectation;
}

function judge({ report, certificates, at = corpusTime, expectation = defaultExpectation }: Given) {
	const options = { at, trust: { by: 'pins' }, requireCrl: false, allowMaskedChip: false } as const;
	return judgeReport({ report, certificates, revocationLists: [], tableGuids: null }, options, expectation);
}
const codes = (given: Given) => judge(given).reasons.map(({ code }) => code);

const rows = hasAttestationCorpus ? corpusRows : [];
const load = ({ report, leaf, chain }: (typeof corpusRows)[number]) => ({
	report: corpusBytes(report),
	certificates: [...corpusCertificates(leaf), ...corpusCertificates(chain)],
});

if (!hasAttestationCorpus) {
	test.skip('[corpus] every report gives its verdict', (t) => t.fail('not run'));
}

for (const row of rows) {
	test(`[corpus] ${row.report} with ${row.leaf}`, (t) => {
		const judged = judge(load(row));
		t.deepEqual(
			judged.reasons.map(({ code }) => code),
			[...row.reasons],
		);
		t.is(judged.product, row.product);
		t.is(judged.verdict, row.reasons.length === 0 ? 'pass' : 'fail');
	});

	test(`[corpus] ${row.report} with ${row.leaf}: the order of the certificates does not matter`, (t) => {
		const { report, certificates } = load(row);
		t.deepEqual(codes({ report, certificates: certificates.toReversed() }), [...row.reasons]);
	});
}

withCorpus('[corpus] every report of the corpus is in the table', (t) => {
	const listed = new Set(corpusRows.map(({ report }) => report));
	t.deepEqual(
		readdirSync(corpusPath('.')).filter((name) => name.endsWith('.report.bin') && !listed.has(name)),
		[],
	);
});

const milan = corpusRows[1];
const genoa = corpusRows[5];
const turin = corpusRows[6];
const vlek = corpusRows[3];

/** The same report with some bytes changed. */
function changed(report: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
	const copy = Uint8Array.from(report);
	copy.set(bytes, at);
	return copy;
}

if (hasAttestationCorpus && milan !== undefined && genoa !== undefined && turin !== undefined && vlek !== undefined) {
	const good = load(milan);
	const [r, s] = [0x2a0, 0x2a0 + 72];
	const swapped = changed(changed(good.report, r, [...good.report.slice(s, s + 72)]), s, [...good.report.slice(r, r + 72)]);
	const order = Buffer.from(
		'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
		'hex',
	).reverse();
	const at = Object.fromEntries(Object.entries(reportFields).map(([name, [offset]]) => [name, offset])) as Record<
		keyof typeof reportFields,
		number
	>;

	const negatives: readonly (readonly [string, Given, readonly string[]])[] = [
		['cut to 1183 bytes', { ...good, report: good.report.subarray(0, 1183) }, ['report-length']],
		['a byte appended', { ...good, report: Buffer.concat([good.report, Buffer.of(0)]) }, ['report-length']],
		['nothing', { ...good, report: new Uint8Array() }, ['report-length']],
		['all zeros', { ...good, report: new Uint8Array(1184) }, ['report-empty', 'migration-allowed']],
		['r and s swapped', { ...good, report: swapped }, ['report-signature']],
		['r is zero', { ...good, report: changed(good.report, r, Array(48).fill(0)) }, ['report-signature']],
		['s is zero', { ...good, report: changed(good.report, s, Array(48).fill(0)) }, ['report-signature']],
		['r is the order of the curve', { ...good, report: changed(good.report, r, [...order]) }, ['report-signature']],
		['s is the order of the curve', { ...good, report: changed(good.report, s, [...order]) }, ['report-signature']],
		['something in the padding of r', { ...good, report: changed(good.report, r + 48, [1]) }, ['report-signature']],
		['something in the padding of s', { ...good, report: changed(good.report, s + 71, [0x80]) }, ['report-signature']],
		['something behind the signature', { ...good, report: changed(good.report, 1183, [1]) }, ['report-signature']],
		[
			'another reported TCB',
			{ ...good, report: changed(good.report, at.REPORTED_TCB, [3]) },
			['tcb-mismatch', 'report-signature'],
		],
		['another chip', { ...good, report: changed(good.report, at.CHIP_ID, [1]) }, ['chip-id-mismatch', 'report-signature']],
		['an unknown version', { ...good, report: changed(good.report, at.VERSION, [6]) }, ['report-version']],
		['version 0', { ...good, report: changed(good.report, at.VERSION, [0]) }, ['report-version']],
		[
			'another algorithm',
			{ ...good, report: changed(good.report, at.SIGNATURE_ALGO, [2]) },
			['signature-algorithm', 'report-signature'],
		],
		[
			'VMPL 0xffffffff',
			{ ...good, report: changed(good.report, at.VMPL, [255, 255, 255, 255]) },
			['vmpl-range', 'report-signature'],
		],
		[
			'bit 17 of the policy is zero',
			{ ...good, report: changed(good.report, at.POLICY + 2, [1]) },
			['policy-reserved-bit', 'report-signature'],
		],
		['a reserved byte', { ...good, report: changed(good.report, 0x4c, [1]) }, ['reserved-not-zero', 'report-signature']],
		[
			'a reserved byte in a TCB',
			{ ...good, report: changed(good.report, at.CURRENT_TCB + 3, [1]) },
			['reserved-not-zero', 'report-signature', 'provisional-firmware'],
		],
		[
			'reserved bits of KEY_INFO',
			{ ...good, report: changed(good.report, at.KEY_INFO + 3, [1]) },
			['reserved-not-zero', 'report-signature'],
		],
		['a reserved signing key', { ...good, report: changed(good.report, at.KEY_INFO, [3 << 2]) }, ['signing-key']],
		['not signed', { ...good, report: changed(good.report, at.KEY_INFO, [7 << 2]) }, ['signing-key']],
		[
			'the chip key is masked',
			{ ...good, report: changed(good.report, at.KEY_INFO, [2]) },
			['chip-key-masked', 'report-signature'],
		],
		[
			'signed by a VLEK, it says',
			{ ...good, report: changed(good.report, at.KEY_INFO, [1 << 2]) },
			['wrong-key-kind', 'wrong-key-kind', 'intermediate-missing', 'vek-missing'],
		],
		['an unknown processor', { ...good, report: changed(good.report, at.CPUID_MOD_ID, [0x55]) }, ['product-unknown']],
		[
			'a VLEK report with a VCEK chain',
			{
				...load(vlek),
				certificates: [...corpusCertificates(vlek.leaf), ...corpusCertificates(milan.chain)],
				at: Date.parse('2025-06-01'),
			},
			['wrong-key-kind', 'intermediate-missing', 'provisional-firmware'],
		],
		[
			"another product's chip certificate",
			{ ...good, certificates: [...corpusCertificates(genoa.leaf), ...corpusCertificates(milan.chain)] },
			[
				'product-mismatch',
				'certificate-name',
				'product-mismatch',
				'tcb-mismatch',
				'chip-id-mismatch',
				'vek-signature',
				'report-signature',
			],
		],
		[
			"the right certificate and another chip's: a given one is never passed over",
			{ ...good, certificates: [...good.certificates, ...corpusCertificates('milan-v2-gosevguest.vcek.der')] },
			['tcb-mismatch', 'chip-id-mismatch', 'report-signature'],
		],
		[
			'the chain of another product beside its own',
			{ ...good, certificates: [...good.certificates, ...corpusCertificates(genoa.chain)] },
			['product-mismatch', 'certificate-name', 'intermediate-signature'],
		],
		[
			'only the chain of another product',
			{ ...good, certificates: [...corpusCertificates(milan.leaf), ...corpusCertificates(turin.chain)] },
			[
				'product-mismatch',
				'root-not-pinned',
				'certificate-name',
				'product-mismatch',
				'certificate-name',
				'certificate-name',
				'vek-signature',
			],
		],
		[
			'a certificate that is not one',
			{ ...good, certificates: [...good.certificates, { source: 'x', der: Buffer.from('x') }] },
			['certificate-malformed'],
		],
		[
			'a byte behind a certificate',
			{
				...good,
				certificates: good.certificates.map(({ source, der }) => ({ source, der: Buffer.concat([der, Buffer.of(0)]) })),
			},
			[
				'certificate-malformed',
				'certificate-malformed',
				'certificate-malformed',
				'root-missing',
				'intermediate-missing',
				'vek-missing',
			],
		],
		[
			'before the certificates',
			{ ...good, at: Date.parse('2020-01-01') },
			['certificate-not-yet-valid', 'certificate-not-yet-valid', 'certificate-not-yet-valid'],
		],
		[
			'after the certificates',
			{ ...good, at: Date.parse('2060-01-01') },
			['certificate-expired', 'certificate-expired', 'certificate-expired'],
		],
	];
	for (const [title, given, expected] of negatives) {
		test(`[corpus] refused: ${title}`, (t) => {
			const judged = judge(given);
			t.deepEqual(
				judged.reasons.map(({ code }) => code),
				[...expected],
			);
			t.is(judged.verdict, 'fail');
		});
	}

	test('[corpus] what is missing leaves it open', (t) => {
		const without = (role: string) => good.certificates.filter(({ source }) => !source.includes(role));
		for (const [certificates, code] of [
			[without('#2'), 'root-missing'],
			[without('ark_milan.pem #1'), 'intermediate-missing'],
			[without('vcek'), 'vek-missing'],
			[[], 'root-missing'],
		] as const) {
			const judged = judge({ ...good, certificates });
			t.is(judged.verdict, 'unknown', code);
			t.is(judged.genuine, null);
			t.true(judged.reasons.some((reason) => reason.code === code));
		}
	});

	test('[corpus] the certificate of the same chip and TCB that was fetched at another time serves as well', (t) => {
		t.deepEqual(
			codes({ ...good, certificates: [...good.certificates, ...corpusCertificates('milan-v3-mstav.vcek-earlier.pem')] }),
			[],
		);
	});

	test('[corpus] an identifier in DER armour is another identifier', (t) => {
		const certificates = [...corpusCertificates('invalid-vcek-derwrapped-hwid-trustee.der'), ...corpusCertificates(milan.chain)];
		t.deepEqual(codes({ ...good, certificates }), ['tcb-mismatch', 'chip-id-mismatch', 'vek-signature', 'report-signature']);
	});
}
