// A PCR that firmware and bootloader measure into cannot be reset by the guest: the negative side of measured boot.

import { z } from 'zod';
import { pcrReset as resetCommand } from '../domain/tpm/commands.ts';
import { parseDone } from '../domain/tpm/response.ts';
import { describeResponseCode, TPM_RC } from '../domain/tpm/response-codes.ts';
import { defineKind } from '../language/kind.ts';
import { tpmAnswer, tpmCommand, tpmDevice, unexpectedCode } from './tpm-answer.ts';

/** Why it can fail. */
export const pcrResetReasons = ['reset-accepted'] as const;

const [accepted] = pcrResetReasons;

export const pcrReset = defineKind({
	kind: 'pcr-reset',
	summary: 'TPM2_PCR_Reset of a PCR of the static root of trust is refused with TPM_RC_LOCALITY',
	target: 'guest',
	params: z.strictObject({
		pcr: z
			.int('Expected the number of a PCR, 0 to 15')
			.min(0, 'Expected the number of a PCR, 0 to 15')
			.max(15, 'Expected a PCR of 0 to 15: those that no software may reset')
			.describe('PCR of the static root of trust; a TPM that is broken loses its value'),
		outcome: z.literal('refused', "Expected 'refused': a reset of these PCRs is never right").describe('What must come of it'),
		device: tpmDevice,
	}),
	expectation: ({ pcr }) => ({ pcr }),
	*observe({ pcr, device }) {
		yield { reset: tpmCommand(device, resetCommand(pcr)) };
	},
	judge(observations, { pcr }) {
		const command = `TPM2_PCR_Reset of PCR ${pcr}`;
		const expected = `${command}: ${describeResponseCode(TPM_RC.LOCALITY)}`;
		const result = tpmAnswer(observations, 'reset', parseDone);
		const code = result.ok ? TPM_RC.SUCCESS : result.code;
		const actual = `${command}: ${describeResponseCode(code)}`;
		if (code === TPM_RC.SUCCESS) {
			const message = `The TPM let the guest reset PCR ${pcr}, so its value proves nothing about the boot`;
			return { outcome: 'failed', reason: { code: accepted, message }, expected, actual };
		}
		if (code !== TPM_RC.LOCALITY) {
			throw unexpectedCode('reset', code);
		}
		return { outcome: 'passed', expected, actual };
	},
});
