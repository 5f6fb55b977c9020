// A child process of a guest: it leads its own process group, and dies with us where the system can promise that.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** What is kept of a child's standard error. */
const longestComplaint = 64 * 1024;

export interface Child {
	/** Undefined when it could not be started. */
	readonly pid: number | undefined;
	/** Resolves with the exit status, null after a signal. */
	readonly ended: Promise<number | null>;
	/** Standard error so far. */
	complaint(): Uint8Array;
	/** Kills the process group and waits for the child's end. */
	kill(): Promise<void>;
}

/** The command's file by PATH, or null. */
export function findCommand(name: string): string | null {
	const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name));
	return candidates.find((path) => mayUse(path, constants.X_OK)) ?? null;
}

export function mayUse(path: string, how: number): boolean {
	try {
		accessSync(path, how);
		return true;
	} catch {
		return false;
	}
}

export function startChild(command: string, args: readonly string[]): Child {
	// prctl(PR_SET_PDEATHSIG) by way of util-linux: when this program is killed, what it started ends too.
	const setpriv = findCommand('setpriv');
	const [file, words] = setpriv === null ? [command, args] : [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]];
	const child = execa(file, words, {
		detached: true,
		buffer: false,
		reject: false,
		stdin: 'ignore',
		stdout: 'ignore',
		stderr: 'pipe',
	});
	const pieces: Uint8Array[] = [];
	let kept = 0;
	child.stderr.on('data', (chunk: Uint8Array) => {
		const piece = chunk.subarray(0, longestComplaint - kept);
		kept += piece.length;
		pieces.push(piece);
	});
	let running = child.pid !== undefined;
	const ended = child.then((result) => {
		running = false;
		return result.exitCode ?? null;
	});
	return {
		pid: child.pid,
		ended,
		complaint: () => Buffer.concat(pieces),
		async kill() {
			if (running && child.pid !== undefined) {
				try {
					process.kill(-child.pid, 'SIGKILL');
				} catch {
					// It ended in the meantime.
				}
			}
			await ended;
		},
	};
}
