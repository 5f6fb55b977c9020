// snpgate verify report and inspect from outside: what is typed, what is answered, which exit code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { corpusBytes, corpusPath, corpusRows, hasAttestationCorpus } from '../domain/snp/test-corpus.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cli = join(root, 'harness', 'cli.ts');
const snpgate = (...args: readonly string[]) => execa(process.execPath, [cli, ...args], { reject: false, stdin: 'ignore' });

function written(t: { teardown(undo: () => void): void }, files: Readonly<Record<string, string | Uint8Array>>) {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	for (const [name, content] of Object.entries(files)) {
		writeFileSync(join(directory, name), content);
	}
	return (name: string) => join(directory, name);
}

if (!hasAttestationCorpus) {
	test.skip('[corpus] reports through the command line', (t) => t.fail('not run'));
}

for (const row of hasAttestationCorpus ? corpusRows : []) {
	const args = [
		'verify',
		'report',
		corpusPath(row.report),
		'--certs',
		corpusPath(row.leaf),
		'--certs',
		corpusPath(row.chain),
		'--offline',
	];

	test(`[corpus] ${row.report} with ${row.leaf}`, async (t) => {
		const { exitCode, stdout, stderr } = await snpgate(...args, '--json', '--at', '2026-11-23');
		t.is(exitCode, row.reasons.length === 0 ? 0 : 1, stderr);
		const { verdict, reasons, simulated, report, certificates, notJudged, ...more } = JSON.parse(stdout);
		t.deepEqual(
			reasons.map(({ code }: { code: string }) => code),
			[...row.reasons],
		);
		t.is(verdict, row.reasons.length === 0 ? 'pass' : 'fail');
		t.false(simulated);
		t.is(report.product, row.product);
		t.is(certificates.length, 3);
		t.true(Array.isArray(notJudged));
		t.deepEqual(Object.keys(more), ['genuine', 'acceptable']);
		for (const reason of reasons) {
			t.deepEqual(Object.keys(reason), ['code', 'message', 'expected', 'actual']);
		}
	});

	test(`[corpus] ${row.report} with ${row.leaf} passes with ${row.passesWith.join(' ') || 'nothing more'}`, async (t) => {
		const at = row.passesWith.includes('--at') ? [] : ['--at', '2026-11-23'];
		const { exitCode, stdout } = await snpgate(...args, ...at, ...row.passesWith);
		t.is(exitCode, 0, stdout);
		t.regex(stdout, /^VERIFY {3}pass: genuine and acceptable/);
	});
}

