import test from 'ava';
import { formatProblem, formatProblems, inOrder, type Problem } from './problems.ts';

const problem: Problem = {
	file: 'suites/x.yaml',
	line: 6,
	col: 5,
	message: "Unknown key 'neds'",
	sourceLine: '    neds: [a]',
	hint: "Did you mean 'needs'?",
};

test('a problem with its line, a caret and a hint', (t) => {
	t.is(formatProblem(problem), "suites/x.yaml:6:5  Unknown key 'neds'\n      neds: [a]\n      ^\n  Did you mean 'needs'?");
	t.is(
		formatProblems([
			{ ...problem, hint: null },
			{ ...problem, hint: null, line: 7 },
		]).split('\n\n').length,
		2,
	);
});

test('control characters move neither the caret nor the terminal', (t) => {
	const [, shown, caret] = formatProblem({ ...problem, sourceLine: '\tx:\u001b[2J y', col: 2 }).split('\n');
	t.is(shown, '   x: [2J y');
	t.is(caret, '   ^');
});

test('of a long line the part at the caret is shown', (t) => {
	const sourceLine = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
	for (const col of [1, 30, 61, 62, 300, 501, 990, 1001]) {
		const [, shown = '', caret = ''] = formatProblem({ ...problem, sourceLine, col }).split('\n');
		t.true(shown.length < 130);
		t.is(shown[caret.length - 1], sourceLine[col - 1]);
	}
});

test('problems are put in order and told once', (t) => {
	const later = { ...problem, line: 7, col: 1 };
	const sooner = { ...problem, col: 2 };
	t.deepEqual(inOrder([later, problem, sooner, { ...later }]), [sooner, problem, later]);
});
