// TLS, private authorities and proxies, over real sockets.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { createKeyStore } from './store.ts';
import { chainRequest } from './test-requests.ts';
import {
	ask,
	bytes,
	chain,
	inTurn,
	type Scene,
	scene,
	silence,
	standIn,
	standInProxy,
	status,
	temporaryDirectory,
	tlsIdentity,
} from './test-stand-in.ts';

const identity = tlsIdentity();
const files = mkdtempSync(join(tmpdir(), 'snpgate-tls-'));
const caFile = join(files, 'ca.pem');
writeFileSync(caFile, identity.ca);
test.after.always(() => rmSync(files, { recursive: true }));

const secure = (t: Parameters<typeof standIn>[0]) => standIn(t, chain, identity);

async function message(at: Scene): Promise<string> {
	const answer = await ask(at, chainRequest);
	return answer.kind === 'fault' ? `${answer.code}: ${answer.message} ${answer.next}` : answer.kind;
}

test('HTTPS with an authority of the site', async (t) => {
	const server = await secure(t);
	t.is(await message(scene(t, server.url, { caFile })), 'bytes');
});

test('a certificate that nobody here vouches for is a fault at once, with the way out', async (t) => {
	const server = await secure(t);
	const at = scene(t, server.url);
	t.regex(await message(at), /^kds-unavailable: .* TLS certificate is not trusted here \(\w+\)\. .*NODE_EXTRA_CA_CERTS/);
	t.deepEqual(at.slept, []);
	t.deepEqual(server.asked, []);
});

test('a certificate for another name is a fault', async (t) => {
	const server = await secure(t);
	const url = server.url.replace('127.0.0.1', 'localhost');
	t.regex(await message(scene(t, url, { caFile })), /not trusted here \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
});

test('NODE_EXTRA_CA_CERTS is honoured beside the system store', async (t) => {
	const server = await secure(t);
	const directory = join(temporaryDirectory(t), 'kds');
	const args = [join(import.meta.dirname, 'test-fetcher.ts'), server.url, directory, JSON.stringify(chain.trust), '0'];
	const run = (env: Record<string, string>) => execa(process.execPath, args, { env, reject: false });
	t.regex((await run({ NODE_EXTRA_CA_CERTS: '' })).stdout, /not trusted here/);
	t.is((await run({ NODE_EXTRA_CA_CERTS: caFile })).stdout, 'bytes');
});

test('a file of authorities that cannot be read, or holds none', async (t) => {
	const server = await secure(t);
	t.regex(
		await message(scene(t, server.url, { caFile: '/nowhere/ca.pem' })),
		/'\/nowhere\/ca\.pem' cannot be read: ENOENT.*SNPGATE_KDS_CA/,
	);
	const bad = join(temporaryDirectory(t), 'bad.pem');
	writeFileSync(bad, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
	t.regex(await message(scene(t, server.url, { caFile: bad })), /^kds-unavailable: /);
});

test('no TLS where TLS is expected, and no HTTP', async (t) => {
	const server = await standIn(t, chain);
	t.regex(await message(scene(t, server.url.replace('http:', 'https:'))), /does not speak TLS/);
});

test('through a proxy: HTTPS in a tunnel, HTTP as it is', async (t) => {
	const proxy = await standInProxy(t);
	const [tls, plain] = [await secure(t), await standIn(t, chain)];
	const environments: readonly (readonly [string, Record<string, string>])[] = [
		[tls.url, { https_proxy: proxy.url }],
		[tls.url, { HTTPS_PROXY: proxy.url }],
		[tls.url, { https_proxy: proxy.url.replace('http://', '') }],
		[plain.url, { http_proxy: proxy.url }],
	];
	for (const [url, env] of environments) {
		t.is(await message(scene(t, url, { env, caFile })), 'bytes', JSON.stringify(env));
	}
	const host = tls.url.replace('https://', '');
	t.deepEqual(proxy.seen, [`CONNECT ${host}`, `CONNECT ${host}`, `CONNECT ${host}`, `GET ${plain.url}/vcek/v1/Milan/cert_chain`]);
});

test('no_proxy names what has a direct way', async (t) => {
	const proxy = await standInProxy(t);
	const server = await secure(t);
	for (const env of [
		{ https_proxy: proxy.url, no_proxy: '127.0.0.1' },
		{ HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' },
		{ HTTPS_PROXY: proxy.url, https_proxy: '' },
		{ http_proxy: proxy.url },
	]) {
		t.is(await message(scene(t, server.url, { env, caFile })), 'bytes');
	}
	t.deepEqual(proxy.seen, []);
});

test('what a proxy can do wrong', async (t) => {
	const server = await secure(t);
	const at = (https_proxy: string, options = {}) => scene(t, server.url, { env: { https_proxy }, caFile, ...options });
	const needsPassword = await standInProxy(t, 407);
	const secret = needsPassword.url.replace('http://', 'http://user:hunter2@');
	const refused = at(secret);
	const words = await message(refused);
	t.regex(words, /opened no tunnel \(status 407\)\. .*USER:PASSWORD/);
	t.notRegex(words, /hunter2/, 'a password is not repeated');
	t.deepEqual(refused.slept, [], 'and not asked again');
	const broken = at((await standInProxy(t, 503)).url);
	t.regex(await message(broken), /opened no tunnel \(status 503\)/);
	t.deepEqual(broken.slept, [10_000, 20_000]);
	t.regex(await message(at('http://127.0.0.1:1')), /refused \(127\.0\.0\.1:1\)/);
	t.regex(
		await message(at(`http://127.0.0.1:${await silence(t)}`, { connectMs: 100, patienceMs: 1000 })),
		/no connection|no tunnel/,
	);
	t.regex(
		await message(at('socks5://user:hunter2@127.0.0.1:1080')),
		/'https_proxy' names no proxy that can be used: expected 'http:\/\/HOST:PORT', got 'socks5:\/\/'\. /,
	);
	t.notRegex(await message(at('http://user:hunter2@[')), /hunter2/);
	t.deepEqual(server.asked, []);
});

test('a connection that breaks once is tried again', async (t) => {
	const server = await secure(t);
	server.on(
		chainRequest,
		inTurn((_request, response) => response.destroy(), status(500), bytes(chain.chainPem('vcek'))),
	);
	const at = scene(t, server.url, { caFile });
	t.is(await message(at), 'bytes');
	t.deepEqual(at.slept, [10_000, 20_000]);
	t.is(createKeyStore(at.directory, chain.trust).list().length, 1);
});
