import test from 'ava';
import fc from 'fast-check';
import type { Outcome } from '../language/results.ts';
import { threadTime } from '../test-time.ts';
import { renderHtml } from './html.ts';
import { type Element, findAll, readMarkup, textOf } from './test-markup.ts';
import { buildReport, type Case, cellId, type ReportParts, simulated } from './test-report.ts';

const read = (page: string) => readMarkup(page, ['meta']);
const render = (parts: ReportParts) => read(renderHtml(buildReport(parts)));
const withClass = (root: Element, name: string, word: string) =>
	findAll(root, name).filter(({ attributes }) => attributes.get('class')?.split(' ').includes(word));
const squeeze = (element: Element | undefined) => (element === undefined ? '' : textOf(element).replace(/\s+/g, ' ').trim());

const failing: readonly Case[] = [
	{ check: { id: 'host.cpu', title: 'The CPU is an EPYC' }, result: { evidence: ['x1'] } },
	{
		check: { id: 'fw.snp', title: 'The firmware is for SEV-SNP', why: 'QEMU refuses flash', source: 'suites/firmware.yaml:31' },
		result: {
			outcome: 'failed',
			reason: { code: 'mapped-as-flash', message: 'The descriptor says flash' },
			expected: 'device memory',
			actual: 'flash',
			evidence: ['x1', 'x2'],
			notes: ['The package is current'],
		},
	},
	{
		check: { id: 'guest.boot', needs: [`${cellId}/fw.snp`] },
		result: { outcome: 'blocked', reason: { code: 'blocked', message: "needs 'fw.snp', which failed" } },
	},
	{
		check: { id: 'guest.tpm', needs: [`${cellId}/guest.boot`] },
		result: { outcome: 'blocked', reason: { code: 'blocked', message: "needs 'guest.boot', which is itself blocked" } },
	},
	{ check: { id: 'guest.kds' }, result: { outcome: 'error', reason: { code: 'timeout', message: 'AMD KDS did not answer' } } },
	{
		check: { id: 'vtpm.quote' },
		result: { outcome: 'skipped', rule: 'no-tpm', reason: { code: 'skipped', message: 'No TPM without SVSM' } },
	},
];
const evidence = ['x1', 'x2'].map((id) => ({
	id,
	request: `rpm -q ${id}`,
	machine: 'host',
	answer: 'exit 0',
	stdout: `output of ${id}`,
	stderr: '',
	durationMs: 12,
}));

