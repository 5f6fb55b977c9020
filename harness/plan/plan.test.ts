import test from 'ava';
import { z } from 'zod';
import { type CheckKind, defineKind } from '../language/kind.ts';
import { type Matrix, matrixSchema } from '../language/matrix.ts';
import type { Plan } from '../language/plan.ts';
import type { Check, Suite } from '../language/suite.ts';
import { makePlan, type PlanInput } from './plan.ts';
import { everything, type Selection } from './selection.ts';

const kind: CheckKind = defineKind({
	kind: 'echo',
	summary: 'expects its place',
	target: 'host',
	params: z.unknown(),
	expectation: (_params, place) => `${place.profile} ${place.axes.tee}`,
	*observe() {},
	judge: () => ({ outcome: 'passed', expected: '', actual: '' }),
});

const check = (id: string, more: Partial<Check> = {}): Check => ({
	id,
	title: id,
	why: 'w',
	promise: null,
	unconfirmed: [],
	kind: 'echo',
	params: {},
	target: 'host',
	needs: [],
	control: null,
	tags: [],
	where: {},
	last: false,
	required: true,
	mustFailUnder: {},
	source: 's:1',
	...more,
});

const suites: readonly Suite[] = [
	{
		name: 'host',
		title: 'h',
		checks: [
			check('cpu', { tags: ['quick'] }),
			check('snp', { where: { tee: 'snp' }, needs: ['cpu'] }),
			check('svsm', { where: { boot: 'svsm' }, promise: 'svsm' }),
		],
	},
	{
		name: 'guest',
		title: 'g',
		checks: [
			check('boot', { target: 'guest', needs: ['snp', 'svsm'] }),
			check('tpm', { target: 'guest', needs: ['boot'], where: { boot: 'svsm' }, control: 'cpu' }),
			check('info', { target: 'guest', required: false }),
			check('only-change', { target: 'guest', required: ['change'] }),
		],
	},
];

const matrix = (more: object = {}): Matrix =>
	matrixSchema.parse({
		release: 41,
		title: 'm',
		axes: {
			milestone: ['beta', 'ga'],
			generation: ['milan', 'genoa'],
			tee: ['snp', 'none'],
			boot: ['disk', 'svsm'],
			'guest-os': ['x'],
		},
		defaults: { milestone: 'ga' },
		profiles: ['change', 'shipped'],
		suites: ['host', 'guest'],
		promises: { svsm: 'An SVSM' },
		exclude: [{ where: { tee: 'none', boot: 'svsm' }, because: 'b' }],
		skip: [{ rule: 'no-svsm', because: 'not shipped', where: { boot: 'svsm' }, profiles: ['shipped'] }],
		guests: { x: { with: 'qemu', milestones: { up: 'up' }, memory: 2048, kernel: '../k', control: { memory: 1024 } } },
		...more,
	});

const plan = (selection: Partial<Selection> = {}, more: Partial<PlanInput> = {}): Plan => {
	const made = makePlan({
		suites,
		matrix: matrix(),
		matrixDirectory: 'matrices',
		kinds: [kind],
		profiles: ['change', 'shipped'],
		host: { name: 'h', generation: 'genoa' },
		selection: { ...everything, ...selection },
		trust: { by: 'pins' },
		...more,
	});
	if ('problem' in made) {
		throw new Error(made.problem);
	}
	return made;
};

const instances = (made: Plan) =>
	made.cells.flatMap(({ checks }) => checks.map(({ instance, selected }) => `${instance}${selected ? '' : ' (pulled in)'}`));
const find = (made: Plan, instance: string) =>
	made.cells.flatMap(({ checks }) => checks).find((found) => found.instance === instance);

const disk = 'f41.ga.genoa.snp.disk.x';
const svsm = 'f41.ga.genoa.snp.svsm.x';
const none = 'f41.ga.genoa.none.disk.x';

test("the whole matrix: a guest's check in every cell, a host's check once", (t) => {
	t.deepEqual(instances(plan()), [
		`${disk}/cpu`,
		`${disk}/snp`,
		`${disk}/boot`,
		`${disk}/info`,
		`${disk}/only-change`,
		`${svsm}/svsm`,
		`${svsm}/boot`,
		`${svsm}/tpm`,
		`${svsm}/info`,
		`${svsm}/only-change`,
		`${none}/boot`,
		`${none}/info`,
		`${none}/only-change`,
	]);
	t.is(plan().scope, 'matrix');
	t.is(plan().checksInMatrix, 13);
});

test('a need means the cell’s own instance, or the host’s where that makes sense here', (t) => {
	const made = plan();
	t.deepEqual(find(made, `${disk}/boot`)?.needs, [`${disk}/snp`]);
	t.deepEqual(find(made, `${svsm}/boot`)?.needs, [`${disk}/snp`, `${svsm}/svsm`]);
	t.deepEqual(find(made, `${none}/boot`)?.needs, []);
	t.is(find(made, `${svsm}/tpm`)?.control, `${disk}/cpu`);
});

