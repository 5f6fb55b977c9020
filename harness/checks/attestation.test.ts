import { createHash } from 'node:crypto';
import test from 'ava';
import { buildCertificateTable } from '../domain/snp/certificate-table.ts';
import { testNow } from '../domain/snp/test-chain.ts';
import type { Answer } from '../ports.ts';
import { attestation } from './attestation.ts';
import { attestedGuest, channelKey, type GuestScript, guestChain } from './test-attested-guest.ts';
import { absent, brief, drive, ran, read } from './test-observe.ts';

const errno = (name: string): Answer => ({ kind: 'no-file', errno: name });
const fault = (code: 'kds-throttled' | 'kds-unknown-chip' | 'kds-masked-chip' | 'kds-unavailable'): Answer => ({
	kind: 'fault',
	code,
	message: 'the key service did not give it',
});
const refused = (why: string) => ran('', 1, `mkdir: cannot create directory '/sys/kernel/config/tsm/report/snpgate-x': ${why}\n`);
const inverted = (data: Uint8Array) => Uint8Array.from(data, (byte) => byte ^ 0xff);

/** A cloud provider's key: its certificate comes with the report, and is good for a year. */
const underVlek = () => ({ signedWith: 'VLEK', hwid: null }) as const;
const vlek = {
	report: underVlek,
	instead: {
		auxblob: {
			kind: 'file',
			bytes: buildCertificateTable([{ role: 'VLEK', data: guestChain.vlek() }]),
			truncated: false,
		},
	},
} as const satisfies GuestScript;
const later: Answer = { kind: 'time', iso: new Date(testNow + 2 * 365 * 24 * 3600 * 1000).toISOString() };

type Row = readonly [title: string, params: object, script: GuestScript, expected: string];

const rows: readonly Row[] = [
	['a genuine report', {}, {}, 'passed'],
	['the policy, host data and measurement of the launch', { launched: ['policy', 'host-data', 'measurement'] }, {}, 'passed'],
	['a guest below an SVSM', { expect: { vmpl: 2 } }, { floor: 2 }, 'passed'],
	['a report for another nonce', {}, { report: (data) => ({ reportData: inverted(data) }) }, 'failed report-data'],
	[
		'our nonce, bound to another channel',
		{},
		{ report: (data) => ({ reportData: Buffer.concat([data.subarray(0, 32), inverted(data.subarray(32))]) }) },
		'failed report-data',
	],
	['another policy than launched', { launched: ['policy'] }, { report: () => ({ policy: 0x30100n }) }, 'failed policy'],
	['a policy that allows debugging', {}, { report: () => ({ policy: 0xb0000n }) }, 'failed debug-allowed'],
	[
		'another firmware than the running one',
		{ launched: ['measurement'] },
		{ report: () => ({ measurement: new Uint8Array(48).fill(7) }) },
		'failed measurement',
	],
	[
		'other host data than launched',
		{ launched: ['host-data'] },
		{ report: () => ({ hostData: new Uint8Array(32).fill(7) }) },
		'failed host-data',
	],
	['another level than asked for', {}, { report: () => ({ vmpl: 3 }) }, 'failed vmpl'],
	['another level than the suite says', { expect: { vmpl: 0 } }, { floor: 2 }, 'failed vmpl'],
	['a TCB that is too old', { expect: { 'min-tcb': { reported: { snp: 24 } } } }, {}, 'failed tcb-floor'],
	["another chip's report", {}, { report: () => ({ hwid: new Uint8Array(64).fill(9) }) }, 'failed chip-id-mismatch'],
	['a root that nobody trusts', {}, {}, 'failed root-not-pinned'],
	['bytes that are no report', {}, { instead: { outblob: read('no report') } }, 'failed report-length'],
	['a report of zeros', {}, { instead: { outblob: read('\0'.repeat(1184)) } }, 'failed report-empty'],

	['no provider', {}, { instead: { mkdir: refused('No such device or address') } }, 'failed no-report-provider'],
	['the request is refused', {}, { instead: { outblob: errno('EINVAL') } }, 'failed report-refused'],
	['the key to the firmware is gone', {}, { instead: { outblob: errno('ENOTTY') } }, 'failed vmpck-wiped'],
	['the counter ran over', {}, { instead: { outblob: errno('EIO') } }, 'failed report-sequence'],
	['the answer does not decrypt', {}, { instead: { outblob: errno('EBADMSG') } }, 'failed report-not-authentic'],
	['too big', {}, { instead: { outblob: errno('EFBIG') } }, 'failed report-too-big'],
	['the level is refused', {}, { instead: { level: errno('EINVAL') } }, 'failed report-refused'],
	['throttled', {}, { instead: { outblob: errno('ETIMEDOUT') } }, 'error throttled'],
	['busy', {}, { instead: { inblob: errno('EBUSY') } }, 'error report-request'],
	['not root', {}, { instead: { mkdir: refused('Permission denied') } }, 'error report-request'],
	['another writer', {}, { instead: { after: read('3\n') } }, 'error generation-conflict'],
	['a floor that is no number', {}, { instead: { floor: read('low\n') } }, 'error unrecognised-output'],

	[
		'no interface, no device',
		{},
		{ instead: { mkdir: refused('No such file or directory'), device: ran('', 127) } },
		'failed no-report-interface',
	],
	[
		'the device refuses',
		{},
		{ instead: { mkdir: refused('No such file or directory'), device: ran('', 1, 'errno ENOTTY: gone\n') } },
		'failed vmpck-wiped',
	],
	[
		'the device is not there',
		{},
		{ instead: { mkdir: refused('No such file or directory'), device: ran('', 1, 'errno ENOENT: /dev/sev-guest\n') } },
		'failed no-report-interface',
	],
	[
		'the device says what nobody knows',
		{},
		{ instead: { mkdir: refused('No such file or directory'), device: ran('Traceback', 1) } },
		'error unrecognised-output',
	],

	['the key service throttles', {}, { instead: { leaf: fault('kds-throttled') } }, 'error kds-throttled'],
	['the key service does not know the chip', {}, { instead: { leaf: fault('kds-unknown-chip') } }, 'error kds-unknown-chip'],
	['the key service has no chain', {}, { instead: { chain: fault('kds-unavailable') } }, 'error kds-unavailable'],
	['no revocation list', {}, { instead: { crl: fault('kds-unavailable') } }, 'passed'],
	[
		'no revocation list where one must be',
		{ 'revocation-list': 'required' },
		{ instead: { crl: fault('kds-unavailable') } },
		'error crl-unavailable',
	],
	[
		'a revoked intermediate',
		{},
		{ instead: { crl: { kind: 'bytes', bytes: guestChain.crl({ revoked: [guestChain.ask.serial] }) } } },
		'failed intermediate-revoked',
	],
	['a VLEK that the host gives', {}, vlek, 'passed'],
	['a VLEK that nobody gives', {}, { report: underVlek }, 'error vek-missing'],
	['a table that is damaged', {}, { report: underVlek, instead: { auxblob: read('damaged') } }, 'error vek-missing'],
	['an expired VLEK', {}, { ...vlek, instead: { ...vlek.instead, now: later } }, 'failed certificate-expired'],
	['an answer that was not observed', {}, { instead: { now: absent } }, 'error not-observed'],
	['the emulator is not known', { launched: ['policy'] }, { instead: { 'live.argv': absent } }, 'error emulator-unknown'],
	[
		'the process is no emulator',
		{ launched: ['policy'] },
		{ instead: { 'live.program': ran('/usr/bin/bash\n') } },
		'error unrecognised-output',
	],
	[
		'the firmware cannot be read',
		{ launched: ['measurement'] },
		{ instead: { 'live.firmware': errno('EACCES') } },
		'error no-firmware-file',
	],
	[
		'the firmware is none',
		{ launched: ['measurement'] },
		{ instead: { 'live.firmware': read('none') } },
		'error firmware-not-measurable',
	],
];

