// Examples of launches that failed or must fail: firmware files, definitions, refusals of KVM and of the SEV firmware.

import type { CauseExample } from './example.ts';

/** What follows in QEMU's log when the launch could not begin. */
const noContext = `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`;
const noKvm = 'qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted';

const firmware: readonly CauseExample[] = [
	{
		code: 'firmware-descriptor-invalid',
		text: `{
    "description": "OVMF with SEV-ES support",
    "interface-types": [ "uefi" ],
    "mapping": {
        "device": "flash",
        "filename": "/usr/share/edk2/ovmf/OVMF.amdsev.fd"
    },
    "targets": [ { "architecture": "x86_64", "machines": [ "pc-q35-*" ] } ],
    "features": [ "amd-sev", "amd-sev-es", "amd-sev-snp" ],
    "tags": []
}`,
		// As ROM the same member is right.
		nearMiss: `{
    "description": "OVMF with SEV-ES support",
    "interface-types": [ "uefi" ],
    "mapping": {
        "device": "memory",
        "filename": "/usr/share/edk2/ovmf/OVMF.amdsev.fd"
    },
    "targets": [ { "architecture": "x86_64", "machines": [ "pc-q35-*" ] } ],
    "features": [ "amd-sev", "amd-sev-es", "amd-sev-snp" ],
    "tags": []
}`,
		nearMissIs: null,
	},
	{
		code: 'snp-firmware-as-flash',
		text: `{
    "description": "OVMF with SEV-ES support",
    "interface-types": [ "uefi" ],
    "mapping": {
        "device": "flash",
        "mode": "stateless",
        "executable": { "filename": "/usr/share/edk2/ovmf/OVMF.amdsev.fd", "format": "raw" }
    },
    "targets": [ { "architecture": "x86_64", "machines": [ "pc-q35-*" ] } ],
    "features": [ "amd-sev", "amd-sev-es", "amd-sev-snp", "verbose-dynamic" ],
    "tags": []
}`,
		// For the older technologies flash is right.
		nearMiss: `{
    "description": "OVMF with SEV-ES support",
    "interface-types": [ "uefi" ],
    "mapping": {
        "device": "flash",
        "mode": "stateless",
        "executable": { "filename": "/usr/share/edk2/ovmf/OVMF_CODE.cc.fd", "format": "raw" }
    },
    "targets": [ { "architecture": "x86_64", "machines": [ "pc-q35-*" ] } ],
    "features": [ "amd-sev", "amd-sev-es", "verbose-dynamic" ],
    "tags": []
}`,
		nearMissIs: null,
	},
	{
		code: 'no-matching-firmware',
		text: `error: Failed to start domain 'snp1'
error: operation failed: Unable to find 'efi' firmware that is compatible with the current configuration`,
		nearMiss: `error: Failed to start domain 'snp1'
error: internal error: QEMU unexpectedly closed the monitor (vm='snp1'): qemu: could not load PC BIOS '/usr/share/edk2/ovmf/OVMF.amdsev.fd'`,
		nearMissIs: 'firmware-file-missing',
	},
	{
		code: 'firmware-file-missing',
		text: "qemu: could not load PC BIOS '/usr/share/edk2/ovmf/OVMF.amdsev.fd'",
		// Another file of the same command line.
		nearMiss: `+ qemu-system-x86_64 -accel kvm -machine q35,confidential-guest-support=sev0 -object sev-snp-guest,id=sev0,policy=0x30000 -bios /usr/share/edk2/ovmf/OVMF.amdsev.fd -kernel vmlinuz
qemu: could not open kernel file 'vmlinuz': No such file or directory`,
		nearMissIs: null,
	},
	{
		code: 'wrong-firmware-file',
		text: 'qemu-system-x86_64: sev_snp_launch_finish: Failed to locate SEV metadata header',
		nearMiss: "qemu-system-x86_64: sev_snp_launch_finish: SNP_LAUNCH_FINISH ret=-5 fw_error=11 'Bad measurement'",
		nearMissIs: 'launch-finish-refused',
	},
	{
		code: 'firmware-maps-apic-private',
		text: 'qemu-system-x86_64: Convert non guest_memfd backed memory region (0xfee00000 ,+ 0x1000) to private',
		// Another page: that of the TPM which the host emulates.
		nearMiss: 'qemu-system-x86_64: Convert non guest_memfd backed memory region (0xfed45000 ,+ 0x1000) to private',
	},
	{
		code: 'pflash-with-snp',
		text: 'qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=2, start=0xffc00000, size=0x400000, flags=0x2, guest_memfd=-1, guest_memfd_offset=0x0: Invalid argument',
		// SEV-ES starts from flash.
		nearMiss: `/usr/bin/qemu-system-x86_64 -accel kvm -machine q35,confidential-guest-support=sev0 -cpu EPYC-v4 \\
  -object sev-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x5 \\
  -drive if=pflash,format=raw,unit=0,file=/usr/share/edk2/ovmf/OVMF_CODE.cc.fd,readonly=on`,
		nearMissIs: null,
	},
];

