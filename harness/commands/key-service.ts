// AMD's key service for a command: where it is, where its answers are kept, and who may be trusted, from the environment.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { amdKeyService } from '../domain/snp/kds.ts';
import type { Trust } from '../domain/snp/roots.ts';
import { createKeyClient, type KeyClient } from '../kds/client.ts';
import { createKeyService } from '../kds/service.ts';
import { createKeyStore, type KeyStore } from '../kds/store.ts';
import { createTransport } from '../kds/transport.ts';
import type { Clock, KeyService } from '../ports.ts';
import { UsageError } from './arguments.ts';
import { cacheDirectory } from './cache-directory.ts';

const connectMs = 10_000;
const wholeMs = 30_000;
/** AMD's throttle was seen to outlast two minutes (facts/attestation.md section 2.4). */
const usualPatienceMs = 5 * 60_000;

type Environment = NodeJS.ProcessEnv;

/** SNPGATE_KDS_URL names a mirror; throws UsageError. */
export function keyServiceUrl(env: Environment = process.env): URL {
	const text = env.SNPGATE_KDS_URL || amdKeyService;
	const url = URL.parse(text);
	if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
		throw new UsageError(`SNPGATE_KDS_URL is '${text}': expected the address of a key service, for example '${amdKeyService}'.`);
	}
	return url;
}

/** SNPGATE_KDS, or snpgate/kds in the user's cache. */
export function keyStoreDirectory(env: Environment = process.env): string {
	return env.SNPGATE_KDS || join(cacheDirectory(env), 'kds');
}

export function openKeyStore(trust: Trust = { by: 'pins' }): KeyStore {
	return createKeyStore(keyStoreDirectory(), trust);
}

export interface KeyServiceOptions {
	/** Never uses the network. */
	readonly offline: boolean;
	readonly clock: Clock;
	readonly tell: (text: string) => void;
	/** AMD's roots, if nothing is given. */
	readonly trust?: Trust;
	/** How long a service that fails is asked again; null for not at all, where a person waits and can do it again. */
	readonly patienceMs?: number | null;
}

/** The store and, unless offline, the service behind it. Throws UsageError for an environment that makes no sense. */
export function openKeyService({
	offline,
	clock,
	tell,
	trust = { by: 'pins' },
	patienceMs = usualPatienceMs,
}: KeyServiceOptions): KeyService {
	const client = offline ? null : openClient(clock, tell, patienceMs ?? 0);
	return createKeyService({ store: openKeyStore(trust), client, trust, clock, tell });
}

function openClient(clock: Clock, tell: (text: string) => void, patienceMs: number): KeyClient {
	const caFile = process.env.SNPGATE_KDS_CA || null;
	return createKeyClient({
		baseUrl: keyServiceUrl(),
		transport: createTransport({ env: process.env, caFile, connectMs, wholeMs }),
		clock,
		sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
		patienceMs,
		tell,
	});
}
