// The near half of the framed shell: one protocol over any byte stream to an `sh`. A batch is one write and one reading of all
// its answers; batches go one after the other.

import type { Answer, Clock, Exchange, Fault, Machine, MachineRequest, Random } from '../ports.ts';
import { AnswerInParts, fault } from './answers.ts';
import { FrameStream, type Wire } from './frame-stream.ts';
import type { Frame } from './frames.ts';
import { hello, killGraceMs, prelude } from './prelude.ts';
import { batchScript, limitOf, unsayable } from './requests.ts';

/** How long a far side that has work may stay silent beyond the limit of that work. */
const patienceMs = 10_000;
/** The slowest wire that is waited for, in bytes a millisecond. */
const slowestWire = 4;
const helloRetryMs = 1_000;
const farewellMs = 2_000;

interface Opening {
	readonly name: string;
	readonly wire: Wire;
	readonly clock: Clock;
	readonly random: Random;
	/** How long the far side may take until it answers for the first time. */
	readonly limitMs: number;
	readonly signal?: AbortSignal;
	/** The wire may already be in use or not listen yet: say hello until it answers. */
	readonly resynchronise?: true;
}

/** Starts a session over the wire. A fault when the far side does not answer, or lacks a tool that the protocol needs. */
export async function openFramedShell(opening: Opening): Promise<FramedShell | Fault> {
	const token = Buffer.from(opening.random.bytes(16)).toString('hex');
	const stream = new FrameStream(opening.wire, token);
	const greeted = opening.resynchronise ? await greet(stream, token, opening.limitMs, opening.signal) : null;
	if (greeted !== null) {
		stream.lose(greeted);
		return greeted;
	}
	stream.send(prelude(token));
	for (;;) {
		const frame = await stream.next(opening.limitMs, opening.signal);
		if ('kind' in frame) {
			stream.lose(frame);
			return frame;
		}
		const [word, ...rest] = frame.words;
		if (word === 'ready') {
			const [bootId = '-', directory = ''] = rest;
			return new FramedShell(opening, stream, bootId === '-' ? null : bootId, directory);
		}
		if (word === 'lacks') {
			const missing = fault(
				'not-available',
				`The shell of '${opening.name}' lacks ${rest.join(', ')}; install what is missing there.`,
			);
			stream.lose(missing);
			return missing;
		}
	}
}

async function greet(stream: FrameStream, token: string, limitMs: number, signal?: AbortSignal): Promise<Fault | null> {
	for (let waited = 0; ; waited += helloRetryMs) {
		stream.send(hello(token));
		const frame = await stream.next(Math.min(helloRetryMs, limitMs), signal);
		if (!('kind' in frame)) {
			return null;
		}
		if (frame.code !== 'timeout') {
			return frame;
		}
		if (waited + helloRetryMs >= limitMs) {
			return fault('unreachable', `No shell answered within ${limitMs} ms; look at the console for what runs there.`);
		}
	}
}

/** What is known of a batch while its answers are read. */
interface Batch {
	/** Sequence number of its first request. */
	readonly first: number;
	patienceMs: number;
	/** A frame of a later request, read before its turn. */
	ahead: Frame | null;
	/** Why no request from here on can be answered. */
	spoiled: Fault | null;
}

/** A session with one shell. After a stall, an interruption or the end of the wire it is broken and answers only faults. */
export class FramedShell implements Machine {
	readonly name: string;
	readonly bootId: string | null;
	/** A byte stream proves nothing of who is at its other end. */
	readonly channelKey = null;
	/** The session's own directory at the far side; the shell removes it when it ends by itself. */
	readonly directory: string;
	readonly #clock: Clock;
	readonly #stream: FrameStream;
	#lastBatch: Promise<unknown> = Promise.resolve();
	#batches = 0;
	#seq = 1;

	constructor(opening: Opening, stream: FrameStream, bootId: string | null, directory: string) {
		this.name = opening.name;
		this.bootId = bootId;
		this.directory = directory;
		this.#clock = opening.clock;
		this.#stream = stream;
	}

	get broken(): boolean {
		return this.#stream.lost !== null;
	}

	perform(requests: readonly MachineRequest[], signal: AbortSignal): Promise<readonly Exchange[]> {
		this.#batches++;
		const batch = this.#lastBatch.then(() => this.#performBatch(requests, signal)).finally(() => this.#batches--);
		this.#lastBatch = batch;
		return batch;
	}

	/** Ends the shell. A batch under way is answered with faults. */
	async close(): Promise<void> {
		const closed = fault('unreachable', `The connection to '${this.name}' was closed.`);
		if (this.#batches > 0) {
			this.#stream.lose(closed);
		}
		this.#stream.send('exit\n');
		this.#stream.end();
		let frame = await this.#stream.next(farewellMs);
		while (!('kind' in frame) && frame.words[0] !== 'bye') {
			frame = await this.#stream.next(farewellMs);
		}
		this.#stream.lose(closed);
		await this.#lastBatch;
	}

	async #performBatch(requests: readonly MachineRequest[], signal: AbortSignal): Promise<Exchange[]> {
		const said = requests.filter((request) => unsayable(request) === null);
		const first = this.#seq;
		this.#seq += said.length;
		let startedAt = this.#clock.now();
		const batch: Batch = { first, patienceMs, ahead: null, spoiled: this.#stream.lost };
		if (batch.spoiled === null && signal.aborted) {
			batch.spoiled = fault('interrupted', 'The run was interrupted before the request was sent.');
		}
		if (batch.spoiled === null && said.length > 0) {
			const script = batchScript(said, first);
			batch.patienceMs += script.length / slowestWire;
			this.#stream.send(script);
		}
		const exchanges: Exchange[] = [];
		let seq = first;
		for (const request of requests) {
			const answer = unsayable(request) ?? (await this.#answerTo(request, seq++, batch, signal));
			const endedAt = this.#clock.now();
			exchanges.push({ answer, startedAt, endedAt });
			startedAt = endedAt;
		}
		return exchanges;
	}

	async #answerTo(request: MachineRequest, seq: number, batch: Batch, signal: AbortSignal): Promise<Answer> {
		const limitMs = limitOf(request);
		const parts = new AnswerInParts(request, limitMs);
		while (batch.spoiled === null) {
			const frame = batch.ahead ?? (await this.#stream.next(limitMs + killGraceMs + batch.patienceMs, signal));
			batch.ahead = null;
			if ('kind' in frame) {
				// What the far side still does cannot be called back, so that this session cannot be used again.
				this.#stream.lose(frame);
				batch.spoiled = frame;
			} else if (frame.seq === batch.first && frame.words[0] === 'garbled') {
				batch.spoiled = fault('protocol', `The requests reached '${this.name}' damaged, and none was run; run the check again.`);
			} else if (frame.seq > seq) {
				batch.ahead = frame;
				return fault('protocol', `The answer to '${request.do}' was lost on the way; run the check again.`);
			} else if (frame.seq === seq) {
				const answer = parts.take(frame);
				if (answer !== null) {
					return answer;
				}
			}
		}
		return batch.spoiled;
	}
}
