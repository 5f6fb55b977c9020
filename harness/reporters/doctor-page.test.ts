// The doctor's page: what is on it, in which order, and that hostile text stays harmless.

import test from 'ava';
import type { Diagnosis, Finding } from '../domain/doctor/diagnose.ts';
import type { Cause, Reading, SnpState, TextKind } from '../domain/doctor/reading.ts';
import { renderCauses, renderDiagnosis } from './doctor-page.ts';

const cause = (code: string, severity: Cause['severity'] = 'blocks-snp'): Cause => ({
	code,
	meaning: `what ${code} means.`,
	isNot: `what ${code} is not.`,
	next: `what to do about ${code}.`,
	severity,
	rank: 10,
	lookAt: `what to look at after ${code}.`,
});
const finding = (code: string, severity?: Cause['severity'], lines: readonly string[] = ['the line']): Finding => ({
	cause: cause(code, severity),
	evidence: lines.map((line) => ({ file: 'kernel.txt', line })),
});
const reading = (kind: TextKind, snp: SnpState, facts: Reading['facts'] = {}): Reading => ({ kind, snp, facts, signs: [] });
const file = (name: string, one: Reading) => ({ file: name, reading: one, root: null });

const render = (diagnosis: Omit<Diagnosis, 'next' | 'unconfirmed'>, unconfirmed: readonly string[] = []) =>
	renderDiagnosis({ ...diagnosis, next: diagnosis.root?.cause.next ?? null, unconfirmed });

test('unusable: verdict, cause, evidence, next step, where to look, what folds under it, the texts', (t) => {
	const diagnosis = {
		files: [file('kernel.txt', reading('host-kernel', 'unusable')), file('ok', reading('snphost', 'unknown'))],
		snp: 'unusable' as const,
		root: finding('first', 'blocks-snp', ['a', 'b', 'c', 'd', 'e']),
		consequences: [finding('second'), finding('third', 'note')],
	};
	t.is(
		render(diagnosis),
		`DOCTOR   SEV-SNP is unusable, by 2 texts
Cause:   first: what first means.
         kernel.txt: a
         kernel.txt: b
         kernel.txt: c
         and 2 lines more
Next:    what to do about first.
Look at: what to look at after first.
Also:    second: what second means.
         third: what third means.
Texts:   kernel.txt   host-kernel   unusable
         ok           snphost       unknown
`,
	);
});

test('usable: the gate is next', (t) => {
	const page = render({
		files: [file('k', reading('host-kernel', 'usable'))],
		snp: 'usable',
		root: null,
		consequences: [],
	});
	t.regex(page, /^DOCTOR {3}SEV-SNP is usable, by 1 text\nNext: .*snpgate run --host local\nTexts: /);
	t.notRegex(page, /Cause|Look at/);
});

test('usable with something to mend, and with a mere note', (t) => {
	const files = [file('k', reading('host-kernel', 'usable'))];
	const page = (severity: Cause['severity']) =>
		render({ files, snp: 'usable', root: finding('odd', severity), consequences: [] });
	t.regex(page('weakens'), /^DOCTOR {3}SEV-SNP is usable, by 1 text, but read on\nCause: /);
	t.regex(page('note'), /^DOCTOR {3}SEV-SNP is usable, by 1 text\nNote: /);
});

test('unknown: said so, with what would help', (t) => {
	const files = [file('a', reading('unknown', 'unknown')), file('b', reading('host-kernel', 'usable'))];
	const page = render({ files, snp: 'unknown', root: null, consequences: [] });
	t.regex(page, /^DOCTOR {3}unknown: 1 of 2 texts does not say whether SEV-SNP is usable\nNext: .*journalctl -k -b/);
});

test('a text that was too long is an error, and what helps is another', (t) => {
	const files = [file('big', reading('unknown', 'unknown', { error: 'truncated' }))];
	const page = render({ files, snp: 'unknown', root: null, consequences: [] });
	t.regex(page, /Next: .*16 MiB/);
	t.regex(page, /big {3}error: truncated\n$/);
});

test('escapes of a terminal and line ends in paths and evidence do not reach the page', (t) => {
	const page = render({
		files: [file('a\u001b[2J\nDOCTOR   SEV-SNP is usable', reading('host-kernel', 'unusable'))],
		snp: 'unusable' as const,
		root: finding('first', 'blocks-snp', [`\u001b]0;x\u0007\u202eline\nNext: rm\r${'x'.repeat(1_000)}`]),
		consequences: [],
	});
	for (const character of ['\u001b', '\u0007', '\u202e', '\r']) {
		t.false(page.includes(character));
	}
	t.deepEqual(page.split('\n').filter((line) => /^(?:DOCTOR|Next)/.test(line)).length, 2);
	t.true(page.split('\n').every((line) => line.length < 400));
});

test('the list of causes says all five things of each', (t) => {
	t.is(
		renderCauses([cause('first'), cause('second', 'note')]),
		`first   blocks-snp
Means:   what first means.
Is not:  what first is not.
Next:    what to do about first.
Look at: what to look at after first.

second   note
Means:   what second means.
Is not:  what second is not.
Next:    what to do about second.
Look at: what to look at after second.
`,
	);
});

test('what a reading leans on and nobody has confirmed is named', (t) => {
	const files = [file('k', reading('host-kernel', 'usable'))];
	const page = render({ files, snp: 'usable', root: null, consequences: [] }, ['segmented-rmp-line']);
	t.regex(page, /\nLeans: {3}on what is not confirmed yet on a real host: Kernels with a segmented RMP/);
});
