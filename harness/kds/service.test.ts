// The key service over real HTTP against a stand-in: what it gives on, what it refuses, how it waits.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type KeyRequest, keyPath } from '../domain/snp/kds.ts';
import { testChain, testNow, testTcb } from '../domain/snp/test-chain.ts';
import { formatPem } from '../domain/x509/pem.ts';
import type { FaultCode } from '../ports.ts';
import { chainRequest, listRequest, vcekRequest } from './test-requests.ts';
import { ask, bytes, chain, type Handler, inTurn, scene, silence, standIn, status, vcekOf } from './test-stand-in.ts';

const hour = 3_600_000;

test('a VCEK, its chain and its list: asked for once, and from the store afterwards', async (t) => {
	const server = await standIn(t, chain);
	const leaf = vcekOf();
	server.on(vcekRequest(), bytes(leaf));
	const at = scene(t, server.url);
	for (const _again of [1, 2]) {
		t.deepEqual(await ask(at, vcekRequest()), { kind: 'bytes', bytes: Buffer.from(leaf) });
		t.deepEqual(await ask(at, chainRequest), { kind: 'bytes', bytes: chain.chainPem('vcek') });
		t.like(await ask(at, listRequest), { kind: 'bytes' });
	}
	t.deepEqual(server.asked, [keyPath(chainRequest), keyPath(vcekRequest()), keyPath(listRequest)], 'what signs comes first');
	const { hwid } = vcekRequest();
	t.deepEqual(
		readdirSync(at.directory, { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.\w+$/.test(name))
			.sort(),
		['chain/Milan/vcek.pem', 'crl/Milan/vcek.der', `vcek/Milan/${hwid}/none-4-0-24-219.der`],
	);
	t.deepEqual(readFileSync(join(at.directory, 'vcek', 'Milan', hwid, 'none-4-0-24-219.der')), Buffer.from(leaf));
	t.deepEqual(at.told, []);
});

test('every product and both hierarchies', async (t) => {
	for (const product of ['Genoa', 'Turin'] as const) {
		const server = await standIn(t, testChain(product));
		const at = scene(t, server.url);
		for (const hierarchy of ['vcek', 'vlek'] as const) {
			// The scene trusts Milan's test root: the roots of others are refused before they are kept.
			const answer = await ask(at, { want: 'chain', product, hierarchy });
			t.regex(answer.kind === 'fault' ? answer.message : '', /not the trusted one/);
		}
		t.false(existsSync(at.directory));
	}
	const server = await standIn(t, chain);
	const at = scene(t, server.url);
	t.like(await ask(at, { want: 'chain', product: 'Milan', hierarchy: 'vlek' }), { kind: 'bytes' });
	t.like(await ask(at, { want: 'crl', product: 'Milan', hierarchy: 'vlek' }), { kind: 'bytes' });
});

interface Row {
	readonly title: string;
	readonly request?: KeyRequest;
	readonly handler?: Handler;
	readonly code: FaultCode;
	readonly says: RegExp;
	/** How often it was sent in a minute of patience. */
	readonly sent: number;
}

const cutOff: Handler = (_request, response) => {
	response.writeHead(200, { 'content-length': '1300' });
	response.write(Buffer.from(vcekOf()).subarray(0, 700));
	setTimeout(() => response.destroy(), 20);
};

const endless: Handler = (_request, response) => {
	response.on('error', () => {});
	const more = () => {
		while (!response.destroyed && response.write(Buffer.alloc(16_384))) {
			// Until the socket is full.
		}
	};
	response.on('drain', more);
	more();
};

const faults: readonly Row[] = [
	{
		title: 'an error page with status 200',
		handler: status(200, { 'content-type': 'text/html' }, '<html><title>Sorry</title>'),
		code: 'kds-unavailable',
		says: /a web page \('Sorry'\)/,
		sent: 1,
	},
	{ title: 'a chip that it does not know', handler: status(404, {}, 'no'), code: 'kds-unknown-chip', says: /\(404\)/, sent: 1 },
	{ title: 'another chip', handler: bytes(vcekOf(2)), code: 'kds-unavailable', says: /another chip's/, sent: 1 },
	{
		title: 'another TCB',
		handler: bytes(chain.vcek({ tcb: { ...testTcb.Milan, microcode: 1 } })),
		code: 'kds-unavailable',
		says: /another TCB/,
		sent: 1,
	},
	{
		title: 'another product',
		handler: bytes(testChain('Genoa').vcek()),
		code: 'kds-unavailable',
		says: /VCEK of Genoa instead/,
		sent: 1,
	},
	{
		title: 'DER cut off',
		handler: bytes(Buffer.from(vcekOf()).subarray(0, 900)),
		code: 'kds-unavailable',
		says: /more bytes, \d+ are left/,
		sent: 1,
	},
	{
		title: 'a body cut off',
		handler: cutOff,
		code: 'kds-unavailable',
		says: /broke after \d+ bytes\. It was asked 3 times/,
		sent: 3,
	},
	{
		title: 'a connection that ends before the answer',
		handler: (_request, response) => response.destroy(),
		code: 'kds-unavailable',
		says: /cut off\. It was asked 3 times/,
		sent: 3,
	},
	{ title: 'no end', handler: endless, code: 'kds-unavailable', says: /more than 64 KiB/, sent: 1 },
	{
		title: 'a body that says it is too long',
		handler: status(200, {}, 'x'.repeat(70_000)),
		code: 'kds-unavailable',
		says: /more than 64 KiB/,
		sent: 1,
	},
	{ title: 'nothing', handler: status(200), code: 'kds-unavailable', says: /got nothing/, sent: 1 },
	{
		title: 'too many requests',
		handler: status(429),
		code: 'kds-throttled',
		says: /429.*It was asked 3 times, and may be again in 40 s/,
		sent: 3,
	},
	{ title: 'trouble', handler: status(502), code: 'kds-unavailable', says: /status 502.*asked 3 times/, sent: 3 },
	{ title: 'no permission', handler: status(403), code: 'kds-unavailable', says: /refused/, sent: 1 },
	{
		title: 'another host',
		handler: status(302, { location: 'http://127.0.0.2:9/x' }),
		code: 'kds-unavailable',
		says: /sent us elsewhere \(302\).*127\.0\.0\.2/,
		sent: 1,
	},
	{
		title: 'round and round',
		handler: status(302, { location: keyPath(vcekRequest()) }),
		code: 'kds-unavailable',
		says: /more than 3 of them/,
		sent: 4,
	},
	{
		title: 'a certificate that is over',
		handler: bytes(chain.vcek({ validity: { notBefore: testNow - 9 * hour, notAfter: testNow - hour } })),
		code: 'kds-unavailable',
		says: /came for another time/,
		sent: 1,
	},
	{
		title: 'a certificate of the future',
		handler: bytes(chain.vcek({ validity: { notBefore: testNow + hour, notAfter: testNow + 9 * hour } })),
		code: 'kds-unavailable',
		says: /came for another time/,
		sent: 1,
	},
	{
		title: 'a masked chip, which it is not asked for',
		request: { ...vcekRequest(), hwid: '0'.repeat(128) },
		code: 'kds-masked-chip',
		says: /masks?/,
		sent: 0,
	},
	{
		title: 'a list of another product',
		request: listRequest,
		handler: bytes(testChain('Genoa').crl()),
		code: 'kds-unavailable',
		says: /ARK-Milan/,
		sent: 1,
	},
	{
		title: 'a list that is over',
		request: listRequest,
		handler: bytes(chain.crl({ nextUpdate: testNow - hour })),
		code: 'kds-unavailable',
		says: /came for another time/,
		sent: 1,
	},
];

for (const { title, request = vcekRequest(), handler, code, says, sent } of faults) {
	test(`a fault, and nothing is kept: ${title}`, async (t) => {
		const server = await standIn(t, chain);
		server.on(request, handler ?? status(500));
		const at = scene(t, server.url);
		const answer = await ask(at, request);
		t.is(answer.kind === 'fault' ? answer.code : answer.kind, code);
		t.regex(answer.kind === 'fault' ? answer.message : '', says);
		t.true(answer.kind === 'fault' && (answer.next?.length ?? 0) > 10);
		t.is(server.asked.filter((path) => path !== keyPath(chainRequest)).length, sent);
		t.false(existsSync(join(at.directory, request.want)), 'nothing was kept');
		t.true(at.slept.reduce((sum, ms) => sum + ms, 0) <= 60_000);
	});
}

test('a chain that cannot be had is the fault of what it would vouch for', async (t) => {
	const server = await standIn(t, chain);
	server.on(vcekRequest(), bytes(vcekOf()));
	server.on(chainRequest, bytes(testChain('Milan', { name: 'strangers' }).chainPem('vcek')));
	const at = scene(t, server.url);
	const answer = await ask(at, vcekRequest());
	t.regex(answer.kind === 'fault' ? answer.message : '', /an ARK of Milan that is not the trusted one/);
	t.deepEqual(server.asked, [keyPath(chainRequest)]);
	t.false(existsSync(at.directory));
});

test('a redirect on its own ground is followed, PEM is taken for DER', async (t) => {
	const server = await standIn(t, chain);
	server.on(vcekRequest(), status(307, { location: '/elsewhere' }));
	server.on('/elsewhere', bytes(Buffer.from(formatPem('CERTIFICATE', vcekOf()))));
	const answer = await ask(scene(t, server.url), vcekRequest());
	t.is(answer.kind === 'bytes' ? answer.bytes[0] : null, 0x30);
});

test('a mirror may live below a path', async (t) => {
	const server = await standIn(t, chain);
	server.on(`/amd/kds${keyPath(chainRequest)}`, bytes(chain.chainPem('vcek')));
	t.like(await ask(scene(t, `${server.url}/amd/kds/`), chainRequest), { kind: 'bytes' });
});

test('one request at a time, and equal ones once', async (t) => {
	const server = await standIn(t, chain);
	const chips = [1, 2, 3, 4, 5];
	for (const n of chips) {
		server.on(vcekRequest(n), bytes(vcekOf(n), 15));
	}
	const at = scene(t, server.url);
	const requests = [...chips, ...chips, ...chips].map((n) => vcekRequest(n));
	const answers = await Promise.all([...requests, listRequest, chainRequest].map((request) => ask(at, request)));
	t.true(answers.every(({ kind }) => kind === 'bytes'));
	t.is(server.mostInFlight(), 1);
	t.is(server.asked.length, chips.length + 2);
});

test('Retry-After is honoured to the second', async (t) => {
	const server = await standIn(t, chain);
	const later = new Date(testNow + 11_000 + 25_000).toUTCString();
	server.on(
		chainRequest,
		inTurn(status(429, { 'retry-after': '11' }), status(503, { 'retry-after': later }), bytes(chain.chainPem('vcek'))),
	);
	const at = scene(t, server.url);
	t.like(await ask(at, chainRequest), { kind: 'bytes' });
	t.deepEqual(at.slept, [11_000, 25_000]);
	t.regex(at.told[0] ?? '', /answered 429.* Asking again in 11 s\.$/);
	t.is(server.asked.length, 3);
});

test('without it the wait doubles from 10 s, to a cap, within the budget', async (t) => {
	const server = await standIn(t, chain);
	server.on(chainRequest, status(429));
	const at = scene(t, server.url, { patienceMs: 30 * 60_000 });
	t.like(await ask(at, chainRequest), { code: 'kds-throttled' });
	t.deepEqual(
		at.slept,
		[10, 20, 40, 80, 160, 300, 300, 300, 300].map((seconds) => seconds * 1000),
	);
});

test('a word that did not help is not believed again', async (t) => {
	const server = await standIn(t, chain);
	server.on(chainRequest, status(429, { 'retry-after': '1' }));
	const at = scene(t, server.url);
	t.like(await ask(at, chainRequest), { code: 'kds-throttled' });
	t.deepEqual(at.slept, [1000, 10_000, 20_000]);
});

test('a wait that is longer than the budget is not begun', async (t) => {
	const server = await standIn(t, chain);
	server.on(chainRequest, status(429, { 'retry-after': '3600' }));
	const at = scene(t, server.url);
	const answer = await ask(at, chainRequest);
	t.regex(answer.kind === 'fault' ? answer.message : '', /asked once, and may be again in 3600 s/);
	t.deepEqual(at.slept, []);
});

test('no storm: while the service wants its rest, nothing is sent, by nobody', async (t) => {
	const server = await standIn(t, chain);
	const requests = [chainRequest, listRequest, ...[1, 2, 3, 4].map((n) => vcekRequest(n))];
	for (const request of requests) {
		server.on(request, status(429, { 'retry-after': '600' }));
	}
	const at = scene(t, server.url);
	const answers = await Promise.all([...requests, ...requests].map((request) => ask(at, request)));
	t.true(answers.every((answer) => answer.kind === 'fault' && answer.code === 'kds-throttled'));
	t.is(server.asked.length, 1);
	at.pass(599_000);
	t.like(await ask(at, chainRequest), { code: 'kds-throttled' });
	t.is(server.asked.length, 1);
	at.pass(2000);
	server.on(chainRequest, bytes(chain.chainPem('vcek')));
	t.like(await ask(at, chainRequest), { kind: 'bytes' });
	t.is(server.asked.length, 2);
	server.on(listRequest, bytes(chain.crl()));
	t.like(await ask(at, listRequest), { kind: 'bytes' }, 'all is forgiven');
});

test('a service that stays away is waited for once, not once a request', async (t) => {
	const server = await standIn(t, chain);
	const requests = [1, 2, 3, 4, 5, 6].map((n) => vcekRequest(n));
	server.on(chainRequest, status(500));
	const at = scene(t, server.url);
	await Promise.all(requests.map((request) => ask(at, request)));
	t.is(server.asked.length, 3);
	t.deepEqual(at.slept, [10_000, 20_000]);
});

test('an interruption ends what is under way, what waits, and what is queued', async (t) => {
	const server = await standIn(t, chain);
	const stop = new AbortController();
	server.on(chainRequest, () => setTimeout(() => stop.abort(), 20));
	const at = scene(t, server.url);
	const began = Date.now();
	const pending = [chainRequest, listRequest, vcekRequest()].map((request) => ask(at, request, stop.signal));
	for (const answer of await Promise.all(pending)) {
		t.like(answer, { kind: 'fault', code: 'interrupted' });
	}
	t.true(Date.now() - began < 20_000, 'before the time limit of an answer');
	t.is(server.asked.length, 1);
	t.like(await ask(at, chainRequest, stop.signal), { code: 'interrupted' }, 'and what comes later');
	t.is(server.asked.length, 1);

	const waiting = new AbortController();
	const other = await standIn(t, chain);
	other.on(chainRequest, status(429));
	const slow = scene(t, other.url, {
		sleep: (_ms, signal) =>
			new Promise((resolve) => {
				signal.addEventListener('abort', () => resolve(), { once: true });
				setTimeout(() => waiting.abort(), 20);
			}),
	});
	t.like(await ask(slow, chainRequest, waiting.signal), { code: 'interrupted' });
	t.is(other.asked.length, 1);
});

test('one who gives up does not take the answer from another', async (t) => {
	const server = await standIn(t, chain);
	server.on(chainRequest, bytes(chain.chainPem('vcek'), 60));
	const stop = new AbortController();
	const at = scene(t, server.url);
	const first = ask(at, chainRequest, stop.signal);
	const second = ask(at, chainRequest);
	setTimeout(() => stop.abort(), 20);
	t.like(await first, { code: 'interrupted' });
	t.like(await second, { kind: 'bytes' });
});

test('time limits: no connection, and no end of an answer', async (t) => {
	const port = await silence(t);
	const at = scene(t, `https://127.0.0.1:${port}`, { connectMs: 60, patienceMs: 5000 });
	const answer = await ask(at, chainRequest);
	t.regex(answer.kind === 'fault' ? answer.message : '', /no connection within 0\.06 s/);
	const server = await standIn(t, chain);
	server.on(chainRequest, (_request, response) => {
		response.writeHead(200);
		response.write('-----BEGIN');
	});
	const slow = await ask(scene(t, server.url, { wholeMs: 80, patienceMs: 5000 }), chainRequest);
	t.regex(slow.kind === 'fault' ? slow.message : '', /no whole answer within 0\.08 s/);
});

test('nobody there, and no such name', async (t) => {
	const refused = await ask(scene(t, 'http://127.0.0.1:1'), chainRequest);
	t.regex(refused.kind === 'fault' ? refused.message : '', /refused \(127\.0\.0\.1:1\)\. It was asked 3 times/);
	const at = scene(t, 'http://kds.invalid');
	const unknown = await ask(at, chainRequest);
	t.is(unknown.kind === 'fault' ? unknown.code : '', 'kds-unavailable');
	t.regex(unknown.kind === 'fault' ? unknown.message : '', /kds\.invalid could not be asked .*name/);
});

test('the times of an exchange are those of the clock', async (t) => {
	const server = await standIn(t, chain);
	server.on(chainRequest, inTurn(status(429, { 'retry-after': '11' }), bytes(chain.chainPem('vcek'))));
	const at = scene(t, server.url);
	const { startedAt, endedAt } = await at.service.fetch(chainRequest, new AbortController().signal);
	t.is(startedAt, testNow);
	t.is(endedAt, testNow + 11_000);
});
