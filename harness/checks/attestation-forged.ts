// What is forged is refused by us: the guest's own report with one bit changed, and with the certificate of another chip. It
// shows on this machine's own evidence that the verdict of the other checks can be no.

import { z } from 'zod';
import { vekExtensions } from '../domain/snp/amd-certificate.ts';
import { defaultExpectation } from '../domain/snp/expectation.ts';
import { judgeReport } from '../domain/snp/judge-report.ts';
import { reportFields } from '../domain/snp/report.ts';
import { parseCertificate } from '../domain/x509/certificate.ts';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { reportBytes } from './attestation.ts';
import { readKeys, requestKeys } from './report-keys.ts';
import { readReport, requestReport } from './report-request.ts';
import { noReport } from './report-verdict.ts';

/** `judgeForged` is the verdict that is put to the test. */
export function createAttestationForged(judgeForged: typeof judgeReport) {
	return defineKind({
		kind: 'attestation-forged',
		summary: 'A tampered report, or one with the certificate of another chip, is refused by this program',
		target: 'guest',
		params: z.strictObject({
			forge: z.enum(['report', 'chip']).describe('One bit of MEASUREMENT, or the identifier in the certificate'),
		}),
		expectation: (params, { trust }) => ({ ...params, trust }),
		*observe() {
			const seen = yield* requestReport('');
			yield* requestKeys('', reportBytes(seen));
		},
		judge(observations, { forge, trust }) {
			const collected = readReport(observations, '');
			if ('code' in collected) {
				return noReport(collected);
			}
			const { certificates, at, reasons: lacking } = readKeys(observations, '', collected.table);
			const leafAt = certificates.findIndex(({ der }) => isLeaf(der));
			const leaf = certificates[leafAt];
			if (leaf === undefined) {
				const [first] = lacking;
				throw new Inconclusive(first?.code ?? 'vek-missing', first?.message ?? 'there is no certificate to forge with');
			}
			const report = forge === 'report' ? flipped(collected.report, reportFields.MEASUREMENT[0]) : collected.report;
			const given = forge === 'report' ? certificates : certificates.with(leafAt, { source: 'forged', der: forgeChip(leaf.der) });
			const wanted = forge === 'report' ? 'report-signature' : 'chip-id-mismatch';
			const options = { at, trust, requireCrl: false, allowMaskedChip: false };
			const evidence = { report, certificates: given, revocationLists: [], tableGuids: null };
			const { verdict, reasons } = judgeForged(evidence, options, {
				...defaultExpectation,
				allowDebug: true,
				allowProvisional: true,
			});
			const codes = reasons.map(({ code }) => code);
			const expected = `fail, for '${wanted}' among others`;
			const actual = `${verdict}, for ${codes.join(', ') || 'no reason'}`;
			if (verdict === 'fail' && codes.some((code) => code === wanted)) {
				return { outcome: 'passed', expected, actual };
			}
			return {
				outcome: 'failed',
				reason: { code: 'forgery-not-refused', message: 'a forged report was not refused' },
				expected,
				actual,
			};
		},
	});
}

export const attestationForged = createAttestationForged(judgeReport);

function flipped(bytes: Uint8Array, at: number): Uint8Array {
	const copy = Uint8Array.from(bytes);
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
}

function isLeaf(der: Uint8Array): boolean {
	try {
		return parseCertificate(der).extensions.has(vekExtensions.hwID);
	} catch {
		return false;
	}
}

/** The leaf with another chip's identifier; its signature is then wrong as well, which no test here can help. */
function forgeChip(der: Uint8Array): Uint8Array {
	const hwid = parseCertificate(der).extensions.get(vekExtensions.hwID);
	return hwid === undefined ? der : flipped(der, hwid.offset);
}
