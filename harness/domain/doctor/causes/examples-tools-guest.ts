// Examples of the SVSM's console, of a guest's TPM, and of what rpm says of the packages.

import type { CauseExample } from './example.ts';

const zeros = '0'.repeat(64);
/** What an event without content leaves in a PCR that nothing else was measured into. */
const separator = '3D458CFE55CC03EA1F443F1562BEEC8DF51C75E14A9FCF9A7234A13F198E7969';
/** PCR 0 to 7, all of them alike. */
const firmwarePcrs = (value: string) => [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `    ${index} : 0x${value}`).join('\n');

const consoles: readonly CauseExample[] = [
	{
		code: 'svsm-panic',
		text: `[SVSM] COCONUT Secure Virtual Machine Service Module Version v2025.10
[SVSM] Number of CPUs - 4
[SVSM] ERROR: Panic on CPU[0]! COCONUT-SVSM Version: v2025.10
[SVSM] ERROR: Info: panicked at kernel/src/mm/alloc.rs:402:14:
Failed to allocate page
[SVSM] ---BACKTRACE---:
[SVSM]   [ffffff8000214e50]
[SVSM] ---END---`,
		// The SVSM went on; the panic is the guest kernel's.
		nearMiss: `[SVSM] COCONUT Secure Virtual Machine Service Module Version v2025.10
[SVSM] Launching Firmware
[    0.000000] Linux version 6.16.3-200.fc42.x86_64 (mockbuild@builder)
[    0.182440] Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP
[    0.190022] SEV: SNP running at VMPL2.
[    2.440177] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
		nearMissIs: 'guest-panic',
	},
	{
		code: 'no-init',
		text: `[SVSM] COCONUT Secure Virtual Machine Service Module Version v2025.10
[SVSM] Launching Firmware
[SVSM] Failed to launch /init: FileSystem(FileNotFound)
[SVSM] Launching request-processing task on CPU 0`,
		// The guest's own init has that name too.
		nearMiss: `[SVSM] COCONUT Secure Virtual Machine Service Module Version v2025.10
VTPM: manufacturing new NV state
VTPM: TPM 2.0 Reference Implementation initialized
[SVSM] Launching Firmware
[SVSM] Launching request-processing task on CPU 0
[    2.810032] Run /init as init process`,
		nearMissIs: null,
	},
	{
		code: 'no-measured-boot',
		text: `  sha256:
${firmwarePcrs(zeros)}
    8 : 0x${zeros}
    17: 0x${'F'.repeat(64)}`,
		nearMiss: `  sha256:
${firmwarePcrs(separator)}
    8 : 0x${zeros}
    16: 0x${zeros}
    17: 0x${'F'.repeat(64)}`,
		nearMissIs: null,
	},
	{
		code: 'tpm-missing',
		text: `ERROR:tcti:src/tss2-tcti/tcti-device.c:451:Tss2_Tcti_Device_Init() Failed to open specified TCTI device file /dev/tpmrm0: No such file or directory
ERROR:tcti:src/tss2-tcti/tctildr-dl.c:149:tcti_from_file() Could not initialize TCTI file: libtss2-tcti-device.so.0
ERROR:tcti:src/tss2-tcti/tcti-device.c:451:Tss2_Tcti_Device_Init() Failed to open specified TCTI device file /dev/tpm0: No such file or directory
ERROR:tcti:src/tss2-tcti/tctildr-dl.c:254:tctildr_get_default() No standard TCTI could be loaded
ERROR:tcti:src/tss2-tcti/tctildr.c:430:Tss2_TctiLdr_Initialize_Ex() Failed to instantiate TCTI
ERROR: Could not load tcti, got: "(null)"`,
		nearMiss: `ERROR:tcti:src/tss2-tcti/tcti-device.c:451:Tss2_Tcti_Device_Init() Failed to open specified TCTI device file /dev/tpmrm0: Permission denied
ERROR:tcti:src/tss2-tcti/tctildr-dl.c:149:tcti_from_file() Could not initialize TCTI file: libtss2-tcti-device.so.0
ERROR:tcti:src/tss2-tcti/tcti-device.c:451:Tss2_Tcti_Device_Init() Failed to open specified TCTI device file /dev/tpm0: Permission denied
ERROR:tcti:src/tss2-tcti/tctildr-dl.c:254:tctildr_get_default() No standard TCTI could be loaded
ERROR:tcti:src/tss2-tcti/tctildr.c:430:Tss2_TctiLdr_Initialize_Ex() Failed to instantiate TCTI
ERROR: Could not load tcti, got: "(null)"`,
		nearMissIs: 'not-root',
	},
];

const packages: readonly CauseExample[] = [
	{
		code: 'package-not-installed',
		text: `kernel-core-6.11.4-301.fc41.x86_64
libvirt-daemon-driver-qemu-10.6.0-7.fc41.x86_64
package edk2-ovmf is not installed
package snphost is not installed`,
		nearMiss: `kernel-core-6.11.4-301.fc41.x86_64
libvirt-daemon-driver-qemu-10.6.0-7.fc41.x86_64
edk2-ovmf-20240813-2.fc41.noarch
package cowsay is not installed`,
		nearMissIs: null,
	},
	{
		code: 'package-below-floor',
		text: `kernel-core-6.11.4-301.fc41.x86_64
qemu-system-x86-core-2:9.1.0-2.fc41.x86_64
libvirt-daemon-driver-qemu-10.1.0-4.fc40.x86_64`,
		// The very first versions, and an old one of a distribution that carries features back.
		nearMiss: `kernel-core-6.11.0-63.fc41.x86_64
qemu-system-x86-core-2:9.1.0-2.fc41.x86_64
libvirt-daemon-driver-qemu-10.5.0-1.fc41.x86_64
libvirt-daemon-driver-qemu-10.0.0-6.7.el9_4.x86_64`,
		nearMissIs: null,
	},
	{
		code: 'package-files-changed',
		text: `S.5....T.  c /etc/libvirt/qemu.conf
S.5....T.    /usr/share/edk2/ovmf/OVMF.amdsev.fd`,
		nearMiss: `S.5....T.  c /etc/libvirt/qemu.conf
.M...UGT.    /usr/share/edk2/ovmf/OVMF.amdsev.fd
missing   d /usr/share/doc/edk2-ovmf/README`,
		nearMissIs: null,
	},
];

export const toolsGuestExamples: readonly CauseExample[] = [...consoles, ...packages];
