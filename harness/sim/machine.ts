// A simulated system behind the Machine port: requests become calls of tools, files of a tree, bytes for a device.

import { setImmediate } from 'node:timers/promises';
import type { Answer, Clock, Exchange, Fault, Machine, MachineRequest } from '../ports.ts';
import { type Errno, errorTexts } from './files.ts';
import type { System, Tool } from './system.ts';

interface MachineParts {
	readonly name: string;
	readonly system: System;
	readonly tools: ReadonlyMap<string, Tool>;
	/** Character devices that take a command and give an answer. */
	readonly devices: ReadonlyMap<string, (command: Uint8Array) => Uint8Array>;
	readonly clock: Clock;
	/** The key of its SSH server, where it is reached by SSH. */
	readonly channelKey?: Uint8Array;
	/** Why the machine cannot be reached any more; null while it can. */
	readonly gone: () => Fault | null;
}

const utf8 = new TextEncoder();
const binaries = /^\/(?:usr\/)?s?bin\//;

/** A Machine over these parts. Nothing takes time in it but the turn of the event loop that each round trip is. */
export function createSimulatedMachine(parts: MachineParts): Machine {
	const answer = (request: MachineRequest): Answer => {
		switch (request.do) {
			case 'exec':
				return runTool(parts, request.argv, utf8.encode(request.stdin ?? ''));
			case 'read-file':
				return readFile(parts.system, request.path);
			case 'write-file':
				return writeFile(parts.system, request.path, 'text' in request ? request.text : Buffer.from(request.hex, 'hex'));
			case 'transceive':
				return transceive(parts, request.device, request.hex);
		}
	};
	return {
		name: parts.name,
		bootId: parts.system.identity.bootId,
		channelKey: parts.channelKey ?? null,
		async perform(requests, signal): Promise<readonly Exchange[]> {
			await setImmediate();
			return requests.map((request) => {
				const startedAt = parts.clock.now();
				const interrupted = signal.aborted
					? fault('interrupted', `the run was interrupted before '${parts.name}' was asked`)
					: null;
				return { answer: interrupted ?? parts.gone() ?? answer(request), startedAt, endedAt: parts.clock.now() };
			});
		},
		async close() {},
	};
}

/** A fault of this adapter. */
export function fault(code: Fault['code'], message: string): Fault {
	return { kind: 'fault', code, message };
}

function runTool({ tools, system }: MachineParts, argv: readonly string[], stdin: Uint8Array): Answer {
	const [program = '', ...args] = argv;
	// An argument ends at its first NUL, so none can hold one.
	if (program === '' || argv.some((arg) => arg.includes('\0'))) {
		return fault('protocol', 'a command must be named, and no argument can hold a NUL; correct it in the suite');
	}
	const tool = tools.get(program.replace(binaries, ''));
	// As sh of Fedora says it, below which the framed shell runs its commands.
	const missing = `sh: line 1: ${program}: ${program.includes('/') ? 'No such file or directory' : 'command not found'}\n`;
	const { status, stdout, stderr } =
		tool === undefined ? { status: 127, stdout: new Uint8Array(0), stderr: missing } : tool({ args, stdin, system });
	return { kind: 'exec', status, timedOut: false, stdout, stderr: utf8.encode(stderr), truncated: false };
}

function readFile(system: System, path: string): Answer {
	const content = system.files.read(path);
	return content.ok
		? { kind: 'file', bytes: content.value, truncated: false }
		: { kind: 'no-file', errno: portErrno(content.errno) };
}

function writeFile(system: System, path: string, text: string | Uint8Array): Answer {
	const errno = system.files.write(path, text);
	return errno === null
		? { kind: 'file', bytes: new Uint8Array(0), truncated: false }
		: { kind: 'no-file', errno: portErrno(errno) };
}

/** Some reasons are not told apart over the port, as the framed shell does not tell them apart (machines/prelude.ts). */
const portErrnos: Readonly<Partial<Record<Errno, string>>> = {
	ENOTDIR: 'ENOENT',
	EPERM: 'EACCES',
	ELOOP: 'EIO',
	EEXIST: 'EIO',
	ENOTEMPTY: 'EIO',
};

function portErrno(errno: Errno): string {
	return portErrnos[errno] ?? errno;
}

function transceive({ system, devices }: MachineParts, device: string, hex: string): Answer {
	if (!/^(?:[0-9a-f]{2})+$/.test(hex)) {
		return fault('protocol', 'a command for a device is written as lower-case hexadecimal, two digits a byte');
	}
	const handler = devices.get(device);
	if (handler !== undefined) {
		return { kind: 'bytes', bytes: handler(Uint8Array.from(Buffer.from(hex, 'hex'))) };
	}
	const there = system.files.stat(device, true);
	return fault('unreachable', `cannot open '${device}': ${errorTexts[there.ok ? 'EACCES' : there.errno]}`);
}