test('a selection pulls its prerequisites in, under names that do not depend on it', (t) => {
	const made = plan({ cells: [svsm], only: ['tpm'] });
	t.deepEqual(instances(made), [
		`${disk}/cpu (pulled in)`,
		`${disk}/snp (pulled in)`,
		`${svsm}/svsm (pulled in)`,
		`${svsm}/boot (pulled in)`,
		`${svsm}/tpm`,
	]);
	t.is(made.scope, 'selection');
	t.is(made.checksInMatrix, 13);
});

const selections: readonly (readonly [string, Partial<Selection>, readonly string[]])[] = [
	['by tag', { tags: ['quick'] }, [`${disk}/cpu`]],
	['by suite', { suites: ['host'] }, [`${disk}/cpu`, `${disk}/snp`, `${svsm}/svsm`]],
	[
		'by axis: the host’s checks stay where they are',
		{ set: new Map([['tee', ['none']]]) },
		[`${disk}/cpu`, `${none}/boot`, `${none}/info`, `${none}/only-change`],
	],
	['by instance', { only: [`${none}/info`] }, [`${none}/info`]],
	['by milestone', { set: new Map([['milestone', ['beta']]]), only: ['cpu'] }, ['f41.beta.genoa.snp.disk.x/cpu']],
];

for (const [title, selection, expected] of selections) {
	test(title, (t) => {
		t.deepEqual(instances(plan(selection)), [...expected]);
	});
}

const problems: readonly (readonly [string, Partial<Selection>, RegExp])[] = [
	['an unknown cell', { cells: ['f41.ga.rome'] }, /No cell 'f41\.ga\.rome'/],
	['an unknown check', { only: ['nothing'] }, /No check 'nothing'/],
	['an empty selection', { tags: ['nothing'] }, /The selection is empty/],
];

for (const [title, selection, message] of problems) {
	test(`${title} is one sentence`, (t) => {
		t.throws(() => plan(selection), { message });
	});
}

test('rules: skips by profile, informational checks, requirements by profile', (t) => {
	const made = plan();
	const tpm = find(made, `${svsm}/tpm`);
	t.is(tpm?.under.change?.skip, null);
	t.deepEqual(tpm?.under.shipped?.skip, { rule: 'no-svsm', because: 'not shipped' });
	t.is(find(made, `${disk}/info`)?.required, false);
	t.deepEqual(
		Object.values(find(made, `${disk}/only-change`)?.under ?? {}).map(({ required }) => required),
		[true, false],
	);
	const informational = plan(
		{},
		{ matrix: matrix({ informational: [{ because: 'b', checks: ['cpu'], profiles: ['change'] }] }) },
	);
	t.deepEqual(
		Object.values(find(informational, `${disk}/cpu`)?.under ?? {}).map(({ required }) => required),
		[false, true],
	);
});

test('a cell that the host cannot run stays in the plan with its rule', (t) => {
	const made = plan({ set: new Map([['generation', ['milan', 'genoa']]]) });
	t.deepEqual(made.cells.map(({ id, skip }) => [id, skip?.rule ?? null]).slice(0, 4), [
		['f41.ga.milan.snp.disk.x', 'host-generation'],
		['f41.ga.milan.snp.svsm.x', 'host-generation'],
		['f41.ga.milan.none.disk.x', 'host-generation'],
		[disk, null],
	]);
	t.is(find(made, 'f41.ga.milan.snp.disk.x/cpu')?.skip?.rule, 'host-generation');
});

test('a host whose CPU is none of the generations has cells of its own', (t) => {
	const made = plan({}, { host: { name: 'h', generation: 'other' } });
	t.is(made.cells[0]?.id, 'f41.ga.other.snp.disk.x');
	t.is(made.cells[0]?.skip, null);
});

test('expectations are made for each profile and place', (t) => {
	t.deepEqual(
		Object.values(find(plan(), `${none}/boot`)?.under ?? {}).map(({ expectation }) => expectation),
		['change none', 'shipped none'],
	);
});

test('guests: the control is the entry with its own settings laid over it, paths are joined to the matrix', (t) => {
	const [subject, control] = plan().cells[0]?.guests ?? [];
	t.like(subject, {
		name: `${disk}-subject`,
		role: 'subject',
		tee: 'snp',
		limitMs: 182_000,
		launch: { kernel: 'k', memoryMiB: 2048 },
	});
	t.like(control, {
		name: `${disk}-control`,
		role: 'control',
		tee: 'none',
		boot: 'disk',
		limitMs: 181_000,
		launch: { memoryMiB: 1024 },
	});
});

test('promises list the checks that keep them', (t) => {
	t.deepEqual(plan().promises, [{ id: 'svsm', title: 'An SVSM', checks: [`${svsm}/svsm`] }]);
});
