// What a host's and a guest's kernel log can show to be wrong. BIOS names are those of AMD's reference setup.

import type { Cause } from '../reading.ts';
import { guestCauses } from './kernel-guest.ts';
import { kvmCauses } from './kernel-kvm.ts';

export const kernelCauses: readonly Cause[] = [
	{
		code: 'processor-without-snp',
		meaning: 'The processor has no SEV-SNP: it is older than EPYC 7003 (Milan), or no EPYC.',
		isNot: 'It is not a switch in the firmware setup: SEV, where the processor has it, works as far as it goes.',
		next: 'Use a host with an AMD EPYC 7003 (Milan) or later; nothing on this one can be switched on. On a virtual host, ask its owner for one that has SEV-SNP.',
		severity: 'blocks-snp',
		rank: 5,
		lookAt: "The processor's name, family and model in /proc/cpuinfo; bit 4 of CPUID 0x8000001F EAX.",
	},
	{
		code: 'snp-and-es-off-in-bios',
		meaning: 'The firmware setup leaves no address space identifiers (ASIDs) for SEV-ES and SEV-SNP guests.',
		isNot: 'It is not a missing kernel feature, and not a processor that lacks SEV-SNP: plain SEV has taken every ASID.',
		next: "In the firmware setup, give SEV-ES and SEV-SNP a share of the ASIDs (AMD: 'SEV-ES ASID Space Limit', set to manual, for example 100) and switch SEV-SNP on (AMD: 'SEV-SNP Support' and 'SNP Memory (RMP Table) Coverage'); then boot again.",
		severity: 'blocks-snp',
		rank: 10,
		lookAt: "The lines 'SEV-ES enabled (ASIDs 1 - n)' and 'SEV-SNP enabled (ASIDs 1 - n)' of kvm_amd after the boot.",
	},
	{
		code: 'bios-rmp-not-reserved',
		meaning: 'The firmware reserved no memory for the reverse map table (RMP), without which the kernel does not start SEV-SNP.',
		isNot: "It is not a kernel setting: 'kvm_amd.sev_snp=1' on the command line changes nothing here.",
		next: "In the firmware setup, let the firmware reserve the RMP (AMD: 'SNP Memory (RMP Table) Coverage', Enabled) and switch SEV-SNP on (AMD: 'SEV-SNP Support'); then boot again.",
		severity: 'blocks-snp',
		rank: 20,
		lookAt: "The line 'SEV-SNP: RMP table physical range' or 'Segmented RMP base table physical range'.",
	},
	{
		code: 'rmp-does-not-cover-ram',
		meaning: "The reverse map table (RMP) that the firmware reserved is too small for this machine's memory.",
		isNot: 'It is not a lack of memory: the table exists, but part of the memory has no entry in it.',
		next: "In the firmware setup, let the RMP cover all memory (AMD: 'SNP Memory (RMP Table) Coverage', Enabled rather than a size of your own); then boot again.",
		severity: 'blocks-snp',
		rank: 21,
		lookAt: "The two sizes in the line, 'expected' and 'got'.",
	},
	{
		code: 'rmp-configuration-invalid',
		meaning: 'The kernel could not use the reverse map table (RMP) as the firmware described it.',
		isNot: 'It is not a table that is missing or too small; those have lines of their own.',
		next: "Update the firmware of the mainboard (BIOS), load its defaults and switch SEV-SNP on again (AMD: 'SEV-SNP Support' and 'SNP Memory (RMP Table) Coverage'); if the line stays, report it to the vendor with the addresses in it.",
		severity: 'blocks-snp',
		rank: 22,
		lookAt: 'Lines on the RMP and on the IOMMU before it.',
	},
	{
		code: 'iommu-passthrough-or-off',
		meaning: 'The IOMMU is off or in passthrough mode, and the kernel runs SEV-SNP only behind a translating IOMMU.',
		isNot: 'It is not the secure processor and not kvm_amd: the kernel gave SEV-SNP up before either was asked.',
		next: "Switch the IOMMU on in the firmware setup (AMD: 'IOMMU', Enabled), and take 'iommu=pt', 'iommu.passthrough=1', 'iommu=off' and 'amd_iommu=off' off the kernel command line; then boot again.",
		severity: 'blocks-snp',
		rank: 30,
		lookAt:
			"/proc/cmdline, CONFIG_IOMMU_DEFAULT_PASSTHROUGH, and the line 'AMD-Vi: IOMMU SNP support enabled.'; virt-host-validate advises 'iommu=pt', which is wrong for SEV-SNP.",
	},
	{
		code: 'iommu-v2-page-tables',
		meaning: 'The IOMMU uses version 2 page tables, with which the kernel does not run SEV-SNP.',
		isNot: 'It is not an IOMMU that is off or in passthrough mode.',
		next: "Take 'amd_iommu=pgtbl_v2' off the kernel command line, or add 'amd_iommu=pgtbl_v1' where version 2 is the default; then boot again.",
		severity: 'blocks-snp',
		rank: 31,
		lookAt: "/proc/cmdline and the line 'AMD-Vi: IOMMU SNP support enabled.'.",
	},
	{
		code: 'iommu-without-snp',
		meaning: "The IOMMU does not report its SEV-SNP feature (bit 63, 'SNPSup', of the extended feature register).",
		isNot: "It is not a matter of 'iommu=pt': the feature is not there to be used.",
		next: "In the firmware setup, switch SEV-SNP on for the IOMMU too (AMD: 'SEV-SNP Support' under NBIO, beside 'IOMMU'); update the firmware of the mainboard if the switch is not there.",
		severity: 'blocks-snp',
		rank: 32,
		lookAt: "The 'EFR' or 'Extended features' line of AMD-Vi, and whether the processor's generation has SEV-SNP.",
	},
	{
		code: 'psp-bootloader-too-old',
		meaning:
			"The secure processor refused to initialize (0x1, invalid platform state), as Milan's does below boot loader 00.13.00.70.",
		isNot: 'It is not repaired by a newer SEV firmware file alone: the boot loader comes with the firmware of the mainboard.',
		next: 'Update the firmware of the mainboard (BIOS); on Milan to one with AGESA MilanPI 1.0.0.9 or newer.',
		severity: 'blocks-snp',
		rank: 40,
		lookAt: "The BIOS version and date (DMI), and the 'SEV API' line after the update.",
	},
	{
		code: 'psp-init-failed',
		meaning: 'The secure processor did not initialize SEV-SNP, so what kvm_amd announces is not backed by firmware.',
		isNot:
			"It is not proved wrong by 'SEV-SNP enabled (ASIDs …)': kvm_amd may announce ranges without a working secure processor.",
		next: 'Update the firmware of the mainboard (BIOS) and the SEV firmware in /lib/firmware/amd (also in the initramfs), check that SEV-SNP and the IOMMU are on in the setup, then boot again.',
		severity: 'blocks-snp',
		rank: 41,
		lookAt:
			"Lines of ccp around it; where the driver was missing, whether ccp is loaded before kvm_amd. AMD's firmware status codes give the number its name.",
	},
	{
		code: 'firmware-below-floor',
		meaning: 'The SEV firmware is older than API 1.51, the least with which the kernel initializes SEV-SNP.',
		isNot: 'It is not broken hardware, and not a processor without SEV-SNP: firmware of those has an API of 0.x.',
		next: 'Update the SEV firmware (linux-firmware in /lib/firmware/amd, also in the initramfs) or the firmware of the mainboard (BIOS); on a rented or nested host its owner has to.',
		severity: 'weakens',
		rank: 42,
		lookAt: "The lines 'SEV API' and 'SEV-SNP API' of ccp, and the processor's family and model.",
	},
	{
		code: 'legacy-sev-init-failed',
		meaning: 'The secure processor runs SEV-SNP, but failed to initialize for SEV and SEV-ES guests.',
		isNot: 'It does not keep SEV-SNP guests from running.',
		next: 'Where SEV or SEV-ES guests are needed beside SEV-SNP, update the SEV firmware and the firmware of the mainboard (BIOS).',
		severity: 'weakens',
		rank: 48,
		lookAt: 'A SEV-ES guest beside a SEV-SNP guest on this host.',
	},
	...kvmCauses,
	...guestCauses,
];