const definitions: readonly CauseExample[] = [
	{
		code: 'policy-without-bit-17',
		text: `<domain type='kvm'>
  <name>snp1</name>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><loader stateless='yes'/></os>
  <launchSecurity type='sev-snp'>
    <policy>0x0007</policy>
  </launchSecurity>
</domain>`,
		// A policy of SEV and SEV-ES: another list of bits.
		nearMiss: `<domain type='kvm'>
  <name>sev1</name>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><loader stateless='yes'/></os>
  <launchSecurity type='sev'>
    <policy>0x0007</policy>
  </launchSecurity>
</domain>`,
		nearMissIs: null,
	},
	{
		code: 'smm-with-snp',
		text: `qemu-system-x86_64: -accel kvm: SEV-SNP does not support SMM.
${noKvm}`,
		// Source code that would say it.
		nearMiss: `$ grep -rn -e SMM -e SNP_LAUNCH_START target/i386
target/i386/sev.c:1207:        fprintf(stderr, "qemu-system-x86_64: SNP_LAUNCH_START ret=%d fw_error=%d\\n", ret, fw_error);
target/i386/sev.c:1690:        error_setg(errp, "SEV-SNP does not support SMM.");`,
		nearMissIs: null,
	},
	{
		code: 'cbitpos-mismatch',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: cbitpos check failed, host '51' requested '47'
${noKvm}`,
		nearMiss: `+ qemu-system-x86_64 -accel kvm -object sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=0,policy=0x30000
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: reduced_phys_bits check failed, it should be in the range of 1 to 63, requested '0'
${noKvm}`,
		nearMissIs: 'reduced-phys-bits-mismatch',
	},
	{
		code: 'reduced-phys-bits-mismatch',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: reduced_phys_bits check failed, it should be in the range of 1 to 63, requested '0'
${noKvm}`,
		nearMiss: `+ qemu-system-x86_64 -accel kvm -object sev-snp-guest,id=sev0,cbitpos=47,reduced-phys-bits=1,policy=0x30000
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: cbitpos check failed, host '51' requested '47'
${noKvm}`,
		nearMissIs: 'cbitpos-mismatch',
	},
	{
		code: 'host-tpm-in-snp-guest',
		text: `<domain type='kvm'>
  <name>snp1</name>
  <devices>
    <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
  </devices>
  <launchSecurity type='sev-snp'>
    <policy>0x00030000</policy>
  </launchSecurity>
</domain>`,
		// In a guest that trusts its host the host's TPM is no contradiction.
		nearMiss: `<domain type='kvm'>
  <name>plain1</name>
  <description>to become a sev-snp guest</description>
  <devices>
    <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
  </devices>
</domain>`,
		nearMissIs: null,
	},
];

