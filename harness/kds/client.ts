// Asks the key service, and leaves it alone when it wants to be: one request after the other, waiting longer after every
// failure. AMD answers 429 to more than about one VCEK in 10 s from an address, and may go on for minutes
// (facts/attestation.md section 2.4; confidential-dot-ai/attestation-rs PR 88, confidential-dot-ai/c8s PR 627).

import { type KeyRequest, keyPath, keyText } from '../domain/snp/kds.ts';
import { type AnswerContext, judgeAnswer, type KdsJudgement, mostBytes } from '../domain/snp/kds-answer.ts';
import { type KdsFault, kdsFault } from '../domain/snp/kds-fault.ts';
import type { Clock, Fault } from '../ports.ts';
import type { Transport } from './transport.ts';

export interface ClientParts {
	/** Of the service or of a mirror of it; may have a path. */
	readonly baseUrl: URL;
	readonly transport: Transport;
	readonly clock: Clock;
	/** Ends early when the signal comes. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** How long failures may go on before the answer is a fault; later requests do not wait that long again. */
	readonly patienceMs: number;
	/** A sentence for people who wait. */
	readonly tell: (text: string) => void;
}

export type Got = Extract<KdsJudgement, { got: unknown }>['got'];

export interface KeyClient {
	/** Never rejects. Not to be called while a call is under way: see queue.ts. */
	ask(request: KeyRequest, read: AnswerContext['read'], signal: AbortSignal): Promise<Got | Fault>;
}

const firstWaitMs = 10_000;
const longestWaitMs = 5 * 60_000;

/** A run of failures without a success between them. */
interface Trouble {
	readonly count: number;
	readonly since: number;
	/** Nothing is sent before. */
	readonly until: number;
	readonly fault: KdsFault;
}

export function createKeyClient(parts: ClientParts): KeyClient {
	const { clock, patienceMs } = parts;
	let trouble: Trouble | null = null;

	return {
		ask: async (request, read, signal) => {
			for (;;) {
				if (signal.aborted) {
					return interrupted();
				}
				const wait: number = trouble === null ? 0 : trouble.until - clock.now();
				if (trouble !== null && wait > 0) {
					if (trouble.until > trouble.since + patienceMs) {
						return givenUp(trouble, wait);
					}
					parts.tell(`${trouble.fault.message} Asking again in ${Math.ceil(wait / 1000)} s.`);
					await parts.sleep(wait, signal);
					continue;
				}
				const judged = await attempt(parts, request, read, signal);
				if (signal.aborted) {
					return interrupted();
				}
				if (!('fault' in judged) || judged.again === null) {
					trouble = null;
					return 'fault' in judged ? judged.fault : judged.got;
				}
				trouble = worse(trouble, judged.fault, judged.again.afterMs, clock.now());
			}
		},
	};
}

/** The service's word on when to come back holds; without one, or when it did not help before, the time doubles. */
function worse(before: Trouble | null, fault: KdsFault, afterMs: number | null, now: number): Trouble {
	const count = (before?.count ?? 0) + 1;
	const doubled = (times: number) => Math.min(firstWaitMs * 2 ** (times - 1), longestWaitMs);
	const wait = afterMs === null || afterMs === 0 ? doubled(count) : Math.max(afterMs, count === 1 ? 0 : doubled(count - 1));
	return { count, since: before?.since ?? now, until: now + wait, fault };
}

function givenUp({ count, fault }: Trouble, waitMs: number): KdsFault {
	const times = count === 1 ? 'once' : `${count} times`;
	return { ...fault, message: `${fault.message} It was asked ${times}, and may be again in ${Math.ceil(waitMs / 1000)} s.` };
}

type Settled = Exclude<KdsJudgement, { elsewhere: URL }>;

/** One request, followed where the service sends it. */
async function attempt(
	{ baseUrl, transport, clock }: ClientParts,
	request: KeyRequest,
	read: AnswerContext['read'],
	signal: AbortSignal,
): Promise<Settled> {
	let url = new URL(`${baseUrl.href.replace(/\/+$/, '')}${keyPath(request)}`);
	for (let redirects = 0; ; redirects++) {
		const answer = await transport.get(url, mostBytes(request), signal);
		if ('problem' in answer) {
			const message = `The key service at ${url.host} could not be asked for ${keyText(request)}: ${answer.problem}.`;
			const next = answer.next === '' ? 'Try again later.' : answer.next;
			return { fault: kdsFault('kds-unavailable', message, next), again: answer.again ? { afterMs: null } : null };
		}
		const judged = judgeAnswer(request, answer, { now: clock.now(), redirects, read });
		if (!('elsewhere' in judged)) {
			return judged;
		}
		url = judged.elsewhere;
	}
}

export function interrupted(): Fault {
	return { kind: 'fault', code: 'interrupted', message: 'The run was interrupted before the key service had answered.' };
}
