import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../test-time.ts';
import { loadSuite } from './load-suite.ts';
import { testKinds } from './test-kinds.ts';

const load = (text: string) => loadSuite(text, 's.yaml', testKinds);

/** `line:col message | hint` of every problem. */
const told = (text: string) =>
	load(text).problems.map(({ line, col, message, hint }) => `${line}:${col} ${message}${hint === null ? '' : ` | ${hint}`}`);

const good = `# a comment
suite: vtpm
title: The guest's TPM measures
target: guest
where: { tee: snp, boot: svsm }
needs: [guest.boot]
checks:
  - id: guest.boot
    title: The guest boots
    why: Everything else is asked inside it
    target: host
    kernel-log: { must: ['Linux version \\d'], within: 90s }

  - id: vtpm.policy
    title: The policy is the one asked for
    why: A weaker one would pass unseen
    promise: measured-boot
    needs: [vtpm.present, guest.boot]
    control: guest.boot
    tags: [tpm]
    where: { boot: [svsm, direct] }
    last: true
    required: [change]
    report: { policy: "0x0003AB" }
    must-fail-under: { weak-policy: wrong-policy }
`;

test('a good suite', (t) => {
	const { suite, problems } = load(good);
	t.deepEqual(problems, []);
	t.deepEqual(suite, {
		name: 'vtpm',
		title: "The guest's TPM measures",
		checks: [
			{
				id: 'guest.boot',
				title: 'The guest boots',
				why: 'Everything else is asked inside it',
				promise: null,
				kind: 'kernel-log',
				params: { must: ['Linux version \\d'], within: 90_000 },
				target: 'host',
				needs: [],
				control: null,
				tags: [],
				where: { tee: 'snp', boot: 'svsm' },
				last: false,
				required: true,
				mustFailUnder: {},
				unconfirmed: [],
				source: 's.yaml:8',
			},
			{
				id: 'vtpm.policy',
				title: 'The policy is the one asked for',
				why: 'A weaker one would pass unseen',
				promise: 'measured-boot',
				kind: 'report',
				params: { policy: '0003ab' },
				target: 'guest',
				needs: ['guest.boot', 'vtpm.present'],
				control: 'guest.boot',
				tags: ['tpm'],
				where: { tee: 'snp', boot: ['svsm', 'direct'] },
				last: true,
				required: ['change'],
				mustFailUnder: { 'weak-policy': 'wrong-policy' },
				unconfirmed: [],
				source: 's.yaml:14',
			},
		],
	});
});

test('without a target of the suite or the check, the kind says where', (t) => {
	const { suite } = load('suite: s\ntitle: T\nchecks:\n  - { id: a, title: T, why: W, report: { policy: "00" } }\n');
	t.is(suite?.checks[0]?.target, 'guest');
});

test('an anchor may be used again in the same file', (t) => {
	const { suite } = load(
		`${head}    kernel-log: { must: &lines [a, b] }\n  - { id: b, title: T, why: W, kernel-log: { must: *lines } }\n`,
	);
	t.deepEqual(suite?.checks[1]?.params, { must: ['a', 'b'] });
});

const head = 'suite: s\ntitle: T\nchecks:\n  - id: a\n    title: T\n    why: W\n';

const requirementForm = `Expected 'present', 'absent' or a range with its engine, for example { upstream: ">= 9.1.0" }`;

