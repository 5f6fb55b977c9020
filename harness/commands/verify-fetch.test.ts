// What nobody gave to `verify report` is had from the key service or from what is kept of it: a stand-in over HTTP, real reports.

import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { neededKeys } from '../domain/snp/kds.ts';
import { parseReport } from '../domain/snp/report.ts';
import { testChain } from '../domain/snp/test-chain.ts';
import { corpusBytes, corpusCertificates, corpusPath, hasAttestationCorpus } from '../domain/snp/test-corpus.ts';
import { bytes, standIn, temporaryDirectory } from '../kds/test-stand-in.ts';

const cli = join(import.meta.dirname, '..', 'cli.ts');
const withCorpus = hasAttestationCorpus ? test : test.skip;

interface Verdict {
	readonly verdict: string;
	readonly codes: readonly string[];
	readonly exit: number | undefined;
}

async function verify(env: Record<string, string>, ...args: readonly string[]): Promise<Verdict> {
	const { exitCode, stdout } = await execa(process.execPath, [cli, 'verify', 'report', ...args, '--json'], {
		env: { SNPGATE_KDS_CA: '', http_proxy: '', https_proxy: '', ...env },
		reject: false,
		stdin: 'ignore',
	});
	const { verdict, reasons } = JSON.parse(stdout);
	return { verdict, codes: reasons.map(({ code }: { readonly code: string }) => code), exit: exitCode };
}

withCorpus(
	'[corpus] a real report: asked for once, then offline from what is kept; a given certificate is not replaced',
	async (t) => {
		const server = await standIn(t, testChain('Genoa'));
		const file = corpusPath('milan-v3-mstav.report.bin');
		const { leaf, chain } = neededKeys(parseReport(corpusBytes('milan-v3-mstav.report.bin')), 'Milan');
		const [vcek] = corpusCertificates('milan-v3-mstav.vcek.pem');
		if (leaf === null || vcek === undefined) {
			t.fail('the corpus has no such report');
			return;
		}
		server.on(leaf, bytes(vcek.der));
		server.on(chain, bytes(corpusBytes('ca/ask_ark_milan.pem')));
		const env = { SNPGATE_KDS: join(temporaryDirectory(t), 'kds'), SNPGATE_KDS_URL: server.url };

		t.deepEqual(await verify(env, file, '--offline'), {
			verdict: 'unknown',
			codes: ['kds-unavailable', 'kds-unavailable', 'root-missing', 'intermediate-missing', 'vek-missing'],
			exit: 3,
		});
		t.is(server.asked.length, 0, 'offline is offline');

		t.deepEqual(await verify(env, file), { verdict: 'pass', codes: [], exit: 0 });
		const asked = server.asked.length;
		t.true(asked > 0);
		t.deepEqual(await verify(env, file, '--offline'), { verdict: 'pass', codes: [], exit: 0 });
		t.is(server.asked.length, asked);

		t.deepEqual(await verify(env, file, '--require-crl'), {
			verdict: 'unknown',
			codes: ['kds-unavailable', 'crl-unavailable'],
			exit: 3,
		});

		const wrong = await verify(env, file, '--certs', corpusPath('genoa-v3-mstav.vcek.pem'));
		t.is(wrong.verdict, 'fail', 'a certificate that is given and does not fit is never passed over for another');
	},
);

withCorpus('[corpus] a report of version 2 is of the product whose service knows its chip', async (t) => {
	const server = await standIn(t, testChain('Genoa'));
	const report = parseReport(corpusBytes('milan-v2-gosevguest.report.bin'));
	const { leaf, chain } = neededKeys(report, 'Milan');
	if (leaf === null) {
		t.fail('the corpus has no such report');
		return;
	}
	server.on(leaf, bytes(corpusBytes('milan-v2-gosevguest.vcek.der')));
	server.on(chain, bytes(corpusBytes('ca/ask_ark_milan.pem')));
	const env = { SNPGATE_KDS: join(temporaryDirectory(t), 'kds'), SNPGATE_KDS_URL: server.url };
	const { verdict, codes } = await verify(
		env,
		corpusPath('milan-v2-gosevguest.report.bin'),
		'--allow-debug',
		'--at',
		'2023-06-01T00:00:00Z',
	);
	t.deepEqual([verdict, codes], ['pass', []]);
});

withCorpus('[corpus] a chip that no service knows, and one that is masked, are unknown with their cause', async (t) => {
	const server = await standIn(t, testChain('Genoa'));
	const env = { SNPGATE_KDS: join(temporaryDirectory(t), 'kds'), SNPGATE_KDS_URL: server.url };
	const unknown = await verify(env, corpusPath('milan-v3-mstav.report.bin'));
	t.is(unknown.verdict, 'unknown');
	t.true(unknown.codes.includes('kds-unknown-chip') || unknown.codes.includes('kds-unavailable'));
	const vlek = await verify(env, corpusPath('milan-v3-vlek-aws.report.bin'), '--allow-provisional');
	t.true(vlek.codes.includes('vek-missing'), 'a VLEK comes with the report or not at all');
});
