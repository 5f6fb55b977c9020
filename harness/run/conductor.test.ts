import test from 'ava';
import { z } from 'zod';
import { type CheckKind, defineKind } from '../language/kind.ts';
import type { Plan } from '../language/plan.ts';
import type { Answer } from '../ports.ts';
import { conduct } from './conductor.ts';
import type { Keyed, Source } from './source.ts';
import { ask, type Sketch, sketchPlan } from './test-plan.ts';

const say = (text: string): Answer => ({
	kind: 'exec',
	status: 0,
	timedOut: false,
	stdout: Buffer.from(text),
	stderr: Buffer.alloc(0),
	truncated: false,
});

interface Scene {
	readonly rounds: (readonly string[])[];
	readonly source: Source;
}

/** Answers by the first word of argv; remembers which keys came in which round. */
function scene(answers: Readonly<Record<string, Answer>>, onRound: (round: number) => void = () => {}): Scene {
	const rounds: (readonly string[])[] = [];
	const answer = ({ request }: Keyed): Answer =>
		request.do === 'exec' ? (answers[request.argv[0] ?? ''] ?? say('yes')) : say('yes');
	return {
		rounds,
		source: {
			ask: async (_lane, requests) => {
				rounds.push(requests.map(({ key }) => key));
				onRound(rounds.length);
				return requests.map((keyed, index) => ({ answer: answer(keyed), exchange: `x${index}`, startedAt: 10, endedAt: 30 }));
			},
			release: async () => {},
		},
	};
}

const broken: CheckKind = defineKind({
	kind: 'broken',
	summary: 'throws where it should ask',
	target: 'host',
	params: z.strictObject({ when: z.enum(['asking', 'judging']) }),
	expectation: (params) => params,
	*observe({ when }) {
		yield { first: { do: 'now' } };
		if (when === 'asking') {
			throw new Error('a defect');
		}
	},
	judge: () => {
		throw new Error('a defect');
	},
});

async function outcomes(plan: Plan, source: Source, signal = new AbortController().signal): Promise<Record<string, string>> {
	const finished = await conduct({ plan, kinds: [ask, broken], source, jobs: 1, onStart: () => {}, onFinish: () => {}, signal });
	return Object.fromEntries(
		[...finished].flatMap(([instance, { settled }]) =>
			[...settled].map(([profile, { outcome, reason }]) => [
				`${instance} ${profile}`,
				reason === null ? outcome : `${outcome} ${reason.code}`,
			]),
		),
	);
}

test('all that is ready goes in one round trip, what needs it in the next', async (t) => {
	const { rounds, source } = scene({});
	const plan = sketchPlan([{ id: 'a' }, { id: 'b' }, { id: 'c', needs: ['a'] }, { id: 'd', needs: ['c', 'b'] }]);
	await outcomes(plan, source);
	t.deepEqual(rounds, [['c/a/first', 'c/b/first'], ['c/c/first'], ['c/d/first']]);
});

const table: readonly (readonly [
	string,
	readonly Sketch[],
	Readonly<Record<string, Answer>>,
	Readonly<Record<string, string>>,
])[] = [
	['passes and fails', [{ id: 'a' }, { id: 'b' }], { b: say('no') }, { 'c/a p': 'passed', 'c/b p': 'failed said-no' }],
	[
		'what needs a failed check is blocked, and what needs that too',
		[{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'd', needs: ['b'] }],
		{ a: say('no') },
		{ 'c/a p': 'failed said-no', 'c/b p': 'blocked blocked', 'c/d p': 'blocked blocked' },
	],
	[
		'what needs an error is blocked',
		[{ id: 'a' }, { id: 'b', needs: ['a'] }],
		{ a: { kind: 'fault', code: 'unreachable', message: 'gone' } },
		{ 'c/a p': 'error unreachable', 'c/b p': 'blocked blocked' },
	],
	[
		'what needs a skipped check is skipped by the same rule',
		[
			{ id: 'a', skip: { p: 'rule-1' } },
			{ id: 'b', needs: ['a'] },
		],
		{},
		{ 'c/a p': 'skipped skipped', 'c/b p': 'skipped skipped' },
	],
	[
		'a broken control makes its negative check an error',
		[{ id: 'a' }, { id: 'b', control: 'a' }],
		{ a: say('no') },
		{ 'c/a p': 'failed said-no', 'c/b p': 'error control-failed' },
	],
	[
		'a sound control lets it be judged',
		[{ id: 'a' }, { id: 'b', control: 'a' }],
		{ b: say('no') },
		{ 'c/a p': 'passed', 'c/b p': 'failed said-no' },
	],
	[
		'a defect in a kind ends its own check and no other',
		[
			{ id: 'a', kind: 'broken', params: { when: 'asking' } },
			{ id: 'b', kind: 'broken', params: { when: 'judging' } },
			{ id: 'd' },
		],
		{},
		{ 'c/a p': 'error observer-broke', 'c/b p': 'error judge-broke', 'c/d p': 'passed' },
	],
];

