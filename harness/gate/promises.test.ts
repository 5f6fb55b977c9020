import test from 'ava';
import type { Outcome } from '../language/results.ts';
import { buildReport, type Case, cellId } from '../reporters/test-report.ts';
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
		kept: null,
	},
	{
		name: 'one is blocked',
		checks: [
			['passed', 'required'],
			['blocked', 'required'],
		],
		kept: null,
	},
	{
		name: 'one was never run',
		checks: [
			['passed', 'required'],
			['missing', 'required'],
		],
		kept: null,
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

/** Two checks of a promise, each of which needs a root of its own through one that is blocked as well. */
const roots: readonly {
	readonly name: string;
	readonly outcomes: readonly NonNullable<Case['result']>[];
	readonly kept: boolean | null;
}[] = [
	{ name: 'under failures', outcomes: [{ outcome: 'failed' }, { outcome: 'failed' }], kept: false },
	{ name: 'under an error', outcomes: [{ outcome: 'error' }, { outcome: 'error' }], kept: null },
	{ name: 'under a failure and an error', outcomes: [{ outcome: 'failed' }, { outcome: 'error' }], kept: false },
	{ name: 'under a cut-off', outcomes: [{ outcome: 'error', reason: { code: 'deadline', message: 'm' } }], kept: null },
];

for (const { name, outcomes, kept } of roots) {
	test(`promise: all blocked ${name}`, (t) => {
		const need = (id: string) => `${cellId}/${id}`;
		const cases = outcomes.flatMap((result, n): Case[] => [
			{ check: { id: `end${n}`, needs: [need(`fine`), need(`middle${n}`)] }, result: { outcome: 'blocked' } },
			{ check: { id: `middle${n}`, needs: [need(`root${n}`)] }, result: { outcome: 'blocked' } },
			{ check: { id: `root${n}` }, result },
		]);
		const promise = { id: 'p', title: 'P', checks: outcomes.map((_, n) => need(`end${n}`)) };
		const { plan, results } = buildReport({ cases: [...cases, { check: { id: 'fine' }, result: {} }], promises: [promise] });
		t.is(judgePromises(plan, results.results)[0]?.kept, kept);
	});
}

test('promise: a circle of blocked checks ends, and nothing of it was judged', (t) => {
	const cases = ['a', 'b'].map(
		(id): Case => ({
			check: { id, needs: [`${cellId}/${id === 'a' ? 'b' : 'a'}`] },
			result: { outcome: 'blocked' },
		}),
	);
	const { plan, results } = buildReport({ cases, promises: [{ id: 'p', title: 'P', checks: [`${cellId}/a`] }] });
	t.is(judgePromises(plan, results.results)[0]?.kept, null);
});

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
