// Where answers come from: live machines, or the recording of a bundle. The conductor does not know which.

import type { Answer, Request } from '../ports.ts';

/**
 * The machine a check's requests go to: the host, or the subject guest of a cell. In the phase 'last' everything else of the
 * machine (for the host: every guest too) has been done, and nothing that was seen before is used again.
 */
export type Lane = { readonly phase: 'main' | 'last' } & (
	| { readonly on: 'host' }
	| { readonly on: 'guest'; readonly cell: string }
);

/** A request with the key under which it is recorded: `<cell>/<check>/<name>`. */
export interface Keyed {
	readonly key: string;
	readonly request: Request;
	/** Who asks; a check that repeats a request means it, and is never given its own earlier answer. */
	readonly asker: string;
}

export interface Answered {
	readonly answer: Answer;
	/** Id of the exchange in the evidence; null when there was none. */
	readonly exchange: string | null;
	readonly startedAt: number;
	readonly endedAt: number;
}

export interface Source {
	/** Answers each request, in order. Never rejects. */
	ask(lane: Lane, requests: readonly Keyed[]): Promise<readonly Answered[]>;
	/** The checks of this cell's guest are done: its guests may end. */
	release(cell: string): Promise<void>;
}
