// Two nonces give two reports of one guest: each for its own nonce, both with the same REPORT_ID and launch.

import { z } from 'zod';
import { defaultExpectation } from '../domain/snp/expectation.ts';
import { defineKind } from '../language/kind.ts';
import { judgeCollected, reportBytes } from './attestation.ts';
import { requestKeys } from './report-keys.ts';
import { readReport, requestReport } from './report-request.ts';
import { judgementOf, noReport } from './report-verdict.ts';

const prefixes = ['first.', 'second.'] as const;

export const attestationPair = defineKind({
	kind: 'attestation-pair',
	summary: 'Two reports for two nonces: both genuine, each for its own nonce, of one guest',
	target: 'guest',
	params: z.strictObject({ same: z.literal('report-id').describe('What both must have in common') }),
	expectation: (params, { trust }) => ({ ...params, trust }),
	*observe() {
		for (const prefix of prefixes) {
			const seen = yield* requestReport(prefix);
			yield* requestKeys(prefix, reportBytes(seen, prefix));
		}
	},
	judge(observations, { trust }) {
		const judged = [];
		for (const prefix of prefixes) {
			const collected = readReport(observations, prefix);
			if ('code' in collected) {
				return noReport(collected);
			}
			const expectation = { ...defaultExpectation, reportData: collected.data, vmpl: collected.level, allowDebug: true };
			const verdict = judgeCollected(observations, prefix, collected, expectation, trust, false);
			if (verdict.verdict !== 'pass' || verdict.report === null) {
				return judgementOf(verdict, collected);
			}
			judged.push(verdict.report);
		}
		const [first, second] = judged;
		const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
		const [a, b] = [hex(first?.reportId), hex(second?.reportId)];
		const [early, late] = [hex(first?.launchTcb), hex(second?.launchTcb)];
		const expected = 'two genuine reports, each for its nonce, with one REPORT_ID and one LAUNCH_TCB';
		const actual = `REPORT_ID ${a} and ${b}, LAUNCH_TCB ${early} and ${late}`;
		if (a === b && early === late) {
			return { outcome: 'passed', expected, actual };
		}
		const reason = { code: 'another-guest', message: 'the two reports are not of one guest and launch' };
		return { outcome: 'failed', reason, expected, actual };
	},
});
