import test from 'ava';
import { nextStep, shellCommand } from './next-step.ts';
import { summarise } from './summary.ts';
import { buildReport, type Case, type ReportParts } from './test-report.ts';

const passed: Case = { check: { id: 'host.cpu' }, result: {} };
const failed: Case = {
	check: { id: 'fw.snp' },
	result: { outcome: 'failed', expected: 'a', actual: 'b', reason: { code: 'x', message: 'm' } },
};
const unknown: Case = { check: { id: 'kds' }, result: { outcome: 'error', reason: { code: 'timeout', message: 'm' } } };

const table: readonly (readonly [string, ReportParts, string])[] = [
	[
		'only the failed ones, where it was run',
		{ cases: [passed, failed] },
		'snpgate run --only fw.snp --matrix matrices/f41.yaml --host epyc7',
	],
	[
		'cells and profiles stay, output and jobs do not',
		{
			cases: [failed],
			run: { argv: ['run', 'host', '--set=tee=snp', '--profile', 'shipped', '--out', 'x', '--jobs', '4', '--cell', 'c'] },
		},
		'snpgate run --only fw.snp --profile shipped --set tee=snp --cell c',
	],
	['an error is looked at alone', { cases: [unknown] }, 'snpgate run --only kds --matrix matrices/f41.yaml --host epyc7'],
	[
		'an interrupted run without trouble is run again',
		{ cases: [passed], complete: false, run: { ended: 'interrupted', argv: ['run', '--out', 'x', '--host', 'epyc7'] } },
		'snpgate run --host epyc7',
	],
	[
		'a passed deadline is taken away',
		{ cases: [passed], run: { ended: 'deadline', argv: ['run', '--deadline=1s', '--tag', 'a b'] } },
		"snpgate run --tag 'a b'",
	],
	[
		'a passed selection leads to the whole',
		{ cases: [passed], scope: 'selection' },
		'snpgate run --matrix matrices/f41.yaml --host epyc7',
	],
	['a passed run is put to the gate', { cases: [passed] }, 'snpgate gate 20260310T141200Z-a1b2c3'],
	['a bundle elsewhere is named', { cases: [passed], run: { argv: ['run', '--out', '/tmp/b'] } }, 'snpgate gate /tmp/b'],
	['an emulated pass leads to hardware', { cases: [passed], run: { reality: 'emulated' } }, 'snpgate run --host local'],
];

for (const [name, parts, expected] of table) {
	test(`next: ${name}`, (t) => {
		const report = buildReport(parts);
		t.is(nextStep(report, summarise(report)).command, expected);
	});
}

test('the same check in many cells is named once, and at most three are', (t) => {
	const cases = Array.from({ length: 9 }, (_, index) => ({
		...failed,
		cell: `f41.ga.genoa.snp.disk.g${index}`,
		check: { id: `n${index % 5}` },
	}));
	const report = buildReport({ cases });
	t.is(
		nextStep(report, summarise(report)).command,
		'snpgate run --only n0 --only n1 --only n2 --matrix matrices/f41.yaml --host epyc7',
	);
});

test('words are quoted for a shell', (t) => {
	t.is(shellCommand(['run', "it's", '$(x)', '', 'a\nb']), `snpgate run 'it'\\''s' '$(x)' '' 'a b'`);
});
