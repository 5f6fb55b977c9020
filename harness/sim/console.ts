// What a guest's first serial port says from power-on to the login prompt.

import type { GuestFacts } from './guest-facts.ts';
import type { LogLine } from './system.ts';
import type { World } from './world.ts';

export interface ConsoleLine {
	/** Milliseconds since the guest's process started. */
	readonly ms: number;
	readonly text: string;
}

/** The whole console. The firmware's time grows with the memory that an SNP guest has to accept; no time is random. */
export function guestConsole(world: World, guest: GuestFacts, log: readonly LogLine[]): readonly ConsoleLine[] {
	const gib = guest.memoryMiB / 1024;
	const firmwareMs = Math.round({ snp: 3_400 + 180 * gib, 'sev-es': 2_900, sev: 2_600, none: 1_900 }[guest.tee]);
	const monitor = guest.svsm ? svsmLines(world) : [];
	const firmware = firmwareLines(guest);
	const early = [...monitor, ...firmware].map((text, index, all) => ({
		ms: Math.round((firmwareMs * (index + 1)) / all.length),
		text,
	}));
	const kernel = log.map(({ at, text }) => ({
		ms: firmwareMs + Math.round(at * 1000),
		text: `[${at.toFixed(6).padStart(12)}] ${text}`,
	}));
	const up = firmwareMs + Math.round((log.at(-1)?.at ?? 0) * 1000);
	return [...early, ...kernel, ...loginLines(guest).map((text, index) => ({ ms: up + 2_300 + index, text }))];
}

/** facts/svsm-vtpm-igvm.md 1.3 and the transcript of an SVSM without a user module. */
function svsmLines({ guests }: World): readonly string[] {
	return [
		`[SVSM] COCONUT Secure Virtual Machine Service Module Version ${guests.svsmVersion}`,
		'[SVSM] VTPM: manufacturing new NV state',
		'[SVSM] VTPM: TPM 2.0 Reference Implementation initialized',
		'[SVSM] Launching Firmware',
		'[SVSM] Launching request-processing task on CPU 0',
		'[SVSM] Failed to launch /init',
	];
}

function firmwareLines({ firmware, direct }: GuestFacts): readonly string[] {
	if (firmware === 'seabios') {
		return ['SeaBIOS (version 1.16.3-3.fc41)', '', direct ? 'Booting from ROM...' : 'Booting from Hard Disk...'];
	}
	const path = 'HD(1,GPT,6C0FFEE0-0041-4000-8000-5CA1AB1E0001,0x800,0x64000)/\\EFI\\fedora\\shimx64.efi';
	return direct
		? ['EFI stub: Loaded initrd from LINUX_EFI_INITRD_MEDIA_GUID device path']
		: [`BdsDxe: loading Boot0001 "Fedora" from ${path}`, `BdsDxe: starting Boot0001 "Fedora" from ${path}`];
}

function loginLines({ identity }: GuestFacts): readonly string[] {
	const { osRelease, kernel, hostName } = identity;
	return ['', osRelease.PRETTY_NAME ?? 'Linux', `Kernel ${kernel.release} on x86_64 (ttyS0)`, '', `${hostName} login: `];
}
