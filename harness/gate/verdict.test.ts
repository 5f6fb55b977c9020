import test from 'ava';
import type { Outcome } from '../language/results.ts';
import { sketchPlan } from '../run/test-plan.ts';
import { judgeGate } from './verdict.ts';

interface Row {
	readonly outcome: Outcome | 'missing';
	readonly required: boolean;
	readonly code?: string;
}

const yes = (outcome: Row['outcome'], code = 'x'): Row => ({ outcome, required: true, code });
const no = (outcome: Row['outcome']): Row => ({ outcome, required: false });

const table: readonly (readonly [string, readonly Row[], string, boolean])[] = [
	['all passed', [yes('passed'), yes('passed')], 'pass', false],
	['skips do not count', [yes('passed'), yes('skipped')], 'pass', false],
	['one failed outweighs all', [yes('passed'), yes('failed'), yes('error', 'unreachable'), yes('missing')], 'fail', false],
	['an error is no pass', [yes('passed'), yes('error')], 'incomplete', false],
	['an error that may be gone next time', [yes('passed'), yes('error', 'unreachable')], 'incomplete', true],
	['blocked is no pass', [yes('passed'), yes('blocked')], 'incomplete', false],
	['planned and never run is no pass', [yes('passed'), yes('missing')], 'incomplete', false],
	['informational checks never count', [yes('passed'), no('failed'), no('error'), no('missing')], 'pass', false],
	['only skipped: nothing was judged', [yes('skipped')], 'incomplete', false],
	['only informational: nothing was judged', [no('passed')], 'incomplete', false],
];

for (const [title, rows, verdict, retryable] of table) {
	test(title, (t) => {
		const plan = sketchPlan(rows.map(({ required }, index) => ({ id: `k${index}`, required })));
		const results = rows.flatMap(({ outcome, required, code = 'x' }, index) =>
			outcome === 'missing'
				? []
				: [
						{
							instance: `c/k${index}`,
							outcome,
							required,
							reason: { code, message: '' },
							expected: null,
							actual: null,
							notes: [],
						},
					],
		);
		const judged = judgeGate(plan, 'p', results);
		t.is(judged.verdict, verdict as typeof judged.verdict);
		t.is(judged.retryable, retryable);
		t.true(judged.reasons.length > 0);
	});
}
