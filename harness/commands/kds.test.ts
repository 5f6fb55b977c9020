// snpgate kds, from outside against a stand-in of the key service, and its fetching with every kind of report.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { keyPath, neededKeys } from '../domain/snp/kds.ts';
import { parseReport } from '../domain/snp/report.ts';
import { testChain } from '../domain/snp/test-chain.ts';
import { corpusBytes, corpusCertificates, corpusPath, hasAttestationCorpus } from '../domain/snp/test-corpus.ts';
import { vcekRequest } from '../kds/test-requests.ts';
import { bytes, chain, scene, standIn, temporaryDirectory, vcekOf } from '../kds/test-stand-in.ts';
import type { Answer, KeyRequest, KeyService } from '../ports.ts';
import { fetchAll } from './kds-prefetch.ts';

const cli = join(import.meta.dirname, '..', 'cli.ts');

async function snpgate(env: Record<string, string>, ...args: readonly string[]) {
	const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, 'kds', ...args], {
		env: { NO_COLOR: '1', SNPGATE_KDS_URL: '', SNPGATE_KDS_CA: '', http_proxy: '', https_proxy: '', ...env },
		reject: false,
		stdin: 'ignore',
	});
	return { code: exitCode, out: stdout, err: stderr };
}

const wrongUsage: readonly (readonly [readonly string[], RegExp])[] = [
	[[], /takes 'prefetch' or 'status'\./],
	[['stauts'], /takes 'prefetch' or 'status', not 'stauts'/],
	[['status', 'x'], /not 'x'/],
	[['status', '--product', 'Milan'], /'--product' is not for 'snpgate kds status'/],
	[['prefetch'], /needs '--report F' or '--product P' \(Milan, Genoa, Turin\)/],
	[['prefetch', '--json', '--product', 'Milan'], /'--json' is not for 'snpgate kds prefetch'/],
	[['prefetch', '--product', 'Siena'], /Its keys are among 'Genoa'/],
	[['prefetch', '--product', 'Trurin'], /Did you mean 'Turin'\?/],
	[['prefetch', '--offline', '--product', 'Milan'], /no option '--offline'/],
	[['prefetch', '--report', '/nowhere/report.bin'], /'\/nowhere\/report\.bin' cannot be read/],
	[['prefetch', '--report', '/dev/null'], /no attestation report: expected 1184 bytes, found 0/],
];

for (const [args, message] of wrongUsage) {
	test(`exit 2: kds ${args.join(' ')}`, async (t) => {
		const { code, out, err } = await snpgate({ SNPGATE_KDS: '/nowhere' }, ...args);
		t.is(code, 2, err);
		t.regex(err, message);
		t.is(out, '');
	});
}

test('exit 2: an address that is none', async (t) => {
	const { code, err } = await snpgate({ SNPGATE_KDS_URL: 'kds.example' }, 'prefetch', '--product', 'Milan');
	t.is(code, 2);
	t.regex(err, /SNPGATE_KDS_URL is 'kds\.example': expected the address/);
});

test('where the store is', async (t) => {
	const storeOf = async (env: Record<string, string>) => JSON.parse((await snpgate(env, 'status', '--json')).out).store;
	t.is(await storeOf({ SNPGATE_KDS: '/a/b' }), '/a/b');
	t.is(await storeOf({ SNPGATE_KDS: '', XDG_CACHE_HOME: '/cache' }), '/cache/snpgate/kds');
	t.is(await storeOf({ SNPGATE_KDS: '', XDG_CACHE_HOME: 'relative', HOME: '/home/me' }), '/home/me/.cache/snpgate/kds');
});

test('an empty store says how it is filled', async (t) => {
	const { code, out } = await snpgate({ SNPGATE_KDS: '/nowhere' }, 'status');
	t.is(code, 0);
	t.regex(out, /^Store {4}\/nowhere/);
	t.regex(out, /https:\/\/kdsintf\.amd\.com/);
	t.regex(out, /Nothing is kept yet.*snpgate kds prefetch --report F/);
});

