// The software TPM of one guest.

import { existsSync, mkdirSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Child, startChild } from './child.ts';

export const tpmEmulator = 'swtpm';

const startLimitMs = 10_000;

/** A new TPM 2.0 without state, to be initialised by whoever connects; it ends when that connection does. */
export function startTpm(socket: string): Child {
	const state = join(dirname(socket), 'tpm-state');
	mkdirSync(state, { mode: 0o700 });
	// Absolute paths: with relative ones the emulator answers CMD_INIT with an error.
	return startChild(tpmEmulator, [
		...['socket', '--tpm2', '--terminate'],
		...['--tpmstate', `dir=${state}`],
		...['--ctrl', `type=unixio,path=${socket}`],
	]);
}

/**
 * Waits for the socket; false when the TPM ended or time passed before it was there. swtpm binds and listens in one go, long
 * before the emulator that is started next can connect.
 */
export async function tpmListens(tpm: Child, socket: string): Promise<boolean> {
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const look = () => existsSync(socket) && resolve(true);
	const watcher = watch(dirname(socket), look);
	const timer = setTimeout(() => resolve(false), startLimitMs);
	tpm.ended.then(() => resolve(false));
	look();
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		watcher.close();
	}
}
