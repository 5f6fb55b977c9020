// Examples of what libvirt and virt-host-validate find missing on the host.

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

export const virtHostExamples: readonly CauseExample[] = [...validation, ...capabilities];
