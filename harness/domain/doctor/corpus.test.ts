// Every transcript of the corpus through the whole doctor: what comes out is the transcript's contract.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { diagnose, diagnosisDocument } from './diagnose.ts';

interface Transcript {
	readonly file: string;
	readonly verdict: 'good' | 'bad' | 'negative';
	readonly contract: {
		readonly kind: string;
		readonly snp?: string;
		readonly code?: string;
		readonly facts?: Readonly<Record<string, unknown>>;
	};
}

const directory = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const index = join(directory, 'expectations.json');
const transcripts: readonly Transcript[] = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : [];
const read = (file: string) => readFileSync(join(directory, file), 'utf8');
const answer = (text: string) => diagnosisDocument(diagnose([{ file: 'pasted', text }]));

if (transcripts.length === 0) {
	test.skip('[corpus] every transcript gives its contract', (t) => t.fail('not run'));
}

/** The form in which one text reaches people. */
const forms: readonly (readonly [string, (text: string) => string])[] = [
	['as it is', (text) => text],
	['with CRLF', (text) => text.replace(/\r?\n/g, '\r\n')],
	['with empty lines around', (text) => `\n\n${text}\n\n`],
];

for (const { file, verdict, contract } of transcripts) {
	for (const [form, change] of forms) {
		test(`[corpus] ${file}, ${form}`, (t) => {
			const { files, cause } = answer(change(read(file)));
			const [one] = files;
			const { snp, code, facts } = contract;
			const wanted = Object.fromEntries(Object.keys(facts ?? {}).map((name) => [name, one?.facts[name]]));
			t.deepEqual(
				{
					kind: one?.kind,
					...(snp === undefined ? {} : { snp: one?.snp }),
					...(facts === undefined ? {} : { facts: wanted }),
					...(code === undefined ? {} : { code: one?.cause?.code }),
				},
				contract,
			);
			t.deepEqual(cause, one?.cause, 'one text: its cause is the cause');
			if (verdict === 'good' && snp === 'usable') {
				t.is(cause, null, 'a healthy text has no cause');
			}
		});
	}
}

if (transcripts.length > 0) {
	test('[corpus] mutations of transcripts never throw and never grow slow', (t) => {
		const texts = transcripts.map(({ file }) => read(file));
		const mutated = fc
			.record({
				text: fc.constantFrom(...texts),
				other: fc.constantFrom(...texts),
				from: fc.nat(4_000),
				length: fc.nat(200),
				put: fc.oneof(
					fc.string(),
					fc.string({ unit: 'binary' }),
					fc.constantFrom('\u001b[31m', '\r', '\0', '<', '"', '{', '[', '\n'),
				),
				tail: fc.nat(400),
			})
			.map(
				({ text, other, from, length, put, tail }) =>
					text.slice(0, from) + put + text.slice(from + length) + other.slice(0, tail),
			);
		t.notThrows(() =>
			fc.assert(
				fc.property(mutated, (text) => {
					answer(text);
				}),
				{ numRuns: 500 },
			),
		);
	});
}
