// No single flipped bit in a report, its signature or a certificate ever passes: all bits of one report and its certificates
// with SNPGATE_LONG=1 (as CI runs it), a sample of each otherwise.

import test from 'ava';
import type { GivenCertificate } from './chain-given.ts';
import { defaultExpectation } from './expectation.ts';
import { judgeReport } from './judge-report.ts';
import { corpusBytes, corpusCertificates, corpusRows, hasAttestationCorpus } from './test-corpus.ts';

const isLong = process.env.SNPGATE_LONG === '1';
/** Every so many bits, of one report and of the others. */
const [own, others] = isLong ? [1, 37] : [23, 331];

function verdict(report: Uint8Array, certificates: readonly GivenCertificate[], at: number): string {
	const options = { at, trust: { by: 'pins' }, requireCrl: false, allowMaskedChip: false } as const;
	const expectation = { ...defaultExpectation, allowDebug: true, allowProvisional: true, allowMigrationAgent: true };
	return judgeReport({ report, certificates, revocationLists: [], tableGuids: null }, options, expectation).verdict;
}

/** Offsets of flipped bits that pass. */
function passing(bytes: Uint8Array, step: number, judge: (flipped: Uint8Array) => string): readonly number[] {
	const copy = Uint8Array.from(bytes);
	const found: number[] = [];
	for (let bit = 0; bit < 8 * bytes.length; bit += step) {
		const index = bit >> 3;
		copy[index] = (bytes[index] ?? 0) ^ (1 << (bit & 7));
		if (judge(copy) === 'pass') {
			found.push(bit);
		}
		copy[index] = bytes[index] ?? 0;
	}
	return found;
}

if (!hasAttestationCorpus) {
	test.skip('[corpus] no flipped bit passes', (t) => t.fail('not run'));
}

const rows = hasAttestationCorpus ? corpusRows : [];
for (const [index, row] of rows.entries()) {
	const report = corpusBytes(row.report);
	const certificates = [...corpusCertificates(row.leaf), ...corpusCertificates(row.chain)];
	const at = Date.parse(row.leaf.includes('vlek') ? '2025-06-01' : '2026-11-23');
	// Turin has the newest form of everything.
	const step = row.product === 'Turin' ? own : others;

	test(`[corpus] no flipped bit of ${row.report} passes (${row.leaf})`, (t) => {
		t.is(verdict(report, certificates, at), 'pass', 'control');
		t.deepEqual(
			passing(report, step, (flipped) => verdict(flipped, certificates, at)),
			[],
		);
		t.deepEqual(Buffer.from(report), corpusBytes(row.report), 'judging changes nothing');
	});

	test(`[corpus] no flipped bit of the certificates of ${row.report} passes (${index})`, (t) => {
		for (const [place, one] of certificates.entries()) {
			const replaced = (der: Uint8Array) => certificates.with(place, { source: one.source, der });
			t.deepEqual(
				passing(one.der, step, (flipped) => verdict(report, replaced(flipped), at)),
				[],
				one.source,
			);
		}
	});
}