const withCorpus = hasAttestationCorpus ? test : test.skip;

withCorpus("[corpus] a real report's VCEK and chain are kept; a list that cannot be had is exit 3", async (t) => {
	const server = await standIn(t, testChain('Genoa'));
	const report = parseReport(corpusBytes('milan-v3-mstav.report.bin'));
	const { leaf, chain: above } = neededKeys(report, 'Milan');
	const [vcek] = corpusCertificates('milan-v3-mstav.vcek.pem');
	if (leaf === null || vcek === undefined) {
		t.fail('the corpus has no such report');
		return;
	}
	server.on(leaf, bytes(vcek.der));
	server.on(above, bytes(corpusBytes('ca/ask_ark_milan.pem')));
	const env = { SNPGATE_KDS: join(temporaryDirectory(t), 'kds'), SNPGATE_KDS_URL: server.url };
	const args = ['prefetch', '--report', corpusPath('milan-v3-mstav.report.bin')];
	const first = await snpgate(env, ...args);
	t.is(first.code, 3, first.err);
	const [vcekLine, chainLine, listLine, storeLine] = first.out.split('\n');
	t.regex(vcekLine ?? '', /^✓ the VCEK of Milan chip [0-9a-f]{16}… at bootloader \d.* \(milan-v3-mstav\.report\.bin\)$/);
	t.is(chainLine, '✓ the certificates above the VCEKs of Milan');
	t.regex(
		listLine ?? '',
		/^✗ The key service at \S+ has no such page \(404\): expected the revocation list of the VCEKs of Milan\. Next: /,
	);
	t.is(storeLine, `Store: ${env.SNPGATE_KDS}`);
	const asked = server.asked.length;
	await snpgate(env, ...args);
	t.is(server.asked.length, asked + 1, 'only what is missing is asked for again');

	const status = await snpgate(env, 'status');
	t.is(status.code, 0);
	t.regex(status.out, /✓ the VCEK of Milan chip .*: kept just now, valid to 20\d\d-/);
	t.regex(status.out, /2 entries\.\n?$/);
	const { entries } = JSON.parse((await snpgate(env, 'status', '--json')).out);
	t.deepEqual(
		entries.map((entry: { request: KeyRequest; state: string; problem: string | null }) => [
			entry.request,
			entry.state,
			entry.problem,
		]),
		[
			[above, 'current', null],
			[leaf, 'current', null],
		],
	);
	writeFileSync(join(env.SNPGATE_KDS, entries[0].path), 'rubbish');
	const after = await snpgate(env, 'status');
	t.regex(after.out, /✗ chain\/Milan\/vcek\.pem: damaged, /);
	t.regex(after.out, /✓ the VCEK of Milan .*its signature was not checked/);
	t.regex(after.out, /2 entries, 1 damaged\. What is damaged or over is fetched again/);
});

test('what has no name of an entry is not shown', async (t) => {
	const store = temporaryDirectory(t);
	for (const name of ['README', 'chain/Milan/vcek.pem.1-ab.tmp', 'vcek/Rome/x.der']) {
		mkdirSync(dirname(join(store, name)), { recursive: true });
		writeFileSync(join(store, name), 'x');
	}
	t.deepEqual(JSON.parse((await snpgate({ SNPGATE_KDS: store }, 'status', '--json')).out).entries, []);
});

/** A service that answers by the request's words, and counts. */
function service(answer: (request: KeyRequest) => Answer): { readonly asked: KeyRequest[]; readonly service: KeyService } {
	const asked: KeyRequest[] = [];
	return {
		asked,
		service: {
			fetch: async (request) => {
				asked.push(request);
				return { answer: answer(request), startedAt: 0, endedAt: 0 };
			},
		},
	};
}

