// Every fault of a report, its leaf and its chain that a test peer is asked about, and what of it is said: all reasons, each its own.

import test from 'ava';
import { parseReport } from './report.ts';
import { given, type PeerCase } from './test-peer-case.ts';
import { chainFaults } from './test-peer-chains.ts';
import { goodReports, leafFaults, reportFaults } from './test-peer-faults.ts';
import { verifyReport } from './verify.ts';

/** The kind of fault, and all that is said of its cases: by product and hierarchy it can differ. */
const rows: readonly (readonly [kind: string, ...said: readonly string[]])[] = [
	['good, version 2', 'yes'],
	['good', 'yes'],
	['a known bit of the policy', 'yes'],
	['bit 17 of the policy', 'no: policy-reserved-bit'],
	['an unknown bit of the policy', 'yes'],
	['a known bit of the platform', 'yes'],
	['an unknown bit of the platform', 'yes'],
	['an author key', 'yes'],
	['a masked chip key', 'no: chip-key-masked'],
	['the other signing key', 'no: wrong-key-kind intermediate-missing vek-missing'],
	['a reserved signing key', 'no: signing-key'],
	['no signing key', 'no: signing-key'],
	['a reserved bit of KEY_INFO', 'no: reserved-not-zero'],
	['another algorithm', 'no: signature-algorithm'],
	['version 0 or 1', 'no: report-version'],
	['version 6', 'no: report-version'],
	['version 2^24', 'no: report-version'],
	['a VMPL', 'yes'],
	['VMPL 4', 'no: vmpl-range'],
	['VMPL 2^32 - 1', 'no: vmpl-range'],
	['a reserved byte', 'no: reserved-not-zero'],
	['a reserved byte of CURRENT_TCB', 'no: reserved-not-zero'],
	['a reserved byte of REPORTED_TCB', 'no: reserved-not-zero'],
	['a reserved byte of COMMITTED_TCB', 'no: reserved-not-zero'],
	['a reserved byte of LAUNCH_TCB', 'no: reserved-not-zero'],
	['another value', 'yes'],
	['a migration agent', 'yes'],
	['a masked chip', 'no: chip-id-masked'],
	['provisional firmware', 'yes'],
	['a reported TCB above the committed one', 'yes'],
	['a committed TCB above the current one', 'yes'],
	['a launch TCB above the current one', 'yes'],
	['a microcode level above 127', 'yes'],
	['another level above 127', 'yes'],
	['firmware that is above what runs', 'yes'],
	['something behind the chip', 'no: chip-id-mismatch'],
	['another stepping', 'yes'],
	['a stepping above 15', 'yes'],
	['another model', 'yes'],
	['model 0xaf', 'yes'],
	['the processor of a product with the same TCB', 'no: product-mismatch certificate-name'],
	[
		'the processor of a product with another TCB',
		'no: reserved-not-zero product-mismatch certificate-name vek-extensions struct-version tcb-mismatch chip-id-mismatch',
	],
	['an unknown processor', 'no: product-unknown'],
	['no processor', 'no: product-unknown'],
	['a mitigation before version 5', 'no: reserved-not-zero'],
	['a processor in version 2', 'no: reserved-not-zero'],
	['mitigations', 'yes'],
	["another TCB's leaf", 'no: tcb-mismatch'],
	["another chip's leaf", 'no: chip-id-mismatch'],
	['a leaf without a level', 'no: vek-extensions tcb-mismatch', 'no: vek-extensions'],
	[
		'a leaf without another extension',
		'no: vek-extensions',
		'no: vek-extensions product-mismatch',
		'no: vek-extensions struct-version',
	],
	['a leaf without a chip', 'no: vek-extensions chip-id-mismatch'],
	['a leaf of chip and provider', 'no: vek-extensions'],
	['a reserved level', 'no: tcb-mismatch'],
	['another structVersion', 'no: struct-version'],
	['structVersion 7', 'no: struct-version'],
	['another stepping in the leaf', 'yes'],
	["another product's name", 'no: product-mismatch'],
	["no product's name", 'no: product-mismatch'],
	['a name in UTF-8', 'no: certificate-malformed'],
	['a level that is not minimal', 'no: certificate-malformed'],
	['a level that is negative', 'no: certificate-malformed'],
	['a level with more behind it', 'no: certificate-malformed'],
	['a chip in DER armour', 'no: chip-id-mismatch'],
	["an extension that is not AMD's", 'yes'],
	['a key identifier', 'yes'],
	["a critical extension that is not AMD's", 'no: critical-extension'],
	["another extension of AMD's", 'no: vek-extensions'],
	['an extension twice', 'no: certificate-malformed vek-missing'],
	['a leaf that is an authority', 'no: leaf-is-ca'],
	['a key on P-256', 'no: vek-key report-signature'],
	['a VLEK without a provider', 'no: vek-extensions'],
	['a good chain', 'yes'],
	['at the first second of the leaf', 'yes'],
	['a second before the leaf', 'no: certificate-not-yet-valid'],
	['at the last second of the leaf', 'yes'],
	['a second after the leaf', 'no: certificate-expired'],
	['before everything', 'no: certificate-not-yet-valid'],
	['after everything', 'no: certificate-expired'],
	['an intermediate that is over', 'no: certificate-expired'],
	['an intermediate that is not yet', 'no: certificate-not-yet-valid'],
	['a root that is over', 'no: certificate-expired'],
	['a flipped bit of the signature', 'no: vek-signature', 'no: intermediate-signature'],
	["a flipped bit of the root's signature", 'no: root-signature'],
	["the other hierarchy's intermediate", 'no: wrong-key-kind intermediate-missing'],
	["another hierarchy's leaf", 'no: product-mismatch certificate-name vek-signature'],
	[
		"a leaf of the other hierarchy's issuer, both given",
		'no: wrong-key-kind product-mismatch certificate-name intermediate-missing',
	],
	["a stranger's intermediate", 'no: intermediate-signature vek-signature'],
	["a stranger's leaf", 'no: vek-signature'],
	["a stranger's root", 'no: intermediate-signature'],
	["a chain of AMD's names that AMD did not make", 'no: root-not-pinned'],
	['the root as intermediate', 'open: intermediate-missing'],
	['the intermediate as root', 'open: root-missing'],
	[
		'a leaf of another name',
		'no: product-mismatch not-a-ca certificate-name intermediate-signature vek-missing',
		'no: wrong-key-kind vek-missing',
	],
	[
		'an intermediate of another name',
		'no: product-mismatch certificate-name',
		'no: wrong-key-kind product-mismatch certificate-name intermediate-missing',
	],
	['a root of another name', 'no: product-mismatch certificate-name'],
	['an issuer that is not the one above', 'no: product-mismatch certificate-name'],
	['an intermediate that is no authority', 'no: not-a-ca'],
	['an intermediate that may have others below it', 'no: not-a-ca'],
	['an intermediate that may not sign certificates', 'no: not-a-ca'],
	['an intermediate that does not say what it may sign', 'no: not-a-ca'],
	['a root that is no authority', 'no: not-a-ca'],
	['a critical extension that is not known', 'no: critical-extension'],
	['a critical extension that is not known in the root', 'no: critical-extension'],
	['a byte behind a certificate', 'no: certificate-malformed vek-missing', 'no: certificate-malformed intermediate-missing'],
	['no certificate', 'no: certificate-malformed vek-missing', 'no: certificate-malformed intermediate-missing'],
	['an intermediate signed with PKCS #1 v1.5', 'no: signature-scheme intermediate-signature'],
	['a leaf signed with PKCS #1 v1.5', 'no: signature-scheme vek-signature'],
	['an intermediate signed with PSS with SHA-256', 'no: signature-scheme intermediate-signature'],
	['a leaf signed with PSS with SHA-256', 'no: signature-scheme vek-signature'],
	['an intermediate signed with PSS with 32 bytes of salt', 'no: signature-scheme intermediate-signature'],
	['a leaf signed with PSS with 32 bytes of salt', 'no: signature-scheme vek-signature'],
];

function said({ report, at, trust, ...chain }: PeerCase): string {
	const evidence = { report: parseReport(report), certificates: given(chain), revocationLists: [] };
	const { genuine, reasons } = verifyReport(evidence, { at, trust, requireCrl: false, allowMaskedChip: false });
	const codes = [...new Set(reasons.map(({ code }) => code))].join(' ');
	return genuine === true ? 'yes' : `${genuine === null ? 'open' : 'no'}: ${codes}`;
}

const cases = Map.groupBy([...goodReports(), ...reportFaults(), ...leafFaults(), ...chainFaults()], ({ kind }) => kind);

test('every kind of fault has a row', (t) => {
	t.deepEqual(
		[...cases.keys()],
		rows.map(([kind]) => kind),
	);
});

for (const [kind, ...expected] of rows) {
	test(kind, (t) => {
		t.deepEqual(new Set((cases.get(kind) ?? []).map(said)), new Set(expected));
	});
}
