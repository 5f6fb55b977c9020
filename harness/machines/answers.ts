// From the frames of one request to its answer. A count or checksum that does not fit is a fault, never wrong data.

import type { Answer, Fault, FaultCode, MachineRequest } from '../ports.ts';
import { posixChecksum } from './cksum.ts';
import { endMark, streamLimit } from './command-script.ts';
import type { Frame } from './frames.ts';

export function fault(code: FaultCode, message: string, next?: string): Fault {
	return next === undefined ? { kind: 'fault', code, message } : { kind: 'fault', code, message, next };
}

/** Gathers the streams of one request until its `end` frame. */
export class AnswerInParts {
	readonly #request: MachineRequest;
	readonly #limitMs: number;
	readonly #streams = new Map<string, Uint8Array>();
	#damage: Fault | null = null;

	constructor(request: MachineRequest, limitMs: number) {
		this.#request = request;
		this.#limitMs = limitMs;
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

	#answer([ended = '', word = '', ...rest]: readonly string[]): Answer {
		const status = word === '-' ? null : Number(word);
		const timedOut = ended !== '0';
		if (this.#request.do === 'exec') {
			return this.#execAnswer(timedOut ? null : status, timedOut, rest);
		}
		const [errno = '-'] = rest;
		const stdout = this.#streams.get('o');
		if (timedOut) {
			return fault('timeout', `'${this.#request.do}' did not end within ${this.#limitMs} ms.`);
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
		return this.#request.do === 'read-file'
			? { kind: 'file', bytes: stdout.subarray(0, streamLimit), truncated }
			: { kind: 'bytes', bytes: stdout };
	}

	/** `rest`: the inner shell's pid, then how the copying of each stream ended: an exit status, 'marked', or '-' if it is not known. */
	#execAnswer(status: number | null, timedOut: boolean, [pid = '', ...copied]: readonly string[]): Answer {
		const stdout = this.#streams.get('o');
		const stderr = this.#streams.get('e');
		if (stdout === undefined || stderr === undefined || Number.isNaN(status) || (status === null && !timedOut)) {
			return this.#incomplete();
		}
		const out = written(stdout, copied[0], endMark(pid));
		const err = written(stderr, copied[1], endMark(pid));
		const truncated = timedOut ? out.overlong || err.overlong : out.cut || err.cut;
		return { kind: 'exec', status, timedOut, stdout: out.bytes, stderr: err.bytes, truncated };
	}

	#incomplete(): Fault {
		return fault('protocol', `The answer to '${this.#request.do}' lacks a part; run the check again.`);
	}
}

/** What a command wrote of a stream; `cut` unless that is known to be all, `overlong` when it is more than is handed on. */
function written(stream: Uint8Array, copied: string | undefined, mark: string) {
	// What a child of the command wrote after the mark is no part of the answer; the mark itself is the last of its kind.
	const end =
		copied === 'marked' ? Buffer.from(stream.buffer, stream.byteOffset, stream.length).lastIndexOf(mark) : stream.length;
	const bytes = end === -1 ? stream : stream.subarray(0, end);
	const overlong = bytes.length > streamLimit;
	const whole = copied === '0' || (copied === 'marked' && end !== -1);
	return { bytes: bytes.subarray(0, streamLimit), overlong, cut: overlong || !whole };
}