const had: Answer = { kind: 'bytes', bytes: Uint8Array.of(1) };
const unknown: Answer = { kind: 'fault', code: 'kds-unknown-chip', message: 'No such key.', next: 'Look.' };
const named = (report: Buffer, name = 'r') => ({ name, report: parseReport(report) });

test('all for a report and all of a product, each thing once, exit 0', async (t) => {
	const server = await standIn(t, chain);
	server.on(vcekRequest(), bytes(vcekOf()));
	const lines: string[] = [];
	const { service: real } = scene(t, server.url);
	const report = named(chain.report(), 'report\u001b[31m.bin');
	t.true(await fetchAll([report, report], ['Milan'], real, (line) => lines.push(line)));
	t.deepEqual(lines, [
		'✓ the VCEK of Milan chip 0206a5a5a5a5a5a5… at bootloader 4, tee 0, snp 24, microcode 219 (report.bin)',
		'✓ the certificates above the VCEKs of Milan',
		'✓ the revocation list of the VCEKs of Milan',
		'✓ the certificates above the VLEKs of Milan',
		'✓ the revocation list of the VLEKs of Milan',
	]);
	t.is(server.asked.length, 5);
	t.true(server.asked.includes(keyPath(vcekRequest())));
});

test('a report of version 2 is looked for under both products that it can be of', async (t) => {
	const { asked, service: genoa } = service((request) =>
		request.want === 'vcek' && request.product === 'Milan' ? unknown : had,
	);
	const lines: string[] = [];
	t.true(await fetchAll([named(testChain('Genoa').report({ version: 2 }))], [], genoa, (line) => lines.push(line)));
	t.deepEqual(
		asked.map(({ want, product }) => `${want} ${product}`),
		['vcek Milan', 'vcek Genoa', 'chain Genoa', 'crl Genoa'],
	);
	t.is(lines.length, 3);
	const { service: nobody } = service((request) => (request.want === 'vcek' ? unknown : had));
	t.false(await fetchAll([named(testChain('Genoa').report({ version: 2 }))], [], nobody, () => {}));
});

test('a VLEK is not to be had from the service, which is no failure', async (t) => {
	const { asked, service: all } = service(() => had);
	const lines: string[] = [];
	t.true(await fetchAll([named(chain.report({ signedWith: 'VLEK' }))], [], all, (line) => lines.push(line)));
	t.deepEqual(asked.map(keyPath), ['/vlek/v1/Milan/cert_chain', '/vlek/v1/Milan/crl']);
	t.regex(lines[0] ?? '', /^· 'r' is signed with a VLEK, which only its provider gives/);
});

test('what could not be had is exit 3, with why and what next', async (t) => {
	const { service: none } = service(() => unknown);
	const lines: string[] = [];
	t.false(await fetchAll([named(chain.report())], [], none, (line) => lines.push(line)));
	t.is(lines.length, 3);
	t.regex(lines[0] ?? '', /^✗ the VCEK of Milan chip .* \(r\): No such key\. Next: Look\.$/);
	const venice = chain.report({ cpuid: { family: 0x1a, model: 0x50, stepping: 0 } });
	t.false(await fetchAll([named(venice)], [], none, (line) => lines.push(line)));
	t.regex(lines[3] ?? '', /^✗ the keys of 'r': The report is of a processor whose keys are not known here/);
});

test('a masked chip is not asked for', async (t) => {
	const server = await standIn(t, chain);
	const lines: string[] = [];
	t.false(await fetchAll([named(chain.report({ hwid: null }))], [], scene(t, server.url).service, (line) => lines.push(line)));
	t.regex(lines[0] ?? '', /^✗ the VCEK of Milan chip 0000000000000000… .*CHIP_ID is all zero.*Next: Unmask it/);
	t.deepEqual(server.asked, ['/vcek/v1/Milan/cert_chain', '/vcek/v1/Milan/crl']);
});