if (hasAttestationCorpus) {
	const milan = [
		'--certs',
		corpusPath('milan-v3-mstav.vcek.pem'),
		'--certs',
		corpusPath('ca/ask_ark_milan.pem'),
		'--at',
		'2026-11-23',
		'--offline',
	];
	const report = corpusPath('milan-v3-mstav.report.bin');
	const verify = (...more: readonly string[]) => snpgate('verify', 'report', report, ...milan, '--json', ...more);
	const hex = (from: number, to: number) => corpusBytes('milan-v3-mstav.report.bin').subarray(from, to).toString('hex');

	const options: readonly (readonly [readonly string[], readonly string[]])[] = [
		[['--report-data', `0x${hex(0x50, 0x90).toUpperCase()}`], []],
		[['--report-data', `${'00'.repeat(63)}01`], ['report-data']],
		[['--measurement', hex(0x90, 0xc0)], []],
		[['--measurement', '11'.repeat(48)], ['measurement']],
		[['--host-data', '22'.repeat(32)], ['host-data']],
		[['--policy', '0x3001F'], []],
		[['--policy', '0x30000'], ['policy']],
		[['--vmpl', '0'], []],
		[['--vmpl', '2'], ['vmpl']],
		[['--min-tcb', 'bl=4,tee=0,snp=24,ucode=219'], []],
		[['--min-tcb', 'snp=25'], ['tcb-floor']],
		[['--min-tcb', 'fmc=1'], ['tcb-floor']],
		[
			['--measurement', '11'.repeat(48), '--vmpl', '1'],
			['measurement', 'vmpl'],
		],
	];
	for (const [more, expected] of options) {
		test(`[corpus] ${more.map((word) => word.slice(0, 20)).join(' ')}: ${expected.join(' ') || 'pass'}`, async (t) => {
			const { exitCode, stdout, stderr } = await verify(...more);
			t.deepEqual(
				JSON.parse(stdout || '{}').reasons?.map(({ code }: { code: string }) => code),
				[...expected],
				stderr,
			);
			t.is(exitCode, expected.length === 0 ? 0 : 1);
		});
	}

	const expectations: readonly (readonly [string, string, readonly string[]])[] = [
		[
			'everything as it is',
			`policy: "0x3001f"\nvmpl: 0\nproduct: [Milan]\nsigning-key: vcek\nmin-report-version: 3\nmin-firmware: "1.55.29"\nmin-tcb: { reported: { snp: 24 }, launch: { ucode: 219 } }\npolicy-bits: { smt: true, debug: false }\n`,
			[],
		],
		['a firmware that is newer', 'min-firmware: "1.56"\n', ['firmware-floor']],
		['a bit of the platform', 'platform: { tsme: true, alias-check-complete: false }\n', ['platform-bit', 'platform-bit']],
		['an ID key', 'id-key: required\nauthor-key: required\n', ['author-key']],
		['a mitigation', 'mitigations: { launch: "0x1" }\n', ['mitigation-vector']],
		['a single socket', 'policy-bits: { single-socket: true }\n', ['policy-bit']],
		['a VLEK', 'signing-key: vlek\n', ['signing-key-kind']],
		['another product', 'product: [Turin]\n', ['product']],
		['a version', 'min-report-version: 5\n', ['report-version-floor']],
		['a floor of the ABI', 'min-abi: "1.51"\n', ['policy-abi']],
		['an SVN', 'min-guest-svn: 99\n', ['guest-svn']],
		['a family and an image', `family-id: "${'11'.repeat(16)}"\nimage-id: "${'11'.repeat(16)}"\n`, ['family-id', 'image-id']],
		['an entry of the certificate table', 'certificate-table: [63da758d-e664-4564-adc5-f4b93be8accd]\n', ['certificate-table']],
		['a prefix of the report data', 'report-data-prefix: "ff"\n', ['report-data']],
		['another chip', `chip-id: "${'11'.repeat(64)}"\n`, ['chip-id']],
	];
	for (const [title, text, expected] of expectations) {
		test(`[corpus] --expect: ${title}`, async (t) => {
			const path = written(t, { 'e.yaml': text });
			const { stdout, stderr } = await verify('--expect', path('e.yaml'));
			t.deepEqual(
				JSON.parse(stdout || '{}').reasons?.map(({ code }: { code: string }) => code),
				[...expected],
				stderr,
			);
		});
	}

	test('[corpus] what is missing is unknown, exit 3', async (t) => {
		for (const certs of [['--certs', '/dev/null'], [], ['--certs', corpusPath('ca/ask_ark_milan.pem')]]) {
			const { exitCode, stdout } = await snpgate('verify', 'report', report, ...certs, '--offline', '--json');
			t.is(exitCode, 3, stdout);
			t.like(JSON.parse(stdout), { verdict: 'unknown', genuine: null, acceptable: true });
		}
	});

	test('[corpus] a root of another replaces the pinned ones, and the answer says so', async (t) => {
		const { exitCode, stdout } = await verify('--trust-root', corpusPath('ca/ask_ark_genoa.pem'));
		t.is(exitCode, 1);
		t.like(JSON.parse(stdout), { verdict: 'fail', simulated: true });
		t.is(JSON.parse(stdout).reasons[0].code, 'root-not-pinned');
	});

	test('[corpus] a directory of certificates; a key and a list beside them are passed over', async (t) => {
		const pem = (name: string) => corpusBytes(name).toString('utf8');
		const path = written(t, {
			'vcek.pem': pem('milan-v3-mstav.vcek.pem'),
			'chain.pem': pem('ca/ask_ark_milan.pem'),
			'key.pem': '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
			'notes.txt': 'nothing',
		});
		const { exitCode, stdout } = await snpgate(
			'verify',
			'report',
			report,
			'--certs',
			path('.'),
			'--at',
			'2026-11-23',
			'--offline',
		);
		t.is(exitCode, 0, stdout);
		const named = await snpgate('verify', 'report', report, ...milan, '--certs', path('key.pem'));
		t.is(named.exitCode, 1, 'a file that is named is judged');
	});

	test('[corpus] inspect report and certificates', async (t) => {
		const one = await snpgate('inspect', 'report', report);
		t.is(one.exitCode, 0, one.stderr);
		t.regex(one.stdout, /Policy: +0x3001f · ABI 0\.31 or newer · SMT allowed · no debugging/);
		t.regex(one.stdout, /reported +4 +0 +24 +219/);
		t.like(JSON.parse((await snpgate('inspect', 'report', report, '--json')).stdout), { version: 3, vmpl: 0, product: 'Milan' });
		const many = await snpgate('inspect', 'certificates', corpusPath('ca/ask_ark_milan.pem'), '--json');
		t.deepEqual(
			JSON.parse(many.stdout).certificates.map(({ role }: { role: string }) => role),
			['ASK', 'ARK'],
		);
		for (const [what, file] of [
			['report', corpusPath('ca/ask_ark_milan.pem')],
			['certificates', report],
			['certificates', '/dev/null'],
		] as const) {
			const { exitCode, stderr } = await snpgate('inspect', what, file);
			t.is(exitCode, 2, `${what} ${file}`);
			t.regex(stderr, /^snpgate: .+\.$/);
		}
	});
}

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
	['nothing', [], /takes 'report' and a file/],
	['no file', ['report'], /takes one file/],
	['a file that is not there', ['report', 'nowhere.bin'], /'nowhere\.bin' cannot be read/],
	['odd digits', ['report', '/dev/null', '--report-data', '123'], /'--report-data' expects bytes in hex/],
	['too few digits', ['report', '/dev/null', '--measurement', '1234'], /'--measurement' expects 48 bytes/],
	['a level that does not exist', ['report', '/dev/null', '--vmpl', '4'], /'--vmpl' expects a whole number from 0 to 3/],
	['a component that does not exist', ['report', '/dev/null', '--min-tcb', 'foo=1'], /'--min-tcb' expects fmc=N/],
	['a day that does not exist', ['report', '/dev/null', '--at', 'yesterday'], /'--at' expects a date/],
	['a root that is none', ['report', '/dev/null', '--trust-root', '/dev/null'], /holds no certificate/],
	['a quote', ['quote', '/dev/null'], /not available yet/],
];
for (const [title, args, message] of wrong) {
	test(`exit 2 in one sentence: ${title}`, async (t) => {
		const { exitCode, stdout, stderr } = await snpgate('verify', ...args);
		t.is(exitCode, 2, stderr);
		t.regex(stderr, message);
		t.is(stdout, '');
	});
}

