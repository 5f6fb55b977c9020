import test from 'ava';
import { loadMatrix } from './load-matrix.ts';
import { loadSuite } from './load-suite.ts';
import { checkReferences, type LocatedMatrix, type LocatedSuite } from './references.ts';
import { testKinds } from './test-kinds.ts';

function suiteOf(name: string, checks: readonly string[], more = ''): LocatedSuite {
	const lines = checks.map((check) => `  - { title: T, why: W, package: x, ${check} }\n`);
	const { suite, problems, locate } = loadSuite(
		`suite: ${name}\ntitle: T\n${more}checks:\n${lines.join('')}`,
		`${name}.yaml`,
		testKinds,
	);
	if (suite === null) {
		throw new Error(problems[0]?.message);
	}
	return { suite, locate };
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
	t.deepEqual(told([suiteOf('a', ['id: one']), suiteOf('a', ['id: two'])]), [
		"a.yaml:1:8 The name 'a' is used twice | It is also the suite a.yaml",
	]);
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
	t.deepEqual(told([a], matrixOf(skip, 'a')), ["a.yaml:4:55 The matrix lists no promise 'lunch' | Did you mean 'launch'?"]);
	t.deepEqual(told([a, suiteOf('b', ['id: b.one'])], matrixOf('', 'b')), []);
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
