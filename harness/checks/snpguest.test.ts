import test from 'ava';
import { snpguest } from './snpguest.ts';
import { attestedGuest, type GuestScript, guestChain } from './test-attested-guest.ts';
import { brief, drive, ran } from './test-observe.ts';

const notSigned = ran(
	'',
	1,
	'ERROR: VEK did NOT sign the Attestation Report!\nError: VEK did NOT sign the Attestation Report!\n',
);
const lost = { kind: 'fault', code: 'kds-unavailable', message: 'the key service is away' } as const;

const rows: readonly (readonly [title: string, script: GuestScript, expected: string])[] = [
	['both verify', {}, 'passed'],
	['it refuses what we verify', { instead: { attestation: notSigned } }, 'failed verdicts-disagree'],
	[
		'its words say no though it exits with 0',
		{ instead: { attestation: ran('VEK did NOT sign the Attestation Report!\n') } },
		'failed verdicts-disagree',
	],
	[
		'its words say yes though it exits with 1',
		{ instead: { attestation: ran('VEK signed the Attestation Report!\n', 1) } },
		'failed verdicts-disagree',
	],
	['it verifies what we refuse', { report: () => ({ hwid: new Uint8Array(64).fill(9) }) }, 'failed verdicts-disagree'],
	[
		'both refuse',
		{ report: () => ({ hwid: new Uint8Array(64).fill(9) }), instead: { attestation: notSigned } },
		'failed both-refuse',
	],
	[
		'it gets no report',
		{ instead: { report: ran('', 1, 'Error: unable to fetch attestation report\n') } },
		'failed snpguest-no-report',
	],
	['it is not there', { instead: { version: ran('', 127, 'sh: line 1: snpguest: command not found\n') } }, 'error tool-missing'],
	['it is something else', { instead: { version: ran('sevctl 0.4\n') } }, 'error unrecognised-output'],
	['there is nothing to verify with', { instead: { chain: lost } }, 'error kds-unavailable'],
];

for (const [title, script, expected] of rows) {
	test(title, (t) => {
		const { judgement } = drive(snpguest, { agrees: 'verify' }, attestedGuest(script), guestChain.trust);
		t.is(brief(judgement), expected, JSON.stringify(judgement));
	});
}

test('it asks for the level of the guest, and its directory is gone after', (t) => {
	const { asked } = drive(snpguest, { agrees: 'verify' }, attestedGuest({ floor: 2 }), guestChain.trust);
	const argv = (name: string) => {
		const request = asked.find(([one]) => one === name)?.[1];
		return request?.do === 'exec' ? request.argv.join(' ') : '';
	};
	t.regex(argv('report'), /^snpguest report \S+\/report\.bin \S+\/request\.bin --vmpl 2$/);
	t.is(argv('removed'), 'rm -rf -- /tmp/tmp.AbCdEfGhIj');
});
