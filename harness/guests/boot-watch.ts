// Watches one boot: the console against the milestones, the emulator's life, the limit and the signal, whichever ends it.

import type { Socket } from 'node:net';
import { ConsoleWatcher } from '../domain/boot/console.ts';
import type { Clock, GuestNews, GuestSpec, Milestone } from '../ports.ts';

const consoleLimit = 16 * 1024 * 1024;
const longestNews = 500;
/** For the rest of a milestone's line, or of what a kernel says when it panics. */
const flushMs = 300;
/** For the rest of the console after the emulator ended. */
const drainMs = 1_000;

interface Watching {
	readonly spec: GuestSpec;
	readonly console: Promise<Socket>;
	/** The end of the emulator's process. */
	readonly emulatorEnded: Promise<unknown>;
	readonly clock: Clock;
	/** When the emulator was started, on that clock. */
	readonly startedAt: number;
	readonly tell: (news: GuestNews) => void;
	readonly signal: AbortSignal;
}

export interface Watched {
	readonly ended: 'milestones' | 'limit' | 'exit' | 'panic' | 'interrupted';
	readonly milestones: readonly Milestone[];
	readonly console: Uint8Array;
}

/** Returns when the watch has ended. The console is read on, and forgotten, for as long as it lasts. */
export async function watchBoot({ spec, console, emulatorEnded, clock, startedAt, tell, signal }: Watching): Promise<Watched> {
	const watcher = new ConsoleWatcher(spec.milestones);
	const times = new Map<string, number>();
	const pieces: Uint8Array[] = [];
	let kept = 0;
	let watching = true;
	const { promise, resolve: end } = Promise.withResolvers<Watched['ended']>();
	const timers: NodeJS.Timeout[] = [];
	const after = (ms: number, ended: Watched['ended']) => timers.push(setTimeout(() => end(ended), ms));

	const read = (chunk: Uint8Array) => {
		if (!watching) {
			return;
		}
		const piece = chunk.subarray(0, consoleLimit - kept);
		kept += piece.length;
		pieces.push(piece);
		const before = { complete: watcher.complete, panicked: watcher.panicked };
		const { lines, reached } = watcher.push(chunk);
		for (const line of lines) {
			tell({ news: 'console', line: line.slice(0, longestNews) });
		}
		for (const name of reached) {
			const ms = clock.now() - startedAt;
			times.set(name, ms);
			tell({ news: 'milestone', name, ms });
		}
		if (watcher.complete) {
			if (watcher.settled) {
				end('milestones');
			} else if (!before.complete) {
				after(flushMs, 'milestones');
			}
		} else if (watcher.panicked) {
			if (watcher.panicEnded) {
				end('panic');
			} else if (!before.panicked) {
				after(flushMs, 'panic');
			}
		}
	};

	console.then((socket) => {
		socket.on('data', read);
	});
	emulatorEnded.then(() => {
		if (!watching) {
			return;
		}
		const exit = () => end(watcher.complete ? 'milestones' : watcher.panicked ? 'panic' : 'exit');
		console.then((socket) => (socket.closed ? exit() : socket.once('close', exit)));
		timers.push(setTimeout(exit, drainMs));
	});
	after(spec.limitMs, 'limit');
	const interrupt = () => end('interrupted');
	signal.addEventListener('abort', interrupt, { once: true });
	if (signal.aborted) {
		interrupt();
	} else if (watcher.complete) {
		end('milestones');
	}

	const ended = await promise;
	watching = false;
	timers.forEach(clearTimeout);
	signal.removeEventListener('abort', interrupt);
	const milestones = spec.milestones.map(({ name }, n) => ({
		name,
		ms: times.get(name) ?? null,
		line: watcher.seen[n]?.line ?? null,
	}));
	return { ended, milestones, console: Buffer.concat(pieces) };
}