/** What stands after the head, from line 7 on, and everything that is said of it. */
const bad: Record<string, readonly [string, ...string[]]> = {
	'unknown key': ['    package: x\n    neds: [b]', "8:5 Unknown key 'neds' | Did you mean 'needs'?"],
	'unknown kind': ['    pakage: x', "7:5 Unknown key 'pakage' | Did you mean 'package'?"],
	'unknown word that is near to none': [
		'    frobnicate: x',
		"7:5 Unknown key 'frobnicate' | Known here: 'promise', 'target', 'needs', 'control', 'tags', 'where', 'last', 'required', 'unconfirmed', 'must-fail-under', 'package', 'kernel-log', 'report'",
	],
	'no kind': ['', "4:5 This check has no kind, so it asserts nothing | Add one of 'package', 'kernel-log', 'report'"],
	'two kinds': [
		'    package: x\n    report: { policy: aa }',
		"8:5 A second kind in one check: 'report' beside 'package' | Make two checks of it, each with an id of its own",
	],
	'an id twice': [
		'    package: x\n  - { id: b, title: T, why: W, package: x }\n  - { id: a, title: T, why: W, package: x }',
		"9:11 The id 'a' is used twice | It is first on line 4",
	],
	'a key twice': ['    package: x\n    why: V', "8:5 The key 'why' is written twice | It is first on line 6"],
	'missing keys': [
		'    package: x\n  - package: x',
		"8:5 'id' is required: expected an id",
		"8:5 'title' is required: expected text",
		"8:5 'why' is required: expected text",
	],
	'a misspelt key that is required': ['    package: { nam: x }', "7:16 Unknown key 'nam' | Did you mean 'name'?"],
	'a missing parameter': ['    report: {}', "7:5 'policy' is required: expected hex digits"],
	'number as text': ['    package: 9.10', '7:14 Expected text or a mapping, got the number 9.10: write "9.10"'],
	'number as version': [
		'    package: { name: x, requirement: { upstream: 9.10 } }',
		'7:50 Expected a version range, got the number 9.10: write "9.10"',
	],
	'number as requirement': [
		'    package: { name: x, requirement: 9.10 }',
		`7:38 ${requirementForm}, got the number 9.10, in quotes "9.10"`,
	],
	'number as id': ['    package: x\n    promise: 0o17', '8:14 Expected an id, got the number 0o17: write "0o17"'],
	'number as hex': ['    report: { policy: 0x30000 }', '7:23 Expected hex digits, got the number 0x30000: write "0x30000"'],
	'true as id': ['    package: x\n    promise: True', '8:14 Expected an id, got True: write "True"'],
	'null as id': ['    package: x\n    promise: ~', '8:14 Expected an id, got ~: write "~"'],
	'nothing as id': ['    package: x\n    promise:', '8:13 Expected an id, got nothing'],
	'date as id': ['    package: x\n    promise: 2024-08-13', '8:14 Expected an id, got the date 2024-08-13: write "2024-08-13"'],
	'odd hex': ['    report: { policy: "0x30000" }', '7:23 Expected an even number of hex digits: two for each byte'],
	'no hex': ['    report: { policy: xyz }', "7:23 Expected hex digits, with or without '0x', got 'xyz'"],
	'relative path': ['    kernel-log: { path: dev/x }', "7:25 Expected a path that starts with '/', got 'dev/x'"],
	'number as duration': [
		'    kernel-log: { within: 180 }',
		'7:27 Expected an integer with ms, s, min or h, for example "180s", got the number 180',
	],
	'other duration': [
		'    kernel-log: { within: 3m }',
		`7:27 Expected an integer with ms, s, min or h, for example "180s", got '3m'`,
	],
	'number out of range': ['    report: { policy: aa, vmpl: 4 }', '7:33 Expected at most 3, got the number 4'],
	'no integer': ['    report: { policy: aa, vmpl: 1.5 }', '7:33 Expected an integer, got the number 1.5'],
	'id with a space': [
		'    package: x\n    promise: a b',
		"8:14 Expected an id of letters, digits, dots, dashes and underscores, got 'a b'",
	],
	'key that is no id': [
		'    package: x\n    must-fail-under: { a b: c }',
		"8:24 Expected an id of letters, digits, dots, dashes and underscores, got 'a b'",
	],
	'any version': [
		'    package: { name: x, requirement: { upstream: "*" } }',
		"7:50 '*' admits every version and so cannot fail: name a lowest version, for example '>= 9.1.0', or ask for 'present'",
	],
	'every version': [
		'    package: { name: x, requirement: { upstream: ">=0" } }',
		"7:50 '>=0' admits every version and so cannot fail: name a lowest version, for example '>= 9.1.0', or ask for 'present'",
	],
	'evr without epoch and release': [
		'    package: { name: x, requirement: { evr: ">= 9.1.0" } }',
		`7:45 '>= 9.1.0' is not a bound: expected an operator (>=, >, <=, < or ==) and a full EPOCH:VERSION-RELEASE with epoch 0 where a package has none, for example 'evr: ">= 2:9.1.0-1"'`,
	],
	'range without engine': ['    package: { name: x, requirement: ">= 9.1" }', `7:38 ${requirementForm}, got '>= 9.1'`],
	'range without quotes': [
		'    package: { name: x, requirement: { upstream: >= 9.1 } }',
		`7:50 Text that starts with '>' needs quotes | Write ">= 9.1"`,
	],
	'range without quotes, in a block': [
		'    package:\n      name: x\n      requirement:\n        upstream: >= 9.1 # so',
		`10:19 Text that starts with '>' or '|' needs quotes | Write ">= 9.1"`,
	],
	'misspelt word': [
		'    package: { name: x, requirement: presnt }',
		`7:38 ${requirementForm}, got 'presnt' | Did you mean 'present'?`,
	],
	'misspelt engine': ['    package: { name: x, requirement: { evrr: ">= 1" } }', "7:40 Unknown key 'evrr' | Did you mean 'evr'?"],
	'other engine': [
		'    package: { name: x, requirement: { semver: ">= 1" } }',
		"7:40 Unknown key 'semver' | Known here: 'upstream', 'evr', 'date', 'calver'",
	],
	'two engines': [
		'    package: { name: x, requirement: { upstream: ">= 9.1", evr: ">= 0:1-1" } }',
		"7:60 'evr' cannot stand beside 'upstream': keep one",
	],
	'no engine': ['    package: { name: x, requirement: {} }', `7:38 ${requirementForm}, got an empty mapping`],
	'list in a union': ['    package: [x]', '7:14 Expected text or a mapping, got a list'],
	'empty list': ['    kernel-log: { must: [] }', '7:25 An empty list says nothing: list at least one entry'],
	'one word for a list': ['    kernel-log: { must: x }', `7:25 Expected a list, got 'x' | Write ["x"]`],
	'one number for a list of texts': ['    kernel-log: { must: 1 }', '7:25 Expected a list, got the number 1 | Write ["1"]'],
	'nothing for a list of texts': ['    kernel-log: { must: ~ }', '7:25 Expected a list, got ~'],
	'a line for an argument vector': ['    kernel-log: { argv: ls  -l }', `7:25 Expected a list, got 'ls -l' | Write ["ls", "-l"]`],
	'a line with quotes for an argument vector': [
		`    kernel-log: { argv: sh -c "a b" }`,
		`7:25 Expected a list, got 'sh -c "a b"' | Write a list of words, the program first`,
	],
	'invalid pattern': ["    kernel-log: { must: ['('] }", '7:26 /(/ is not a regular expression: Unterminated group'],
	'pattern that matches nothing': [
		"    kernel-log: { must: ['a*'] }",
		'7:26 /a*/ matches the empty string, so it matches every line and says nothing: ask for at least one character',
	],
	'pattern of any line': [
		"    kernel-log: { must: ['[^]'] }",
		'7:26 /[^]/ matches any line and so says nothing: ask for words that only the line that is meant has',
	],
	'pattern of no line': [
		"    kernel-log: { must: ['a^'] }",
		"7:26 /a^/ can match no line: '^' is where a line begins, '$' where it ends, and '(?!)' matches nothing",
	],
	'every day': [
		'    package: { name: x, requirement: { date: ">= 19000101" } }',
		"7:46 'date >= 19000101' admits every version and so cannot fail: raise the lower bound",
	],
	'empty pattern': ["    kernel-log: { must: [''] }", '7:26 Expected text, not an empty string'],
	'empty needs': ['    package: x\n    needs: []', '8:12 An empty list says nothing: list at least one entry'],
	'word for a truth value': ['    package: x\n    required: no', "8:15 Expected true, false or a list of profiles, got 'no'"],
	'unknown target': ['    package: x\n    target: gest', "8:13 Expected 'host' or 'guest', got 'gest' | Did you mean 'guest'?"],
	'unknown values of axes': [
		'    package: x\n    where: { tee: [snpp], boot: svms, milestone: 3 }',
		"8:20 Expected 'snp', 'sev-es', 'sev' or 'none', got 'snpp' | Did you mean 'snp'?",
		"8:33 Expected 'disk', 'direct' or 'svsm', got 'svms' | Did you mean 'svsm'?",
		'8:50 Expected one of beta, ga, updates, or a list of them, got the number 3',
	],
	'no axis': ['    package: x\n    where: {}', '8:12 Expected at least one axis: an empty mapping means every cell'],
	'an alias of nothing': ['    package: *x', "7:14 There is no '&x' before this alias"],
	'an alias of itself': ['    package: x\n    tags: &t [*t]', "8:15 The alias '*t' is inside what it stands for"],
	'a tag': ['    package: !v x', "7:14 Tags have no meaning here: '!v' | Remove it; what must be text is put in quotes"],
	'a tab': ['    package: x\n\ttags: [a]', '8:1 Tabs are not allowed as indentation | Indent with spaces'],
	'an open list': [
		'    package: x\n    tags: [a',
		'8:13 Flow sequence in block collection must be sufficiently indented and end with a ]',
	],
	'an open quote': ['    package: "x', '7:16 A text in " does not end'],
	'a second colon': [
		'    package: a: b',
		"7:14 A second ': ' on one line | Put text that has ': ' in it in quotes, or the inner mapping on its own lines",
	],
	'a reserved character': ['    package: @x', '7:14 Plain value cannot start with reserved character @ | Put it in quotes'],
	'a second document': [
		'    package: x\n---\nsuite: t\n',
		"8:1 A second document: a file holds one | Remove what follows the line '---', or put it in a file of its own",
	],
	'keys that are no text': [
		'    package: x\n    ? [a]\n    : b\n    : c\n    __proto__: d',
		'8:7 Expected a key that is plain text',
		'10:1 Expected a key that is plain text',
		"11:5 '__proto__' cannot be a key",
	],
	'several at once, in order': [
		'    report: { policy: 7, vmpl: x }\n    tagz: [a]\n    needs: []',
		'7:23 Expected hex digits, got the number 7: write "7"',
		"7:32 Expected a number, got 'x'",
		"8:5 Unknown key 'tagz' | Did you mean 'tags'?",
		'9:12 An empty list says nothing: list at least one entry',
	],
};

