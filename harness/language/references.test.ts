import test from 'ava';
import type { CheckKind } from './kind.ts';
import { loadMatrix } from './load-matrix.ts';
import { loadSuite } from './load-suite.ts';
import { checkReferences, type LocatedMatrix, type LocatedSuite } from './references.ts';
import { testKinds } from './test-kinds.ts';

const kinds = [
	...testKinds,
	...testKinds.slice(0, 1).map((kind): CheckKind => ({ ...kind, kind: 'guest-boot', target: 'guest' })),
];

function read(text: string, path: string): LocatedSuite {
	const { suite, locate } = loadSuite(text, path, kinds);
	return { suite, locate };
}

/** A check that says no kind is one of a package. */
function textOf(name: string, checks: readonly string[], more = ''): string {
	const lines = checks.map(
		(check) => `  - { title: T, why: W, ${/guest-boot:|report:/.test(check) ? '' : 'package: x, '}${check} }\n`,
	);
	return `suite: ${name}\ntitle: T\n${more}checks:\n${lines.join('')}`;
}

function suiteOf(name: string, checks: readonly string[], more = '', path = `${name}.yaml`): LocatedSuite {
	const located = read(textOf(name, checks, more), path);
	if (located.suite === null) {
		throw new Error(`${name} has problems`);
	}
	return located;
}

/** The same with a problem of its own: an unknown key at its end. */
function brokenSuite(name: string, checks: readonly string[], more = ''): LocatedSuite {
	const located = read(`${textOf(name, checks, more)}frobnicate: 1\n`, `${name}.yaml`);
	if (located.suite !== null) {
		throw new Error(`${name} has no problems`);
	}
	return located;
}

function matrixOf(more: string, suites = 'a, b'): LocatedMatrix {
	const axes = '{ milestone: [ga], generation: [milan], tee: [snp], boot: [disk], guest-os: [f41] }';
	const text = `release: 41\ntitle: T\naxes: ${axes}\nprofiles: [shipped, mine]\nsuites: [${suites}]\npromises: { launch: It launches }\n${more}`;
	const { matrix, problems, locate } = loadMatrix(text, 'm.yaml');
	if (matrix === null) {
		throw new Error(problems[0]?.message);
	}
	return { matrix, locate };
}

const told = (suites: readonly LocatedSuite[], matrix: LocatedMatrix | null = null) =>
	checkReferences(suites, matrix).map(
		({ file, line, col, message, hint }) => `${file}:${line}:${col} ${message}${hint === null ? '' : ` | ${hint}`}`,
	);

test('what names something that is there', (t) => {
	const a = suiteOf('a', ['id: a.one, promise: launch, required: [mine]', 'id: a.two, needs: [a.one, b.one]']);
	const b = suiteOf('b', ['id: b.one, control: a.one, required: [change, dev]']);
	t.deepEqual(told([a, b], matrixOf('skip: [{ rule: r, because: B, checks: [a.two], suites: [b] }]\n')), []);
});

test('ids and names of suites that are used twice', (t) => {
	const suites = [suiteOf('a', ['id: one']), suiteOf('b', ['id: two', 'id: one'])];
	t.deepEqual(told(suites), ["b.yaml:5:41 The id 'one' is used twice | It is first at a.yaml:4"]);
	const same = [suiteOf('a', ['id: one', 'id: two']), suiteOf('a', ['id: two', 'id: one'], '', 'mine.yaml')];
	t.deepEqual(told(same), ["mine.yaml:1:8 The name 'a' is used twice | It is first at a.yaml:1"]);
});

test('what is used twice is told in the file that was named', (t) => {
	const mine = { ...suiteOf('mine', ['id: one']), named: true };
	t.deepEqual(told([mine, suiteOf('b', ['id: one'])]), ["mine.yaml:4:41 The id 'one' is used twice | It is first at b.yaml:4"]);
	const same = { ...suiteOf('b', ['id: two'], '', 'mine.yaml'), named: true };
	t.deepEqual(told([same, suiteOf('b', ['id: one'])]), ["mine.yaml:1:8 The name 'b' is used twice | It is first at b.yaml:1"]);
	t.deepEqual(told([mine, { ...suiteOf('b', ['id: one']), named: true }]), [
		"b.yaml:4:41 The id 'one' is used twice | It is first at mine.yaml:4",
	]);
});

test('a suite with problems is still looked through', (t) => {
	const broken = brokenSuite('a', [
		'id: one, needs: [tow, b.one], control: thre',
		'id: two, needs: [three]',
		'id: three, needs: [two]',
	]);
	const b = suiteOf('b', ['id: b.one, needs: [two]', 'id: one']);
	t.deepEqual(told([broken, b]), [
		"b.yaml:5:41 The id 'one' is used twice | It is first at a.yaml:4",
		"a.yaml:4:54 There is no check 'tow' | Did you mean 'two'?",
		"a.yaml:4:76 There is no check 'thre' | Did you mean 'three'?",
		"a.yaml:6:56 Checks that wait for each other: 'two' needs 'three', which needs 'two'",
	]);
});

