import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { threadTime } from '../test-time.ts';
import { renderEnding } from './ending.ts';
import { buildReport, type Case, cellId, type ReportParts, simulated } from './test-report.ts';

const plain = (parts: ReportParts) => renderEnding(buildReport(parts), { colour: false });

const failed: Case = {
	check: { id: 'fw.descriptor.snp', source: 'suites/firmware.yaml:31' },
	result: {
		outcome: 'failed',
		expected: 'device memory',
		actual: 'flash',
		reason: { code: 'mapped-as-flash', message: 'It says flash' },
	},
};
const unknown: Case = {
	check: { id: 'attest.chain' },
	result: { outcome: 'error', reason: { code: 'unreachable', message: 'AMD KDS answered 429' } },
};
const blocked = (id: string, need: string): Case => ({
	check: { id, needs: [`${cellId}/${need}`] },
	result: { outcome: 'blocked', reason: { code: 'blocked', message: `needs '${need}', which failed` } },
});
const passed: Case = { check: { id: 'host.cpu' }, result: {} };
const skipped: Case = {
	check: { id: 'vtpm.quote' },
	result: { outcome: 'skipped', rule: 'no-tpm', reason: { code: 'skipped', message: 'None' } },
};
const promises = [
	{ id: 'kernel', title: 'A kernel', checks: [`${cellId}/host.cpu`] },
	{ id: 'firmware', title: 'A firmware', checks: [`${cellId}/fw.descriptor.snp`] },
	{ id: 'tpm', title: 'A TPM', checks: [`${cellId}/vtpm.quote`] },
];

test('a failing run: verdict, counts, promises, rows, next step', (t) => {
	const cases = [
		passed,
		failed,
		unknown,
		blocked('guest.boot', 'fw.descriptor.snp'),
		blocked('guest.snp', 'guest.boot'),
		skipped,
	];
	const verdicts = [
		{ profile: 'change', verdict: 'fail' as const, retryable: false, reasons: [] },
		{ profile: 'shipped', verdict: 'pass' as const, retryable: false, reasons: [] },
	];
	t.is(
		plain({ cases, verdicts, promises }),
		`GATE  fail   Fedora Linux 41 as promised · host epyc7 (Genoa, real machine) · kernel 6.11.4-301.fc41.x86_64
      as shipped: pass
      1 failed, 1 could not be found out, 2 blocked by them, 1 not applicable, 1 passed   (14 min)
      Change complete: no, 1 of 3 promises kept (missing: firmware; not judged: tpm)
  ✗ fw.descriptor.snp   expected device memory   actual flash   suites/firmware.yaml:31
  ? attest.chain        AMD KDS answered 429   suites/attest.yaml:31
Next: mend what failed, then: npx --no snpgate run --only fw.descriptor.snp --only attest.chain --matrix matrices/f41.yaml --host epyc7
`,
	);
});

test('a passing run on hardware leads to the gate; a simulated one to hardware', (t) => {
	t.regex(
		plain({ cases: [passed] }),
		/^GATE {2}pass {3}.*\n {6}1 passed {3}\(14 min\)\nNext: decide the gate: npx --no snpgate gate 20260310T141200Z-a1b2c3\n$/,
	);
	const ending = plain({ cases: [passed], run: simulated, promises: promises.slice(0, 1) });
	t.regex(ending.split('\n')[0] ?? '', /host sim \(Genoa, SIMULATED\)/);
	t.regex(ending, /Change complete: yes, 1 of 1 promise kept/);
	t.regex(ending, /Next: .*: npx --no snpgate run --matrix matrices\/f41\.yaml --host local\n$/);
});

test('an emulated run never says that the Change is complete', (t) => {
	const ending = plain({ cases: [passed], run: { reality: 'emulated' }, promises: promises.slice(0, 1) });
	t.regex(ending.split('\n')[0] ?? '', /EMULATED/);
	t.regex(ending, /Promises: 1 of 1 kept/);
	t.notRegex(ending, /Change complete/);
});

const selections = [
	{ cases: [passed], verdict: 'PASSED' },
	{ cases: [failed], verdict: 'FAILED' },
	{ cases: [unknown], verdict: 'INCOMPLETE' },
];

for (const { cases, verdict } of selections) {
	test(`a selection that ends as ${verdict} is no gate verdict`, (t) => {
		const prerequisite: Case = { check: { id: 'host.kernel', selected: false }, result: {} };
		const ending = plain({ cases: [...cases, prerequisite], scope: 'selection', checksInMatrix: 118, run: simulated, promises });
		t.is(ending.split('\n')[0], `SELECTION ${verdict}: 1 of 118 checks. Not a gate verdict. SIMULATED.`);
		t.notRegex(ending, /GATE|Change complete/);
	});
}

