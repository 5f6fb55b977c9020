// AMD's key service as the rest of the program sees it: the store first, then the network, and the store again.

import { hierarchyOf, type KeyRequest, keyText } from '../domain/snp/kds.ts';
import { outOfTimeFault } from '../domain/snp/kds-answer.ts';
import { offlineFault, requestFault } from '../domain/snp/kds-fault.ts';
import { type Chain, type KeyValidity, readKeyMaterial } from '../domain/snp/kds-material.ts';
import type { Trust } from '../domain/snp/roots.ts';
import type { Clock, Fault, KeyService } from '../ports.ts';
import { type Got, interrupted, type KeyClient } from './client.ts';
import { createQueue } from './queue.ts';
import type { KeyStore } from './store.ts';

export interface ServiceParts {
	readonly store: KeyStore;
	/** Null: the network is not to be used. */
	readonly client: KeyClient | null;
	readonly trust: Trust;
	readonly clock: Clock;
	/** A sentence for people: a damaged entry, a store that cannot be written. */
	readonly tell: (text: string) => void;
}

interface Missing {
	/** What the store has instead, as a clause. */
	readonly missing: string;
	readonly damaged: boolean;
}

export function createKeyService(parts: ServiceParts): KeyService {
	const { clock } = parts;
	const queue = createQueue();
	/** What a store that cannot be written did not take: it is not asked for twice all the same. */
	const unkept = new Map<string, Got>();

	const fromStore = (request: KeyRequest): Got | Missing => {
		const held = unkept.get(JSON.stringify(request));
		if (held !== undefined && isCurrent(held.validity, clock.now())) {
			return held;
		}
		const entry = parts.store.find(request);
		if (entry === null) {
			return { missing: 'it is not there', damaged: false };
		}
		const { material, path } = entry;
		if ('problem' in material) {
			return { missing: `its entry '${path}' is damaged: ${material.problem}`, damaged: true };
		}
		const { validity } = material;
		return isCurrent(validity, clock.now())
			? material
			: { missing: `what is there is not of this time (${spanText(validity)})`, damaged: false };
	};

	/** A second asker finds in the store what the first one got: it waited in the queue. */
	const fromService = async (client: KeyClient, request: KeyRequest, signal: AbortSignal): Promise<Got | Fault> => {
		// What signs it comes first: a signature that is wrong is to be known before anything is kept or given on.
		const above = request.want === 'chain' ? null : await fromService(client, chainOf(request), signal);
		if (above !== null && 'kind' in above) {
			return above;
		}
		const kept = fromStore(request);
		if ('bytes' in kept) {
			return kept;
		}
		if (kept.damaged) {
			parts.tell(`In '${parts.store.directory}' ${kept.missing}. It is fetched again.`);
		}
		const chain: Chain | null = above?.chain ?? null;
		const got = await client.ask(request, (body) => readKeyMaterial(request, body, parts.trust, chain), signal);
		if ('kind' in got) {
			return got;
		}
		const { from, to } = got.validity;
		if (!isCurrent(got.validity, clock.now())) {
			return outOfTimeFault(request, from, to, clock.now());
		}
		const problem = parts.store.keep(request, got.bytes);
		if (problem !== null) {
			unkept.set(JSON.stringify(request), got);
			parts.tell(`Not kept for the next time: ${keyText(request)}. ${problem}`);
		}
		return got;
	};

	const obtain = async (request: KeyRequest, signal: AbortSignal): Promise<Got | Fault> => {
		const impossible = requestFault(request);
		if (impossible !== null) {
			return impossible;
		}
		const kept = fromStore(request);
		const { client } = parts;
		if (client === null) {
			return 'bytes' in kept ? kept : offlineFault(request, kept.missing);
		}
		// Without the certificates above, a signature could not be looked at.
		return 'bytes' in kept && kept.chain !== null
			? kept
			: unlessAborted(
					queue(() => fromService(client, request, signal)),
					signal,
				);
	};

	return {
		fetch: async (request, signal) => {
			const startedAt = clock.now();
			const got = await obtain(request, signal);
			const answer = 'kind' in got ? got : ({ kind: 'bytes', bytes: got.bytes } as const);
			return { answer, startedAt, endedAt: clock.now() };
		},
	};
}

function chainOf(request: KeyRequest): KeyRequest {
	return { want: 'chain', product: request.product, hierarchy: hierarchyOf(request) };
}

function isCurrent({ from, to }: KeyValidity, now: number): boolean {
	return now >= from && (to === null || now <= to);
}

function spanText({ from, to }: KeyValidity): string {
	const day = (ms: number) => new Date(ms).toISOString();
	return to === null ? `from ${day(from)}` : `${day(from)} to ${day(to)}`;
}

/** Who gave up does not wait for those before it in the queue. */
async function unlessAborted(work: Promise<Got | Fault>, signal: AbortSignal): Promise<Got | Fault> {
	const aborted = Promise.withResolvers<Fault>();
	const abort = () => aborted.resolve(interrupted());
	signal.addEventListener('abort', abort, { once: true });
	try {
		return await Promise.race([work, signal.aborted ? interrupted() : aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
