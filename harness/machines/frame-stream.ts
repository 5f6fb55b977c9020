// A byte stream in both directions, read frame by frame.

import type { Readable, Writable } from 'node:stream';
import type { Fault } from '../ports.ts';
import { fault } from './answers.ts';
import { longestBody } from './command-script.ts';
import { type Frame, FrameReader } from './frames.ts';

/** The two directions of the wire; one object may be both. */
export interface Wire {
	readonly toFarSide: Writable;
	readonly fromFarSide: Readable;
}

export class FrameStream {
	readonly #wire: Wire;
	readonly #reader: FrameReader;
	readonly #frames: Frame[] = [];
	#lost: Fault | null = null;
	/** Wakes whoever waits in `next`. */
	#wake: (() => void) | null = null;

	constructor(wire: Wire, token: string) {
		this.#wire = wire;
		this.#reader = new FrameReader(token, longestBody);
		const gone = (error?: Error) => {
			const why = error === undefined ? '' : `: ${error.message}`;
			this.lose(fault('unreachable', `The shell at the far side ended or its connection broke${why}.`));
		};
		wire.toFarSide.on('error', gone);
		wire.fromFarSide.on('error', gone);
		wire.fromFarSide.once('end', () => gone());
		wire.fromFarSide.once('close', () => gone());
		wire.fromFarSide.on('data', (chunk: Uint8Array) => {
			const before = this.#reader.progress;
			this.#frames.push(...this.#reader.push(chunk));
			if (this.#reader.progress > before) {
				this.#wake?.();
			}
		});
	}

	/** Why nothing more will come, or null. */
	get lost(): Fault | null {
		return this.#lost;
	}

	/** Gives the stream up; the first reason stands. */
	lose(reason: Fault): void {
		this.#lost ??= reason;
		this.#wake?.();
	}

	send(text: string): void {
		if (this.#lost === null) {
			this.#wire.toFarSide.write(text);
		}
	}

	end(): void {
		this.#wire.toFarSide.end();
	}

	/** The next frame; a fault when the stream is lost, the signal came, or nothing of this session was heard for `quietMs`. */
	next(quietMs: number, signal?: AbortSignal): Promise<Frame | Fault> {
		return new Promise((resolve) => {
			const settle = (result: Frame | Fault) => {
				clearTimeout(timer);
				signal?.removeEventListener('abort', interrupt);
				this.#wake = null;
				resolve(result);
			};
			const interrupt = () => settle(fault('interrupted', 'The run was interrupted before the answer came.'));
			const timer = setTimeout(
				() => settle(fault('timeout', `Nothing came from the shell at the far side for ${quietMs} ms.`)),
				quietMs,
			);
			this.#wake = () => {
				const result = this.#frames.shift() ?? this.#lost;
				if (result === null) {
					timer.refresh();
				} else {
					settle(result);
				}
			};
			signal?.addEventListener('abort', interrupt, { once: true });
			if (this.#frames.length > 0 || this.#lost !== null) {
				this.#wake();
			} else if (signal?.aborted) {
				interrupt();
			}
		});
	}
}
