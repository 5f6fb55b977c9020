// A stand-in for AMD's key service on 127.0.0.1, over real HTTP or HTTPS, and a proxy. For tests.

import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derTag } from '../domain/der/der.ts';
import { writeOid, writeSequence, writeValue } from '../domain/der/write.ts';
import { type KeyRequest, keyPath } from '../domain/snp/kds.ts';
import { type TestChain, testChain, testHwid, testNow } from '../domain/snp/test-chain.ts';
import { basicConstraints, buildCertificate, buildName, type ExtensionParts } from '../domain/x509/build.ts';
import { formatPem } from '../domain/x509/pem.ts';
import type { Clock, KeyService } from '../ports.ts';
import { createKeyClient } from './client.ts';
import type { Environment } from './proxy.ts';
import { createKeyService } from './service.ts';
import { createKeyStore } from './store.ts';
import { createTransport } from './transport.ts';

interface Teardown {
	teardown(undo: () => unknown): void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface StandIn {
	readonly url: string;
	/** Paths that were asked for, in order. */
	readonly asked: string[];
	/** Most requests that were under way at one time. */
	mostInFlight(): number;
	/** Answers this request so from now on; without one it is 404. */
	on(request: KeyRequest | string, handler: Handler): void;
}

/** Serves the chain's certificates and lists; `tls` is a key and certificate for 127.0.0.1. */
export async function standIn(
	t: Teardown,
	chain: TestChain,
	tls?: { readonly key: string; readonly cert: string },
): Promise<StandIn> {
	const handlers = new Map<string, Handler>();
	const asked: string[] = [];
	let inFlight = 0;
	let most = 0;
	const listener: Handler = (request, response) => {
		asked.push(request.url ?? '');
		inFlight += 1;
		most = Math.max(most, inFlight);
		response.on('close', () => {
			inFlight -= 1;
		});
		const handler = handlers.get(request.url ?? '') ?? status(404);
		handler(request, response);
	};
	const server = tls === undefined ? createHttp(listener) : createHttps(tls, listener);
	const port = await listen(t, server);
	const { product } = chain;
	for (const hierarchy of ['vcek', 'vlek'] as const) {
		handlers.set(keyPath({ want: 'chain', product, hierarchy }), bytes(chain.chainPem(hierarchy)));
		handlers.set(keyPath({ want: 'crl', product, hierarchy }), bytes(chain.crl()));
	}
	return {
		url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
		asked,
		mostInFlight: () => most,
		on: (request, handler) => handlers.set(typeof request === 'string' ? request : keyPath(request), handler),
	};
}

export async function listen(t: Teardown, server: Server): Promise<number> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => {});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

export const bytes =
	(body: Uint8Array, afterMs = 0): Handler =>
	(_request, response) => {
		setTimeout(() => response.end(body), afterMs);
	};

export const status =
	(code: number, headers: Record<string, string> = {}, body = ''): Handler =>
	(_request, response) => {
		response.writeHead(code, headers).end(body);
	};

/** Gives each handler once, in order, and then the last one for ever. */
export function inTurn(...handlers: readonly Handler[]): Handler {
	let count = 0;
	return (request, response) => {
		const handler = handlers[Math.min(count, handlers.length - 1)];
		count += 1;
		handler?.(request, response);
	};
}

/** A server that takes connections and says nothing. */
export function silence(t: Teardown): Promise<number> {
	return listen(
		t,
		createTcp(() => {}),
	);
}

export interface StandInProxy {
	readonly url: string;
	/** Method and target of everything that came through. */
	readonly seen: string[];
}

