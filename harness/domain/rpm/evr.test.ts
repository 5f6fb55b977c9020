import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../../test-time.ts';
import { compareEvr, EvrError, parseEvr } from './evr.ts';

for (const [text, epoch, version, release] of [
	['9.1.0', '0', '9.1.0', null],
	['9.1.0-1.fc41', '0', '9.1.0', '1.fc41'],
	['2:9.1.0-1.fc41', '2', '9.1.0', '1.fc41'],
	['2:9.1.0', '2', '9.1.0', null],
	[':9.1.0', '0', '9.1.0', null],
	['007:1', '007', '1', null],
	['a:1-2', '0', 'a:1', '2'],
	['1-2-3', '0', '1-2', '3'],
	['-1', '0', '', '1'],
	['1-', '0', '1', ''],
	['2:', '2', '', null],
	['1:2:3-4', '1', '2:3', '4'],
	['é ü', '0', 'é ü', null],
] as const) {
	test(`'${text}' is split as rpm splits it`, (t) => {
		t.deepEqual(parseEvr(text), { epoch, version, release });
	});
}

for (const [text, message] of [
	['', /^'' is no version: expected \[EPOCH:\]VERSION\[-RELEASE\]/],
	['1.0\n', /character 4 of this one is a control character/],
	['1\u0000', /character 2 /],
	['\u0085', /character 1 /],
] as const) {
	test(`${JSON.stringify(text)} is refused`, (t) => {
		t.regex(t.throws(() => parseEvr(text), { instanceOf: EvrError })?.message ?? '', message);
	});
}

for (const [left, relation, right] of [
	['1:1.0-1', '>', '2.0-1'],
	['0:1.0-1', '=', '1.0-1'],
	['2:7.2.0-1', '<', '2:9.1.0-0.1.rc2.fc41'],
	['2:9.1.0-0.3.rc2.fc41', '<', '2:9.1.0-1.fc41'],
	['10.6.0-3.fc41', '<', '10.6.0-7.fc41'],
	['20250812-9.fc43', '<', '20250812-16.fc43'],
	['6.11.4-301.fc41', '>', '6.11.4-200.fc41'],
	// A side without a release leaves the other side's release out.
	['9.1.0', '=', '9.1.0-5.fc41'],
	['2:9.1.0', '>', '9.1.0-5.fc41'],
	['9.1.1', '>', '9.1.0-5.fc41'],
	// Epochs are numbers of any length, and leading zeros do not count.
	['99999999999999999999:1', '>', '99999999999999999998:2'],
	['007:1', '=', '7:1'],
	['00:1', '=', '1'],
] as const) {
	test(`'${left}' ${relation} '${right}'`, (t) => {
		const order = { '<': -1, '=': 0, '>': 1 }[relation];
		t.is<number, number>(compareEvr(parseEvr(left), parseEvr(right)), order);
		t.is(compareEvr(parseEvr(right), parseEvr(left)) + order, 0);
	});
}

test('every printable, non-empty text is an EVR equal to itself', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
				fc.pre(!/\p{Cc}/u.test(text));
				return compareEvr(parseEvr(text), parseEvr(text)) === 0;
			}),
			{ numRuns: 2_000 },
		),
	);
});

test('any other text is refused with EvrError and nothing else', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				try {
					return parseEvr(text).epoch !== '';
				} catch (error) {
					return error instanceof EvrError;
				}
			}),
			{ numRuns: 2_000 },
		),
	);
});

const fullEvr = fc
	.tuple(
		fc.constantFrom('', '0:', '1:', '2:'),
		fc.constantFrom('1', '1.0', '1.0~rc1', '1.0^x', '2'),
		fc.constantFrom('1', '0.1.rc1', '1.fc41'),
	)
	.map(([epoch, version, release]) => `${epoch}${version}-${release}`);

test('the order of full EVRs is transitive', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fullEvr, fullEvr, fullEvr, (a, b, c) => {
				const [low, middle, high] = [a, b, c].map(parseEvr).sort(compareEvr);
				return (
					low !== undefined &&
					middle !== undefined &&
					high !== undefined &&
					compareEvr(low, middle) <= 0 &&
					compareEvr(middle, high) <= 0 &&
					compareEvr(low, high) <= 0
				);
			}),
			{ numRuns: 2_000 },
		),
	);
});

for (const body of ['1', '1.', '~', ':', '-', '0']) {
	test(`1 MB of '${body}' is parsed and compared at once`, (t) => {
		const text = body.repeat(1_000_000 / body.length);
		const start = threadTime();
		t.is(compareEvr(parseEvr(text), parseEvr(`${text}~`)) >= 0, true);
		t.true(threadTime() - start < 1_000);
	});
}

const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;

// Without a release on one side rpm's own function calls that side older, so both sides have one here.
inLab('[lab] the same order as the rpm of this machine', (t) => {
	const part = (pieces: readonly string[]) =>
		fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
	const evr = fc
		.tuple(
			fc.constantFrom('', '', '0:', '1:', '01:', ':', 'a:'),
			part(['1', '10', 'a', '.', '~', '^', '-', ':']),
			part(['1', '2', '.fc', '~', '0.rc']),
		)
		.map(([epoch, version, release]) => `${epoch}${version}-${release}`);
	const pairs = fc.sample(fc.tuple(evr, evr), { numRuns: 6_000, seed: 41 });
	for (let from = 0; from < pairs.length; from += 1_000) {
		const some = pairs.slice(from, from + 1_000);
		const calls = some.map(([left, right]) => `rpm.vercmp("${left}","${right}")`).join(',');
		const answers = execFileSync('rpm', ['--eval', `%{lua:print(table.concat({${calls}},' '))}`], { encoding: 'utf8' })
			.trim()
			.split(' ');
		t.is(answers.length, some.length);
		for (const [index, [left, right]] of some.entries()) {
			t.is<number, number>(compareEvr(parseEvr(left), parseEvr(right)), Number(answers[index]), `'${left}' and '${right}'`);
		}
	}
});
