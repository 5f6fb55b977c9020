// Guests on a bare emulator: QEMU under TCG, with OVMF and a software TPM where the matrix says so.

import { copyFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConsoleMachine } from '../machines/console.ts';
import type { BootAnswer, Clock, Fault, GuestControl, GuestNews, GuestSpec, Machine, Random, RunningGuest } from '../ports.ts';
import { watchBoot } from './boot-watch.ts';
import { type Child, startChild } from './child.ts';
import { notStarted, resolveLaunch, whyNotStarted } from './prerequisites.ts';
import { makePrivateDirectory, removeAbandoned } from './private-directory.ts';
import { emulator, emulatorArguments, type GuestPaths } from './qemu-arguments.ts';
import { listenAt, type SerialPort } from './serial-port.ts';
import { startTpm, tpmListens } from './swtpm.ts';

/** How long the shell on the second serial port may take after the last milestone. */
const shellLimitMs = 15_000;
/** sun_path in unix(7), with its closing zero byte. */
const socketPathLimit = 108;

interface QemuOptions {
	readonly clock: Clock;
	readonly random: Random;
	/** Relative paths of a guest's images start here: the matrix's directory. */
	readonly directory: string;
}

/** Everything that one guest has of this system. */
interface Belongings {
	readonly directory: string;
	readonly children: Child[];
	readonly ports: SerialPort[];
}

interface Guest {
	/** Ends a boot that is under way. */
	readonly stopping: AbortController;
	readonly booting: Promise<unknown>;
	dispose(): Promise<void>;
}

/** Only guests launched with 'qemu'; one of libvirt is a fault. */
export function createQemuGuests(options: QemuOptions): GuestControl {
	const guests = new Map<string, Guest>();
	return {
		async boot(asked, tell, signal) {
			const spec = { ...asked, launch: resolveLaunch(asked.launch, (path) => resolve(options.directory, path)) };
			const { name } = spec;
			if (guests.has(name)) {
				return notStarted(name, 'one of that name is running', 'Stop it first.');
			}
			const why = signal.aborted ? interrupted(name) : whyNotStarted(spec);
			if (why !== null) {
				return why;
			}
			removeAbandoned(tmpdir());
			const belongings = { directory: makePrivateDirectory(tmpdir()), children: [], ports: [] };
			const stopping = new AbortController();
			const booting = bootIn(belongings, spec, options, tell, AbortSignal.any([signal, stopping.signal])).catch(
				(error: unknown) =>
					notStarted(name, error instanceof Error ? error.message : String(error), 'Look at the space and rights in TMPDIR.'),
			);
			guests.set(name, { stopping, booting, dispose: () => dispose(belongings) });
			const outcome = await booting;
			if ('kind' in outcome || outcome.boot.ended !== 'milestones') {
				await dispose(belongings);
				guests.delete(name);
			}
			return outcome;
		},
		async stop(name) {
			const guest = guests.get(name);
			guest?.stopping.abort();
			await guest?.booting;
			await guest?.dispose();
			guests.delete(name);
		},
	};
}

async function dispose({ directory, children, ports }: Belongings): Promise<void> {
	await Promise.all(children.map((child) => child.kill()));
	for (const port of ports) {
		port.close();
	}
	await rm(directory, { recursive: true, force: true });
}

async function bootIn(
	belongings: Belongings,
	spec: GuestSpec,
	options: QemuOptions,
	tell: (news: GuestNews) => void,
	signal: AbortSignal,
): Promise<RunningGuest | Fault> {
	const { name, launch } = spec;
	const inside = (file: string) => join(belongings.directory, file);
	const paths: GuestPaths = { log: inside('log'), shell: inside('shell'), vars: inside('vars'), tpm: inside('tpm') };
	if (Buffer.byteLength(paths.shell) >= socketPathLimit) {
		return notStarted(name, `the path '${paths.shell}' is too long for a unix socket`, 'Set TMPDIR to a shorter directory.');
	}
	if (launch.firmware !== undefined) {
		copyFileSync(launch.firmware.vars, paths.vars);
	}
	const listen = async (path: string) => {
		const port = await listenAt(path);
		belongings.ports.push(port);
		return port;
	};
	const log = await listen(paths.log);
	const shell = await listen(paths.shell);
	if (launch.tpm === 'swtpm') {
		const tpm = startTpm(paths.tpm);
		belongings.children.push(tpm);
		if (!(await tpmListens(tpm, paths.tpm))) {
			const said = Buffer.from(tpm.complaint()).toString().trim();
			return notStarted(
				name,
				`its software TPM did not come up: ${said || 'it said nothing'}`,
				'Start swtpm by hand to see why.',
			);
		}
	}
	if (signal.aborted) {
		return interrupted(name);
	}
	const argv = emulatorArguments(name, launch, paths);
	const startedAt = options.clock.now();
	const qemu = startChild(emulator, argv);
	belongings.children.push(qemu);
	const watched = await watchBoot({
		spec,
		console: log.connected,
		emulatorEnded: qemu.ended,
		clock: options.clock,
		startedAt,
		tell,
		signal,
	});
	if (watched.ended === 'interrupted') {
		return interrupted(name);
	}
	const { ended } = watched;
	const exitStatus = ended === 'exit' || ended === 'panic' ? await statusOf(qemu) : null;
	const boot: BootAnswer = {
		kind: 'boot',
		role: spec.role,
		ended,
		milestones: watched.milestones,
		argv: [emulator, ...argv],
		xml: null,
		pid: ended === 'milestones' ? (qemu.pid ?? null) : null,
		console: watched.console,
		stderr: qemu.complaint(),
		limitMs: spec.limitMs,
		exitStatus,
	};
	return { boot, machine: ended === 'milestones' ? await wayIn(name, qemu, shell, options, signal) : noWayIn(spec, ended) };
}

/** The emulator's exit status if it has ended; where a guest panicked it may still stand. */
function statusOf(qemu: Child): Promise<number | null> {
	return Promise.race([qemu.ended, new Promise<null>((done) => setImmediate(done, null))]);
}

async function wayIn(
	name: string,
	qemu: Child,
	shell: SerialPort,
	{ clock, random }: QemuOptions,
	signal: AbortSignal,
): Promise<Machine | Fault> {
	const socket = await Promise.race([shell.connected, qemu.ended.then(() => null)]);
	return socket === null
		? { kind: 'fault', code: 'unreachable', message: `The emulator of guest '${name}' ended.`, next: 'Read its standard error.' }
		: createConsoleMachine({ name, socket, clock, random, limitMs: shellLimitMs, signal });
}

function noWayIn({ name, limitMs }: GuestSpec, ended: 'limit' | 'exit' | 'panic'): Fault {
	const why = {
		limit: `it missed a milestone within ${limitMs} ms`,
		exit: 'its emulator ended before the last milestone',
		panic: 'its kernel panicked',
	};
	return {
		kind: 'fault',
		code: 'unreachable',
		message: `Guest '${name}' did not boot: ${why[ended]}.`,
		next: 'Read its console log.',
	};
}

function interrupted(name: string): Fault {
	return { kind: 'fault', code: 'interrupted', message: `The boot of guest '${name}' was interrupted.` };
}
