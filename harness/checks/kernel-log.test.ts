import test from 'ava';
import { kernelLog } from './kernel-log.ts';
import { brief, drive, ran, unreachable } from './test-observe.ts';

const rmp = { must: ['^SEV-SNP: RMP table physical range'], 'must-not': ['SNP cannot be supported'] };
const start = 'Linux version 6.11.4-301.fc41.x86_64\n';
const good = `${start}SEV-SNP: RMP table physical range [0x1 - 0x2]\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n`;

const rows = [
	['the line is there', rmp, ran(good), 'passed'],
	[
		'with time stamps and carriage returns',
		rmp,
		ran('[    0.000000] Linux version 6.11\r\n[    0.000000] SEV-SNP: RMP table physical range [0x1 - 0x2]\r\n'),
		'passed',
	],
	['the line is not there', rmp, ran('Linux version 6.11\n'), 'failed missing-line'],
	[
		'a forbidden line outweighs',
		rmp,
		ran(`${good}AMD-Vi: SNP: IOMMU disabled, SNP cannot be supported.\n`),
		'failed forbidden-line',
	],
	[
		'with the caller that some kernels print',
		{ 'must-not': ['^BUG: '] },
		ran(`${start}[    1.000000][    T1] BUG: bad\n`),
		'failed forbidden-line',
	],
	[
		'a log that lost its beginning proves nothing by silence',
		{ 'must-not': ['^BUG: '] },
		ran('[ 9999.1] eth0: up\n'),
		'error log-incomplete',
	],
	['nor that a line was never said', rmp, ran('[ 9999.1] eth0: up\n'), 'error log-incomplete'],
	['what it does say counts', { must: ['eth0: up'] }, ran('[ 9999.1] eth0: up\n'), 'passed'],
	['and so does what it must not', { 'must-not': ['^BUG: '] }, ran('[ 9999.1] BUG: bad\n'), 'failed forbidden-line'],
	['no output is an error', { 'must-not': ['x'] }, ran(''), 'error no-output'],
	['blank output too', { 'must-not': ['x'] }, ran('\n \n'), 'error no-output'],
	['may not read it', rmp, ran('', 1, 'Hint: You are currently not seeing messages'), 'error log-unreadable'],
	['not text', rmp, ran(Buffer.from([0xff, 0xfe])), 'error unrecognised-output'],
	['unreachable', rmp, unreachable, 'error unreachable'],
] as const;

for (const [title, params, answer, expected] of rows) {
	test(title, (t) => {
		t.is(brief(drive(kernelLog, params, () => answer).judgement), expected);
	});
}

test('dmesg is asked only where there is no journal at all', (t) => {
	const without = drive(kernelLog, rmp, (name) => (name === 'journal' ? ran('', 127, 'not found') : ran(good)));
	t.deepEqual(
		without.asked.map(([name]) => name),
		['journal', 'dmesg'],
	);
	t.is(brief(without.judgement), 'passed');
	const refused = drive(kernelLog, rmp, () => ran('', 1, 'no permission'));
	t.deepEqual(
		refused.asked.map(([name]) => name),
		['journal'],
	);
});

test('an empty range of ASIDs is no SEV-SNP, though the word is enabled', (t) => {
	const asids = { must: ['kvm_amd: SEV-SNP enabled \\(ASIDs \\d+ - [1-9]\\d*\\)'] };
	t.is(
		brief(drive(kernelLog, asids, () => ran(`${start}kvm_amd: SEV-SNP enabled (ASIDs 1 - 0)\n`)).judgement),
		'failed missing-line',
	);
});

test('parameters that assert nothing do not parse', (t) => {
	for (const params of [{}, { must: [] }, { must: ['.*'] }, { must: ['('] }]) {
		t.false(kernelLog.params.safeParse(params).success, JSON.stringify(params));
	}
});
