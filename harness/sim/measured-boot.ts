// What the firmware and the boot loader measure into the guest's TPM before anybody can ask it.

import { type HashName, hashNames, hashOf } from '../domain/tpm/algorithms.ts';
import { pcrExtend } from '../domain/tpm/commands.ts';
import type { GuestFacts } from './guest-facts.ts';
import type { TpmProfile } from './tpm/profile.ts';
import type { SoftwareTpm } from './tpm/software-tpm.ts';
import type { World } from './world.ts';

interface Measurement {
	readonly pcr: number;
	readonly data: Uint8Array;
}

const utf8 = new TextEncoder();
/** EV_SEPARATOR of a boot without errors: 32 bits of zero (TCG PC Client Platform Firmware Profile 3.3.2.2). */
const separator = new Uint8Array(4);

/** Extends every active bank as the boot goes. The same world and guest give the same PCRs in every run. */
export function measureBoot(tpm: SoftwareTpm, { banks }: TpmProfile, world: World, guest: GuestFacts): void {
	const active = hashNames.filter((name) => banks[name] === 'active');
	for (const { pcr, data } of measurements(world, guest)) {
		const digests = new Map<HashName, Uint8Array>(active.map((name) => [name, hashOf(name, data)]));
		tpm.transceive(pcrExtend(pcr, digests));
	}
}

/** Platform firmware in PCR 0 to 3 and 7, what it starts in 4 and 5, then the loader's 8 and 9. PCR 2, 3 and 6 hold separators only. */
function measurements({ guests }: World, { identity, direct }: GuestFacts): readonly Measurement[] {
	const { kernel } = identity;
	const of = (pcr: number, text: string): Measurement => ({ pcr, data: utf8.encode(text) });
	const started = direct ? [] : [of(4, 'shim'), of(4, 'grub'), of(5, 'partition table')];
	const loaded = direct
		? [of(9, `initrd of ${kernel.release}`), of(9, kernel.cmdline)]
		: [of(8, `kernel_cmdline: ${kernel.cmdline}`), of(9, `vmlinuz-${kernel.release}`), of(9, `initramfs-${kernel.release}.img`)];
	return [
		of(0, guests.firmwareVersion),
		of(0, `firmware volume of ${guests.firmwareVersion}`),
		of(7, 'SecureBoot is off'),
		of(1, 'BootOrder'),
		...[0, 1, 2, 3, 4, 5, 6, 7].map((pcr) => ({ pcr, data: separator })),
		...started,
		of(4, `kernel ${kernel.release}`),
		...loaded,
	];
}