for (const [name, [text, ...expected]] of Object.entries(bad)) {
	test(`refused: ${name}`, (t) => {
		t.deepEqual(told(head + text), expected);
		t.is(load(head + text).suite, null);
	});
}

const badFiles: Record<string, readonly [string, ...string[]]> = {
	'a word for a list of mappings': ['suite: s\ntitle: T\nchecks: x', "3:9 Expected a list, got 'x'"],
	empty: ['', '1:1 Expected a mapping, got nothing'],
	'a comment': ['# x', '1:1 Expected a mapping, got nothing'],
	'a list': ['[]', '1:1 Expected a mapping, got a list'],
	'YAML 1.1': ['%YAML 1.1\n---\nsuite: x', "1:1 Expected YAML 1.2, got YAML 1.1 | Remove the '%YAML' line"],
	'byte order mark and CRLF': [
		'\uFEFFsuite: x\r\ntitel: T\r\nchecks: []\r\n',
		"2:1 Unknown key 'titel' | Did you mean 'title'?",
		'3:9 An empty list says nothing: list at least one entry',
	],
};

for (const [name, [text, ...expected]] of Object.entries(badFiles)) {
	test(`refused as a whole: ${name}`, (t) => t.deepEqual(told(text), expected));
}

test('the line of a problem is that of the file, without its end', (t) => {
	t.is(load('\uFEFFsuite: x\r\ntitel: T\r\nchecks: []').problems[0]?.sourceLine, 'titel: T');
	t.is(load('suite: x\ntitle: T\nchecks: []').problems[0]?.sourceLine, 'checks: []');
});