test('an expectation that is none is told with file, line and column', async (t) => {
	const path = written(t, { 'e.yaml': 'vmpl: 0\npolicy: 0x30000\nreport-dta: "00"\n' });
	const { exitCode, stderr } = await snpgate('verify', 'report', '/dev/null', '--expect', path('e.yaml'));
	t.is(exitCode, 2);
	t.regex(stderr, /e\.yaml:2:9 .*in quotes, for example "0x30000"/);
	t.regex(stderr, /e\.yaml:3:1 .*'report-dta'/);
});

test('an empty file is a report of the wrong length: fail, not a fault of the user', async (t) => {
	const { exitCode, stdout } = await snpgate('verify', 'report', '/dev/null', '--json');
	t.is(exitCode, 1);
	t.like(JSON.parse(stdout), { verdict: 'fail', genuine: false, acceptable: null, report: null });
});

test('--codes lists every reason with its meaning', async (t) => {
	const page = await snpgate('verify', '--codes');
	t.is(page.exitCode, 0);
	t.regex(page.stdout, /^ {2}report-signature +The signature over the report is wrong\.$/m);
	const { genuine, acceptable } = JSON.parse((await snpgate('verify', '--codes', '--json')).stdout);
	t.is(page.stdout.trim().split('\n').length, 2 + Object.keys({ ...genuine, ...acceptable }).length);
	t.is((await snpgate('verify', 'report', '--codes')).exitCode, 2);
});
