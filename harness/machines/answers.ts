// From the frames of one request to its answer. A count or checksum that does not fit is a fault, never wrong data.

import type { Answer, Fault, FaultCode, MachineRequest } from '../ports.ts';
import { posixChecksum } from './cksum.ts';
import type { Frame } from './frames.ts';
import { streamLimit } from './prelude.ts';
import { limitOf } from './requests.ts';

export function fault(code: FaultCode, message: string, next?: string): Fault {
	return next === undefined ? { kind: 'fault', code, message } : { kind: 'fault', code, message, next };
}

/** Gathers the streams of one request until its `end` frame. */
export class AnswerInParts {
	readonly #request: MachineRequest;
	readonly #streams = new Map<string, Uint8Array>();
	#damage: Fault | null = null;

	constructor(request: MachineRequest) {
		this.#request = request;
	}

	/** The answer once this frame completes it, else null. */
	take(frame: Frame): Answer | null {
		const [word, ...rest] = frame.words;
		switch (word) {
			case 'sum':
				this.#takeStream(frame.body, rest);
				return null;
			case 'end':
				return this.#damage ?? this.#answer(rest);
			default:
				return fault('protocol', `The shell answered '${frame.words.join(' ')}' to '${this.#request.do}'; run it again.`);
		}
	}

	#takeStream(body: Uint8Array, [name = '', sum, count]: readonly string[]): void {
		if (String(body.length) !== count || (sum !== '-' && String(posixChecksum(body)) !== sum)) {
			this.#damage ??= fault(
				'protocol',
				`The answer to '${this.#request.do}' was damaged on the way: expected ${count} bytes with checksum ${sum}, got ${body.length} bytes.`,
				'Run the check again; if it comes back, look at what else writes to the same wire.',
			);
		}
		this.#streams.set(name, body);
	}

	#answer([ended, word, errno = '-']: readonly string[]): Answer {
		const status = word === '-' ? null : Number(word);
		const timedOut = status === null && ended !== '0';
		const stdout = this.#streams.get('o');
		const stderr = this.#streams.get('e');
		const cut = (bytes: Uint8Array) => bytes.subarray(0, streamLimit);
		if (this.#request.do === 'exec') {
			if (stdout === undefined || stderr === undefined || Number.isNaN(status)) {
				return this.#incomplete();
			}
			return {
				kind: 'exec',
				status: status === null || isSignal(status) ? null : status,
				timedOut,
				stdout: cut(stdout),
				stderr: cut(stderr),
				truncated: stdout.length > streamLimit || stderr.length > streamLimit,
			};
		}
		if (timedOut) {
			return fault('timeout', `'${this.#request.do}' did not end within ${limitOf(this.#request)} ms.`);
		}
		// A longer file ends its reader with SIGPIPE; what was read of it is still an answer.
		const truncated = stdout !== undefined && stdout.length > streamLimit;
		if (status !== 0 && !truncated) {
			return errno === '-' ? this.#incomplete() : { kind: 'no-file', errno };
		}
		if (this.#request.do === 'write-file') {
			return { kind: 'file', bytes: new Uint8Array(), truncated: false };
		}
		if (stdout === undefined) {
			return this.#incomplete();
		}
		return this.#request.do === 'read-file' ? { kind: 'file', bytes: cut(stdout), truncated } : { kind: 'bytes', bytes: stdout };
	}

	#incomplete(): Fault {
		return fault('protocol', `The answer to '${this.#request.do}' lacks a part; run the check again.`);
	}
}

/** A shell reports death by signal n as 128 + n; Linux has signals 1 to 64. An exit with such a number looks the same. */
function isSignal(status: number): boolean {
	return status > 128 && status <= 192;
}
