// A guest's shell on its second serial port, at our end of a unix socket.

import type { Socket } from 'node:net';
import type { Clock, Fault, Machine, Random } from '../ports.ts';
import { openFramedShell } from './framed-shell.ts';

interface ConsoleOptions {
	/** How people know the guest. */
	readonly name: string;
	readonly socket: Socket;
	readonly clock: Clock;
	readonly random: Random;
	/** How long the guest's shell may take until it answers. */
	readonly limitMs: number;
	readonly signal: AbortSignal;
}

/** The machine behind the socket; the guest may still be about to start its shell there (`stty raw -echo; sh`). */
export async function createConsoleMachine(options: ConsoleOptions): Promise<Machine | Fault> {
	const { socket, ...rest } = options;
	const wire = { toFarSide: socket, fromFarSide: socket };
	return openFramedShell({ ...rest, wire, resynchronise: true });
}
