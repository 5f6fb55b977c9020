// For tests: drives a kind's generator with given answers and judges what came of it.

import type { Trust } from '../domain/snp/roots.ts';
import type { CheckKind, Judgement, Place, Reason } from '../language/kind.ts';
import { Inconclusive } from '../language/kind.ts';
import type { Answer, Request } from '../ports.ts';

const place: Place = {
	profile: 'shipped',
	axes: { milestone: 'ga', generation: 'genoa', tee: 'snp', boot: 'disk', 'guest-os': 'f41' },
	release: 41,
	packages: {},
	limits: { boot: 1000, 'boot-per-gib': 0, command: 1000, 'host-return': 1000 },
	trust: { by: 'pins' },
};

export interface Driven {
	readonly asked: readonly (readonly [name: string, request: Request])[];
	readonly judgement: Judgement;
}

/** Observes with the answer that `answer` gives to each named request, and judges; an Inconclusive becomes its error. */
export function drive(
	kind: CheckKind,
	params: unknown,
	answer: (name: string, request: Request) => Answer,
	trust: Trust = place.trust,
): Driven {
	const parsed = kind.params.parse(params);
	const observing = kind.observe(parsed);
	const observations = new Map<string, Answer>();
	const asked: [string, Request][] = [];
	for (let next = observing.next(); next.done !== true; next = observing.next(observations)) {
		for (const [name, request] of Object.entries(next.value)) {
			asked.push([name, request]);
			observations.set(name, answer(name, request));
		}
	}
	return { asked, judgement: judge(kind, observations, parsed, trust) };
}

function judge(kind: CheckKind, observations: ReadonlyMap<string, Answer>, params: unknown, trust: Trust): Judgement {
	try {
		return kind.judge(observations, kind.expectation(params, { ...place, trust }));
	} catch (error) {
		if (error instanceof Inconclusive) {
			return { outcome: 'error', reason: error.reason };
		}
		throw error;
	}
}

/** 'passed', or the outcome with its reason code: 'failed wrong-value'. */
export function brief(judgement: Judgement): string {
	const reason: Reason | null = judgement.outcome === 'passed' ? null : judgement.reason;
	return reason === null ? 'passed' : `${judgement.outcome} ${reason.code}`;
}

export function ran(stdout: string | Uint8Array, status: number | null = 0, stderr = ''): Answer {
	return { kind: 'exec', status, timedOut: false, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), truncated: false };
}

export function read(text: string): Answer {
	return { kind: 'file', bytes: Buffer.from(text), truncated: false };
}

export const absent: Answer = { kind: 'no-file', errno: 'ENOENT' };
export const denied: Answer = { kind: 'no-file', errno: 'EACCES' };
export const unreachable: Answer = { kind: 'fault', code: 'unreachable', message: 'the machine is gone' };
