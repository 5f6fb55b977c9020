import test from 'ava';
import { attestationPair } from './attestation-pair.ts';
import { attestedGuest, type GuestScript, guestChain } from './test-attested-guest.ts';
import { brief, drive, ran } from './test-observe.ts';

const older = { fmc: null, bootloader: 10, tee: 0, snp: 22, microcode: 84 };
const current = { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 };
let stale: Uint8Array | null = null;

const rows: readonly (readonly [title: string, script: GuestScript, expected: string])[] = [
	['two reports of one guest', {}, 'passed'],
	[
		'the second is of another guest',
		{ report: (_, count) => ({ reportId: new Uint8Array(32).fill(count) }) },
		'failed another-guest',
	],
	[
		'the second is of another launch',
		{ report: (_, count) => ({ tcb: { current, launch: count === 0 ? current : older } }) },
		'failed another-guest',
	],
	[
		'the first is given again',
		{
			report: (data) => {
				stale ??= data;
				return { reportData: stale };
			},
		},
		'failed report-data',
	],
	['the second is refused', { instead: { 'second.outblob': { kind: 'no-file', errno: 'EINVAL' } } }, 'failed report-refused'],
	[
		'the second cannot be asked for',
		{ instead: { 'second.mkdir': ran('', 1, 'mkdir: Permission denied\n') } },
		'error report-request',
	],
];

for (const [title, script, expected] of rows) {
	test(title, (t) => {
		const { judgement } = drive(attestationPair, { same: 'report-id' }, attestedGuest(script), guestChain.trust);
		t.is(brief(judgement), expected, JSON.stringify(judgement));
	});
}