test('the policy is strict, and the page asks for nothing', (t) => {
	const page = renderHtml(buildReport({ cases: failing, evidence }));
	const [policy] = findAll(read(page), 'meta').filter(
		({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy',
	);
	t.regex(policy?.attributes.get('content') ?? '', /^default-src 'none'; style-src 'unsafe-inline'(;|$)/);
	t.notRegex(page, /<script|<link|<img|<iframe|<form|url\(|@import|javascript:|\son[a-z]+=/i);
	t.deepEqual(page.match(/(?:href|src)="[^#][^"]*"/g), null);
});

test('every id is there once, and every link within the page leads somewhere', (t) => {
	const root = render({
		cases: failing,
		evidence,
		run: simulated,
		promises: [{ id: 'a', title: 'A', checks: [`${cellId}/host.cpu`] }],
	});
	const all = (element: Element): readonly Element[] => [element, ...element.children.flatMap(all)];
	const ids = all(root).flatMap(({ attributes }) => attributes.get('id') ?? []);
	t.is(new Set(ids).size, ids.length);
	for (const { attributes } of all(root)) {
		const target = attributes.get('href')?.slice(1) ?? attributes.get('aria-labelledby');
		t.true(target === undefined || ids.includes(target), target);
	}
});

test('landmarks, one h1, a language, and tables with heads', (t) => {
	const root = render({ cases: failing, evidence, promises: [{ id: 'a', title: 'A', checks: [] }] });
	t.is(root.attributes.get('lang'), 'en');
	for (const name of ['main', 'header', 'footer', 'nav', 'h1']) {
		t.is(findAll(root, name).length, 1, name);
	}
	for (const table of findAll(root, 'table')) {
		t.is(findAll(table, 'caption').length, 1);
		t.true(findAll(table, 'th').every(({ attributes }) => ['col', 'row'].includes(attributes.get('scope') ?? '')));
	}
	t.is(withClass(root, 'a', 'skip-link')[0]?.attributes.get('href'), '#results');
});

test('what failed is open and in full; what it blocks is folded under it', (t) => {
	const root = render({ cases: failing, evidence });
	t.regex(
		squeeze(withClass(root, 'section', 'first')[0]),
		/Failed first.*firmware is for SEV-SNP.*blocks 2 checks.*Expected device memory Actual flash/,
	);
	const articles = findAll(root, 'article');
	t.is(articles.length, 2);
	const said = squeeze(articles[0]);
	for (const text of [
		'QEMU refuses flash',
		'device memory',
		'flash',
		'mapped-as-flash',
		'suites/firmware.yaml:31',
		'The package is current',
		'output of x2',
	]) {
		t.true(said.includes(text), text);
	}
	t.regex(said, /2 checks blocked by this.*guest\.boot.*guest\.tpm/);
	t.regex(squeeze(articles[1]), /could not be found out.*AMD KDS did not answer/);
	t.true(withClass(root, 'details', 'cell')[0]?.attributes.has('open'));
	t.regex(squeeze(withClass(root, 'div', 'rule')[0]), /No TPM without SVSM.*no-tpm.*vtpm\.quote/);
	t.is(squeeze(root).split('output of x1').length, 2, 'an exchange is shown once');
});

test('a run on hardware has no banner; others are loud about it', (t) => {
	t.is(withClass(render({ cases: failing }), 'div', 'reality').length, 0);
	const sim = render({ cases: failing, run: simulated });
	t.regex(squeeze(withClass(sim, 'div', 'reality')[0]), /^SIMULATED: decides no gate/);
	t.regex(squeeze(findAll(sim, 'title')[0]), /^SIMULATED fail: Fedora Linux 41 as promised$/);
	t.regex(
		squeeze(findAll(sim, 'section').find(({ attributes }) => attributes.get('id') === 'made-up')),
		/libvirt 10\.7\.0: Fedora 41 stayed on/,
	);
	t.regex(
		squeeze(withClass(render({ cases: failing, run: { reality: 'emulated' } }), 'div', 'reality')[0]),
		/^EMULATED: decides no gate/,
	);
});

test('an interrupted run and a selection say what they are', (t) => {
	const cut: readonly Case[] = [...failing, { check: { id: 'late' }, result: null }];
	const root = render({ cases: cut, complete: false, run: { ended: 'interrupted' } });
	t.regex(
		squeeze(withClass(root, 'div', 'broken-off')[0]),
		/^INTERRUPTED: 3 judged, 2 blocked, 1 not reached, 1 not applicable; unsealed bundle/,
	);
	t.regex(squeeze(root), /1 not reached.*1 never run/);
	const selection = render({ cases: failing, scope: 'selection', checksInMatrix: 118 });
	t.regex(squeeze(withClass(selection, 'div', 'lead')[0]), /SELECTION FAILED: 6 of 118 checks\. Not a gate verdict\./);
	t.is(withClass(render({ cases: failing }), 'div', 'broken-off').length, 0);
});

test('another profile has its verdict, its differences and its links', (t) => {
	const root = render({
		cases: failing,
		verdicts: [
			{ profile: 'change', verdict: 'fail', retryable: false, reasons: [`1 required check failed: ${cellId}/fw.snp.`] },
			{ profile: 'shipped', verdict: 'fail', retryable: false, reasons: [`1 required check failed: ${cellId}/host.cpu.`] },
		],
		others: [
			{
				profile: 'shipped',
				instance: `${cellId}/host.cpu`,
				outcome: 'failed',
				required: true,
				reason: { code: 'x', message: 'Not in the list' },
				expected: 'an older CPU',
				actual: 'this one',
				notes: ['It was a newer one before'],
			},
		],
	});
	t.regex(
		squeeze(withClass(root, 'div', 'also')[0]),
		/As shipped fail 1 required check failed: host\.cpu\. ?Differs in host\.cpu/,
	);
	t.regex(
		squeeze(withClass(root, 'details', 'row')[0]),
		/failed as shipped.*expected an older CPU, actual this one failed It was a newer one before/,
	);
	t.regex(squeeze(withClass(root, 'p', 'why')[0]), /^1 required check failed: fw\.snp\.$/);
});

test('where a rule left out everything, the first screen says the rule and its reason', (t) => {
	const root = render({ cases: failing.slice(-1), scope: 'selection' });
	t.regex(squeeze(withClass(root, 'div', 'gist')[0]), /Not applicable: No TPM without SVSM \(rule \) no-tpm/);
	t.notRegex(squeeze(withClass(render({ cases: failing }), 'div', 'gist')[0]), /no-tpm/);
});

test('a CPU that was not found out is not another CPU', (t) => {
	const host = { name: 'x', os: 'unknown system', cpu: 'unknown CPU', generation: 'other', kernel: 'unknown kernel' };
	const cases = [{ ...failing[0], cell: 'f41.ga.other.snp.disk.f41' } as Case];
	const said = squeeze(render({ cases, run: { host } }));
	t.notRegex(said, /another CPU|unknown/);
	t.regex(said, /GA\s· CPU not found out\s· SEV-SNP/);
	t.regex(squeeze(render({ cases, run: { host: { ...host, cpu: 'Intel' } } })), /GA\s· another CPU/);
});

test('hostile text is text', (t) => {
	const evil = `"><script>alert(1)</script><img src=x onerror=1>'&lt;]]>--></style></details>\u001b[31m\u202e${'<'.repeat(1_048_576)}`;
	const parts: ReportParts = {
		cases: failing.map(({ check, result }) => ({
			check: { ...check, id: `${check.id}${evil}`, title: evil, why: evil, source: evil, suite: evil, kind: evil },
			result: {
				...result,
				expected: evil,
				actual: evil,
				notes: [evil],
				rule: evil,
				evidence: ['x1'],
				reason: { code: evil, message: evil },
			},
		})),
		evidence: [{ id: 'x1', request: evil, machine: evil, answer: evil, stdout: evil, stderr: evil, durationMs: 1 }],
		verdicts: [{ profile: evil, verdict: 'fail', retryable: false, reasons: [evil] }],
		promises: [{ id: evil, title: evil, checks: [] }],
		run: {
			id: evil,
			snpgate: evil,
			argv: [evil],
			startedAt: evil,
			selection: evil,
			counterfactual: [evil],
			bootIds: { [evil]: evil },
			reality: 'simulated',
		},
	};
	const page = renderHtml(buildReport(parts));
	const root = read(page);
	t.is(findAll(root, 'script').length + findAll(root, 'img').length, 0);
	t.notRegex(page, /(?![\n\t])[\p{Cc}\p{Cf}]/u);
	t.true(page.length < 500_000);
});

test('whatever a host says, the page is well-formed', (t) => {
	const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('</details>', '"', '&amp', '<!--'));
	t.notThrows(() =>
		fc.assert(
			fc.property(text, text, (one, two) => {
				const cases = failing.map(({ check, result }) => ({
					check: { ...check, title: one, suite: two },
					result: { ...result, expected: one, actual: two },
				}));
				read(renderHtml(buildReport({ cases, evidence: evidence.map((view) => ({ ...view, stdout: one, request: two })) })));
			}),
			{ numRuns: 60 },
		),
	);
});

/** One in fifty fails, and some are blocked by those. */
function many(count: number, text: string): ReportParts {
	const cases = Array.from({ length: count }, (_, index): Case => {
		const outcome: Outcome = index % 50 === 0 ? 'failed' : index % 50 < 3 ? 'blocked' : index % 9 === 0 ? 'skipped' : 'passed';
		const result = {
			outcome,
			expected: text,
			actual: text,
			notes: [text],
			evidence: [`x${index}`],
			reason: { code: 'x', message: text },
		};
		const needs = outcome === 'blocked' ? [`${cellId}/host.n${index - 1}`] : [];
		return { check: { id: `host.n${index}`, title: text, why: text, suite: `suite${index % 7}`, needs }, result };
	});
	const views = cases.map((_, index) => ({ ...(evidence[0] ?? { id: '' }), id: `x${index}`, stdout: text, stderr: text }));
	return { cases, evidence: views as ReportParts['evidence'] & object };
}

const sizes = [
	{
		name: '500 usual results',
		count: 500,
		text: 'libvirt-daemon-driver-qemu-10.6.0-3.fc41.x86_64 is what was found',
		limit: 1_000_000,
	},
	{ name: '500 results of a megabyte of ampersands', count: 500, text: '&'.repeat(1_048_576), limit: 1_000_000 },
	{ name: '500 results of three-byte characters', count: 500, text: '検査'.repeat(5_000), limit: 1_000_000 },
	{ name: '10,000 usual results', count: 10_000, text: 'libvirt-daemon-driver-qemu-10.6.0-3.fc41.x86_64', limit: 3_000_000 },
];

for (const { name, count, text, limit } of sizes) {
	test.serial(`bounded: ${name}`, (t) => {
		const report = buildReport(many(count, text));
		const start = threadTime();
		const page = renderHtml(report);
		const took = threadTime() - start;
		t.log(`${Buffer.byteLength(page)} bytes in ${Math.round(took)} ms`);
		t.true(Buffer.byteLength(page) < limit);
		t.true(took < 2_000);
		t.true(findAll(read(page), 'article').length > 0);
	});
}
