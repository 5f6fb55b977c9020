// What one round really sends: equal read-only requests of several checks are one exchange.

import type { Exchange, MachineRequest, Request } from '../ports.ts';
import type { Keyed } from './source.ts';

/** An exchange that later rounds may use again. */
export interface SharedExchange {
	readonly exchange: Exchange;
	readonly id: string;
	/** Checks that were already given it. */
	readonly given: Set<string>;
}

export function isForMachine(request: Request): request is MachineRequest {
	return request.do === 'exec' || request.do === 'read-file' || request.do === 'write-file' || request.do === 'transceive';
}

function isReadOnly(request: MachineRequest): boolean {
	return request.do === 'read-file' || (request.do === 'exec' && request.changes !== true);
}

/** Where a request's answer comes from: an exchange of an earlier round, or the n-th of those that this round sends. */
type Place = { readonly earlier: SharedExchange } | { readonly index: number };

/**
 * Folds the requests of one round into what must really be sent. An equal read-only request is sent once until something
 * changes the machine; a check that asks for the same thing twice wants it twice.
 */
export function collect(requests: readonly Keyed[], known: Map<string, SharedExchange>) {
	const send: MachineRequest[] = [];
	const places = new Map<Keyed, Place>();
	const pending = new Map<string, { readonly index: number; readonly askers: Set<string> }>();
	for (const keyed of requests) {
		const { request, asker } = keyed;
		if (!isForMachine(request)) {
			continue;
		}
		const text = JSON.stringify(request);
		if (!isReadOnly(request)) {
			known.clear();
			pending.clear();
		}
		const earlier = known.get(text);
		const now = pending.get(text);
		if (earlier !== undefined && !earlier.given.has(asker)) {
			earlier.given.add(asker);
			places.set(keyed, { earlier });
		} else if (now !== undefined && !now.askers.has(asker)) {
			now.askers.add(asker);
			places.set(keyed, { index: now.index });
		} else {
			const index = send.push(request) - 1;
			places.set(keyed, { index });
			if (isReadOnly(request)) {
				pending.set(text, { index, askers: new Set([asker]) });
			}
		}
	}
	const fresh: { exchange: Exchange; id: string }[] = [];
	return {
		requests: send,
		learn: (answers: readonly Exchange[], ids: readonly string[]) => {
			for (const [index, exchange] of answers.entries()) {
				fresh.push({ exchange, id: ids[index] ?? '' });
			}
			for (const [text, { index, askers }] of pending) {
				const found = fresh[index];
				// What could not be had is not shared onwards: the next check tries again.
				if (found !== undefined && found.exchange.answer.kind !== 'fault') {
					known.set(text, { ...found, given: askers });
				}
			}
		},
		answerOf: (keyed: Keyed): { readonly exchange: Exchange; readonly id: string } => {
			const place = places.get(keyed);
			const found = place === undefined ? undefined : 'earlier' in place ? place.earlier : fresh[place.index];
			if (found === undefined) {
				throw new Error(`request '${keyed.key}' was sent and has no answer`);
			}
			return found;
		},
	};
}
