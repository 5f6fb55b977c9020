// Fedora 41 at GA as it really was: SEV-SNP guests without SVSM, no IGVM, no snpguest (facts/fedora-stack.md 2.1).

import type { World } from '../world.ts';
import { amdsevDescriptor, basePackages, descriptorPath, fedoraPackage, guests, host, libvirt, tools } from './fedora-41.ts';
import { epyc9354, genoaPlatform } from './genoa.ts';
import { qemu91 } from './qemu-9-1.ts';

export const f41Shipped: World = {
	name: 'f41-shipped',
	title: 'Fedora 41 as it shipped',
	counterfactual: [],
	host: {
		...host,
		packages: [
			...basePackages,
			// 2.1 gives a range for GA, 10.6.0-[3..5].fc41: the lowest is taken.
			fedoraPackage('libvirt-daemon-driver-qemu', '10.6.0-3.fc41'),
			fedoraPackage('libvirt-client', '10.6.0-3.fc41'),
		],
	},
	cpu: epyc9354,
	sev: genoaPlatform,
	qemu: qemu91,
	libvirt: libvirt('10.6.0'),
	tools,
	// 2.4: 'flash' until 2025-09-30.
	files: { 'edk2-ovmf': { [descriptorPath]: amdsevDescriptor('flash') } },
	guests,
};
