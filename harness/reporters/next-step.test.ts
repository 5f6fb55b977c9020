import test from 'ava';
import { shellCommand } from './command-line.ts';
import { nextStep } from './next-step.ts';
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
		'npx --no snpgate run --only fw.snp --matrix matrices/f41.yaml --host epyc7',
	],
	[
		'cells and profiles stay, output and jobs do not',
		{
			cases: [failed],
			run: { argv: ['run', 'host', '--set=tee=snp', '--profile', 'shipped', '--out', 'x', '--jobs', '4', '--cell', 'c'] },
		},
		'npx --no snpgate run host --only fw.snp --profile shipped --set tee=snp --cell c',
	],
	[
		'an error is looked at alone',
		{ cases: [unknown] },
		'npx --no snpgate run --only kds --matrix matrices/f41.yaml --host epyc7',
	],
	[
		'an interrupted run without trouble is run again',
		{ cases: [passed], complete: false, run: { ended: 'interrupted', argv: ['run', '--out', 'x', '--host', 'epyc7'] } },
		'npx --no snpgate run --host epyc7',
	],
	[
		'a passed deadline is taken away',
		{ cases: [passed], run: { ended: 'deadline', argv: ['run', '--deadline=1s', '--tag', 'a b'] } },
		"npx --no snpgate run --tag 'a b'",
	],
	[
		'a passed selection leads to the whole',
		{ cases: [passed], scope: 'selection' },
		'npx --no snpgate run --matrix matrices/f41.yaml --host epyc7',
	],
	['a passed run is put to the gate', { cases: [passed] }, 'npx --no snpgate gate 20260310T141200Z-a1b2c3'],
	['a bundle elsewhere is named', { cases: [passed], run: { argv: ['run', '--out', '/tmp/b'] } }, 'npx --no snpgate gate /tmp/b'],
	['an emulated pass leads to hardware', { cases: [passed], run: { reality: 'emulated' } }, 'npx --no snpgate run --host local'],
];

for (const [name, parts, expected] of table) {
	test(`next: ${name}`, (t) => {
		const report = buildReport(parts);
		t.is(nextStep(report, summarise(report)).command, expected);
	});
}

const failing = (count: number): readonly Case[] =>
	Array.from({ length: 9 }, (_, index) => ({
		...failed,
		cell: `f41.ga.genoa.snp.disk.g${index}`,
		check: { id: `n${index % count}` },
	}));

test('the same check in many cells is named once; more than three are not named but run again as they were', (t) => {
	const command = (count: number, argv: readonly string[]) => {
		const report = buildReport({ cases: failing(count), run: { argv: [...argv] } });
		return nextStep(report, summarise(report));
	};
	t.is(command(3, ['run', '--host', 'epyc7']).command, 'npx --no snpgate run --only n0 --only n1 --only n2 --host epyc7');
	const many = command(5, ['run', 'q.yaml', '--only', 'a', '--jobs=4', '--tag', 't', '--out', 'x', '--host', 'epyc7', 'r.yaml']);
	t.is(many.command, 'npx --no snpgate run q.yaml r.yaml --only a --tag t --host epyc7');
	t.is(many.why, 'mend what failed (5 checks), then');
});

test('a prerequisite of another suite is not named: these suites do not have it', (t) => {
	const cases: readonly Case[] = [{ ...failed, check: { id: 'svsm.file', selected: false } }];
	const report = buildReport({ cases, scope: 'selection', run: { argv: ['run', 'vtpm.yaml', '--host', 'epyc7'] } });
	t.is(nextStep(report, summarise(report)).command, 'npx --no snpgate run vtpm.yaml --host epyc7');
});

const skipped = (id: string): Case => ({
	check: { id },
	result: { outcome: 'skipped', rule: 'host-generation', reason: { code: 'skipped', message: 'The host is genoa' } },
});
const incomplete = [{ profile: 'change', verdict: 'incomplete' as const, retryable: false, reasons: [] }];

const futile: readonly (readonly [string, ReportParts, RegExp, string])[] = [
	[
		'cells that do not fit this host',
		{
			cases: [skipped('a')],
			scope: 'selection',
			run: { argv: ['run', 's.yaml', '--set', 'generation=milan', '--host', 'epyc7'] },
		},
		/^nothing here applies to this host: take another, or leave out '--set generation=milan'$/,
		'npx --no snpgate run s.yaml --host epyc7',
	],
	[
		'checks that a rule leaves out',
		{ cases: [skipped('a')], scope: 'selection', run: { argv: ['run', '--only', 'a', '--host', 'epyc7', '--out=x'] } },
		/^nothing here applies to this host: take another, or see why$/,
		'npx --no snpgate plan --only a --host epyc7',
	],
	[
		'a selection of nothing that counts',
		{ cases: [passed], scope: 'selection', verdicts: incomplete, run: { argv: ['run', '--only', 'a', '--host', 'epyc7'] } },
		/^nothing that counts for the gate was judged: run the whole matrix$/,
		'npx --no snpgate run --host epyc7',
	],
];

for (const [name, parts, why, command] of futile) {
	test(`running it again would be futile: ${name}`, (t) => {
		const report = buildReport({ verdicts: incomplete, ...parts });
		const next = nextStep(report, summarise(report));
		t.regex(next.why, why);
		t.is(next.command, command);
	});
}

test('words are quoted for a shell', (t) => {
	t.is(shellCommand(['run', "it's", '$(x)', '', 'a\nb']), `npx --no snpgate run 'it'\\''s' '$(x)' '' 'a b'`);
});