test('what follows from a problem that is told already is not told', (t) => {
	const b = suiteOf('b', ['id: b.one, needs: [a.one], target: guest']);
	const matrix = matrixOf('skip: [{ rule: r, because: B, checks: [a.one], suites: [a] }]\n');
	// The check is broken, its id is not.
	t.deepEqual(told([read('suite: a\ntitle: T\nchecks: [{ id: a.one, title: [no] }]', 'a.yaml'), b], matrix), []);
	// Nobody knows what the ids are.
	for (const text of [
		'suite: [',
		'suite: a\nchekcs: [{ id: a.one }]',
		'suite: a\nchecks: [{ di: a.one }]',
		'suite: a\nchecks: [{ id: 7 }]',
	]) {
		t.deepEqual(told([read(text, 'a.yaml'), b], matrix), [], text);
	}
	// What is no id is told as such, and so is what is no list of profiles; and an id twice in one file.
	const words = 'needs: [b c, 3], control: d e, promise: f g, required: no';
	t.deepEqual(told([read(textOf('a', [`id: a.one, ${words}`, 'id: a.one']), 'a.yaml'), b], matrix), []);
});

test('guests are looked into once they are booted', (t) => {
	const boot = suiteOf('boot', ['id: guest.up, guest-boot: x', 'id: ready, target: guest, needs: [guest.up]']);
	const a = suiteOf('a', [
		'id: one, target: guest',
		'id: two, target: guest, needs: [ready]',
		'id: three',
		'id: four, report: { policy: aa }',
	]);
	const message = 'This check looks into a guest, so it needs a check that boots it';
	t.deepEqual(told([a, boot]), [
		`a.yaml:4:41 ${message} | Add 'needs: [guest.up]'`,
		`a.yaml:7:29 ${message} | Add 'needs: [guest.up]'`,
	]);
	t.deepEqual(told([suiteOf('a', ['id: one, target: guest'])]), [
		`a.yaml:4:41 ${message} | Add a check of the kind 'guest-boot', and its id under 'needs'`,
	]);
	t.deepEqual(told([suiteOf('a', ['id: one, target: guest'], 'needs: [guest.up]\n'), boot]), []);
});

test('what looks first cannot need what looks last', (t) => {
	const a = suiteOf('a', [
		'id: one, last: true',
		'id: two, needs: [one]',
		'id: three, control: one',
		'id: four, last: true, needs: [one, two]',
	]);
	const tell = (id: string) =>
		`'${id}' looks first, so it cannot need 'one', which looks last | Add 'last: true' to it, or remove it there`;
	t.deepEqual(told([a]), [`a.yaml:5:54 ${tell('two')}`, `a.yaml:6:57 ${tell('three')}`]);
	const shared = suiteOf('b', ['id: one, last: true', 'id: two'], 'needs: [one]\n');
	t.deepEqual(told([shared]), [`b.yaml:3:9 ${tell('two')}`]);
});

test('ids that are not there', (t) => {
	const a = suiteOf('a', ['id: a.one', 'id: a.two, needs: [a.one, a.onne], control: elsewhere'], 'needs: [a.thre]\n');
	t.deepEqual(told([a]), [
		"a.yaml:3:9 There is no check 'a.thre'",
		"a.yaml:6:63 There is no check 'a.onne' | Did you mean 'a.one'?",
		"a.yaml:6:81 There is no check 'elsewhere'",
	]);
});

test('checks that wait for each other', (t) => {
	const a = suiteOf('a', [
		'id: one, needs: [two]',
		'id: two, needs: [three]',
		'id: three, control: one',
		'id: four, needs: [four]',
	]);
	t.deepEqual(told([a]), [
		"a.yaml:6:57 Checks that wait for each other: 'one' needs 'two', which needs 'three', which needs 'one'",
		"a.yaml:7:55 Checks that wait for each other: 'four' needs 'four'",
	]);
	const shared = suiteOf('b', ['id: one, needs: [two]', 'id: two'], 'needs: [one]\n');
	t.deepEqual(told([shared]), ["b.yaml:3:9 Checks that wait for each other: 'one' needs 'two', which needs 'one'"]);
});

test('a long chain of needs is no cycle', (t) => {
	const chain = Array.from({ length: 3000 }, (_, i) => `id: c${i}${i === 2999 ? '' : `, needs: [c${i + 1}]`}`);
	t.deepEqual(told([suiteOf('a', chain)]), []);
});

test('promises that the matrix does not list', (t) => {
	const a = suiteOf('a', [
		'id: one, promise: lunch',
		'id: two, promise: other, where: { tee: none }',
		'id: three, promise: other',
	]);
	const skip = 'skip: [{ rule: r, because: B, checks: [three] }]\n';
	const expected = [
		"a.yaml:4:55 The matrix lists no promise 'lunch' | Did you mean 'launch'?",
		"a.yaml:5:55 The matrix lists no promise 'other'",
		"a.yaml:6:57 The matrix lists no promise 'other'",
	];
	t.deepEqual(told([a], matrixOf(skip, 'a')), expected);
	t.deepEqual(told([a, suiteOf('b', ['id: b.one'])], matrixOf('', 'b')), expected);
});

test('profiles that are not there', (t) => {
	const a = suiteOf('a', ['id: one, required: [shipped, shippd]']);
	t.deepEqual(told([a], matrixOf('', 'a')), ["a.yaml:4:66 There is no profile 'shippd' | Did you mean 'shipped'?"]);
});

test('suites and checks that rules name and that are not there', (t) => {
	const rules = 'skip: [{ rule: r, because: B, checks: [zz] }]\ninformational: [{ because: B, suites: [aa] }]\n';
	t.deepEqual(told([suiteOf('a', ['id: one'])], matrixOf(rules, 'a')), [
		"m.yaml:7:40 There is no check 'zz'",
		"m.yaml:8:40 There is no suite 'aa' | Did you mean 'a'?",
	]);
	t.deepEqual(told([suiteOf('a', ['id: one'])], matrixOf(rules, 'a, host')), ["m.yaml:5:13 There is no suite 'host'"]);
});
