// A guest asks for its own attestation, and this program decides whether it is genuine and says what it must: nonce and channel
// key are ours, the chain ends in AMD's pinned roots, and the values are those that the guest was launched with.

import { z } from 'zod';
import type { QemuLaunch } from '../domain/qemu/command-line.ts';
import type { Expectation } from '../domain/snp/expectation.ts';
import { judgeReport } from '../domain/snp/judge-report.ts';
import type { Trust } from '../domain/snp/roots.ts';
import { type Expect, expectSchema } from '../language/expect.ts';
import { defineKind, type Observations } from '../language/kind.ts';
import { toExpectation } from '../language/load-expect.ts';
import { readLaunch, recomputeDigest, requestEmulator } from './live-emulator.ts';
import { readKeys, requestKeys } from './report-keys.ts';
import { type CollectedReport, readReport, requestReport } from './report-request.ts';
import { judgementOf, noReport, tableGuids } from './report-verdict.ts';

type Launched = 'policy' | 'host-data' | 'measurement';

export const attestation = defineKind({
	kind: 'attestation',
	summary: "The guest's attestation report: genuine by AMD's pinned roots, for our nonce, and as expected",
	target: 'guest',
	params: z.strictObject({
		launched: z
			.array(z.enum(['policy', 'host-data', 'measurement']))
			.min(1)
			.optional()
			.describe('Fields that must be what the running emulator was told; the measurement is computed anew from its firmware'),
		expect: expectSchema.optional().describe('What else the report must say'),
		'guest-features': z
			.string('Expected a number in hex and in quotes, for example "0x1"')
			.regex(/^0x[0-9a-f]{1,16}$/, 'Expected a number in hex and in quotes, for example "0x1"')
			.default('0x1')
			.describe('SEV_FEATURES of the guest, for the measurement'),
		'revocation-list': z
			.enum(['required', 'when-there'])
			.default('when-there')
			.describe("Whether the answer is open when AMD's revocation list cannot be had"),
	}),
	expectation: (params, { trust }) => ({ ...params, trust }),
	*observe({ launched }) {
		if (launched !== undefined) {
			yield* requestEmulator('live.', launched.includes('measurement'));
		}
		const seen = yield* requestReport('');
		yield* requestKeys('', reportBytes(seen));
	},
	judge(observations, expected) {
		const collected = readReport(observations, '');
		if ('code' in collected) {
			return noReport(collected);
		}
		const { expectation, inputs } = expectationOf(observations, collected, expected);
		const required = expected['revocation-list'] === 'required';
		const judged = judgeCollected(observations, '', collected, expectation, expected.trust, required);
		const judgement = judgementOf(judged, collected);
		return inputs === null ? judgement : { ...judgement, notes: [...(judgement.notes ?? []), `measured: ${inputs}`] };
	},
});

/** The report's bytes as the guest gave them, whichever way; nothing when there is none. */
export function reportBytes(observations: Observations, prefix = ''): Uint8Array {
	try {
		const collected = readReport(observations, prefix);
		return 'report' in collected ? collected.report : new Uint8Array();
	} catch {
		// Said by the judge, who reads the same.
		return new Uint8Array();
	}
}

/** Genuine by the certificates that were had, acceptable by this expectation. */
export function judgeCollected(
	observations: Observations,
	prefix: string,
	{ report, table }: CollectedReport,
	expectation: Expectation,
	trust: Trust,
	requireCrl: boolean,
) {
	const { certificates, revocationLists, reasons, at } = readKeys(observations, prefix, table);
	const options = { at, trust, requireCrl, allowMaskedChip: false };
	const missing = requireCrl ? reasons : reasons.filter(({ code }) => code !== 'crl-unavailable');
	return judgeReport({ report, certificates, revocationLists, tableGuids: tableGuids(table) }, options, expectation, missing);
}

interface Expected {
	readonly launched?: readonly Launched[] | undefined;
	readonly expect?: Expect | undefined;
	readonly 'guest-features': string;
}

/** What the suite says, our nonce, the level that was asked for, and what the emulator was told. */
function expectationOf(
	observations: Observations,
	{ data, level }: CollectedReport,
	{ launched = [], expect, 'guest-features': features }: Expected,
): { readonly expectation: Expectation; readonly inputs: string | null } {
	const base = toExpectation(expect ?? {}, () => new Uint8Array());
	const own = { ...base, reportData: data, vmpl: base.vmpl ?? level };
	const live = launched.length === 0 ? null : readLaunch(observations, 'live.');
	const measured = launched.includes('measurement') ? recomputeDigest(observations, 'live.', BigInt(features)) : null;
	return {
		expectation: {
			...own,
			...(live === null ? {} : launchedFields(live, launched)),
			...(measured === null ? {} : { measurements: [Buffer.from(measured.digest.digest, 'hex')] }),
		},
		inputs: measured?.inputs ?? null,
	};
}

/** QEMU's own values where the launch gives none: policy 0x30000, host data of zeros. */
function launchedFields({ sev }: QemuLaunch, launched: readonly Launched[]): Partial<Expectation> {
	return {
		...(launched.includes('policy') ? { policy: sev?.policy ?? 0x30000n } : {}),
		...(launched.includes('host-data') ? { hostData: sev?.hostData ?? new Uint8Array(32) } : {}),
	};
}