const refusals: readonly CauseExample[] = [
	{
		code: 'cpuid-page-rejected',
		text: `qemu-system-x86_64: SNP_LAUNCH_UPDATE ret=-5 fw_error=22 'Invalid parameter'
qemu-system-x86_64: SEV-SNP: CPUID validation failed for function 0x7, index: 0x0, provided: eax:0x00000000, ebx: 0x219c97a9, ecx: 0x0040069c, edx: 0x00000010, expected: eax:0x00000000, ebx: 0x219c97a9, ecx: 0x0040061c, edx: 0x00000010
qemu-system-x86_64: SEV-SNP: failed update CPUID page`,
		// Another page than that of CPUID.
		nearMiss: `kvm_sev_snp_launch_update src 0x7f2a38400000 gpa 0xffc00000 len 0x400000 (Normal page)
qemu-system-x86_64: SNP_LAUNCH_UPDATE ret=-5 fw_error=22 'Invalid parameter'`,
		nearMissIs: 'launch-update-refused',
	},
	{
		code: 'sev-init-refused',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to initialize ret=-16 fw_error=0 ''
${noKvm}`,
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to get platform status ret=-16 fw_error='0: '
${noKvm}`,
		nearMissIs: 'psp-request-failed',
	},
	{
		code: 'sev-launch-refused',
		text: `qemu-system-x86_64: -accel kvm: sev_launch_start: LAUNCH_START ret=1 fw_error=7 'Policy is not allowed'
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context`,
		// The same refusal of an SEV-SNP guest.
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-5 fw_error=7 'Policy is not allowed'
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context`,
		nearMissIs: 'policy-not-allowed-by-firmware',
	},
	{
		code: 'policy-rejected-by-kvm',
		text: `error: Failed to start domain 'snp1'
error: internal error: QEMU unexpectedly closed the monitor (vm='snp1'): 2025-11-12T08:20:44.310021Z qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-22 fw_error=0 ''
2025-11-12T08:20:44.310077Z ${noContext.replace('\n', '\n2025-11-12T08:20:44.331204Z ')}`,
		// The older technology's command, whose policy is another thing.
		nearMiss: `error: Failed to start domain 'sev1'
error: internal error: QEMU unexpectedly closed the monitor (vm='sev1'): 2025-11-12T08:20:44.310021Z qemu-system-x86_64: -accel kvm: sev_launch_start: LAUNCH_START ret=-22 fw_error=0 ''
2025-11-12T08:20:44.310077Z ${noContext.replace('\n', '\n2025-11-12T08:20:44.331204Z ')}`,
	},
	{
		code: 'policy-not-allowed-by-firmware',
		text: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-5 fw_error=7 'Policy is not allowed'
${noContext}`,
		// The same words at the end of the launch: the policy of the ID block is another one.
		nearMiss: "qemu-system-x86_64: SNP_LAUNCH_FINISH ret=-5 fw_error=7 'Policy is not allowed'",
		nearMissIs: 'launch-finish-refused',
	},
	{
		code: 'launch-start-refused',
		text: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-5 fw_error=23 'Required firmware resource depleted'
${noContext}`,
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-5 fw_error=7 'Policy is not allowed'
${noContext}`,
		nearMissIs: 'policy-not-allowed-by-firmware',
	},
	{
		code: 'no-private-memory-backend',
		text: "qemu-system-x86_64: sev_snp_launch_update: SNP_LAUNCH_UPDATE ret=-22 fw_error=0 ''",
		nearMiss: "qemu-system-x86_64: sev_snp_launch_update: SNP_LAUNCH_UPDATE ret=-5 fw_error=9 'Invalid address'",
		nearMissIs: 'launch-update-refused',
	},
	{
		code: 'launch-update-refused',
		text: "qemu-system-x86_64: sev_snp_launch_update: SNP_LAUNCH_UPDATE ret=-5 fw_error=9 'Invalid address'",
		nearMiss: "qemu-system-x86_64: sev_launch_update_data: LAUNCH_UPDATE ret=-5 fw_error=9 'Invalid address'",
	},
	{
		code: 'launch-finish-refused',
		text: "qemu-system-x86_64: SNP_LAUNCH_FINISH ret=-5 fw_error=11 'Bad measurement'",
		nearMiss: "qemu-system-x86_64: sev_launch_finish: LAUNCH_FINISH ret=-5 fw_error=11 'Bad measurement'",
	},
	{
		code: 'memory-slot-rejected',
		text: 'qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=0, start=0x0, size=0x80000000, flags=0x4, guest_memfd=13, guest_memfd_offset=0x0: Invalid argument',
		// The older call, which knows no private memory.
		nearMiss:
			'qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION failed, slot=0, start=0x0, size=0x80000000: Invalid argument',
		nearMissIs: null,
	},
	{
		code: 'runtime-memslot-failure-after-launch',
		text: `kvm_sev_init 
kvm_sev_snp_launch_start policy 0x30000 gosvw (null)
kvm_sev_change_state uninit -> launch-update
kvm_sev_snp_launch_finish id_block (null) id_auth (null) host_data (null)
kvm_sev_change_state launch-update -> running
qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=5, start=0xfd000000, size=0x1000000, flags=0x4, guest_memfd=18, guest_memfd_offset=0x0: Invalid argument`,
		// It had not run yet.
		nearMiss: `kvm_sev_init 
kvm_sev_snp_launch_start policy 0x30000 gosvw (null)
kvm_sev_change_state uninit -> launch-update
qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=5, start=0xfd000000, size=0x1000000, flags=0x4, guest_memfd=18, guest_memfd_offset=0x0: Invalid argument`,
		nearMissIs: 'memory-slot-rejected',
	},
	{
		code: 'launch-failure-cut-off',
		text: `error: Failed to start domain 'snp1'
error: internal error: process exited while connecting to monitor: 2025-11-12T08:20:44.331204Z qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context
2025-11-12T08:20:44.351117Z qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		// The line with the reason is there, of a guest with the older technology.
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_launch_start: LAUNCH_START ret=1 fw_error=7 'Policy is not allowed'
${noContext}`,
	},
	{
		code: 'not-snp',
		text: `qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=65537, start=0x100000000, size=0x40000000, flags=0x0, guest_memfd=-1, guest_memfd_offset=0x0: Invalid argument
kvm_set_phys_mem: error registering slot: Invalid argument`,
		nearMiss: `qemu-system-x86_64: kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=1, start=0x100000000, size=0x40000000, flags=0x4, guest_memfd=14, guest_memfd_offset=0x0: Invalid argument
kvm_set_phys_mem: error registering slot: Invalid argument`,
		nearMissIs: 'memory-slot-rejected',
	},
	{
		code: 'migration-blocked',
		text: "error: internal error: unable to execute QEMU command 'migrate': SEV-SNP: Migration is not implemented",
		nearMiss: "error: internal error: unable to execute QEMU command 'migrate': SEV: Migration is not implemented",
		nearMissIs: null,
	},
];

export const virtLaunchExamples: readonly CauseExample[] = [...firmware, ...definitions, ...refusals];
