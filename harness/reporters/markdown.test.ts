import test from 'ava';
import { threadTime } from '../test-time.ts';
import { renderMarkdown } from './markdown.ts';
import { buildReport, type Case, cellId, simulated } from './test-report.ts';

const failed: Case = {
	check: { id: 'fw.snp', source: 'suites/firmware.yaml:31' },
	result: { outcome: 'failed', expected: 'device memory', actual: 'flash', reason: { code: 'x', message: 'It says flash' } },
};

test('verdicts, counts, a table of what to look at, promises and the next step', (t) => {
	const text = renderMarkdown(
		buildReport({
			cases: [failed, { check: { id: 'host.cpu' }, result: {} }],
			promises: [
				{ id: 'cpu', title: 'The CPU', checks: [`${cellId}/host.cpu`] },
				{ id: 'fw', title: 'The firmware', checks: [`${cellId}/fw.snp`] },
			],
		}),
	);
	t.regex(text, /^# Fedora Linux 41 · SEV-SNP host conformance\n/);
	t.regex(text, /^- ✗ \*\*fail\*\* as promised: 1 required check failed/m);
	t.regex(text, /^1 failed, 1 passed \(14 min\)$/m);
	t.true(text.includes(`| ✗ failed | \`${cellId}/fw.snp\` | device memory | flash |  | \`suites/firmware.yaml:31\` |`));
	t.regex(text, /^Change complete: no, 1 of 2 promises kept \(missing: fw\)$/m);
	t.regex(text, /^\| ✓ kept \| The CPU \| 1 \|$/m);
	t.regex(text, /^ {4}npx --no snpgate run --only fw\.snp/m);
	t.regex(text, /^Run `20260310T141200Z-a1b2c3`, snpgate 0\.1\.0\n$/m);
});

test('what was not real, not whole or not all is said at the top', (t) => {
	const text = renderMarkdown(
		buildReport({
			cases: [failed],
			run: { ...simulated, ended: 'interrupted' },
			complete: false,
			scope: 'selection',
			checksInMatrix: 118,
		}),
	);
	const [title, reality, broken, selection] = text.split('\n\n');
	t.regex(title ?? '', /^# SIMULATED: /);
	t.is(reality, '**SIMULATED: decides no gate.**');
	t.is(broken, '**INTERRUPTED: 1 judged; unsealed bundle**');
	t.is(selection, '**SELECTION FAILED: 1 of 118 checks. Not a gate verdict.**');
	t.false(text.includes('## Promises'));
});

test('where a rule left out everything, the rule and its reason are said', (t) => {
	const result = { outcome: 'skipped' as const, rule: 'no-tpm', reason: { code: 'skipped', message: 'None|here' } };
	t.true(
		renderMarkdown(buildReport({ cases: [{ check: { id: 'a' }, result }] })).includes(
			"\n\nNot applicable: None\\|here (rule 'no-tpm')\n\n",
		),
	);
});

test('what the next step quotes of a command line is text', (t) => {
	const result = { outcome: 'skipped' as const, rule: 'r', reason: { code: 'skipped', message: 'm' } };
	const argv = ['run', '--set', '<b>\u001b[31m\nNext: evil'];
	const text = renderMarkdown(buildReport({ cases: [{ check: { id: 'a' }, result }], run: { argv } }));
	t.regex(text, /^Next: .* leave out '--set &lt;b&gt; Next: evil':$/m);
});

const hostile: readonly (readonly [string, string])[] = [
	['a | b', 'a \\| b'],
	['`code`', '\\`code\\`'],
	['<b onclick=x>&amp;', '&lt;b onclick=x&gt;&amp;amp;'],
	['[text](http://evil)', '\\[text\\](http&#58;//evil)'],
	['@everyone #12 www.evil', '&#64;everyone \\#12 www&#46;evil'],
	['**bold** _it_ ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~'],
	['two\nlines\u001b[31m', 'two lines'],
	['back\\slash', 'back\\\\slash'],
];

for (const [given, expected] of hostile) {
	test(`escaped: ${JSON.stringify(given)}`, (t) => {
		const text = renderMarkdown(buildReport({ cases: [{ ...failed, result: { ...failed.result, actual: given } }] }));
		t.true(text.includes(`| device memory | ${expected} |`), text);
	});
}

test('an id that could end its code is escaped text', (t) => {
	const text = renderMarkdown(buildReport({ cases: [{ check: { id: 'a`|<b>' }, result: failed.result }] }));
	t.true(text.includes(`| ${cellId}/a\\\`\\|&lt;b&gt; |`));
});

test('ten thousand failures of a megabyte stay a summary', (t) => {
	const actual = '|`<'.repeat(350_000);
	const cases = Array.from({ length: 10_000 }, (_, index) => ({
		check: { id: `fw.n${index}` },
		result: { ...failed.result, actual },
	}));
	const start = threadTime();
	const text = renderMarkdown(buildReport({ cases }));
	t.true(threadTime() - start < 2_000);
	t.true(Buffer.byteLength(text) < 200_000);
	t.regex(text, /… and 9900 more rows in report\.html/);
});
