import test from 'ava';
import { judgeReport } from '../domain/snp/judge-report.ts';
import { attestationForged, createAttestationForged } from './attestation-forged.ts';
import { attestedGuest, type GuestScript, guestChain } from './test-attested-guest.ts';
import { absent, brief, drive, ran } from './test-observe.ts';

const lost = { kind: 'fault', code: 'kds-unavailable', message: 'the key service is away' } as const;
const rows: readonly (readonly [title: string, script: GuestScript, expected: string])[] = [
	['is refused', {}, 'passed'],
	['cannot be made without the certificate', { instead: { leaf: lost } }, 'error kds-unavailable'],
	['cannot be made without a report', { instead: { outblob: absent } }, 'failed no-report-interface'],
	[
		'cannot be made where nothing may be asked',
		{ instead: { mkdir: ran('', 1, 'mkdir: x: Permission denied\n') } },
		'error report-request',
	],
];

for (const forge of ['report', 'chip']) {
	for (const [title, script, expected] of rows) {
		test(`${forge}: a forgery ${title}`, (t) => {
			const { judgement } = drive(attestationForged, { forge }, attestedGuest(script), guestChain.trust);
			t.is(brief(judgement), expected, JSON.stringify(judgement));
		});
	}

	test(`${forge}: a verifier that believes everything is found out`, (t) => {
		const credulous = createAttestationForged((...given) => ({ ...judgeReport(...given), verdict: 'pass', reasons: [] }));
		t.is(brief(drive(credulous, { forge }, attestedGuest({}), guestChain.trust).judgement), 'failed forgery-not-refused');
	});

	test(`${forge}: a verifier that refuses for another reason is found out`, (t) => {
		const other = createAttestationForged((...given) => {
			const judged = judgeReport(...given);
			const wanted = forge === 'report' ? 'report-signature' : 'chip-id-mismatch';
			return { ...judged, reasons: judged.reasons.filter(({ code }) => code !== wanted) };
		});
		t.is(brief(drive(other, { forge }, attestedGuest({}), guestChain.trust).judgement), 'failed forgery-not-refused');
	});
}
