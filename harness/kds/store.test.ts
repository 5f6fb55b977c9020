// The store: what it keeps, what it no longer believes, and what it does without a network.

import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { type KeyRequest, keyPath } from '../domain/snp/kds.ts';
import { testChain, testNow, testTcb } from '../domain/snp/test-chain.ts';
import { createKeyStore } from './store.ts';
import { entryPath, entryRequest } from './store-path.ts';
import { chainRequest, listRequest, vcekRequest } from './test-requests.ts';
import { ask, bytes, chain, type Scene, scene, standIn, temporaryDirectory, vcekOf } from './test-stand-in.ts';

const day = 24 * 3_600_000;

function put(directory: string, request: KeyRequest, content: Uint8Array): string {
	const path = join(directory, entryPath(request));
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, content);
	return path;
}

test('every entry has one name, and other names are none', (t) => {
	const turin: KeyRequest = { want: 'vcek', product: 'Turin', hwid: '0206a5a5a5a5a501', tcb: testTcb.Turin };
	const names: readonly (readonly [KeyRequest, string])[] = [
		[turin, 'vcek/Turin/0206a5a5a5a5a501/1-1-1-4-81.der'],
		[vcekRequest(), `vcek/Milan/${vcekRequest().hwid}/none-4-0-24-219.der`],
		[chainRequest, 'chain/Milan/vcek.pem'],
		[{ want: 'crl', product: 'Genoa', hierarchy: 'vlek' }, 'crl/Genoa/vlek.der'],
	];
	for (const [request, name] of names) {
		t.is(entryPath(request), name);
		t.deepEqual(entryRequest(name), request);
	}
	for (const name of [
		'',
		'chain',
		'chain/Milan/vcek.der',
		'chain/Milan/vcekx.pem',
		'chain/Rome/vcek.pem',
		'chain/Milan/x/vcek.pem',
		'vcek/Turin/0206a5a5a5a5a501/01-1-1-4-81.der',
		'vcek/Turin/0206A5A5A5A5A501/1-1-1-4-81.der',
		'vcek/Turin/0206a5a5a5a5a501/1-1-1-4-81.der.12-ab.tmp',
		'vcek/Milan/0206a5a5a5a5a501/none-4-0-24-219.der',
		'other/Milan/vcek.pem',
	]) {
		t.is(entryRequest(name), null, name);
	}
});

const damages: readonly (readonly [string, (good: Buffer) => Uint8Array])[] = [
	['empty', () => Buffer.alloc(0)],
	['cut off', (good) => good.subarray(0, good.length - 30)],
	['longer', (good) => Buffer.concat([good, Buffer.of(0x30)])],
	['far too long', (good) => Buffer.concat([good, Buffer.alloc(2_000_000)])],
	[
		'one bit of its signature',
		(good) => {
			const copy = Buffer.from(good);
			copy[good.length - 9] = (good[good.length - 9] ?? 0) ^ 0x10;
			return copy;
		},
	],
	['an error page', () => Buffer.from('<html>429</html>')],
	["another chip's", () => vcekOf(2)],
];

for (const [title, damage] of damages) {
	test(`a damaged entry is said, fetched again and mended: ${title}`, async (t) => {
		const server = await standIn(t, chain);
		const leaf = Buffer.from(vcekOf());
		server.on(vcekRequest(), bytes(leaf));
		const at = scene(t, server.url);
		await ask(at, vcekRequest());
		const path = put(at.directory, vcekRequest(), damage(leaf));
		t.like(await ask(at, vcekRequest()), { kind: 'bytes', bytes: leaf });
		t.is(at.told.length, 1);
		t.regex(at.told[0] ?? '', /its entry 'vcek\/Milan\/.*\.der' is damaged: .*\. It is fetched again\.$/s);
		t.deepEqual(readFileSync(path), leaf);
		t.is(server.asked.filter((asked) => asked === keyPath(vcekRequest())).length, 2);
	});
}

test('a damaged entry that cannot be had again is a fault, and stays as it is', async (t) => {
	const server = await standIn(t, chain);
	const at = scene(t, server.url);
	await ask(at, chainRequest);
	const strange = Buffer.from(vcekOf(2));
	const path = put(at.directory, vcekRequest(), strange);
	t.like(await ask(at, vcekRequest()), { kind: 'fault', code: 'kds-unknown-chip' });
	t.deepEqual(readFileSync(path), strange);
});

test('a damaged chain is mended before what it vouches for is believed', async (t) => {
	const server = await standIn(t, chain);
	server.on(vcekRequest(), bytes(vcekOf()));
	const at = scene(t, server.url);
	put(at.directory, chainRequest, testChain('Milan', { name: 'strangers' }).chainPem('vcek'));
	t.like(await ask(at, vcekRequest()), { kind: 'bytes' });
	t.deepEqual(readFileSync(join(at.directory, entryPath(chainRequest))), chain.chainPem('vcek'));
});

test('an entry without the certificates above it is believed when they are there, and mended when its signature is wrong', async (t) => {
	const server = await standIn(t, chain);
	const leaf = Buffer.from(vcekOf());
	server.on(vcekRequest(), bytes(leaf));
	const at = scene(t, server.url);
	put(at.directory, vcekRequest(), leaf);
	t.like(await ask(at, vcekRequest()), { bytes: leaf });
	t.deepEqual(server.asked, [keyPath(chainRequest)]);
	const other = scene(t, server.url);
	const copy = Buffer.from(leaf);
	copy[leaf.length - 9] = (leaf[leaf.length - 9] ?? 0) ^ 0x10;
	put(other.directory, vcekRequest(), copy);
	t.like(await ask(other, vcekRequest()), { bytes: leaf });
	t.regex(other.told.join(' '), /damaged: the signature of the certificate is wrong/);
});

