// Examples of what a host's and a guest's kernel log shows.

import type { CauseExample } from './example.ts';

/** The lines of a host that runs SEV-SNP guests; what is wrong in an example stands between or behind them. */
const rmp = `[    0.000000] Linux version 6.11.4-301.fc41.x86_64 (mockbuild@builder) (gcc (GCC) 14.2.1 20240912)
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]`;
const iommu = '[    0.842117] AMD-Vi: IOMMU SNP support enabled.';
const firmware = `[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
[    9.944229] ccp 0000:22:00.1: SEV-SNP API:1.55 build:37`;
const asids = `[   11.612040] kvm_amd: SEV enabled (ASIDs 100 - 1006)
[   11.612042] kvm_amd: SEV-ES enabled (ASIDs 1 - 99)`;
const snp = '[   11.612043] kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)';
const healthy = [rmp, iommu, firmware, asids, snp].join('\n');
/** A kernel that gave SEV-SNP up after it had found the feature in the processor. */
const snpOff = '[   11.612043] kvm_amd: SEV-SNP disabled (ASIDs 1 - 99)';

const host: readonly CauseExample[] = [
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
		code: 'bios-rmp-not-reserved',
		text: `[    0.000000] SEV-SNP: Memory for the RMP table has not been reserved by BIOS
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
[   11.612050] kvm_amd: Virtual VMLOAD VMSAVE supported`,
		nearMiss: `[    0.000000] BIOS-e820: [mem 0x0000004fe0000000-0x00000050209fffff] reserved
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
[    0.000000] SEV-SNP: Reserving start/end of RMP table on a 2MB boundary [0x0000005020800000]
${iommu}
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'rmp-does-not-cover-ram',
		text: `${rmp}
${iommu}
[    1.204410] SEV-SNP: Memory reserved for the RMP table does not cover full system RAM (expected 0x80a04000 got 0x40a00000)
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
${snpOff}`,
		// Of the boot before the setting was changed.
		nearMiss: `${rmp}
[    1.204410] SEV-SNP: Memory reserved for the RMP table does not cover full system RAM (expected 0x80a04000 got 0x40a00000)
${healthy}`,
		nearMissIs: null,
	},
	{
		code: 'rmp-configuration-invalid',
		text: `[    0.000000] SEV-SNP: RMP configuration not valid: base=0x0, end=0x50209fffff
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37`,
		nearMiss: `[    0.000000] SEV-SNP: Segmented RMP base table physical range [0x000000008fa00000 - 0x000000008fa05000]
[    0.000000] SEV-SNP: Segmented RMP using 64GB segments
[    1.190220] SEV-SNP: RMP segment 0 physical address [0x7a00000 - 0x89fffff] covering [0x0 - 0xfffffffff]
${iommu}
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
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
	{
		code: 'rmpupdate-failed',
		text: `${healthy}
[ 8012.417300] SEV-SNP: RMPUPDATE failed for PFN 5020a3c, pg_level: 1, ret: 2
[ 8012.417311] SEV-SNP: PFN 0x5020a3c, RMP entry: [0x6010fffffffff003 - 0x000000000000001b]
[ 8012.417340] SEV-SNP: Leaking PFN range 0x5020a3c-0x5020a3d`,
		// An access that the table forbade, and the kernel's dump of it: no update was refused.
		nearMiss: `${healthy}
[ 8012.417300] BUG: unable to handle page fault for address: ff2b51e0c4d7a180
[ 8012.417303] #PF: error_code(0x80000003) - RMP violation
[ 8012.417311] SEV-SNP: PFN 0x2a41d7 unassigned, dumping non-zero entries in 2M PFN region: [0x2a4000 - 0x2a4200]`,
		nearMissIs: null,
	},
];

const guest: readonly CauseExample[] = [
	{
		code: 'guest-not-snp',
		text: `[    0.000000] Linux version 6.11.4-301.fc41.x86_64 (mockbuild@builder)
[    0.000000] Hypervisor detected: KVM
[    0.182440] Memory Encryption Features active: AMD SEV SEV-ES
[    0.244018] smp: Brought up 1 node, 4 CPUs`,
		// Hyper-V with a paravisor hides SEV-SNP from the first line and names it in the second.
		nearMiss: `[    0.000000] Linux version 6.8.0-1015-azure-fde (buildd@builder)
[    0.000000] Hypervisor detected: Microsoft Hyper-V
[    0.000000] Hyper-V: Isolation Config: Group A 0x1, Group B 0xba2
[    0.182440] Memory Encryption Features active: AMD SEV
[    0.244018] smp: Brought up 1 node, 4 CPUs`,
		nearMissIs: null,
	},
	{
		code: 'guest-panic',
		text: `[    0.000000] Hypervisor detected: KVM
[    0.182440] Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP
[    0.190022] SEV: SNP running at VMPL0.
[    2.440118] VFS: Cannot open root device "UUID=7d1c" or unknown-block(0,0): error -6
[    2.440177] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
[    2.440181] CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.11.4-301.fc41.x86_64 #1`,
		nearMiss: `[    0.000000] Command line: root=UUID=7d1c ro console=ttyS0 panic=10 oops=panic
[    0.000000] Hypervisor detected: KVM
[    0.182440] Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP
[    0.190022] SEV: SNP running at VMPL0.
[    2.810032] Run /init as init process
[    4.102200] systemd[1]: Starting systemd-pstore.service - Platform Persistent Storage Archival...`,
		nearMissIs: null,
	},
];

export const kernelExamples: readonly CauseExample[] = [...host, ...guest];