test('what would be too large is refused in a bounded time', (t) => {
	const laughs = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]\n`).join('');
	t.deepEqual(told(`a0: &a0 [x]\n${laughs}`), ['1:1 More than 500000 values, counting what aliases repeat']);
	t.deepEqual(told(`a: ${'['.repeat(70)}${']'.repeat(70)}`), ['1:1 Nested deeper than 64 levels']);
	t.regex(told('['.repeat(20_000))[0] ?? '', /^1:\d+ Nested too deeply$/);
	t.deepEqual(told(' '.repeat(2 ** 21 + 1)), ['1:1 Longer than 2 MiB']);
});

test('5000 checks, and as many problems, in seconds', (t) => {
	const check = (i: number) =>
		`  - id: c${i}\n    title: T\n    why: W\n    needs: [c0]\n    package: { name: x, requirement: { evr: ">= 0:1.${i}-1" } }\n`;
	const text = `suite: s\ntitle: T\nchecks:\n${Array.from({ length: 5000 }, (_, i) => check(i)).join('')}`;
	const start = threadTime();
	t.is(load(text).suite?.checks.length, 5000);
	t.is(load(text.replaceAll('why', 'whi')).problems.length, 5000);
	// About a second each on an idle machine; a quadratic rule would take minutes.
	t.true(threadTime() - start < 20_000);
});

test('any text gives a suite or problems', (t) => {
	const snippets = [
		'- ',
		': ',
		'\n',
		'  ',
		'{',
		'}',
		'[',
		']',
		'&a ',
		'*a',
		'!t ',
		'"',
		"'",
		'|',
		'>',
		'#',
		'?',
		'%',
		'---\n',
		'\t',
		'id',
		'0x1',
		'~',
		'\0',
		'\uFEFF',
	];
	const line = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.array(fc.constantFrom(...snippets)).map((words) => words.join('')),
	);
	t.notThrows(() =>
		fc.assert(
			fc.property(line, (text) => {
				const { suite, problems } = load(text);
				t.is(suite === null, problems.length > 0);
			}),
			{ numRuns: 500 },
		),
	);
});

test('a suite that was damaged gives a suite or problems, in order and in the file', (t) => {
	const edit = fc.record({
		at: fc.nat(good.length),
		cut: fc.nat(12),
		add: fc.oneof(fc.constant(''), fc.string({ maxLength: 6 })),
	});
	fc.assert(
		fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
			const text = edits.reduce((now, { at, cut, add }) => now.slice(0, at) + add + now.slice(at + cut), good);
			const { suite, problems } = load(text);
			t.is(suite === null, problems.length > 0);
			const lines = text.split('\n').length;
			problems.forEach(({ line, col, sourceLine }, index) => {
				const before = problems[index - 1];
				t.true(line >= 1 && line <= lines && col >= 1 && col <= sourceLine.length + 2);
				t.true(before === undefined || before.line < line || (before.line === line && before.col <= col));
			});
		}),
		{ numRuns: 500 },
	);
});

test('the name is known, whatever else is wrong', (t) => {
	t.is(load(good).name, 'vtpm');
	t.is(load('suite: mine\nchecks: 3').name, 'mine');
	t.is(load('suite: [').name, null);
});
