// Every cause through the whole doctor: its text has it as the root, and a text that comes near has it nowhere.

import test from 'ava';
import { diagnose } from '../diagnose.ts';
import { causeExamples } from './examples.ts';
import { causes } from './index.ts';

const known = causes.map(({ code }) => code);
const shown = causeExamples.map(({ code }) => code);

/** What the doctor finds in one text, the root first. */
function findings(text: string): readonly string[] {
	const { root, consequences } = diagnose([{ file: 'pasted', text }]);
	return [root, ...consequences].flatMap((finding) => (finding === null ? [] : [finding.cause.code]));
}

test('every cause has a text and a near miss', (t) => {
	t.deepEqual(
		known.filter((code) => !shown.includes(code)),
		[],
	);
});

test('every example is of a cause in the list, each once', (t) => {
	t.deepEqual(
		shown.filter((code, index) => !known.includes(code) || shown.indexOf(code) !== index),
		[],
	);
});

for (const { code, text, nearMiss, nearMissIs } of causeExamples) {
	test(`'${code}' is the root of its text, and its near miss does not have it`, (t) => {
		t.not(text, nearMiss);
		t.is(findings(text)[0], code);
		const near = findings(nearMiss);
		t.false(near.includes(code), near.join(', '));
		if (nearMissIs !== undefined) {
			t.is(near[0] ?? null, nearMissIs);
		}
	});
}
