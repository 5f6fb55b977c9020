// Examples of what a guest's kernel log shows.

import type { CauseExample } from './example.ts';

export const guestExamples: readonly CauseExample[] = [
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
