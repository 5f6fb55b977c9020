import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import type { Result } from '../language/results.ts';
import type { RunEvent, RunEventBody } from '../run/events.ts';
import { createProgress } from './progress.ts';
import { buildReport, type Case } from './test-report.ts';

function resultOf(part: Case): Result {
	const [result] = buildReport({ cases: [part] }).results.results;
	if (result === undefined) {
		throw new Error('the case has a result');
	}
	return result;
}

const passed = resultOf({ check: { id: 'host.cpu' }, result: { durationMs: 21_400 } });
const failed = resultOf({
	check: { id: 'fw.snp' },
	result: { outcome: 'failed', expected: 'device memory', actual: 'flash', reason: { code: 'x', message: 'm' } },
});
const skipped = resultOf({
	check: { id: 'vtpm.q' },
	result: { outcome: 'skipped', rule: 'r', reason: { code: 'skipped', message: 'No TPM' } },
});
const guest = 'f41.ga.genoa.snp.disk.f41-subject';

const story: readonly RunEventBody[] = [
	{ event: 'run-start', run: '20260310T141200Z-a1b2c3', checks: 3, host: 'epyc7', reality: 'simulated' },
	{ event: 'check-start', instance: passed.instance, title: 'The CPU is an EPYC' },
	{ event: 'check-end', result: passed, n: 1, of: 3 },
	{ event: 'check-start', instance: failed.instance, title: 'The firmware is for SEV-SNP' },
	{ event: 'guest-start', guest, limitMs: 180_000 },
	{ event: 'guest-console', guest, line: '\u001b[2J\u001b[31mBdsDxe: starting Boot0001\u0007' },
	{ event: 'guest-milestone', guest, name: 'firmware', ms: 950 },
	{ event: 'guest-console', guest, line: '\u001b]0;title\u0007[    0.000000] Linux version 6.11' },
	{ event: 'check-end', result: failed, n: 2, of: 3 },
	{ event: 'guest-end', guest, ended: 'milestones' },
	{ event: 'note', text: 'the host was left as found' },
	{ event: 'check-end', result: skipped, n: 3, of: 3 },
	{ event: 'run-end', ended: 'complete' },
];
const events = story.map((body, index): RunEvent => ({ t: index * 1_000, ...body }));

test('without a terminal there is one plain line for each thing that happened', (t) => {
	const written: string[] = [];
	const progress = createProgress({ write: (text) => written.push(text), tty: false, columns: 80 });
	for (const event of events) {
		progress.onEvent(event);
	}
	progress.end();
	t.is(
		written.join(''),
		`SIMULATED: 3 checks on host epyc7, run 20260310T141200Z-a1b2c3
f41.ga.genoa.snp.disk.f41
[1/3] passed  host.cpu (21 s)
  guest f41.ga.genoa.snp.disk.f41-subject: starting, at most 3 min
  guest f41.ga.genoa.snp.disk.f41-subject: 'firmware' after 950 ms
[2/3] FAILED  f41.ga.genoa.snp.disk.f41/fw.snp: expected device memory, actual flash
  guest f41.ga.genoa.snp.disk.f41-subject: ended by 'milestones'
  note: the host was left as found
[3/3] 1 not applicable
`,
	);
});

test('a plain log names a cell when it changes, and says how many checks a count passed over', (t) => {
	const other = 'f41.ga.genoa.sev.disk.f41';
	const inOther = resultOf({ check: { id: 'host.sev' }, cell: other, result: {} });
	const blocked = resultOf({
		check: { id: 'guest.b' },
		cell: other,
		result: { outcome: 'blocked', reason: { code: 'blocked', message: 'needs x' } },
	});
	const results = [passed, skipped, skipped, passed, inOther, blocked, skipped, failed];
	let written = '';
	const progress = createProgress({ write: (text) => (written += text), tty: false, columns: 80 });
	for (const [index, result] of results.entries()) {
		progress.onEvent({ t: index, event: 'check-end', result, n: index + 1, of: 8 });
	}
	progress.onEvent({ t: 9, event: 'run-end', ended: 'complete' });
	t.is(
		written,
		`f41.ga.genoa.snp.disk.f41
[1/8] passed  host.cpu (21 s)
[3/8] 2 not applicable
[4/8] passed  host.cpu (21 s)
f41.ga.genoa.sev.disk.f41
[5/8] passed  host.sev
[6/8] blocked guest.b: needs x
[7/8] 1 not applicable
f41.ga.genoa.snp.disk.f41
[8/8] FAILED  f41.ga.genoa.snp.disk.f41/fw.snp: expected device memory, actual flash
`,
	);
});