test('an interrupted run says how far it came, and does not list what it cut off', (t) => {
	const cut = Array.from({ length: 30 }, (_, index) => ({
		check: { id: `guest.n${index}` },
		result: { outcome: 'error' as const, reason: { code: 'interrupted', message: 'the run was interrupted' } },
	}));
	const ending = plain({
		cases: [
			passed,
			failed,
			skipped,
			blocked('guest.snp', 'fw.descriptor.snp'),
			...cut,
			blocked('after', 'guest.n0'),
			{ check: { id: 'late' }, result: null },
		],
		complete: false,
		run: { ended: 'interrupted' },
	});
	t.regex(ending, /INTERRUPTED: 2 judged, 1 blocked, 32 not reached, 1 not applicable; unsealed bundle/);
	t.regex(ending, /1 failed, 1 blocked by it, 32 not reached, 1 not applicable, 1 passed/);
	t.notRegex(ending, /guest\.n/);
	t.regex(ending, /Next: mend what failed, then: npx --no snpgate run --only fw/);
	t.regex(plain({ cases: [passed, ...cut], run: { ended: 'deadline' } }), /DEADLINE PASSED: 1 judged, 30 not reached\n/);
	t.regex(plain({ cases: [passed], complete: false }), /UNSEALED BUNDLE/);
});

test('where a rule left out everything, the rule and its reason are said', (t) => {
	const ending = plain({
		cases: ['a', 'b'].map((id) => ({ ...skipped, check: { id } })),
		scope: 'selection',
		run: { argv: ['run', '--set', 'boot=disk'] },
		verdicts: [{ profile: 'change', verdict: 'incomplete', retryable: false, reasons: [] }],
	});
	t.regex(ending, /\n {6}2 not applicable, 0 passed .*\n {6}not applicable: None \(rule 'no-tpm'\)\nNext: /);
	t.notRegex(plain({ cases: [passed, skipped] }), /no-tpm/);
});

test('a host that could not be read is not worded as another kind of host', (t) => {
	const host = { name: 'x', os: 'unknown system', cpu: 'unknown CPU', generation: 'other', kernel: 'unknown kernel' };
	const [head] = plain({ cases: [passed], run: { host } }).split('\n');
	t.true(head?.endsWith('host x (CPU not found out, real machine) · kernel not found out'), head);
	const other = plain({ cases: [passed], run: { host: { ...host, cpu: 'Intel' } } });
	t.regex(other, /host x \(another CPU, real machine\)/);
});

test('profiles read well, also those without words of their own', (t) => {
	const verdicts = [{ profile: 'nightly', verdict: 'pass' as const, retryable: false, reasons: [] }];
	t.regex(plain({ cases: [passed], verdicts }), /^GATE {2}pass {3}Fedora Linux 41 as nightly · /);
});

test('at most ten rows; the same trouble in several cells is one', (t) => {
	const cells = ['snp', 'sev-es', 'sev', 'none'].map((tee) => ({ ...failed, cell: `f41.ga.genoa.${tee}.disk.f41` }));
	t.regex(plain({ cases: cells }), /✗ fw\.descriptor\.snp .* in 4 cells · suites\/firmware\.yaml:31/);
	const many = Array.from({ length: 14 }, (_, index) => ({ ...failed, check: { id: `fw.n${index}` } }));
	const ending = plain({ cases: many });
	t.is(ending.match(/✗/g)?.length, 10);
	t.regex(ending, /… and 4 more rows in report\.html/);
});

test('what counts for the gate comes first, the rest is named informational', (t) => {
	const soft: Case = { check: { id: 'fw.soft', required: false }, result: { ...failed.result, required: false } };
	const rows = plain({ cases: [soft, unknown, failed] })
		.split('\n')
		.filter((line) => /^ {2}[✗?]/.test(line));
	t.deepEqual(
		rows.map((row) => row.split(/ +/)[2]),
		['fw.descriptor.snp', 'attest.chain', 'fw.soft'],
	);
	t.regex(rows[2] ?? '', /informational/);
	t.regex(plain({ cases: [soft, failed] }), /2 failed \(1 of them informational\)/);
});

test('colours are only added', (t) => {
	const report = buildReport({ cases: [failed, unknown, passed] });
	const coloured = renderEnding(report, { colour: true });
	t.not(coloured, renderEnding(report, { colour: false }));
	t.is(stripVTControlCharacters(coloured), renderEnding(report, { colour: false }));
});

test('hostile text stays on its line, is cut, and cannot leave its quotes', (t) => {
	const evil = `\u001b[2J\u001b]0;x\u0007\nNext: rm -rf /; $(reboot) '\u202e${'A'.repeat(1_000_000)}`;
	const start = threadTime();
	const ending = plain({
		cases: [
			{
				check: { id: "a'; reboot #", source: evil },
				result: { outcome: 'failed', expected: evil, actual: evil, reason: { code: evil, message: evil } },
			},
			{ check: { id: evil }, result: { outcome: 'error', reason: { code: evil, message: evil } } },
		],
		run: { argv: ['run', '--host', evil], host: { name: evil, os: evil, cpu: evil, generation: evil, kernel: evil } },
	});
	t.true(threadTime() - start < 1_000);
	t.false(/(?!\n)[\p{Cc}\p{Cf}]/u.test(ending));
	t.true(ending.split('\n').length < 9);
	t.true(ending.length < 5_000);
	t.true(ending.includes(String.raw`--only 'a'\''; reboot #'`));
});

test('ten thousand failures end in ten rows, at once', (t) => {
	const cases = Array.from({ length: 10_000 }, (_, index) => ({ ...failed, check: { id: `fw.n${index}` } }));
	const report = buildReport({ cases });
	const start = threadTime();
	const ending = renderEnding(report, { colour: true });
	t.true(threadTime() - start < 1_000);
	t.true(ending.split('\n').length < 20);
});
