// Examples of what QEMU, libvirt and virt-host-validate find missing on the host.

import type { CauseExample } from './example.ts';

/** A line as virt-host-validate pads it. */
const check = (name: string, result: string) => `  QEMU: Checking ${name.padEnd(60)}: ${result}`;
const kvmChecks = [
	check('for hardware virtualization', 'PASS'),
	check('if device /dev/kvm exists', 'PASS'),
	check('if device /dev/kvm is accessible', 'PASS'),
].join('\n');
const iommuChecks = [check('for device assignment IOMMU support', 'PASS'), check('if IOMMU is enabled by kernel', 'PASS')].join(
	'\n',
);

const validation: readonly CauseExample[] = [
	{
		code: 'virtualization-off-in-firmware',
		text: [
			check('for hardware virtualization', 'FAIL (Only emulated CPUs are available, performance will be significantly limited)'),
			check('if device /dev/vhost-net exists', 'PASS'),
			check('for secure guest support', 'WARN (Unknown if this platform has Secure Guest support)'),
		].join('\n'),
		nearMiss: [
			check('for hardware virtualization', 'PASS'),
			check('if device /dev/kvm exists', 'FAIL (Check that CPU and firmware supports virtualization and kvm module is loaded)'),
		].join('\n'),
		nearMissIs: 'dev-kvm-missing',
	},
	{
		code: 'vhv-sev-off-in-firmware',
		text: [
			kvmChecks,
			iommuChecks,
			check('for secure guest support', 'WARN (AMD Secure Encrypted Virtualization appears to be disabled in firmware.)'),
		].join('\n'),
		nearMiss: [
			kvmChecks,
			iommuChecks,
			check('for secure guest support', 'WARN (Unknown if this platform has Secure Guest support)'),
		].join('\n'),
		nearMissIs: null,
	},
	{
		code: 'vhv-sev-parameter-off',
		text: [
			kvmChecks,
			iommuChecks,
			check(
				'for secure guest support',
				'WARN (AMD Secure Encrypted Virtualization appears to be disabled in kernel. Add kvm_amd.sev=1 to the kernel cmdline arguments)',
			),
		].join('\n'),
		// The advice of another architecture.
		nearMiss: [
			check('for hardware virtualization', 'PASS'),
			check(
				'for secure guest support',
				'WARN (IBM Secure Execution appears to be disabled in kernel. Add prot_virt=1 to kernel cmdline arguments)',
			),
		].join('\n'),
		nearMissIs: null,
	},
	{
		code: 'kernel-without-sev',
		text: [
			kvmChecks,
			iommuChecks,
			check('for secure guest support', 'WARN (AMD Secure Encrypted Virtualization not supported by the currently used kernel)'),
		].join('\n'),
		nearMiss: [
			kvmChecks,
			iommuChecks,
			check(
				'for secure guest support',
				'WARN (AMD Secure Encrypted Virtualization appears to be disabled in kernel. Add kvm_amd.sev=1 to the kernel cmdline arguments)',
			),
		].join('\n'),
		nearMissIs: 'vhv-sev-parameter-off',
	},
	{
		code: 'iommu-off-in-firmware',
		text: [
			kvmChecks,
			check(
				'for device assignment IOMMU support',
				'WARN (No ACPI IVRS table found, IOMMU either disabled in BIOS or not supported by this hardware platform)',
			),
		].join('\n'),
		// Intel's table has another name.
		nearMiss: [
			kvmChecks,
			check(
				'for device assignment IOMMU support',
				'WARN (No ACPI DMAR table found, IOMMU either disabled in BIOS or not supported by this hardware platform)',
			),
		].join('\n'),
		nearMissIs: null,
	},
	{
		code: 'iommu-pt-advice',
		text: [
			kvmChecks,
			check('for device assignment IOMMU support', 'PASS'),
			check(
				'if IOMMU is enabled by kernel',
				'WARN (IOMMU appears to be disabled in kernel. Add iommu=pt iommu=1 to kernel cmdline arguments)',
			),
		].join('\n'),
		nearMiss: [
			kvmChecks,
			check('for device assignment IOMMU support', 'PASS'),
			check(
				'if IOMMU is enabled by kernel',
				'WARN (IOMMU appears to be disabled in kernel. Add intel_iommu=on to kernel cmdline arguments)',
			),
		].join('\n'),
		nearMissIs: null,
	},
];