for (const [title, params, script, expected] of rows) {
	test(title, (t) => {
		const trust = title === 'a root that nobody trusts' ? ({ by: 'pins' } as const) : guestChain.trust;
		const { judgement } = drive(attestation, params, attestedGuest(script), trust);
		t.is(brief(judgement), expected, JSON.stringify(judgement));
	});
}

test('REPORT_DATA is our nonce and the SHA-256 of the channel key; without one it says so', (t) => {
	const bound = drive(attestation, {}, attestedGuest({}), guestChain.trust);
	const written = bound.asked.find(([name]) => name === 'inblob')?.[1];
	const hex = written?.do === 'write-file' && 'hex' in written ? written.hex : '';
	t.is(hex.length, 128);
	t.is(hex.slice(64), createHash('sha256').update(channelKey).digest('hex'));
	const unbound = drive(
		attestation,
		{},
		attestedGuest({ instead: { channel: { kind: 'bytes', bytes: new Uint8Array() } } }),
		guestChain.trust,
	);
	t.is(unbound.judgement.outcome, 'passed');
	t.regex((unbound.judgement.notes ?? []).join('\n'), /proved no key, so that REPORT_DATA holds our nonce alone/);
});

test('what is asked of the kernel: a directory of its own, the floor as the level, one report, and the directory is gone after', (t) => {
	const { asked } = drive(attestation, {}, attestedGuest({ floor: 2 }), guestChain.trust);
	t.deepEqual(
		asked.map(([name]) => name),
		[
			'nonce',
			'channel',
			'mkdir',
			'provider',
			'floor',
			'before',
			'level',
			'inblob',
			'outblob',
			'auxblob',
			'after',
			'rmdir',
			'now',
			'leaf',
			'chain',
			'crl',
		],
	);
	const level = asked.find(([name]) => name === 'level')?.[1];
	t.like(level, { do: 'write-file', text: '2\n' });
	const [made, removed] = ['mkdir', 'rmdir'].map((name) => asked.find(([one]) => one === name)?.[1]);
	t.is(made?.do === 'exec' ? made.argv[1] : '', removed?.do === 'exec' ? (removed.argv[1] ?? '-') : '-');
});

test('a request that fails is not made again: it could cost the guest its key', (t) => {
	const { asked } = drive(attestation, {}, attestedGuest({ instead: { outblob: errno('EBADMSG') } }), guestChain.trust);
	t.is(asked.filter(([name]) => name === 'outblob').length, 1);
	t.true(asked.some(([name]) => name === 'rmdir'));
});

test('what an attestation does not cover is said', (t) => {
	const { judgement } = drive(attestation, { launched: ['measurement'] }, attestedGuest({}), guestChain.trust);
	const notes = (judgement.notes ?? []).join('\n');
	t.regex(notes, /^not covered by an attestation: /m);
	t.regex(notes, /^measured: .*OVMF\.amdsev\.fd \(\d+ bytes\), 2 vCPUs, EPYC-v4 \(0x800f12\), no kernel hashes$/m);
});
