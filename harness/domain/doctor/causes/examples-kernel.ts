// Examples of what a host's and a guest's kernel log shows.

import type { CauseExample } from './example.ts';
import { guestExamples } from './examples-kernel-guest.ts';
import { rmpExamples } from './examples-kernel-rmp.ts';
import { asids, firmware, healthy, iommu, rmp, snp, snpOff } from './healthy-host.ts';

const host: readonly CauseExample[] = [
	{
		code: 'processor-without-snp',
		text: `[    0.931874] AMD-Vi: Extended features (0x58f77ef22294ade): PPR X2APIC NX GT IA GA PC GA_vAPIC
[    5.022108] ccp 0000:24:00.1: sev enabled
[    5.340140] ccp 0000:24:00.1: SEV API:0.24 build:17
[    7.611204] kvm_amd: SEV enabled (ASIDs 1 - 509)
[    7.611206] kvm_amd: SEV-ES disabled (ASIDs 0 - 0)`,
		// The same of a processor that has it, where nothing was switched on.
		nearMiss: `[    5.022108] ccp 0000:42:00.1: sev enabled
[    5.340140] ccp 0000:42:00.1: SEV API:1.55 build:17
[    7.611204] kvm_amd: SEV enabled (ASIDs 1 - 509)
[    7.611206] kvm_amd: SEV-ES disabled (ASIDs 0 - 0)`,
		nearMissIs: 'snp-and-es-off-in-bios',
	},
	{
		code: 'snp-and-es-off-in-bios',
		text: `[   12.884120] ccp 0000:42:00.1: sev enabled
[   12.931445] ccp 0000:42:00.1: SEV API:1.55 build:39
[   13.204471] kvm_amd: SEV enabled (ASIDs 1 - 509)
[   13.204473] kvm_amd: SEV-ES disabled (ASIDs 0 - 0)
[   13.204475] kvm_amd: SEV-SNP disabled (ASIDs 0 - 0)`,
		// kvm_amd.sev_es=0: the setup has given the ASIDs, the module does not want them.
		nearMiss: `[   12.884120] ccp 0000:42:00.1: sev enabled
[   12.931445] ccp 0000:42:00.1: SEV API:1.55 build:39
[   13.204471] kvm_amd: SEV enabled (ASIDs 100 - 509)
[   13.204473] kvm_amd: SEV-ES disabled (ASIDs 1 - 99)
[   13.204475] kvm_amd: SEV-SNP disabled (ASIDs 1 - 99)`,
		nearMissIs: 'kvm-amd-sev-snp-off',
	},
	{
		code: 'iommu-passthrough-or-off',
		text: `[    0.000000] Command line: BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.11.4-301.fc41.x86_64 root=UUID=7d1c ro iommu=pt
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
[    0.701240] iommu: Default domain type: Passthrough (set via kernel command line)
[    0.842117] AMD-Vi: SNP: IOMMU disabled or configured in passthrough mode, SNP cannot be supported.
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
${snpOff}`,
		nearMiss: `[    0.000000] Command line: BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.11.4-301.fc41.x86_64 root=UUID=7d1c ro iommu=nopt
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
[    0.701240] iommu: Default domain type: Translated (set via kernel command line)
${iommu}
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'iommu-v2-page-tables',
		text: `[    0.000000] Command line: BOOT_IMAGE=/vmlinuz-6.11.4-301.fc41.x86_64 ro amd_iommu=pgtbl_v2
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
[    0.842117] AMD-Vi: SNP: IOMMU is configured with V2 page table mode, SNP cannot be supported.
${asids}
${snpOff}`,
		// An older kernel corrects the setting instead of refusing it.
		nearMiss: `${rmp}
${iommu}
[    0.842119] AMD-Vi: Forcing use of AMD IOMMU v1 page table due to SNP.
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'iommu-without-snp',
		text: `${rmp}
[    0.840212] AMD-Vi: Using global IVHD EFR:0x25bf732fa2294afe, EFR2:0x1d
[    0.842117] AMD-Vi: SNP: IOMMU SNP feature not enabled, SNP cannot be supported.
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
${snpOff}`,
		// A desktop: no such bit in its IOMMU, and no SEV that would need it.
		nearMiss: `[    0.812300] AMD-Vi: Using global IVHD EFR:0x246577efa2254afa, EFR2:0x0
[    0.931874] AMD-Vi: Extended features (0x246577efa2254afa, 0x0): PPR NX GT [5] IA GA PC GA_vAPIC
[    6.022108] ccp 0000:0c:00.2: tee enabled
[    6.022140] ccp 0000:0c:00.2: psp enabled`,
		nearMissIs: null,
	},
	{
		code: 'psp-bootloader-too-old',
		text: `[    3.910446] ccp 0000:45:00.1: sev enabled
[    3.962041] ccp 0000:45:00.1: SEV: failed to INIT error 0x1, rc -5
[    3.962060] ccp 0000:45:00.1: SEV API:1.51 build:3`,
		// The same status for the older command, but the newer one had failed before it.
		nearMiss: `[    3.910446] ccp 0000:45:00.1: sev enabled
[    3.958900] ccp 0000:45:00.1: SEV-SNP: failed to INIT rc -5, error 0x3
[    3.962041] ccp 0000:45:00.1: SEV: failed to INIT error 0x1, rc -5
[    3.962060] ccp 0000:45:00.1: SEV API:1.55 build:8`,
		nearMissIs: 'psp-init-failed',
	},
	{
		code: 'psp-init-failed',
		text: `${rmp}
${iommu}
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.941007] ccp 0000:22:00.1: SEV-SNP: failed to INIT rc -5, error 0x3
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
${snp}`,
		// The processor for trusted applications is another user of the same driver.
		nearMiss: `${healthy}
[  904.114020] ccp 0000:c1:00.2: tee: command 0x5 timed out, disabling PSP`,
		nearMissIs: null,
	},
	{
		code: 'firmware-below-floor',
		text: `${rmp}
${iommu}
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.49 build:6
${asids}
${snp}`,
		nearMiss: `${rmp}
${iommu}
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.51 build:3
[    9.944229] ccp 0000:22:00.1: SEV-SNP API:1.51 build:3
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'legacy-sev-init-failed',
		text: `${rmp}
${iommu}
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV: failed to INIT error 0x1, rc -5
[    9.944229] ccp 0000:22:00.1: SEV-SNP API:1.55 build:29
${asids}
${snp}`,
		// The second attempt, after newer firmware was loaded.
		nearMiss: `${rmp}
${iommu}
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.391002] ccp 0000:22:00.1: SEV: failed to INIT error 0x13, rc -5
[    9.802117] ccp 0000:22:00.1: SEV firmware update successful
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
[    9.944229] ccp 0000:22:00.1: SEV-SNP API:1.55 build:37
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'empty-asid-range',
		text: `${rmp}
${iommu}
${firmware}
[   11.611900] kvm_amd: SEV-SNP ciphertext hiding enabled
${asids}
[   11.612043] kvm_amd: SEV-SNP enabled (ASIDs 1 - 0)`,
		// The empty range is that of SEV-ES, all identifiers are SEV-SNP's.
		nearMiss: `${rmp}
${iommu}
${firmware}
[   11.611900] kvm_amd: SEV-SNP ciphertext hiding enabled
[   11.612040] kvm_amd: SEV enabled (ASIDs 100 - 1006)
[   11.612042] kvm_amd: SEV-ES unusable (ASIDs 100 - 99)
[   11.612043] kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)`,
		nearMissIs: null,
	},
	{
		code: 'kvm-amd-sev-snp-off',
		text: `${rmp}
${iommu}
${firmware}
${asids}
${snpOff}`,
		// Loaded once with the parameter of the command line, and once more with another one.
		nearMiss: `${rmp}
[    0.020114] Kernel command line: BOOT_IMAGE=/vmlinuz-6.11.4-301.fc41.x86_64 ro kvm_amd.sev_snp=0
${iommu}
${firmware}
${asids}
${snpOff}
[  310.440117] kvm_amd: SEV enabled (ASIDs 100 - 1006)
[  310.440119] kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
[  310.440120] kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)`,
		nearMissIs: null,
	},
	{
		code: 'kernel-without-guest-memfd',
		text: `${healthy}
[  203.330441] kvm_amd: SEV-SNP requires private memory support via guest_memfd.`,
		// Another program repeats the words.
		nearMiss: `Nov 12 08:14:01 host1 kernel: SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
Nov 12 08:14:10 host1 kernel: ccp 0000:22:00.1: SEV API:1.55 build:37
Nov 12 08:14:10 host1 kernel: ccp 0000:22:00.1: SEV-SNP API:1.55 build:37
Nov 12 08:14:12 host1 kernel: kvm_amd: SEV enabled (ASIDs 100 - 1006)
Nov 12 08:14:12 host1 kernel: kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
Nov 12 08:14:12 host1 kernel: kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)
Nov 12 08:20:44 host1 logger[4411]: kvm_amd: SEV-SNP requires private memory support via guest_memfd.`,
		nearMissIs: null,
	},
	{
		code: 'out-of-tree-snp-kernel',
		text: `[    0.000000] Linux version 5.19.0-rc6-snp-host-1f2e3d4c5b6a (root@builder)
[    0.731204] SEV-SNP: RMP table physical address 0x000000002a800000 - 0x000000004b4fffff
[    5.190224] ccp 0000:43:00.1: sev enabled
[    8.710931] ccp 0000:43:00.1: SEV API:1.52 build:4
[    8.710940] ccp 0000:43:00.1: SEV-SNP API:1.52 build:4
[    8.802211] SEV supported: 382 ASIDs
[    8.802212] SEV-ES and SEV-SNP supported: 127 ASIDs`,
		nearMiss: `[    0.000000] Linux version 5.10.0-30-amd64 (debian-kernel@lists.debian.org)
[    5.190224] ccp 0000:43:00.1: sev enabled
[    8.710931] ccp 0000:43:00.1: SEV API:1.52 build:4
[    8.802211] SEV supported: 382 ASIDs
[    8.802212] SEV-ES supported: 127 ASIDs`,
		nearMissIs: 'kvm-amd-without-snp',
	},
	{
		code: 'kvm-amd-without-snp',
		text: `[    0.000000] Linux version 6.10.12-200.fc40.x86_64 (mockbuild@builder)
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
[   11.612040] kvm_amd: SEV enabled (ASIDs 100 - 1006)
[   11.612042] kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
[   11.612050] kvm_amd: Virtual VMLOAD VMSAVE supported
[   11.612051] kvm_amd: Virtual GIF supported`,
		// AMD's first kernels gave SEV-SNP a line of its own.
		nearMiss: `[    0.000000] Linux version 5.11.0-rc6-snp-host (root@builder)
[    5.190224] ccp 0000:43:00.1: sev enabled
[    8.710940] ccp 0000:43:00.1: SEV-SNP API:1.51 build:1
[    8.802211] SEV supported: 410 ASIDs
[    8.802212] SEV-ES supported: 99 ASIDs
[    8.802213] SEV-SNP supported: 99 ASIDs`,
		nearMissIs: 'out-of-tree-snp-kernel',
	},
];

export const kernelExamples: readonly CauseExample[] = [...host, ...rmpExamples, ...guestExamples];
