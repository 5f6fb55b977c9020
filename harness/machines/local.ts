// The machine that snpgate runs on, through a shell of its own.

import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import type { Clock, Exchange, Fault, Machine, MachineRequest, Random } from '../ports.ts';
import { fault } from './answers.ts';
import { type FramedShell, openFramedShell } from './framed-shell.ts';
import { killSession, sessionVariable } from './process-tree.ts';

const openingLimitMs = 10_000;

interface LocalOptions {
	readonly clock: Clock;
	readonly random: Random;
	/** Command of the shell. */
	readonly shell?: readonly [string, ...string[]];
}

/** Connects to this machine and reads its boot id. What goes wrong here shows as faults of every request. */
export async function createLocalMachine(options: LocalOptions): Promise<Machine> {
	const machine = new LocalMachine(options);
	await machine.connect();
	return machine;
}

interface Session {
	readonly shell: FramedShell | Fault;
	/** Kills what is left of the session and removes its directory. */
	end(): Promise<void>;
}

/** A shell that broke, by a stall or an interruption, is replaced for the next batch. */
class LocalMachine implements Machine {
	readonly name = 'local';
	readonly #options: LocalOptions;
	#bootId: string | null = null;
	#session: Promise<Session | null> = Promise.resolve(null);
	#closed = false;

	constructor(options: LocalOptions) {
		this.#options = options;
	}

	/** There is no channel to this machine itself. */
	readonly channelKey = null;

	get bootId(): string | null {
		return this.#bootId;
	}

	/** The session that works, a new one where the last one broke, null once closed. */
	connect(): Promise<Session | null> {
		this.#session = this.#session.then(async (before) => {
			if (before !== null && !('kind' in before.shell) && !before.shell.broken) {
				return before;
			}
			await before?.end();
			const session = this.#closed ? null : await startSession(this.#options);
			if (session !== null && !('kind' in session.shell)) {
				this.#bootId = session.shell.bootId;
			}
			return session;
		});
		return this.#session;
	}

	async perform(requests: readonly MachineRequest[], signal: AbortSignal): Promise<readonly Exchange[]> {
		const startedAt = this.#options.clock.now();
		const session = await this.connect();
		const shell = session?.shell ?? fault('unreachable', 'The connection to the local machine was closed.');
		if ('kind' in shell) {
			const endedAt = this.#options.clock.now();
			return requests.map(() => ({ answer: shell, startedAt, endedAt }));
		}
		const exchanges = await shell.perform(requests, signal);
		if (shell.broken) {
			// What was under way must not go on behind the back of the run.
			await session?.end();
		}
		return exchanges;
	}

	async close(): Promise<void> {
		this.#closed = true;
		const session = await this.#session;
		if (session !== null && !('kind' in session.shell)) {
			await session.shell.close();
		}
		await session?.end();
	}
}

async function startSession({ clock, random, shell = ['/bin/sh'] }: LocalOptions): Promise<Session> {
	const [command, ...args] = shell;
	// A session of its own: Ctrl-C at the terminal is for snpgate, and all that the shell started can be found again.
	// Its own name in the environment leads to what has left that session since. It is no secret, unlike the shell's token.
	const name = Buffer.from(random.bytes(16)).toString('hex');
	const child = execa(command, args, {
		detached: true,
		env: { [sessionVariable]: name },
		buffer: false,
		reject: false,
		stdin: 'pipe',
		stdout: 'pipe',
		stderr: 'ignore',
	});
	const killAll = () => child.pid !== undefined && killSession(child.pid, name);
	let running = true;
	const ended = child.then(() => {
		running = false;
		killAll();
	});
	const opened = await openFramedShell({
		name: 'local',
		wire: { toFarSide: child.stdin, fromFarSide: child.stdout },
		clock,
		random,
		limitMs: openingLimitMs,
	});
	const end = async () => {
		if (running) {
			killAll();
		}
		await ended;
		if (!('kind' in opened)) {
			await rm(opened.directory, { recursive: true, force: true });
		}
	};
	return { shell: opened, end };
}
