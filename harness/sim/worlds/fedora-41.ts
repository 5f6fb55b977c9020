// What both worlds of Fedora 41 share. Sections are of facts/fedora-stack.md; [U] marks what no source confirmed.

import type { Guests, Identity, Kernel, Libvirt, Package } from '../world.ts';

/** os-release of one edition of Fedora 41. */
function osRelease(edition: string): Readonly<Record<string, string>> {
	return {
		NAME: 'Fedora Linux',
		VERSION: `41 (${edition} Edition)`,
		RELEASE_TYPE: 'stable',
		ID: 'fedora',
		VERSION_ID: '41',
		VERSION_CODENAME: '',
		PLATFORM_ID: 'platform:f41',
		PRETTY_NAME: `Fedora Linux 41 (${edition} Edition)`,
		ANSI_COLOR: '0;38;2;60;110;180',
		LOGO: 'fedora-logo-icon',
		CPE_NAME: 'cpe:/o:fedoraproject:fedora:41',
		DEFAULT_HOSTNAME: 'fedora',
		HOME_URL: 'https://fedoraproject.org/',
		SUPPORT_END: '2025-11-19',
		VARIANT: `${edition} Edition`,
		VARIANT_ID: edition.toLowerCase(),
	};
}

/** The GA kernel (2.1). Build time and toolchain [U]. */
const kernel: Omit<Kernel, 'cmdline'> = {
	release: '6.11.4-301.fc41.x86_64',
	build: '#1 SMP PREEMPT_DYNAMIC Sun Oct 20 15:02:33 UTC 2024',
	toolchain: '(mockbuild@fedora) (gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3), GNU ld version 2.43.1-2.fc41)',
};

/** A package of Fedora; vendor as section 3 has it [U]. */
export function fedoraPackage(name: string, evr: string, arch: Package['arch'] = 'x86_64'): Package {
	const [, epoch, version = '', release = ''] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(evr) ?? [];
	return { name, epoch: epoch === undefined ? null : Number(epoch), version, release, arch, vendor: 'Fedora Project' };
}

/** Packages that are the same in both worlds. */
export const basePackages: readonly Package[] = [
	// 2.1: GA repository.
	fedoraPackage('kernel-core', '6.11.4-301.fc41'),
	// 2.1: epoch 2, 9.1.x; the last digit and the release are [U].
	fedoraPackage('qemu-system-x86-core', '2:9.1.0-2.fc41'),
	// 2.1: 2024-10-11.
	fedoraPackage('edk2-ovmf', '20240813-2.fc41', 'noarch'),
	// 2.1: 2024-09-10, the first with --launchSecurity sev-snp.
	fedoraPackage('virt-install', '4.1.0-9.fc41', 'noarch'),
	// 2.1.
	fedoraPackage('snphost', '0.5.0-1.fc41'),
	// [U]: no fact names these two; present on every host of virtual machines.
	fedoraPackage('selinux-policy', '41.21-1.fc41', 'noarch'),
	fedoraPackage('swtpm', '0.9.0-4.fc41'),
];

export const host: Omit<Identity, 'packages'> = {
	hostName: 'epyc9354',
	osRelease: osRelease('Server'),
	// 4.2: nothing has to be added for SEV-SNP.
	kernel: {
		...kernel,
		cmdline:
			'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.11.4-301.fc41.x86_64 root=/dev/mapper/fedora-root ro rd.lvm.lv=fedora/root rhgb quiet',
	},
	bootId: '7c1a5be4-20d5-4b0c-9a54-3c41f6a0d915',
	bootedAt: '2024-10-29T08:12:31.000Z',
	// 0.7: Enforcing is what this gate requires.
	selinux: 'Enforcing',
	units: { 'virtqemud.service': 'inactive', 'virtqemud.socket': 'active', 'virtnetworkd.socket': 'active' },
};

/** libvirt of this version: SEV-SNP is known from 10.5.0 (section 5). */
export function libvirt(version: string): Libvirt {
	return {
		version,
		sectypes: ['sev', 'sev-snp'],
		cpu0Id: 'evESDlGz4So/nnEbHTW6sf2wjLcmAw3WhHrYIIag6fII+8QfmGYVGywtG7ElxVIycZldWFhgyUGxg/zvtQ3zLg==',
		loaders: [
			'/usr/share/edk2/ovmf/OVMF_CODE_4M.qcow2',
			'/usr/share/edk2/ovmf/OVMF.amdsev.fd',
			'/usr/share/edk2/ovmf/OVMF_CODE.fd',
		],
		cpuModel: 'EPYC-Genoa',
		cpuFeatures: ['x2apic', 'tsc-deadline', 'hypervisor', 'tsc_adjust', 'stibp', 'ssbd', 'cmp_legacy', 'invtsc', 'virt-ssbd'],
	};
}

/** A Fedora Cloud 41 guest (section 8): no driver for an SVSM's TPM, which came with 6.16; firmware of edk2-stable202408. */
export const guests: Guests = {
	osRelease: osRelease('Cloud'),
	kernel,
	svsmTpmDriver: false,
	firmwareSvsmTpm: false,
	firmwareVersion: 'edk2-20240813-2.fc41',
	// facts/svsm-vtpm-igvm.md 1.1: COCONUT runs the guest at VMPL 2.
	svsmVmpl: 2,
	svsmVersion: '2025.10-devel',
	// Transcript of a 6.12 guest.
	cpuidEntries: 31,
	packages: [fedoraPackage('kernel-core', '6.11.4-301.fc41')],
};

/** Firmware descriptor of the SEV build (2.4), with the device as that package has it. */
export function amdsevDescriptor(device: 'flash' | 'memory'): string {
	const filename = '/usr/share/edk2/ovmf/OVMF.amdsev.fd';
	const mapping =
		device === 'flash' ? { device, mode: 'stateless', executable: { filename, format: 'raw' } } : { device, filename };
	return `${JSON.stringify(
		{
			description: 'OVMF with SEV-ES support',
			'interface-types': ['uefi'],
			mapping,
			targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
			features: ['amd-sev', 'amd-sev-es', 'amd-sev-snp', 'verbose-dynamic'],
			tags: [],
		},
		null,
		4,
	)}\n`;
}

export const descriptorPath = '/usr/share/qemu/firmware/60-edk2-ovmf-x64-amdsev.json';
/** 2.1; rpm of Fedora 41 [U]. */
export const tools = { rpm: '4.20.0', snphost: '0.5.0', snpguest: '0.9.1', virtInstall: '4.1.0' };
