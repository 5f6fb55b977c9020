// snphost and snpguest: the words of several versions, and sentences about them that are not theirs.

import test from 'ava';
import { snpguest } from './snpguest.ts';
import { snphost } from './snphost.ts';

const codes = (text: string) => snpguest.read(text).signs.map(({ code }) => code);

const status = (words: string, number: string) =>
	`ERROR: ${words}\nbecause: Firmware Error Encountered: Known SEV FW Error: Status Code: ${number}: words of the firmware.\n`;
const opening = (why: string) =>
	`ERROR: failed to open SEV firmware device.\nbecause: ${why}\nError: failed to open SEV firmware device.\n`;
const denied = 'Permission denied (os error 13)';
const absent = 'No such file or directory (os error 2)';

const said: readonly (readonly [string, string, readonly string[]])[] = [
	['a refused report, up to 0.8', status('unable to fetch attestation report', '0x16'), ['fw-invalid-parameter']],
	['a refused report, since 0.9', status('unable to get attestation report', '0x16'), ['fw-invalid-parameter']],
	['another refusal', status('unable to get attestation report', '0x27'), ['report-refused-by-firmware']],
	['a device that is not there', opening(absent), ['sev-guest-device-missing']],
	['a device that is closed', opening(denied), ['not-root']],
	['a device that is closed, up to 0.6', `Error: unable to open /dev/sev-guest\n\nCaused by:\n    ${denied}\n`, ['not-root']],
	['a service without the certificate', 'Error: Unable to fetch VCEK from URL: 404\n', ['kds-refused']],
	[
		'a service that throttles',
		'$ snpguest fetch ca pem ./certs milan\nERROR: Unable to fetch certificate: 429\n',
		['kds-refused'],
	],
	['a service that fails', '$ ./snpguest fetch crl der . milan\nError: unable to fetch CRL from URL: 503\n', ['kds-refused']],
	['a chain in numbered lines', '    0: The AMD ASK was not signed by the AMD ARK!\n', ['certificate-chain-broken']],
	['a report alone on its line', '  VLEK did NOT sign the Attestation Report!\n', ['report-not-signed']],
	['another TCB', 'Error: Report TCB FMC and Certificate FMC mismatch encountered.\n', ['certificate-of-another-report']],
	['a missing tool', '-bash: snpguest: command not found\n', ['tool-missing']],
];
for (const [title, text, expected] of said) {
	test(`snpguest: ${title}`, (t) => {
		t.is(snpguest.recognise(text), 3);
		t.like({ snp: snpguest.read(text).snp, codes: codes(text) }, { snp: 'unknown', codes: expected });
	});
}

for (const text of [
	'"VCEK did NOT sign the Attestation Report!" is printed for another TCB.',
	'    verify: say that the VCEK did NOT sign the Attestation Report!',
	'Before, "The AMD ARK was self-signed!" was printed in both cases.',
	'            return Err(anyhow::anyhow!("VEK did NOT sign the Attestation Report!"));',
	'                    println!("The AMD ARK was self-signed!");',
	'* VCEK did NOT sign the Attestation Report!',
	'When VCEK did NOT sign the Attestation Report! is seen, fetch it again.',
	'The VCEK was signed by the AMD ASK! is the third line of it.',
	'Reported TCB SNP from certificate matches the attestation report. This is good.',
	'`unable to get attestation report` means status 0x16',
	'Install it when you see snpguest: command not found here.',
	'Unable to fetch VCEK from URL: 200 of 300 bytes',
	'Error: Unable to fetch certificate: 503',
]) {
	test(`nothing of snpguest's: ${text}`, (t) => {
		t.is(snpguest.recognise(text), 0);
		t.deepEqual(codes(text), []);
	});
}

test('the number alone says nothing without a request for a report', (t) => {
	t.deepEqual(codes('because: Known SEV FW Error: Status Code: 0x16: Given parameter is invalid.\n'), []);
});

const counts = '25 tests: 25 passed, 0 failed, 0 skipped\n';
test('a short answer that all passed is a witness and no proof: none of the tests is in it', (t) => {
	const text = `$ sudo snphost ok --short\n\n${counts}All tests passed.\n`;
	t.is(snphost.recognise(text), 2);
	t.like(snphost.read(text), { snp: 'unknown', signs: [], facts: { counts: { pass: 25, fail: 0, skip: 0 }, failed: [] } });
	t.is(snphost.recognise(`${counts}All tests passed.\n`), 0, 'any other test program says this');
});

test('a short answer with failures lists them, and counts what passed', (t) => {
	const text = 'Failures:\n[ FAIL ] - Alias check\n\n25 tests: 20 passed, 1 failed, 4 skipped\n';
	t.like(snphost.read(text), { snp: 'unknown', facts: { counts: { pass: 20, fail: 1, skip: 4 }, failed: ['Alias check'] } });
});

test('KVM without SEV has no SEV-SNP, unless it says that it has', (t) => {
	const off = '[ PASS ] - KVM supported: API version: 12\n[ FAIL ]   - SEV enabled in KVM: disabled\n';
	t.like(snphost.read(off), { snp: 'unusable' });
	t.deepEqual(
		snphost.read(off).signs.map(({ code }) => code),
		['sev-off-in-kvm'],
	);
	t.like(snphost.read(`${off}[ PASS ]   - SEV-SNP enabled in KVM\n`), { snp: 'unknown', signs: [] });
	t.is(snphost.read(off.replace('disabled', 'Error: No such file or directory (os error 2)')).snp, 'unknown');
});

const document = (status: string) =>
	JSON.stringify({
		tests: [
			{ name: 'SNP', status, message: 'x' },
			{ name: 'RMP table initialized', status },
		],
		skipped: ['Alias check'],
	});
test('of several documents of JSON the last one of each test counts', (t) => {
	const text = `$ snphost ok -o json\n${document('fail')}\n$ sudo snphost ok -o json\n${document('pass')}\n`;
	t.is(snphost.recognise(text), 3);
	t.like(snphost.read(text), { facts: { failed: [], skipped: ['Alias check'], counts: { pass: 2, fail: 0, skip: 1 } } });
	t.is(snphost.recognise('{"tests": []}\n{"tests": [{"name": "unit", "status": "pass"}]}\n'), 0);
});

for (const text of [
	'If you get `snphost: command not found`, install it with dnf.',
	'One or more tests in snphost ok reported a failure, says the guide.',
	'bail!("One or more tests in sevctl-ok reported a failure")',
	'snphost shows 24 tests: 24 passed, 0 failed, 0 skipped today',
]) {
	test(`nothing of snphost's: ${text}`, (t) => {
		t.is(snphost.recognise(text), 0);
	});
}
