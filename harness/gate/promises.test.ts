import test from 'ava';
import type { Outcome } from '../language/results.ts';
import { buildReport, cellId } from '../reporters/test-report.ts';
import { judgePromises } from './promises.ts';

interface Row {
	readonly name: string;
	readonly checks: readonly (readonly [Outcome | 'missing', 'required' | 'informational'])[];
	readonly kept: boolean | null;
}

const table: readonly Row[] = [
	{
		name: 'all required passed',
		checks: [
			['passed', 'required'],
			['passed', 'required'],
		],
		kept: true,
	},
	{
		name: 'one failed',
		checks: [
			['passed', 'required'],
			['failed', 'required'],
		],
		kept: false,
	},
	{
		name: 'skipped ones stand aside',
		checks: [
			['passed', 'required'],
			['skipped', 'required'],
		],
		kept: true,
	},
	{
		name: 'all skipped',
		checks: [
			['skipped', 'required'],
			['skipped', 'required'],
		],
		kept: null,
	},
	{
		name: 'an informational failure does not count',
		checks: [
			['passed', 'required'],
			['failed', 'informational'],
		],
		kept: true,
	},
	{ name: 'only informational checks', checks: [['passed', 'informational']], kept: null },
	{
		name: 'one could not be found out',
		checks: [
			['passed', 'required'],
			['error', 'required'],
		],
		kept: false,
	},
	{
		name: 'one is blocked',
		checks: [
			['passed', 'required'],
			['blocked', 'required'],
		],
		kept: false,
	},
	{
		name: 'one was never run',
		checks: [
			['passed', 'required'],
			['missing', 'required'],
		],
		kept: false,
	},
	{
		name: 'all blocked or in error',
		checks: [
			['blocked', 'required'],
			['error', 'required'],
		],
		kept: null,
	},
	{
		name: 'a failure beside a blocked one',
		checks: [
			['failed', 'required'],
			['blocked', 'required'],
		],
		kept: false,
	},
	{ name: 'no checks', checks: [], kept: null },
];

for (const { name, checks, kept } of table) {
	test(`promise: ${name}`, (t) => {
		const cases = checks.map(([outcome, required], index) => ({
			check: { id: `host.n${index}`, required: required === 'required' },
			result: outcome === 'missing' ? null : { outcome },
		}));
		const instances = cases.map(({ check }) => `${cellId}/${check.id}`);
		const { plan, results } = buildReport({ cases, promises: [{ id: 'kernel', title: 'A kernel', checks: instances }] });
		t.deepEqual(judgePromises(plan, results.results), [{ id: 'kernel', title: 'A kernel', kept, checks: instances }]);
	});
}
