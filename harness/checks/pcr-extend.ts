// A PCR changes exactly as TPM 2.0 says, in every bank: reset, extend twice with a digest that snpgate made, reset again.
// The expected values are computed here; the TPM is only asked what it holds.

import { z } from 'zod';
import { type HashName, hashNames } from '../domain/tpm/algorithms.ts';
import { pcrExtend as extendCommand, getPcrBanks, pcrRead, pcrReset } from '../domain/tpm/commands.ts';
import { hex } from '../domain/tpm/marshal.ts';
import { parseDone } from '../domain/tpm/response.ts';
import { describeResponseCode, TPM_RC } from '../domain/tpm/response-codes.ts';
import { defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { type Extension, type PcrExtendReason, planExtension, valueAfter, valuesRead } from './pcr-extension.ts';
import { listBanks, tpmAnswer, tpmCommand, tpmDevice } from './tpm-answer.ts';

const onlyTheseTwo =
	'Expected 16 or 23: of the PCRs 0 to 23 these two alone can be reset by the guest, and so be left as they were found';

export const pcrExtend = defineKind({
	kind: 'pcr-extend',
	summary: 'TPM2_PCR_Extend gives H(old ‖ digest) in every bank, and TPM2_PCR_Reset gives zeros',
	target: 'guest',
	params: z.strictObject({
		pcr: z.literal([16, 23], onlyTheseTwo).default(16).describe('16 (debug) or 23 (application); left at zeros'),
		banks: z
			.union([z.literal('active'), z.array(z.enum(hashNames)).min(1, 'Expected at least one bank')], {
				error: "Expected 'active' or a list of sha1, sha256, sha384 and sha512",
			})
			.default('active')
			.describe("Banks that are extended: 'active', or a list of which each must be active"),
		confirm: z
			.literal('read', "Expected 'read': 'quote' is not available yet")
			.default('read')
			.describe("How the value is confirmed: 'read' asks the TPM for it"),
		device: tpmDevice,
	}),
	expectation: ({ pcr, banks }) => ({ pcr, banks }),
	*observe({ pcr, banks, device }) {
		const known = yield { banks: tpmCommand(device, getPcrBanks()), random: { do: 'random', length: 32 } };
		const extension = extensionOrNull(known, pcr, banks);
		if (extension === null || extension.missing.length > 0 || extension.chosen.length === 0) {
			return;
		}
		const reset = tpmCommand(device, pcrReset(pcr));
		const read = tpmCommand(device, pcrRead([...extension.chosen, ...extension.others], pcr));
		const extend = tpmCommand(device, extendCommand(pcr, extension.digests));
		yield { reset, before: read, extend, after: read, 'extend-again': extend, again: read, 'reset-after': reset, left: read };
	},
	judge(observations, { pcr, banks }) {
		const extension = planExtension(observations, pcr, banks);
		return (
			judgeBanks(extension, pcr) ??
			judgeDone(observations, 'reset', 'TPM2_PCR_Reset', pcr, 'reset-refused') ??
			judgeValues(observations, 'before', extension, pcr, 0, 'pcr-not-zero-after-reset') ??
			judgeDone(observations, 'extend', 'TPM2_PCR_Extend', pcr, 'extend-refused') ??
			judgeValues(observations, 'after', extension, pcr, 1, 'pcr-wrong-value') ??
			judgeDone(observations, 'extend-again', 'TPM2_PCR_Extend', pcr, 'extend-refused') ??
			judgeValues(observations, 'again', extension, pcr, 2, 'pcr-wrong-value') ??
			judgeDone(observations, 'reset-after', 'TPM2_PCR_Reset', pcr, 'reset-refused') ??
			judgeValues(observations, 'left', extension, pcr, 0, 'pcr-not-left-reset') ??
			passed(observations, extension, pcr)
		);
	},
});

/** Observing does not conclude: what cannot be planned is left to the judge, who sees the same answers. */
function extensionOrNull(observations: Observations, pcr: number, banks: 'active' | readonly HashName[]): Extension | null {
	try {
		return planExtension(observations, pcr, banks);
	} catch (error) {
		if (error instanceof Inconclusive) {
			return null;
		}
		throw error;
	}
}

function failed(code: PcrExtendReason, message: string, expected: string, actual: string): Judgement {
	return { outcome: 'failed', reason: { code, message }, expected, actual };
}

function judgeBanks({ chosen, others, missing }: Extension, pcr: number): Judgement | null {
	if (missing.length > 0) {
		const active = [...chosen, ...others];
		const message = `PCR ${pcr} is not allocated in the bank ${listBanks(missing)}`;
		return failed(
			'bank-not-active',
			message,
			`active banks ${listBanks([...chosen, ...missing])}`,
			`active banks ${listBanks(active)}`,
		);
	}
	if (chosen.length === 0) {
		const message = `PCR ${pcr} is not allocated in any bank that snpgate can compute`;
		return failed('no-active-bank', message, `an active bank of ${listBanks(hashNames)}`, 'active banks none');
	}
	return null;
}

function judgeDone(
	observations: Observations,
	name: string,
	command: string,
	pcr: number,
	code: PcrExtendReason,
): Judgement | null {
	const result = tpmAnswer(observations, name, parseDone);
	if (result.ok) {
		return null;
	}
	const what = `${command} of PCR ${pcr}`;
	const refusal = describeResponseCode(result.code);
	const message = `The TPM refused ${what} with ${refusal}`;
	return failed(code, message, `${what}: ${describeResponseCode(TPM_RC.SUCCESS)}`, `${what}: ${refusal}`);
}

/** Compares every bank with its value after so many extensions since the reset; the first that differs decides. */
function judgeValues(
	observations: Observations,
	name: string,
	extension: Extension,
	pcr: number,
	times: 0 | 1 | 2,
	code: PcrExtendReason,
): Judgement | null {
	const values = valuesRead(observations, name, pcr);
	for (const bank of [...extension.chosen, ...extension.others]) {
		const actual = values.get(bank);
		if (actual === undefined) {
			throw new Inconclusive('unrecognised-output', `The TPM's answer to '${name}' has no value of PCR ${pcr} in ${bank}`);
		}
		const expected = hex(valueAfter(extension, bank, times));
		const line = `PCR ${pcr} ${bank} = ${hex(actual)}`;
		if (hex(actual) === expected) {
			continue;
		}
		const wanted = `PCR ${pcr} ${bank} = ${expected}`;
		if (times > 0 && extension.others.includes(bank)) {
			const message = `An extension of ${listBanks(extension.chosen)} changed PCR ${pcr} in ${bank}`;
			return failed('other-bank-changed', message, wanted, line);
		}
		if (times > 0 && hex(actual) === hex(valueAfter(extension, bank, times - 1))) {
			const message = `The TPM reported success and PCR ${pcr} did not change in ${bank}`;
			return failed('pcr-unchanged', message, wanted, `${line} (unchanged)`);
		}
		return failed(code, `PCR ${pcr} holds a wrong value in ${bank} ('${name}')`, wanted, line);
	}
	return null;
}

/** Computed beside read: whoever reads the report can compare them too. */
function passed(observations: Observations, extension: Extension, pcr: number): Judgement {
	const read = valuesRead(observations, 'again', pcr);
	const list = (value: (bank: HashName) => Uint8Array | undefined) =>
		extension.chosen.map((bank) => `${bank} = ${hex(value(bank) ?? new Uint8Array())}`).join(', ');
	return {
		outcome: 'passed',
		expected: `PCR ${pcr} H(H(0 ‖ digest) ‖ digest): ${list((bank) => valueAfter(extension, bank, 2))}, and 0 after the reset`,
		actual: `PCR ${pcr} read: ${list((bank) => read.get(bank))}, and 0 after the reset`,
		...(extension.unknown.length > 0
			? { notes: [`Not judged: the active bank ${listBanks(extension.unknown)}, whose hash is not known here`] }
			: {}),
	};
}
