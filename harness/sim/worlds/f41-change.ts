// The Change taken literally: all that it promised, in the versions that it named, on one Genoa host.

import type { World } from '../world.ts';
import { amdsevDescriptor, basePackages, descriptorPath, fedoraPackage, guests, host, libvirt, tools } from './fedora-41.ts';
import { epyc9354, genoaPlatform } from './genoa.ts';
import { qemu91WithSvsm } from './qemu-9-1.ts';

export const f41Change: World = {
	name: 'f41-change',
	title: 'Fedora 41 as the Change promised it',
	counterfactual: [
		'libvirt 10.7.0: Fedora 41 stayed on 10.6.0',
		'coconut-svsm is a package: it never was one of Fedora, only of a COPR',
		'igvm-libs and igvm-tools at GA: they came as an update in June 2025',
		'snpguest is a package of Fedora 41: it came with Fedora 43',
		'QEMU 9.1.0 loads IGVM files and runs planes: upstream loads IGVM from 10.1, and planes exist in a fork only',
		'the host kernel runs guests at VMPL 2: mainline KVM has no planes',
		'OVMF 20240813 talks to the TPM of an SVSM: edk2 does from edk2-stable202505',
		'the guest kernel 6.11.4 has the tpm-svsm driver: Linux has it from 6.16',
		'the firmware descriptor of the SEV build maps it as memory: Fedora 41 said flash',
	],
	host: {
		...host,
		packages: [
			...basePackages,
			// The Change: "Sept 1st release at latest, version 10.7.0"; built for Fedora 42 only (facts/fedora-stack.md 0.1).
			fedoraPackage('libvirt-daemon-driver-qemu', '10.7.0-1.fc41'),
			fedoraPackage('libvirt-client', '10.7.0-1.fc41'),
			// facts/fedora-stack.md 2.1: F41 updates-testing, 2025-06.
			fedoraPackage('igvm-libs', '0.3.4-1.fc41'),
			fedoraPackage('igvm-tools', '0.3.4-1.fc41'),
			// facts/svsm-vtpm-igvm.md 1.7: version as the COPR has it; release made up.
			fedoraPackage('coconut-svsm', 'v2025.10.devel-1.fc41'),
			// facts/fedora-stack.md 2.1: first in Fedora as 0.9.1-2.fc43; release made up.
			fedoraPackage('snpguest', '0.9.1-1.fc41'),
		],
	},
	cpu: epyc9354,
	sev: genoaPlatform,
	qemu: qemu91WithSvsm,
	libvirt: libvirt('10.7.0'),
	tools,
	files: { 'edk2-ovmf': { [descriptorPath]: amdsevDescriptor('memory') } },
	guests: {
		...guests,
		svsmTpmDriver: true,
		firmwareSvsmTpm: true,
		packages: [...guests.packages, fedoraPackage('snpguest', '0.9.1-1.fc41')],
	},
};
