// One GET over HTTP or HTTPS: bounded in time and size, through the proxy and with the authorities that the machine has.

import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { HttpAnswer } from '../domain/snp/kds-answer.ts';
import { type Environment, readProxy } from './proxy.ts';
import { explainFailure, type Failure } from './transport-failure.ts';

export interface TransportParts {
	/** Proxies are read from it. */
	readonly env: Environment;
	/** PEM of authorities to trust besides those of the system and NODE_EXTRA_CA_CERTS. */
	readonly caFile: string | null;
	/** To a connection that can be written to: name, proxy and TLS. */
	readonly connectMs: number;
	/** The whole exchange, to the last byte. */
	readonly wholeMs: number;
}

export interface Transport {
	/** Reads at most `mostBytes` of a body. Never rejects. */
	get(url: URL, mostBytes: number, signal: AbortSignal): Promise<HttpAnswer | Failure>;
}

type Agents = { readonly http: HttpAgent; readonly https: HttpsAgent };

export function createTransport(parts: TransportParts): Transport {
	let agents: Agents | Failure | null = null;
	return {
		get: async (url, mostBytes, signal) => {
			try {
				agents ??= createAgents(parts);
				return 'problem' in agents ? agents : await exchange(agents, parts, url, mostBytes, signal);
			} catch (error) {
				// Node throws at once what it cannot even begin with, such as authorities that are no certificates.
				return explainFailure(error as Error);
			}
		},
	};
}

function createAgents({ env, caFile, connectMs }: TransportParts): Agents | Failure {
	const proxyEnv = readProxy(env);
	if ('problem' in proxyEnv) {
		return { problem: proxyEnv.problem, next: "Correct it, or name the service's host in no_proxy.", again: false };
	}
	let own: readonly string[];
	try {
		own = caFile === null ? [] : [readFileSync(caFile, 'utf8')];
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return {
			problem: `the file of authorities '${caFile}' cannot be read: ${code}`,
			next: 'Correct SNPGATE_KDS_CA.',
			again: false,
		};
	}
	// Node by itself trusts those that it was built with; a company's own are in the system's store.
	const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...own])];
	// The time limit is for a proxy that never opens its tunnel: there is no socket yet that could be destroyed.
	const shared = { keepAlive: false, proxyEnv: { ...proxyEnv }, timeout: connectMs };
	// Several hundred authorities are parsed once, not for every connection.
	const secureContext = createSecureContext({ ca });
	return { http: new HttpAgent(shared), https: new HttpsAgent({ ...shared, secureContext }) };
}

function exchange(
	agents: Agents,
	{ connectMs, wholeMs }: TransportParts,
	url: URL,
	mostBytes: number,
	signal: AbortSignal,
): Promise<HttpAnswer | Failure> {
	const stopped: Failure = { problem: 'it was interrupted', next: '', again: false };
	if (signal.aborted) {
		return Promise.resolve(stopped);
	}
	return new Promise((resolve) => {
		const headers = { 'user-agent': 'snpgate', accept: '*/*', 'accept-encoding': 'identity' };
		const request =
			url.protocol === 'https:' ? httpsGet(url, { agent: agents.https, headers }) : httpGet(url, { agent: agents.http, headers });
		const settle = (result: HttpAnswer | Failure) => {
			clearTimeout(connecting);
			clearTimeout(whole);
			signal.removeEventListener('abort', abort);
			resolve(result);
			request.destroy();
		};
		const late = (what: string): Failure => ({
			problem: what,
			next: "See whether a firewall or a missing proxy ('https_proxy') swallows the connection.",
			again: true,
		});
		const connecting = setTimeout(() => settle(late(`no connection within ${connectMs / 1000} s`)), connectMs);
		const whole = setTimeout(() => settle(late(`no whole answer within ${wholeMs / 1000} s`)), wholeMs);
		const abort = () => settle(stopped);
		signal.addEventListener('abort', abort, { once: true });
		// The request was written: with TLS that is after the handshake.
		request.on('finish', () => clearTimeout(connecting));
		request.on('error', (error) => settle(explainFailure(error)));
		request.on('response', (response) => {
			readBody(
				response,
				mostBytes,
				(body, oversize) => settle(answerOf(url, response, body, oversize)),
				(failure) => settle(failure),
			);
		});
	});
}

function readBody(
	response: IncomingMessage,
	mostBytes: number,
	done: (body: Uint8Array, oversize: boolean) => void,
	failed: (failure: Failure) => void,
): void {
	const chunks: Buffer[] = [];
	let length = 0;
	response.on('data', (chunk: Buffer) => {
		chunks.push(chunk);
		length += chunk.length;
		if (length > mostBytes) {
			done(Buffer.concat(chunks).subarray(0, mostBytes), true);
		}
	});
	response.on('end', () => done(Buffer.concat(chunks), false));
	response.on('error', () => failed({ problem: `the connection broke after ${length} bytes`, next: '', again: true }));
}

function answerOf(url: URL, { statusCode, headers }: IncomingMessage, body: Uint8Array, oversize: boolean): HttpAnswer {
	return {
		url,
		status: statusCode ?? 0,
		contentType: headers['content-type'] ?? null,
		location: headers.location ?? null,
		retryAfter: headers['retry-after'] ?? null,
		body,
		oversize,
	};
}