/** `refuse` is the status with which every request is refused. */
export async function standInProxy(t: Teardown, refuse?: number): Promise<StandInProxy> {
	const seen: string[] = [];
	const server = createHttp((request, response) => {
		seen.push(`${request.method} ${request.url}`);
		const target = new URL(request.url ?? '');
		const upstream = connect(Number(target.port), target.hostname, () => {
			upstream.write(`GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\nConnection: close\r\n\r\n`);
			upstream.pipe(response.socket ?? upstream);
		});
		upstream.on('error', () => response.destroy());
	});
	server.on('connect', (request: IncomingMessage, socket: Socket) => {
		seen.push(`${request.method} ${request.url}`);
		if (refuse !== undefined) {
			socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
			return;
		}
		const [host = '', port = ''] = (request.url ?? '').split(':');
		const upstream = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			upstream.pipe(socket).pipe(upstream);
		});
		upstream.on('error', () => socket.destroy());
		socket.on('error', () => upstream.destroy());
	});
	return { url: `http://127.0.0.1:${await listen(t, server)}`, seen };
}

/** An authority, and a key and certificate of it for 127.0.0.1, all in PEM. */
export function tlsIdentity(): { readonly ca: string; readonly key: string; readonly cert: string } {
	const algorithm = writeSequence(writeOid('1.2.840.113549.1.1.11'), writeValue(derTag.null));
	const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
	const [authority, server] = [keyPair(), keyPair()];
	const name = buildName([['CN', 'Test authority of snpgate']]);
	const certificate = (subject: Uint8Array, publicKey: typeof server.publicKey, extensions: readonly ExtensionParts[]) =>
		formatPem(
			'CERTIFICATE',
			buildCertificate(
				{
					serial: 1n,
					algorithm,
					issuer: name,
					subject,
					notBefore: Date.now() - 3_600_000,
					notAfter: Date.now() + 3_600_000,
					publicKeyInfo: publicKey.export({ format: 'der', type: 'spki' }),
					extensions,
				},
				(tbs) => signBytes('sha256', tbs, authority.privateKey),
			),
		);
	const address = { oid: '2.5.29.17', value: writeSequence(writeValue(0x87, Uint8Array.of(127, 0, 0, 1))) };
	return {
		ca: certificate(name, authority.publicKey, [basicConstraints(null)]),
		cert: certificate(buildName([['CN', '127.0.0.1']]), server.publicKey, [address]),
		key: server.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
	};
}

export function temporaryDirectory(t: Teardown): string {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-kds-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

export const chain = testChain('Milan');

/** The VCEK of the n-th chip, with dates and a signature of its own every time. */
export const vcekOf = (n = 1) => chain.vcek({ hwid: testHwid('Milan', n) });

export interface Scene {
	readonly service: KeyService;
	readonly directory: string;
	/** What people were told. */
	readonly told: string[];
	/** How long was slept, in milliseconds; the clock went on by as much. */
	readonly slept: number[];
	/** Moves the clock. */
	pass(ms: number): void;
}

export interface SceneOptions {
	readonly directory?: string;
	readonly env?: Environment;
	readonly caFile?: string;
	readonly offline?: boolean;
	readonly patienceMs?: number;
	readonly connectMs?: number;
	readonly wholeMs?: number;
	readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A service before this address, with a clock that only sleeping moves. */
export function scene(t: Teardown, url: string, options: SceneOptions = {}): Scene {
	const directory = options.directory ?? join(temporaryDirectory(t), 'kds');
	let now = testNow;
	const clock: Clock = { now: () => now };
	const told: string[] = [];
	const slept: number[] = [];
	const tell = (text: string) => told.push(text);
	const { connectMs = 20_000, wholeMs = 30_000, env = {}, caFile = null } = options;
	const client = createKeyClient({
		baseUrl: new URL(url),
		transport: createTransport({ env, caFile, connectMs, wholeMs }),
		clock,
		sleep: async (ms, signal) => {
			slept.push(ms);
			await options.sleep?.(ms, signal);
			now += ms;
		},
		patienceMs: options.patienceMs ?? 60_000,
		tell,
	});
	const { trust } = chain;
	const store = createKeyStore(directory, trust);
	return {
		service: createKeyService({ store, client: options.offline === true ? null : client, trust, clock, tell }),
		directory,
		told,
		slept,
		pass: (ms) => {
			now += ms;
		},
	};
}

/** The answer to one request. */
export async function ask({ service }: Scene, request: KeyRequest, signal = new AbortController().signal) {
	return (await service.fetch(request, signal)).answer;
}
