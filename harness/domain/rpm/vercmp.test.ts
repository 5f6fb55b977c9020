import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../../test-time.ts';
import { compareVersions } from './vercmp.ts';

// rpm-version(7) and tests/rpmvercmp.at of rpm.
const vectors = [
	['1.0~rc1', '<', '1.0'],
	['1.0~rc1', '<', '1.0~rc2'],
	['1.0~rc1~git123', '<', '1.0~rc1'],
	['1.0^', '>', '1.0'],
	['1.0^git1', '<', '1.01'],
	['1.0^20160101', '<', '1.0.1'],
	['1.0~rc1^git1', '>', '1.0~rc1'],
	['1.0^git1~pre', '<', '1.0^git1'],
	['1.0^20160102', '>', '1.0^20160101^git1'],
	['10.0001', '=', '10.1'],
	['10xyz', '<', '10.1xyz'],
	['xyz.4', '<', '8'],
	['5.5p10', '>', '5.5p1'],
	['6.0.rc1', '>', '6.0'],
	['2.0.1a', '>', '2.0.1'],
	['1.0aa', '>', '1.0a'],
	['abc123', '=', 'abc.0123'],
	['1.f', '>', '1c.f'],
	['20101122', '>', '20101121'],
	['4.999.9', '<', '5.0'],
	// Separators count neither by kind nor by number, not even at the ends.
	['1._+.2', '=', '1.2'],
	['..1.0..', '=', '1.0'],
	['1.~rc', '=', '1~rc'],
	['...', '=', '_'],
	['', '=', '.'],
	['', '<', 'a'],
	['~', '<', ''],
	['^', '>', ''],
	['~', '<', '^'],
	// Letters are compared by their code, so capitals come first.
	['1.B', '<', '1.a'],
	['1.Z', '<', '1.0'],
	// What is not ASCII separates, as any other unknown character.
	['1é0', '=', '1.0'],
	['1.0é', '=', '1.0'],
	['1.٣', '=', '1'],
	['1.[', '=', '1.{'],
	// More digits than any number type holds.
	['18446744073709551616', '>', '18446744073709551615'],
	[`1.${'0'.repeat(400)}7`, '=', '1.7'],
	[`1.1${'0'.repeat(400)}`, '<', `1.1${'0'.repeat(401)}`],
	[`1.${'9'.repeat(400)}`, '>', `1.${'9'.repeat(399)}8`],
	['0', '=', '0000'],
	['1.0', '=', '1.00'],
] as const;

for (const [left, relation, right] of vectors) {
	const short = (text: string) => (text.length > 30 ? `${text.slice(0, 10)}… (${text.length})` : text);
	test(`'${short(left)}' ${relation} '${short(right)}'`, (t) => {
		const order = { '<': -1, '=': 0, '>': 1 }[relation];
		t.is<number, number>(compareVersions(left, right), order);
		t.is(compareVersions(right, left) + order, 0);
	});
}

const table = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts/rpm-vercmp-table.tsv');
const withCorpus = existsSync(table) ? test : test.skip;

withCorpus("[corpus] rpm's own table, both directions", (t) => {
	const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
	t.true(rows.length > 80);
	for (const row of rows) {
		const [left = '', right = '', expected] = row.split('\t');
		t.is<number, number>(compareVersions(left, right), Number(expected), row);
		t.is<number, number>(compareVersions(right, left) + Number(expected), 0, row);
	}
});

const versionLike = fc
	.array(fc.constantFrom('0', '1', '9', '10', '007', 'a', 'b', 'rc', 'Z', '.', '_', '+', '~', '^', 'é', ''), { maxLength: 7 })
	.map((pieces) => pieces.join(''));

test('a version equals itself, and the order turns round with its arguments', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				versionLike,
				versionLike,
				(a, b) => compareVersions(a, a) === 0 && compareVersions(a, b) + compareVersions(b, a) === 0,
			),
			{ numRuns: 5_000 },
		),
	);
});

test('the order is transitive, ties included', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(versionLike, versionLike, versionLike, (a, b, c) => {
				const [low = '', middle = '', high = ''] = [a, b, c].sort(compareVersions);
				return compareVersions(low, middle) <= 0 && compareVersions(middle, high) <= 0 && compareVersions(low, high) <= 0;
			}),
			{ numRuns: 5_000 },
		),
	);
});

for (const [what, piece, first, last] of [
	['one number', '1', '1', '2'],
	['leading zeros', '0', '1', '2'],
	['many parts', '1.', '1', '2'],
	['separators', '.', '1', '2'],
	['tildes', '~', '1', '2'],
	['one word', 'a', 'a', 'b'],
] as const) {
	test(`1 MB of ${what} is compared at once`, (t) => {
		const body = piece.repeat(1_000_000 / piece.length);
		const start = threadTime();
		t.is(compareVersions(`${body}${first}`, `${body}${last}`), -1);
		// The target is 50 ms; a machine that runs other work gets more, and quadratic time would take minutes.
		t.true(threadTime() - start < 1_000);
	});
}

const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;

inLab('[lab] the same order as the rpm of this machine', (t) => {
	const pieces = [
		'0',
		'1',
		'2',
		'10',
		'007',
		'99999999999999999999',
		'a',
		'b',
		'rc',
		'Z',
		'.',
		'_',
		'+',
		'~',
		'^',
		'..',
		'é',
		'~rc1',
		'^git2',
	];
	const sample = fc.sample(
		fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
		{ numRuns: 12_000, seed: 41 },
	);
	const near = sample.map((version, index) =>
		index % 3 === 0 ? `${version}${pieces[index % pieces.length]}` : (sample[(index * 7) % sample.length] ?? ''),
	);
	for (let from = 0; from < sample.length; from += 1_000) {
		const pairs = sample.slice(from, from + 1_000).map((left, index) => [left, near[from + index] ?? ''] as const);
		const calls = pairs.map(([left, right]) => `rpm.vercmp("${left}","${right}")`).join(',');
		const answers = execFileSync('rpm', ['--eval', `%{lua:print(table.concat({${calls}},' '))}`], { encoding: 'utf8' })
			.trim()
			.split(' ');
		t.is(answers.length, pairs.length);
		for (const [index, [left, right]] of pairs.entries()) {
			t.is<number, number>(compareVersions(left, right), Number(answers[index]), `'${left}' and '${right}'`);
		}
	}
});