/** What a terminal shows after these writes: enough of one for '\r', 'up', 'erase to the end' and lines. */
function screen(text: string, columns: number): readonly string[] {
	const lines = [''];
	let row = 0;
	for (const [part] of text.replaceAll('\u001b', '␛').matchAll(/␛\[\d*A|␛\[J|␛\[[\d;]*m|\r|\n|[^␛\r\n]+/g)) {
		if (part.startsWith('␛') && part.endsWith('A')) {
			row -= Number(part.slice(2, -1));
		} else if (part === '␛[J') {
			lines.splice(row, lines.length, '');
		} else if (part === '\n') {
			row += 1;
			lines[row] ??= '';
		} else if (!part.startsWith('␛') && part !== '\r') {
			lines[row] = `${lines[row] ?? ''}${part}`;
			if (part.length >= columns) {
				throw new Error(`a line of ${part.length} columns would wrap: '${part}'`);
			}
		}
	}
	return lines;
}

function terminal(columns: number, colour = true) {
	let written = '';
	let now = 0;
	const progress = createProgress({
		write: (text) => {
			written += text;
		},
		tty: true,
		columns,
		colour,
		now: () => {
			now += 200;
			return now;
		},
	});
	return { progress, text: () => written, lines: () => screen(written, columns) };
}

test('a terminal shows one block, under the lines that stay', (t) => {
	const { progress, lines } = terminal(100);
	for (const event of events.slice(0, 8)) {
		progress.onEvent(event);
	}
	t.deepEqual(
		lines().map((line) => line.replace(/0:0\d/g, '0:0N')),
		[
			'SIMULATED: 3 checks on host epyc7, run 20260310T141200Z-a1b2c3',
			'1 of 3 checks · 0:0N',
			'  ▸ The firmware is for SEV-SNP · f41.ga.genoa.snp.disk.f41/fw.snp',
			"  ◦ 0:0N of at most 3 min, reached 'firmware' · guest f41.ga.genoa.snp.disk.f41-subject",
			'    [ 0.000000] Linux version 6.11',
			'',
		],
	);
	progress.onEvent(events[8] ?? { t: 0, event: 'note', text: '' });
	t.deepEqual(lines().slice(1, 2), ['  ✗ f41.ga.genoa.snp.disk.f41/fw.snp: expected device memory, actual flash']);
	t.regex(lines()[2] ?? '', /^2 of 3 checks · 0:0\d · 1 failed$/);
	for (const event of events.slice(9)) {
		progress.onEvent(event);
	}
	progress.end();
	t.deepEqual(lines(), [
		'SIMULATED: 3 checks on host epyc7, run 20260310T141200Z-a1b2c3',
		'  ✗ f41.ga.genoa.snp.disk.f41/fw.snp: expected device memory, actual flash',
		'  note: the host was left as found',
		'',
	]);
});

for (const columns of [0, 24, 40, 80]) {
	test(`no line of the block wraps at ${columns} columns, whatever a guest prints`, (t) => {
		const { progress, text } = terminal(columns);
		for (const line of [
			'検査'.repeat(200),
			'x'.repeat(1_048_576),
			'\u001b['.repeat(500_000),
			'\u202e\u0000\r\nabc',
			'😀'.repeat(90),
		]) {
			progress.onEvent({ t: 1, event: 'guest-start', guest, limitMs: 1_000 });
			progress.onEvent({ t: 2, event: 'guest-console', guest, line });
			progress.onEvent({ t: 3, event: 'check-start', instance: line, title: line });
		}
		const width = columns === 0 ? 80 : columns;
		for (const line of stripVTControlCharacters(text()).split('\n')) {
			const wide = [...line.replace('\r', '')].reduce(
				(sum, character) => sum + (/[\u1100-\u{1ffff}]/u.test(character) && !'▸◦…'.includes(character) ? 2 : 1),
				0,
			);
			t.true(wide < width, line);
		}
		progress.end();
	});
}

test('without colours only the cursor moves', (t) => {
	const { progress, text } = terminal(80, false);
	for (const event of events) {
		progress.onEvent(event);
	}
	progress.end();
	t.deepEqual(
		text()
			.replaceAll('\u001b', '␛')
			.match(/␛\[[\d;]*m/g),
		null,
	);
});

test('nothing is written after the end, and the end may come twice', (t) => {
	for (const tty of [true, false]) {
		let count = 0;
		const progress = createProgress({
			write: () => {
				count += 1;
			},
			tty,
			columns: 80,
		});
		progress.onEvent({ t: 0, event: 'note', text: 'one' });
		progress.end();
		const before = count;
		progress.onEvent({ t: 1, event: 'note', text: 'two' });
		progress.end();
		t.is(count, before);
	}
});

test('a console that writes a hundred thousand lines is redrawn ten times a second', (t) => {
	let writes = 0;
	let now = 0;
	const progress = createProgress({
		write: () => {
			writes += 1;
		},
		tty: true,
		columns: 80,
		now: () => now,
	});
	progress.onEvent({ t: 0, event: 'guest-start', guest, limitMs: 1_000 });
	for (let line = 0; line < 100_000; line += 1) {
		now = line / 100;
		progress.onEvent({ t: now, event: 'guest-console', guest, line: `line ${line}` });
	}
	progress.end();
	t.true(writes < 20);
});