async function filled(t: Parameters<typeof standIn>[0]): Promise<Scene> {
	const server = await standIn(t, chain);
	server.on(vcekRequest(), bytes(vcekOf()));
	const at = scene(t, server.url);
	await ask(at, vcekRequest());
	await ask(at, listRequest);
	return at;
}

test('offline: what is there is given, what is not is a fault with the command that gets it', async (t) => {
	const { directory } = await filled(t);
	const server = await standIn(t, chain);
	const at = scene(t, server.url, { directory, offline: true });
	for (const request of [vcekRequest(), chainRequest, listRequest]) {
		t.like(await ask(at, request), { kind: 'bytes' });
	}
	const absent = await ask(at, vcekRequest(2));
	t.like(absent, { kind: 'fault', code: 'offline' });
	t.regex(
		absent.kind === 'fault' ? `${absent.message} ${absent.next}` : '',
		/offline\), and it is not there\. .*snpgate kds prefetch --report F$/,
	);
	const other = await ask(at, { want: 'crl', product: 'Genoa', hierarchy: 'vcek' });
	t.regex(other.kind === 'fault' ? (other.next ?? '') : '', /snpgate kds prefetch --product Genoa$/);
	put(directory, listRequest, Buffer.from('x'));
	const damaged = await ask(at, listRequest);
	t.regex(damaged.kind === 'fault' ? damaged.message : '', /and its entry 'crl\/Milan\/vcek\.der' is damaged: /);
	t.deepEqual(server.asked, []);
});

test('a list is fetched again when the next one is due', async (t) => {
	const server = await standIn(t, chain);
	const [first, second] = [chain.crl({ nextUpdate: testNow + day }), chain.crl({ nextUpdate: testNow + 9 * day })];
	server.on(listRequest, bytes(first));
	const at = scene(t, server.url);
	await ask(at, listRequest);
	server.on(listRequest, bytes(second));
	t.like(await ask(at, listRequest), { bytes: Buffer.from(first) });
	at.pass(day + 1000);
	t.like(await ask(at, listRequest), { bytes: Buffer.from(second) });
	t.deepEqual(at.told, [], 'which is no damage');
	at.pass(10 * day);
	const { directory } = at;
	const offline = scene(t, server.url, { directory, offline: true });
	offline.pass(20 * day);
	const answer = await ask(offline, listRequest);
	t.regex(answer.kind === 'fault' ? answer.message : '', /and what is there is not of this time \(/);
});

test('a certificate that is over is fetched again: the service gives the same key new dates', async (t) => {
	const server = await standIn(t, chain);
	const span = (from: number, to: number) =>
		chain.vcek({ validity: { notBefore: testNow + from * day, notAfter: testNow + to * day } });
	server.on(vcekRequest(), bytes(span(-1, 1)));
	const at = scene(t, server.url);
	await ask(at, vcekRequest());
	const renewed = span(0, 100);
	server.on(vcekRequest(), bytes(renewed));
	at.pass(2 * day);
	t.like(await ask(at, vcekRequest()), { bytes: Buffer.from(renewed) });
});

test('a store that cannot be written is said; the answer is given all the same', async (t) => {
	const server = await standIn(t, chain);
	const file = join(temporaryDirectory(t), 'file');
	writeFileSync(file, '');
	const at = scene(t, server.url, { directory: join(file, 'kds') });
	t.like(await ask(at, chainRequest), { kind: 'bytes' });
	t.regex(
		at.told[0] ?? '',
		/^Not kept for the next time: the certificates above the VCEKs of Milan\. .*cannot be written \(ENOTDIR\).*SNPGATE_KDS/,
	);
	t.deepEqual(createKeyStore(join(file, 'kds'), chain.trust).list(), []);
});

test('an entry that cannot be read is damaged', (t) => {
	const directory = temporaryDirectory(t);
	mkdirSync(join(directory, 'chain', 'Milan', 'vcek.pem'), { recursive: true });
	const [entry] = createKeyStore(directory, chain.trust).list();
	t.deepEqual(entry?.material, { problem: 'a file that cannot be read (EISDIR)' });
	if (process.getuid?.() !== 0) {
		rmSync(join(directory, 'chain'), { recursive: true });
		chmodSync(put(directory, chainRequest, chain.chainPem('vcek')), 0);
		t.regex(JSON.stringify(createKeyStore(directory, chain.trust).find(chainRequest)), /EACCES/);
	}
});

test('several processes fill one store at a time, and every entry is whole', async (t) => {
	const server = await standIn(t, chain);
	const chips = 12;
	for (let n = 1; n <= chips; n++) {
		server.on(vcekRequest(n), bytes(vcekOf(n), 5));
	}
	const directory = join(temporaryDirectory(t), 'kds');
	const args = [join(import.meta.dirname, 'test-fetcher.ts'), server.url, directory, JSON.stringify(chain.trust), `${chips}`];
	const said = await Promise.all([1, 2, 3].map(() => execa(process.execPath, args)));
	t.deepEqual(
		said.map(({ stdout }) => stdout),
		['bytes', 'bytes', 'bytes'],
	);
	const entries = createKeyStore(directory, chain.trust).list();
	t.is(entries.length, chips + 1);
	t.true(entries.every(({ material }) => 'bytes' in material));
	const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
		statSync(join(directory, name)).isFile(),
	);
	t.is(files.length, chips + 1, 'no drafts are left');
});
