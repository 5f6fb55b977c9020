// A report that the guest has no right to is refused: one for a level above its own, which is the SVSM's.

import { z } from 'zod';
import { ParseError } from '../domain/parse-error.ts';
import { parseReport } from '../domain/snp/report.ts';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { execAnswer, execText, fileBytes } from '../language/observations.ts';
import { requestReport } from './report-request.ts';

export const attestationRefused = defineKind({
	kind: 'attestation-refused',
	summary: 'A report for a VMPL below the floor of the guest (more privileged than it is) is refused',
	target: 'guest',
	params: z.strictObject({ level: z.literal('below-floor') }),
	expectation: (params) => params,
	*observe() {
		yield* requestReport('', 'below');
	},
	judge(observations) {
		const made = execAnswer(observations, 'mkdir');
		if (made.status !== 0) {
			throw new Inconclusive(
				'report-request',
				`the request could not be made: ${execText(observations, 'mkdir', 'stderr').trim()}`,
			);
		}
		const floor = fileBytes(observations, 'floor');
		const level = 'errno' in floor ? '' : Buffer.from(floor).toString().trim();
		if (!/^[1-3]$/.test(level)) {
			throw new Inconclusive('no-lower-level', `there is no level below the floor of this guest ('${level}')`);
		}
		const expected = `VMPL ${Number(level) - 1} refused to a guest at VMPL ${level}`;
		const [written, report] = [fileBytes(observations, 'level'), fileBytes(observations, 'outblob')];
		// The kernel keeps the last valid level, so that a report after a refused write is for another one.
		if ('errno' in written) {
			return { outcome: 'passed', expected, actual: `the kernel refused the level (${written.errno})` };
		}
		if ('errno' in report) {
			return { outcome: 'passed', expected, actual: `the firmware refused the report (${report.errno})` };
		}
		const reason = { code: 'report-not-refused', message: 'the guest got a report for a level above its own' };
		return { outcome: 'failed', reason, expected, actual: levelOf(report) };
	},
});

function levelOf(report: Uint8Array): string {
	try {
		return `a report with VMPL ${parseReport(report).vmpl}`;
	} catch (error) {
		if (error instanceof ParseError) {
			return `${report.length} bytes that are no report`;
		}
		throw error;
	}
}