const emulator: readonly CauseExample[] = [
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
		code: 'dev-kvm-denied',
		text: [
			check('for hardware virtualization', 'PASS'),
			check('if device /dev/kvm exists', 'PASS'),
			check(
				'if device /dev/kvm is accessible',
				'FAIL (Check /dev/kvm is world writable or you are in a group that is allowed to access it)',
			),
			check('if device /dev/vhost-net exists', 'PASS'),
		].join('\n'),
		nearMiss: [
			kvmChecks,
			check('if device /dev/vhost-net exists', "WARN (Load the 'vhost_net' module to improve performance of virtio networking)"),
			check('if device /dev/net/tun exists', "FAIL (Load the 'tun' module to enable networking for QEMU guests)"),
		].join('\n'),
		nearMissIs: null,
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
];

const capabilities: readonly CauseExample[] = [
	{
		code: 'libvirt-without-snp',
		text: `<domainCapabilities>
  <path>/usr/bin/qemu-system-x86_64</path>
  <domain>kvm</domain>
  <machine>pc-q35-8.2</machine>
  <features>
    <gic supported='no'/>
    <sev supported='yes'>
      <cbitpos>51</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
      <maxGuests>410</maxGuests>
      <maxESGuests>99</maxESGuests>
    </sev>
    <sgx supported='no'/>
  </features>
</domainCapabilities>`,
		nearMiss: `<domainCapabilities>
  <path>/usr/bin/qemu-system-x86_64</path>
  <domain>kvm</domain>
  <machine>pc-q35-9.1</machine>
  <features>
    <sev supported='yes'>
      <cbitpos>51</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
      <maxGuests>410</maxGuests>
      <maxESGuests>99</maxESGuests>
    </sev>
    <sgx supported='no'/>
    <launchSecurity supported='yes'>
      <enum name='sectype'>
        <value>sev</value>
        <value>sev-snp</value>
      </enum>
    </launchSecurity>
  </features>
</domainCapabilities>`,
		nearMissIs: null,
	},
	{
		code: 'domcaps-without-sev',
		text: `<domainCapabilities>
  <machine>pc-q35-9.1</machine>
  <features>
    <gic supported='no'/>
    <sev supported='no'/>
    <sgx supported='no'/>
    <launchSecurity supported='no'/>
  </features>
</domainCapabilities>`,
		// Other technologies are not supported.
		nearMiss: `<domainCapabilities>
  <machine>pc-q35-10.1</machine>
  <features>
    <gic supported='no'/>
    <sev supported='yes'>
      <cbitpos>51</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
    </sev>
    <sgx supported='no'/>
    <tdx supported='no'/>
    <launchSecurity supported='yes'>
      <enum name='sectype'>
        <value>sev</value>
        <value>sev-snp</value>
      </enum>
    </launchSecurity>
  </features>
</domainCapabilities>`,
		nearMissIs: null,
	},
	{
		code: 'domcaps-without-snp',
		text: `<domainCapabilities>
  <machine>pc-q35-9.1</machine>
  <features>
    <sev supported='yes'>
      <cbitpos>51</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
    </sev>
    <launchSecurity supported='yes'>
      <enum name='sectype'>
        <value>sev</value>
      </enum>
    </launchSecurity>
  </features>
</domainCapabilities>`,
		// Cut off before the list ended: nothing is known.
		nearMiss: `<domainCapabilities>
  <machine>pc-q35-9.1</machine>
  <features>
    <sev supported='yes'>
      <cbitpos>51</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
    </sev>
    <launchSecurity supported='yes'>
      <enum name='sectype'>
        <value>sev</value>`,
		nearMissIs: null,
	},
];

export const virtHostExamples: readonly CauseExample[] = [...validation, ...emulator, ...capabilities];
