// The simulated guests of a world: boots that tell their console, and machines to ask afterwards.

import { setImmediate } from 'node:timers/promises';
import type { BootAnswer, Clock, Fault, GuestControl, GuestSpec } from '../ports.ts';
import { guestConsole } from './console.ts';
import { domainXml } from './domain-xml.ts';
import type { FileTree } from './files.ts';
import { type GuestFacts, guestFacts } from './guest-facts.ts';
import { guestFiles } from './guest-files.ts';
import { guestKernelLog } from './guest-log.ts';
import type { AskReport } from './guest-reports.ts';
import { launchOf, launchRefusal } from './launch.ts';
import { createSimulatedMachine, fault } from './machine.ts';
import { measureBoot } from './measured-boot.ts';
import { createProcesses } from './processes.ts';
import { createAskReport } from './secure-processor/ask-report.ts';
import type { Chip } from './secure-processor/chip.ts';
import { launchState } from './secure-processor/launch-state.ts';
import { sshHostKey } from './ssh-host-key.ts';
import { guestTools } from './tools/table.ts';
import { coconutTpm, swtpmTpm } from './tpm/profile.ts';
import { createSoftwareTpm } from './tpm/software-tpm.ts';
import { watchConsole } from './watch.ts';
import type { World } from './world.ts';

const utf8 = new TextEncoder();

interface GuestParts {
	readonly clock: Clock;
	/** The host's: firmware is read from there, and the emulators are in its /proc. */
	readonly files: FileTree;
	readonly chip: Chip;
}

/** Guests of this world. A boot takes a few turns of the event loop, whatever times it tells. */
export function createSimulatedGuests(world: World, { clock, files, chip }: GuestParts): GuestControl {
	const processes = createProcesses(files);
	const boots = new Map<string, number>();
	/** Process id of the emulator by the name of the guest. */
	const running = new Map<string, number>();

	return {
		async boot(spec, tell, signal) {
			const wrong = cannotTry(world, spec);
			if (wrong !== null || signal.aborted) {
				return wrong ?? fault('interrupted', `the run was interrupted before '${spec.name}' was started`);
			}
			const boot = (boots.get(spec.name) ?? 0) + 1;
			boots.set(spec.name, boot);
			const guest = guestFacts(world, spec, boot);
			const launch = launchOf(world, spec, guest);
			const common = {
				kind: 'boot',
				role: spec.role,
				argv: launch.argv,
				xml: spec.launch.with === 'libvirt' ? domainXml(world, spec, guest, launch) : null,
				limitMs: spec.limitMs,
			} as const;
			const refusal = launchRefusal(world, guest, launch);
			if (refusal !== null) {
				const milestones = spec.milestones.map(({ name }) => ({ name, ms: null, line: null }));
				const stderr = utf8.encode(launchError(spec, refusal, clock));
				const failed: BootAnswer = {
					...common,
					pid: null,
					ended: 'exit',
					milestones,
					console: new Uint8Array(0),
					stderr,
					exitStatus: 1,
				};
				return { boot: failed, machine: fault('unreachable', `'${spec.name}' did not start`) };
			}
			const log = guestKernelLog(world, guest);
			const lines = guestConsole(world, guest, log);
			await setImmediate();
			const state = launchState(launch.argv, files);
			const ask = state === null ? null : createAskReport(world, guest, state, chip, clock);
			const { ended, milestones, seen } = watchConsole(lines, spec, tell);
			const console = utf8.encode(seen.map(({ text }) => `${text}\r\n`).join(''));
			const pid = processes.start(launch.argv);
			running.set(spec.name, pid);
			const gone = () =>
				running.get(spec.name) === pid ? null : fault('unreachable', `the guest '${spec.name}' is not running`);
			return {
				boot: { ...common, pid, ended, milestones, console, stderr: new Uint8Array(0), exitStatus: null },
				machine:
					ended === 'milestones'
						? guestMachine(world, spec, guest, ask, { clock, gone })
						: fault('unreachable', `'${spec.name}' did not come up within ${spec.limitMs} ms`),
			};
		},
		async stop(name) {
			const pid = running.get(name);
			if (pid !== undefined) {
				processes.end(pid);
				running.delete(name);
			}
		},
	};
}

/** Why the launch could not even be tried: no emulator, or a pattern that is none. */
function cannotTry(world: World, spec: GuestSpec): Fault | null {
	if (!world.host.packages.some(({ name }) => name === 'qemu-system-x86-core')) {
		return fault('not-available', "there is no emulator: 'qemu-system-x86-core' is not installed on the simulated host");
	}
	for (const { name, pattern } of spec.milestones) {
		try {
			new RegExp(pattern);
		} catch {
			return fault('not-available', `the pattern of the milestone '${name}' is no regular expression: '${pattern}'`);
		}
	}
	return null;
}

/** libvirt passes on what QEMU said, with the time of each line (transcript of a launch under libvirt). */
function launchError(spec: GuestSpec, refusal: string, clock: Clock): string {
	if (spec.launch.with === 'qemu') {
		return refusal;
	}
	const stamp = new Date(clock.now()).toISOString().replace('Z', '000Z');
	const stamped = refusal
		.trimEnd()
		.split('\n')
		.map((line) => `${stamp} ${line}\n`);
	return `error: Failed to start domain '${spec.name}'\nerror: internal error: process exited while connecting to monitor: ${stamped.join('')}`;
}

interface Reach {
	readonly clock: Clock;
	readonly gone: () => Fault | null;
}

function guestMachine(world: World, spec: GuestSpec, guest: GuestFacts, ask: AskReport | null, { clock, gone }: Reach) {
	const channelKey = sshHostKey(`${world.name} ${spec.name}`);
	const files = guestFiles(world, guest, channelKey, ask);
	return createSimulatedMachine({
		name: spec.name,
		system: { identity: guest.identity, log: guestKernelLog(world, guest), files },
		tools: guestTools(world, ask),
		channelKey,
		devices: guest.tpm === 'none' ? new Map() : tpmDevices(world, guest),
		clock,
		gone,
	});
}

function tpmDevices(world: World, guest: GuestFacts): ReadonlyMap<string, (command: Uint8Array) => Uint8Array> {
	const profile = guest.tpm === 'svsm' ? coconutTpm : swtpmTpm;
	const tpm = createSoftwareTpm(profile);
	if (guest.measured) {
		measureBoot(tpm, profile, world, guest);
	}
	const send = (command: Uint8Array) => tpm.transceive(command);
	return new Map([
		['/dev/tpm0', send],
		['/dev/tpmrm0', send],
	]);
}
