import test from 'ava';
import { attestationRefused } from './attestation-refused.ts';
import { attestedGuest, type GuestScript, guestChain } from './test-attested-guest.ts';
import { brief, drive, ran, read } from './test-observe.ts';

const refused = { kind: 'no-file', errno: 'EINVAL' } as const;

const rows: readonly (readonly [title: string, script: GuestScript, expected: string])[] = [
	['the kernel refuses the level', { floor: 2, instead: { level: refused } }, 'passed'],
	['the firmware refuses the report', { floor: 2, instead: { outblob: refused } }, 'passed'],
	['a report for the level above', { floor: 2 }, 'failed report-not-refused'],
	['bytes that are no report', { floor: 1, instead: { outblob: read('x') } }, 'failed report-not-refused'],
	['there is no level above', { floor: 0 }, 'error no-lower-level'],
	[
		'no request could be made',
		{ floor: 2, instead: { mkdir: ran('', 1, 'mkdir: x: Permission denied\n') } },
		'error report-request',
	],
];

for (const [title, script, expected] of rows) {
	test(title, (t) => {
		const { judgement, asked } = drive(attestationRefused, { level: 'below-floor' }, attestedGuest(script), guestChain.trust);
		t.is(brief(judgement), expected, JSON.stringify(judgement));
		const level = asked.find(([name]) => name === 'level')?.[1];
		t.true(
			level === undefined || (level.do === 'write-file' && 'text' in level && level.text === `${(script.floor ?? 0) - 1}\n`),
		);
	});
}
