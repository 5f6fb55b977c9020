// How a judge reads an answer by its name: the answer it needs, or `error` with the reason why it is not there.

import type { BootAnswer, ExecAnswer } from '../ports.ts';
import { Inconclusive, type Observations } from './kind.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text, or null when they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
	try {
		return utf8.decode(bytes);
	} catch {
		return null;
	}
}

function answered(observations: Observations, name: string) {
	const answer = observations.get(name);
	if (answer === undefined) {
		throw new Inconclusive('not-observed', `'${name}' was never observed`);
	}
	if (answer.kind === 'fault') {
		throw new Inconclusive(answer.code, answer.message);
	}
	if ((answer.kind === 'exec' || answer.kind === 'file') && answer.truncated) {
		throw new Inconclusive('truncated', `the answer to '${name}' is longer than 16 MiB and was cut`);
	}
	return answer;
}

function unexpected(name: string, kind: string): Inconclusive {
	return new Inconclusive('protocol', `the answer to '${name}' is of the wrong form ('${kind}')`);
}

/** The answer of an `exec`; a time-out is an error here, an exit status is not. */
export function execAnswer(observations: Observations, name: string): ExecAnswer {
	const answer = answered(observations, name);
	if (answer.kind !== 'exec') {
		throw unexpected(name, answer.kind);
	}
	if (answer.timedOut) {
		throw new Inconclusive('timeout', `'${name}' did not end within its time limit`);
	}
	return answer;
}

/** Text of one stream of an `exec`; bytes that are not UTF-8 are an error. */
export function execText(observations: Observations, name: string, stream: 'stdout' | 'stderr' = 'stdout'): string {
	const text = decodeText(execAnswer(observations, name)[stream]);
	if (text === null) {
		throw new Inconclusive('unrecognised-output', `${stream} of '${name}' is not UTF-8 text`);
	}
	return text;
}

/** Bytes of a file, or the errno for which they could not be read. */
export function fileBytes(observations: Observations, name: string): Uint8Array | { readonly errno: string } {
	const answer = answered(observations, name);
	if (answer.kind === 'no-file') {
		return { errno: answer.errno };
	}
	if (answer.kind !== 'file') {
		throw unexpected(name, answer.kind);
	}
	return answer.bytes;
}

/** Bytes that came back from a device or from the generator of random numbers. */
export function rawBytes(observations: Observations, name: string): Uint8Array {
	const answer = answered(observations, name);
	if (answer.kind !== 'bytes') {
		throw unexpected(name, answer.kind);
	}
	return answer.bytes;
}

/** One boot as it was watched. */
export function bootAnswer(observations: Observations, name: string): BootAnswer {
	const answer = answered(observations, name);
	if (answer.kind !== 'boot') {
		throw unexpected(name, answer.kind);
	}
	return answer;
}
