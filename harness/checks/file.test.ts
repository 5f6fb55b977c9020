import test from 'ava';
import { file } from './file.ts';
import { absent, brief, denied, drive, ran, read, unreachable } from './test-observe.ts';

const device = { path: '/dev/sev', is: 'character-device' };
const gone = ran('', 1, "stat: cannot statx '/dev/sev': No such file or directory");

const rows = [
	['a device', device, { stat: ran('character special file\n') }, 'passed'],
	['no device', device, { stat: gone }, 'failed missing-file'],
	['a plain file where a device belongs', device, { stat: ran('regular file\n') }, 'failed wrong-type'],
	['stat says nothing', device, { stat: ran('') }, 'error no-output'],
	['stat is refused', device, { stat: ran('', 1, 'Permission denied') }, 'error stat-failed'],
	['there is no stat', device, { stat: ran('', 127, 'not found') }, 'error stat-failed'],
	['absent as it must be', { path: '/x', is: 'absent' }, { stat: gone }, 'passed'],
	['present though it must not be', { path: '/x', is: 'absent' }, { stat: ran('directory\n') }, 'failed unexpectedly-present'],
	['an empty file is a file', { path: '/x', is: 'file' }, { stat: ran('regular empty file\n') }, 'passed'],
	['a line is there', { path: '/x', must: ['^a=1$'] }, { content: read('b=2\na=1\n') }, 'passed'],
	['a line is not there', { path: '/x', must: ['^a=1$'] }, { content: read('a=2\n') }, 'failed missing-line'],
	['a forbidden line', { path: '/x', 'must-not': ['iommu=pt'] }, { content: read('quiet iommu=pt\n') }, 'failed forbidden-line'],
	['an empty file proves nothing', { path: '/x', 'must-not': ['iommu=pt'] }, { content: read('') }, 'error no-output'],
	['the file is not there', { path: '/x', must: ['a'] }, { content: absent }, 'failed missing-file'],
	['the file is not for us', { path: '/x', must: ['a'] }, { content: denied }, 'error unreadable'],
	['the machine is gone', { path: '/x', must: ['a'] }, { content: unreachable }, 'error unreachable'],
	[
		'type and content',
		{ path: '/x', is: 'file', must: ['a'] },
		{ stat: ran('regular file\n'), content: read('b\n') },
		'failed missing-line',
	],
] as const;

for (const [title, params, answers, expected] of rows) {
	test(title, (t) => {
		const given: Readonly<Record<string, ReturnType<typeof ran>>> = answers;
		t.is(brief(drive(file, params, (name) => given[name] ?? unreachable).judgement), expected);
	});
}

test('parameters that assert nothing or contradict themselves do not parse', (t) => {
	for (const params of [
		{ path: '/x' },
		{ path: 'x', is: 'file' },
		{ path: '/x', is: 'absent', must: ['a'] },
		{ path: '/x', must: ['a?'] },
	]) {
		t.false(file.params.safeParse(params).success, JSON.stringify(params));
	}
});
