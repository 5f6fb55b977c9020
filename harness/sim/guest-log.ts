// The guest kernel's log (facts/fedora-stack.md 10, facts/svsm-vtpm-igvm.md 2.1; transcripts of SNP guests with and without SVSM).

import type { GuestFacts } from './guest-facts.ts';
import type { LogLine } from './system.ts';
import type { World } from './world.ts';

const activeFeatures = { snp: 'SEV SEV-ES SEV-SNP', 'sev-es': 'SEV SEV-ES', sev: 'SEV', none: null } as const;

/** Lines of the guest's kernel from the facts; times are made up and the same in every run. */
export function guestKernelLog(world: World, guest: GuestFacts): readonly LogLine[] {
	const { kernel } = guest.identity;
	const active = activeFeatures[guest.tee];
	return [
		{ at: 0, text: `Linux version ${kernel.release} ${kernel.toolchain} ${kernel.build}` },
		{ at: 0, text: `Command line: ${kernel.cmdline}` },
		{ at: 0.009_114, text: guest.firmware === 'ovmf' ? 'efi: EFI v2.7 by EDK II' : 'SMBIOS 2.8 present.' },
		...(active === null ? [] : [{ at: 0.339_97, text: `Memory Encryption Features active: AMD ${active}` }]),
		...(active === null ? [] : [{ at: 0.340_961, text: `SEV: Status: ${active}` }]),
		...(guest.vmpl === null ? [] : snpLines(world, guest, guest.vmpl)),
		{ at: 1.613_402, text: 'Run /init as init process' },
		{ at: 2.204_118, text: 'systemd[1]: Detected virtualization kvm.' },
		...(guest.tee === 'none'
			? []
			: [
					{
						at: 2.204_133,
						text: `systemd[1]: Detected confidential virtualization ${guest.tee === 'snp' ? 'sev-snp' : guest.tee}.`,
					},
				]),
		...(guest.vmpl === null ? [] : driverLines(world, guest, guest.vmpl)),
	];
}

function snpLines({ guests }: World, { cpus, svsm }: GuestFacts, vmpl: number): readonly LogLine[] {
	// COCONUT takes two leaves out of the CPUID table (transcript: 29 entries where plain guests have 31).
	const entries = guests.cpuidEntries - (svsm ? 2 : 0);
	const devices = guests.svsmTpmDriver ? 'devices' : 'device';
	return [
		...(cpus > 1 ? [{ at: 0.452_967, text: 'SEV: APIC: wakeup_secondary_cpu() replaced with wakeup_cpu_via_vmgexit()' }] : []),
		{ at: 0.520_995, text: `SEV: Using SNP CPUID table, ${entries} entries present.` },
		{ at: 0.521_961, text: `SEV: SNP running at VMPL${vmpl}.` },
		{ at: 0.802_219, text: `SEV: SNP guest platform ${devices} initialized.` },
	];
}

/** The guest driver names the key that belongs to its VMPL; its wording changed with the SVSM's TPM driver (2.1). */
function driverLines({ guests }: World, { tpm }: GuestFacts, vmpl: number): readonly LogLine[] {
	const key = guests.svsmTpmDriver ? `VMPCK${vmpl} communication key` : `vmpck_id ${vmpl}`;
	return [
		{ at: 4.889_746, text: `sev-guest sev-guest: Initialized SEV guest driver (using ${key})` },
		...(tpm === 'svsm' ? [{ at: 4.905_465, text: 'tpm-svsm tpm-svsm: SNP SVSM vTPM 2.0 device' }] : []),
	];
}
