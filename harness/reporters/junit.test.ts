import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../test-time.ts';
import { renderJunit } from './junit.ts';
import { findAll, readMarkup } from './test-markup.ts';
import { buildReport, type Case, cellId, simulated } from './test-report.ts';

const cases: readonly Case[] = [
	{ check: { id: 'host.cpu' }, result: { durationMs: 100.4999 } },
	{
		check: { id: 'host.kernel' },
		result: {
			outcome: 'failed',
			reason: { code: 'wrong-version', message: 'It is too old' },
			expected: '>= 6.11',
			actual: '6.10.3',
			durationMs: 200,
		},
	},
	{ check: { id: 'host.kds' }, result: { outcome: 'error', reason: { code: 'timeout', message: 'No answer in time' } } },
	{
		check: { id: 'guest.boot' },
		result: { outcome: 'blocked', reason: { code: 'blocked', message: "needs 'x/host.kernel', which failed" } },
	},
	{
		check: { id: 'guest.tpm' },
		result: { outcome: 'skipped', reason: { code: 'skipped', message: 'No TPM <here>' }, rule: 'no-tpm' },
	},
	{ check: { id: 'guest.late' }, result: null },
	{ cell: 'f41.ga.genoa.none.disk.f41', check: { id: 'guest.boot' }, result: {} },
	{
		check: { id: 'guest.soft', required: false },
		result: { outcome: 'failed', required: false, reason: { code: 'x', message: 'Soft' } },
	},
];

test('each outcome becomes what JUnit has for it', (t) => {
	const root = readMarkup(renderJunit(buildReport({ cases })));
	t.is(root.name, 'testsuites');
	t.is(root.attributes.get('name'), 'snpgate Fedora Linux 41 as promised: fail');
	t.deepEqual(
		['tests', 'failures', 'errors', 'skipped'].map((name) => root.attributes.get(name)),
		['8', '2', '2', '2'],
	);
	t.deepEqual(
		findAll(root, 'testsuite').map(({ attributes }) => attributes.get('name')),
		[`${cellId} host`, `${cellId} guest`, 'f41.ga.genoa.none.disk.f41 guest'],
	);
	const [failure, soft] = findAll(root, 'failure');
	t.is(failure?.attributes.get('type'), 'wrong-version');
	t.is(failure?.attributes.get('message'), 'It is too old');
	t.regex(failure?.text ?? '', /^expected: >= 6\.11\nactual: 6\.10\.3$/m);
	t.is(soft?.attributes.get('message'), 'informational: Soft');
	t.deepEqual(
		findAll(root, 'error').map(({ attributes }) => attributes.get('type')),
		['timeout', 'not-run'],
	);
	t.deepEqual(
		findAll(root, 'skipped').map(({ attributes }) => attributes.get('message')),
		["blocked: needs 'x/host.kernel', which failed", "No TPM <here> (rule 'no-tpm')"],
	);
});

test('names are unique, the cell is in the class, times have at most three decimals', (t) => {
	const root = readMarkup(renderJunit(buildReport({ cases })));
	const tests = findAll(root, 'testcase');
	t.is(new Set(tests.map(({ attributes }) => `${attributes.get('classname')} ${attributes.get('name')}`)).size, cases.length);
	t.is(tests[0]?.attributes.get('classname'), `${cellId}.host`);
	t.is(tests[0]?.attributes.get('name'), 'host.cpu');
	for (const { attributes } of [...tests, ...findAll(root, 'testsuite')]) {
		t.regex(attributes.get('time') ?? '', /^\d+(\.\d{1,3})?$/);
	}
});

test('suites say how real the run was, and the name does too', (t) => {
	const root = readMarkup(
		renderJunit(buildReport({ cases, run: { ...simulated, ended: 'interrupted' }, complete: false, scope: 'selection' })),
	);
	t.regex(
		root.attributes.get('name') ?? '',
		/^snpgate SIMULATED .*SELECTION FAILED: 8 of 8 checks\. Not a gate verdict\..*INTERRUPTED: 5 judged, 1 blocked, 1 not reached, 1 not applicable; unsealed bundle\)/,
	);
	for (const suite of findAll(root, 'testsuite')) {
		t.regex(suite.attributes.get('timestamp') ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
		const properties = new Map(
			findAll(suite, 'property').map(({ attributes }) => [attributes.get('name'), attributes.get('value')]),
		);
		t.is(properties.get('reality'), 'simulated');
		t.is(properties.get('release'), '41');
		t.is(properties.get('host'), 'sim');
		t.is(properties.get('run'), '20260310T141200Z-a1b2c3');
	}
});

test('text that looks like the end of CDATA or like a skip stays text', (t) => {
	const actual = ']]></failure><skipped/><![CDATA[ <skipped/> \u0000\u001b[31m]]>';
	const root = readMarkup(
		renderJunit(
			buildReport({
				cases: [
					{
						check: { id: 'host.a' },
						result: { outcome: 'failed', expected: '<skipped/>', actual, reason: { code: 'x', message: actual } },
					},
					{
						check: { id: 'host.b' },
						result: { outcome: 'skipped', reason: { code: 'skipped', message: 'the real reason' }, rule: null },
					},
				],
			}),
		),
	);
	t.deepEqual(
		findAll(root, 'skipped').map(({ attributes }) => attributes.get('message')),
		['the real reason'],
	);
	t.true(findAll(root, 'failure')[0]?.text.includes('expected: <skipped/>'));
});

test('whatever a host says, the XML is well-formed', (t) => {
	const hostile = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.constantFrom(']]>', '<skipped/>', '&#0;', '"\'>', '\ufffe', '<!--', '<?xml?>'),
	);
	t.notThrows(() =>
		fc.assert(
			fc.property(hostile, hostile, hostile, (id, said, outcome) => {
				const result = { reason: { code: said, message: outcome }, expected: said, actual: outcome, notes: [said], rule: id };
				const all = (['passed', 'failed', 'error', 'blocked', 'skipped'] as const).map((word, index) => ({
					check: { id: `${id}${index}`, title: said },
					result: { ...result, outcome: word },
				}));
				readMarkup(renderJunit(buildReport({ cases: all })));
			}),
			{ numRuns: 60 },
		),
	);
});

for (const [name, text, limit] of [
	['usual', 'libvirt-daemon-driver-qemu-10.6.0-3.fc41.x86_64', 12_000_000],
	['a megabyte each', '&]]>'.repeat(262_144), 30_000_000],
] as const) {
	test.serial(`ten thousand results stay bounded: ${name}`, (t) => {
		const all = (['passed', 'failed', 'error', 'blocked', 'skipped'] as const).map((outcome) => ({
			outcome,
			expected: text,
			actual: text,
			notes: Array.from({ length: 50 }, () => text),
			reason: { code: text, message: text },
			rule: text,
		}));
		const report = buildReport({
			cases: Array.from({ length: 10_000 }, (_, index) => ({
				check: { id: `host.n${index}`, suite: `s${index % 9}` },
				result: all[index % 5] ?? {},
			})),
		});
		const start = threadTime();
		const xml = renderJunit(report);
		const took = threadTime() - start;
		t.log(`${Buffer.byteLength(xml)} bytes in ${Math.round(took)} ms`);
		t.true(took < 2_000);
		t.true(Buffer.byteLength(xml) < limit);
		t.is(readMarkup(xml).attributes.get('tests'), '10000');
	});
}