for (const [title, sketches, answers, expected] of table) {
	test(title, async (t) => {
		t.deepEqual(await outcomes(sketchPlan(sketches), scene(answers).source), expected);
	});
}

test('what looks last is asked after everything else of its machine', async (t) => {
	const { rounds, source } = scene({});
	await outcomes(sketchPlan([{ id: 'z', last: true }, { id: 'a' }, { id: 'b', needs: ['a'] }]), source);
	t.deepEqual(rounds, [['c/a/first'], ['c/b/first'], ['c/z/first']]);
});

test("the host's last look comes after every guest", async (t) => {
	const { rounds, source } = scene({});
	await outcomes(
		sketchPlan([
			{ id: 'z', last: true },
			{ id: 'g', target: 'guest' },
			{ id: 'y', target: 'guest', last: true },
		]),
		source,
	);
	t.deepEqual(rounds, [['c/g/first'], ['c/y/first'], ['c/z/first']]);
});

test('a control that is not in the plan makes its check an error', async (t) => {
	t.deepEqual(await outcomes(sketchPlan([{ id: 'b', control: 'gone' }]), scene({}).source), { 'c/b p': 'error control-failed' });
});

test('a kind that this version does not have is an error, and the others go on', async (t) => {
	t.deepEqual(await outcomes(sketchPlan([{ id: 'a', kind: 'future' }, { id: 'b' }]), scene({}).source), {
		'c/a p': 'error unknown-kind',
		'c/b p': 'passed',
	});
});

test('a check that only one profile skips is observed once and judged under the other', async (t) => {
	const { rounds, source } = scene({});
	const plan = sketchPlan(
		[
			{ id: 'a', skip: { shipped: 'r' } },
			{ id: 'b', skip: { shipped: 'r', change: 'r' } },
		],
		['change', 'shipped'],
	);
	t.deepEqual(await outcomes(plan, source), {
		'c/a change': 'passed',
		'c/a shipped': 'skipped skipped',
		'c/b change': 'skipped skipped',
		'c/b shipped': 'skipped skipped',
	});
	t.deepEqual(rounds, [['c/a/first']]);
});

test('a signal ends the run: what was cut off is an error, what needs it is blocked, what was judged stays', async (t) => {
	const stop = new AbortController();
	const { source } = scene({}, (round) => round === 2 && stop.abort('interrupted'));
	const plan = sketchPlan([
		{ id: 'a' },
		{ id: 'b', needs: ['a'] },
		{ id: 'd', needs: ['b'] },
		{ id: 'e', needs: ['b'], skip: { p: 'r' } },
	]);
	t.deepEqual(await outcomes(plan, source, stop.signal), {
		'c/a p': 'passed',
		'c/b p': 'error interrupted',
		'c/d p': 'blocked blocked',
		'c/e p': 'skipped skipped',
	});
});

test('a deadline is told apart from a signal', async (t) => {
	const stop = new AbortController();
	stop.abort('deadline');
	t.deepEqual(await outcomes(sketchPlan([{ id: 'a' }]), scene({}).source, stop.signal), { 'c/a p': 'error deadline' });
});

test('duration is that of the evidence', async (t) => {
	const plan = sketchPlan([{ id: 'a' }]);
	const finished = await conduct({
		plan,
		kinds: [ask],
		source: scene({}).source,
		jobs: 1,
		onStart: () => {},
		onFinish: () => {},
		signal: new AbortController().signal,
	});
	t.is(finished.get('c/a')?.durationMs, 20);
	t.deepEqual(finished.get('c/a')?.evidence, ['x0']);
});
