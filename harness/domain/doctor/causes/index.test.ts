// The closed list of causes: unique, complete, and each one named by a reader; examples.test.ts shows each by a text.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { causes, findCause } from './index.ts';

const doctor = resolve(import.meta.dirname, '..');
const sources = readdirSync(doctor, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => ({ name, text: readFileSync(join(doctor, name), 'utf8') }));
const readers = sources.filter(({ name }) => name.startsWith('readers/') && !name.endsWith('.test.ts'));

test('codes are unique and well formed', (t) => {
	const codes = causes.map(({ code }) => code);
	t.deepEqual([...new Set(codes)], codes);
	for (const code of codes) {
		t.regex(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
	}
});

test('causes come in the order of the chain', (t) => {
	const ranks = causes.map(({ rank }) => rank);
	t.deepEqual(
		ranks,
		[...ranks].sort((a, b) => a - b),
	);
	t.true(ranks.every((rank) => Number.isInteger(rank) && rank > 0));
});

for (const { code, meaning, isNot, next, lookAt } of causes) {
	test(`'${code}' says what it means, what it is not, and what to do, each in one line`, (t) => {
		for (const words of [meaning, isNot, next, lookAt]) {
			t.regex(words, /^\S.{8,}\S$/);
		}
	});
}

test('every cause is named by a reader', (t) => {
	const quoted = (code: string) => readers.some(({ text }) => text.includes(`'${code}'`));
	t.deepEqual(
		causes.map(({ code }) => code).filter((code) => !quoted(code)),
		[],
	);
});

test('a code that is not in the list is a defect', (t) => {
	t.throws(() => findCause('no-such-code'), { message: /'no-such-code', which is not in the list/ });
});
