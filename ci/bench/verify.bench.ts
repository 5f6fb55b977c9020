// A verdict on a report is four signatures: of the ARK by itself, of the ASK, of the VCEK and of the report. Everything else that is
// judged should cost less than they do.

import { verify, X509Certificate } from 'node:crypto';
import { defaultExpectation } from '../../harness/domain/snp/expectation.ts';
import { judgeReport } from '../../harness/domain/snp/judge-report.ts';
import { reportFields, signedLength } from '../../harness/domain/snp/report.ts';
import { toP1363 } from '../../harness/domain/snp/signature.ts';
import { testChain, testNow } from '../../harness/domain/snp/test-chain.ts';
import type { Bench } from './bench.ts';

// Keys of AMD's size.
const chain = testChain('Genoa', { bits: 4096 });
const report = chain.report();
const [ark, ask, vcek] = [chain.root.certificate, chain.ask.certificate, chain.vcek()];
const certificates = [ark, ask, vcek].map((der, index) => ({ source: `certificate ${index}`, der }));
const options = { at: testNow, trust: chain.trust, requireCrl: false, allowMaskedChip: false };
const [signatureAt] = reportFields.SIGNATURE;

function judge(): string {
	const evidence = { report, certificates, revocationLists: [], tableGuids: null };
	return judgeReport(evidence, options, defaultExpectation).verdict;
}

function bare(): boolean {
	const [root, intermediate, leaf] = [ark, ask, vcek].map((der) => new X509Certificate(der));
	if (root === undefined || intermediate === undefined || leaf === undefined) {
		return false;
	}
	const signature = toP1363(report.subarray(signatureAt)) ?? new Uint8Array();
	return (
		root.verify(root.publicKey) &&
		intermediate.verify(root.publicKey) &&
		leaf.verify(intermediate.publicKey) &&
		verify('sha384', report.subarray(0, signedLength), { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' }, signature)
	);
}

if (judge() !== 'pass' || !bare()) {
	throw new Error('the report that is measured is not genuine');
}

export const benches: readonly Bench[] = [
	{
		title: 'verdict on a report with its chain',
		against: 'the same four signatures, certificates parsed',
		bound: 2,
		ours: judge,
		bare,
	},
];
