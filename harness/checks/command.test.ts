import test from 'ava';
import { command } from './command.ts';
import { brief, drive, ran, unreachable } from './test-observe.ts';

const getenforce = { argv: ['getenforce'], stdout: { must: ['^Enforcing$'] } };
const snphost = { argv: ['snphost', 'ok'], stdout: { must: ['\\[ PASS \\]'], 'must-not': ['\\[ FAIL \\]'] }, absent: 'failed' };

const rows = [
	['says what it must', getenforce, ran('Enforcing\n'), 'passed'],
	['says something else', getenforce, ran('Permissive\n'), 'failed missing-line'],
	['says nothing', getenforce, ran(''), 'error no-output'],
	['is not there: could not find out', getenforce, ran('', 127, 'not found'), 'error tool-missing'],
	['is not there: the product lacks it', snphost, ran('', 127, 'not found'), 'failed tool-missing'],
	['crashes without the word FAIL', snphost, ran('[ PASS ] - AMD CPU\n', 101, "thread 'main' panicked"), 'failed exit-status'],
	['says FAIL and exits 0', snphost, ran('[ PASS ] - AMD CPU\n[ FAIL ] - SNP\n'), 'failed forbidden-line'],
	['is killed from outside', snphost, ran('', 137), 'error killed'],
	['crashes by itself', snphost, ran('', 139), 'failed exit-status'],
	[
		'a line of nine kilobytes is read to its end',
		{ argv: ['x'], stdout: { 'must-not': ['FORBIDDEN'] } },
		ran(`${'x'.repeat(9000)} FORBIDDEN\n`),
		'failed forbidden-line',
	],
	['does not end', snphost, { ...ran('', null), timedOut: true }, 'error timeout'],
	['writes without end', snphost, { ...ran('x'), truncated: true }, 'error truncated'],
	['must fail, and does', { argv: ['x'], status: 1 }, ran('', 1), 'passed'],
	['must fail, and succeeds', { argv: ['x'], status: 1 }, ran('', 0), 'failed exit-status'],
	[
		'standard error is looked at too',
		{ argv: ['x'], stderr: { 'must-not': ['oops'] } },
		ran('', 0, 'oops\n'),
		'failed forbidden-line',
	],
	['unreachable', getenforce, unreachable, 'error unreachable'],
] as const;

for (const [title, params, answer, expected] of rows) {
	test(title, (t) => {
		t.is(brief(drive(command, params, () => answer).judgement), expected);
	});
}
