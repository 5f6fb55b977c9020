// The list of what no real machine has shown: each entry is leaned on somewhere, and the list may only shrink.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { unconfirmedFacts, unconfirmedNote } from './unconfirmed.ts';

const root = resolve(import.meta.dirname, '..', '..');
const read = (folder: string) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.(?:ts|yaml)$/.test(name) && !name.endsWith('.test.ts'))
		.map((name) => readFileSync(join(root, folder, name), 'utf8'));
const leaning = [...read('harness/domain/doctor'), ...read('suites')];

test('every unconfirmed fact is leaned on by a check or a reader', (t) => {
	t.deepEqual(
		unconfirmedFacts.map(({ id }) => id).filter((id) => !leaning.some((text) => text.includes(id))),
		[],
	);
});

test('ids are unique, and the list only shrinks', (t) => {
	t.is(new Set(unconfirmedFacts.map(({ id }) => id)).size, unconfirmedFacts.length);
	t.true(unconfirmedFacts.length <= 6, `${unconfirmedFacts.length} facts: confirm one before another is added`);
});

test('a note says what is assumed; of an id that is gone, as in an old bundle, the id', (t) => {
	t.regex(unconfirmedNote('igvm-file-path'), /^not confirmed yet on a real host: A package coconut-svsm/);
	t.is(unconfirmedNote('gone'), 'not confirmed yet on a real host: gone');
});
