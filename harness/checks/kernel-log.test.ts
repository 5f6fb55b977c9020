import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { kernelLog } from './kernel-log.ts';
import { brief, drive, ran, unreachable } from './test-observe.ts';

const rmp = { must: ['^SEV-SNP: RMP table physical range'], 'must-not': ['SNP cannot be supported'] };
const good = 'SEV-SNP: RMP table physical range [0x1 - 0x2]\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n';

const rows = [
	['the line is there', rmp, ran(good), 'passed'],
	[
		'with time stamps and carriage returns',
		rmp,
		ran('[    0.000000] SEV-SNP: RMP table physical range [0x1 - 0x2]\r\n'),
		'passed',
	],
	['the line is not there', rmp, ran('Linux version 6.11\n'), 'failed missing-line'],
	[
		'a forbidden line outweighs',
		rmp,
		ran(`${good}AMD-Vi: SNP: IOMMU disabled, SNP cannot be supported.\n`),
		'failed forbidden-line',
	],
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
	t.is(brief(drive(kernelLog, asids, () => ran('kvm_amd: SEV-SNP enabled (ASIDs 1 - 0)\n')).judgement), 'failed missing-line');
});

const corpus = `${process.env.SNPGATE_CORPUS ?? '../shared/corpus'}/transcripts`;
const withCorpus = existsSync(corpus) ? test : test.skip;

withCorpus('[corpus] real logs of hosts', (t) => {
	const asids = {
		must: ['SEV-SNP enabled \\(ASIDs \\d+ - [1-9]\\d*\\)'],
		'must-not': ['requires private memory support via guest_memfd'],
	};
	const verdict = (file: string) => brief(drive(kernelLog, asids, () => ran(readFileSync(`${corpus}/${file}`))).judgement);
	t.is(verdict('host-kernel-genoa-journal-good.log'), 'passed');
	t.is(verdict('rc-host-kernel-milan-611-two-ccp.log'), 'passed');
	t.is(verdict('host-kernel-ciphertext-hiding-0.log'), 'failed missing-line');
	t.is(verdict('host-kernel-turin-sev-only.log'), 'failed missing-line');
	t.is(verdict('rc-host-kernel-guest-memfd-missing.log'), 'failed forbidden-line');
});

test('parameters that assert nothing do not parse', (t) => {
	for (const params of [{}, { must: [] }, { must: ['.*'] }, { must: ['('] }]) {
		t.false(kernelLog.params.safeParse(params).success, JSON.stringify(params));
	}
});
