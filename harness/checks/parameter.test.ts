import test from 'ava';
import { parameter } from './parameter.ts';
import { absent, brief, denied, drive, read, unreachable } from './test-observe.ts';

const snp = { module: 'kvm_amd', name: 'sev_snp', is: ['Y', '1'] };

const rows = [
	['new kernels say Y', snp, read('Y\n'), 'passed'],
	['old kernels say 1', snp, read('1\n'), 'passed'],
	['switched off', snp, read('N\n'), 'failed wrong-value'],
	['the module is not loaded', snp, absent, 'failed missing-parameter'],
	['not for us', snp, denied, 'error unreadable'],
	['empty', snp, read('\n'), 'error no-output'],
	['unreachable', snp, unreachable, 'error unreachable'],
	['a prefix is not the value', snp, read('Yes\n'), 'failed wrong-value'],
] as const;

for (const [title, params, answer, expected] of rows) {
	test(title, (t) => {
		t.is(brief(drive(parameter, params, () => answer).judgement), expected);
	});
}

test('the file that is read', (t) => {
	const { asked } = drive(parameter, snp, () => read('Y'));
	t.deepEqual(asked, [['value', { do: 'read-file', path: '/sys/module/kvm_amd/parameters/sev_snp' }]]);
});

test('path, or module and name; never both, never neither', (t) => {
	for (const params of [
		{ is: ['Y'] },
		{ module: 'm', is: ['Y'] },
		{ module: 'm', name: 'n', path: '/x', is: ['Y'] },
		{ path: '/x', is: [] },
	]) {
		t.false(parameter.params.safeParse(params).success, JSON.stringify(params));
	}
});
