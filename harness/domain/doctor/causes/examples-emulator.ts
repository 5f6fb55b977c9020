// Examples of what QEMU finds missing on the host.

import type { CauseExample } from './example.ts';

export const emulatorExamples: readonly CauseExample[] = [
	{
		code: 'psp-request-failed',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to get platform status ret=-5 fw_error='1: Platform state is invalid'
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to initialize ret=-5 fw_error=1 'Platform state is invalid'
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		nearMissIs: 'sev-init-refused',
	},
	{
		code: 'kvm-without-snp',
		text: `qemu-system-x86_64: -accel kvm: vm-type SEV-SNP not supported by KVM
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Invalid argument`,
		nearMiss: `qemu-system-x86_64: -accel kvm: vm-type TDX not supported by KVM
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Invalid argument`,
		nearMissIs: null,
	},
	{
		code: 'sev-off-in-kvm',
		text: `{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 9}, "package": "qemu-9.1.0-2.fc41"}, "capabilities": ["oob"]}}
{"return": {}}
{"error": {"class": "GenericError", "desc": "SEV is not enabled in KVM"}}`,
		// Said of a guest that was started without it.
		nearMiss: `{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 9}, "package": "qemu-9.1.0-2.fc41"}, "capabilities": ["oob"]}}
{"return": {}}
{"error": {"class": "GenericError", "desc": "SEV is not configured"}}`,
		nearMissIs: null,
	},
	{
		code: 'kvm-qemu-interface-mismatch',
		text: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-25 fw_error=0 ''
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_snp_launch_start: SNP_LAUNCH_START ret=-22 fw_error=0 ''
qemu-system-x86_64: -accel kvm: sev_common_kvm_init: failed to create encryption context
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		nearMissIs: 'policy-rejected-by-kvm',
	},
	{
		code: 'dev-sev-missing',
		text: '{"id": "libvirt-31", "error": {"class": "GenericError", "desc": "SEV: Failed to open /dev/sev: No such file or directory"}}',
		nearMiss:
			'{"id": "libvirt-31", "error": {"class": "GenericError", "desc": "SEV: Failed to open /dev/sev: Permission denied"}}',
		nearMissIs: 'dev-sev-missing-or-denied',
	},
	{
		code: 'dev-sev-missing-or-denied',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: Failed to open /dev/sev 'Permission denied'
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		// The device of the guest, in the words of an agent that runs there.
		nearMiss: `Error: failed to open /dev/sev-guest

Caused by:
    No such file or directory (os error 2)`,
		nearMissIs: 'sev-guest-device-missing',
	},
	{
		code: 'dev-kvm-missing',
		text: `Could not access KVM kernel module: No such file or directory
qemu-system-x86_64: -accel kvm: failed to initialize kvm: No such file or directory`,
		nearMiss: `Could not access KVM kernel module: Permission denied
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied`,
		nearMissIs: 'dev-kvm-denied',
	},
	{
		code: 'qemu-without-sev',
		text: '{"id": "libvirt-31", "error": {"class": "CommandNotFound", "desc": "The command query-sev-capabilities has not been found"}}',
		// Built without SGX, which is no loss here.
		nearMiss:
			'{"id": "libvirt-32", "error": {"class": "CommandNotFound", "desc": "The command query-sgx-capabilities has not been found"}}',
		nearMissIs: null,
	},
	{
		code: 'qemu-without-kvm',
		text: `{"return": {}}
{"id": "libvirt-31", "error": {"class": "GenericError", "desc": "KVM not enabled"}}`,
		nearMiss: `{"return": {}}
{"id": "libvirt-31", "error": {"class": "GenericError", "desc": "SEV is not enabled in KVM"}}`,
		nearMissIs: 'sev-off-in-kvm',
	},
	{
		code: 'qemu-without-snp-object',
		text: "qemu-system-x86_64: -object sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000: Parameter 'qom-type' does not accept value 'sev-snp-guest'",
		nearMiss: "qemu-system-x86_64: -object tdx-guest,id=tdx0: Parameter 'qom-type' does not accept value 'tdx-guest'",
		nearMissIs: null,
	},
	{
		code: 'qemu-before-snp',
		text: '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 2, "major": 8}, "package": "qemu-8.2.2-1.fc40"}, "capabilities": ["oob"]}}',
		nearMiss:
			'{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 9}, "package": "qemu-9.1.0-2.fc41"}, "capabilities": ["oob"]}}',
		nearMissIs: null,
	},
	{
		code: 'qemu-release-candidate',
		text: '{"QMP": {"version": {"qemu": {"micro": 92, "minor": 0, "major": 9}, "package": "qemu-9.1.0-0.2.rc2.fc41"}, "capabilities": ["oob"]}}',
		// A candidate of 10.1, which is after 9.1 all the same.
		nearMiss:
			'{"QMP": {"version": {"qemu": {"micro": 92, "minor": 0, "major": 10}, "package": "qemu-10.1.0-0.2.rc2.fc43"}, "capabilities": ["oob"]}}',
		nearMissIs: null,
	},
	{
		code: 'qemu-without-svsm-support',
		text: "qemu-system-x86_64: -object igvm-cfg,id=igvm0,file=coconut-qemu.igvm: Parameter 'qom-type' does not accept value 'igvm-cfg'",
		// It has the object and does not like the file.
		nearMiss:
			'qemu-system-x86_64: -object igvm-cfg,id=igvm0,file=coconut-qemu.igvm: Unable to parse IGVM file coconut-qemu.igvm: -9',
		nearMissIs: null,
	},
	{
		code: 'firmware-without-sev-es',
		text: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: guest policy requires SEV-ES, but host SEV-ES support unavailable
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		// Another reason of the same place, which has no cause of its own.
		nearMiss: `qemu-system-x86_64: -accel kvm: sev_common_kvm_init: SEV-ES guests require in-kernel irqchipsupport
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted`,
		nearMissIs: null,
	},
];
