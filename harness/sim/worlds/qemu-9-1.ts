// QEMU 9.1: the first one with sev-snp-guest (facts/fedora-stack.md 6; transcript of QMP qom-list-types 9.1.0).
// Only class properties are here, as `-object T,help` prints no others: cbitpos and reduced-phys-bits belong to the instance.

import type { Qemu, QemuProperty } from '../world.ts';

const memoryBackend: readonly QemuProperty[] = [
	{ name: 'dump', type: 'bool', description: "Set to 'off' to exclude from core dump" },
	{ name: 'merge', type: 'bool', description: 'Mark memory as mergeable' },
	{ name: 'prealloc', type: 'bool', description: 'Preallocate memory' },
	{ name: 'reserve', type: 'bool', description: 'Reserve swap space (or huge pages) if applicable' },
	{ name: 'share', type: 'bool', description: 'Mark the memory as private to QEMU or shared' },
	{ name: 'size', type: 'int', description: 'Size of the memory region (ex: 500M)' },
];

const sevCommon: readonly QemuProperty[] = [
	{ name: 'kernel-hashes', type: 'bool', description: 'add kernel hashes to guest firmware for measured Linux boot' },
	{ name: 'sev-device', type: 'string', description: 'SEV device to use' },
];

export const qemu91: Qemu = {
	version: '9.1.0',
	objects: {
		iothread: [{ name: 'poll-max-ns', type: 'int' }],
		'memory-backend-file': [...memoryBackend, { name: 'mem-path', type: 'string' }],
		'memory-backend-memfd': [...memoryBackend, { name: 'seal', type: 'bool', description: 'Seal growing & shrinking' }],
		'memory-backend-ram': memoryBackend,
		'rng-builtin': [{ name: 'opened', type: 'bool' }],
		'rng-random': [{ name: 'filename', type: 'string' }],
		secret: [{ name: 'data', type: 'string' }],
		'sev-guest': [
			...sevCommon,
			{ name: 'dh-cert-file', type: 'string', description: 'guest owners DH certificate (encoded with base64)' },
			{ name: 'session-file', type: 'string', description: 'guest owners session parameters (encoded with base64)' },
		],
		'sev-snp-guest': [
			...sevCommon,
			{ name: 'author-key-enabled', type: 'bool' },
			{ name: 'guest-visible-workarounds', type: 'string' },
			{ name: 'host-data', type: 'string' },
			{ name: 'id-auth', type: 'string' },
			{ name: 'id-block', type: 'string' },
			{ name: 'policy', type: 'uint64' },
			{ name: 'vcek-disabled', type: 'bool' },
		],
		'throttle-group': [{ name: 'limits', type: 'ThrottleLimits' }],
		'tls-creds-x509': [{ name: 'dir', type: 'string' }],
	},
	machineProperties: [
		{ name: 'acpi', type: 'OnOffAuto', description: 'Enable ACPI' },
		{
			name: 'confidential-guest-support',
			type: 'link<confidential-guest-support>',
			description: 'Set confidential guest scheme to support',
		},
		{ name: 'hpet', type: 'bool', description: 'Enable/disable high precision event timer emulation' },
		{ name: 'kernel', type: 'string', description: 'Linux kernel image file' },
		{ name: 'memory-backend', type: 'link<memory-backend>', description: 'Set RAM backend' },
		{ name: 'memory-encryption', type: 'string', description: 'Set memory encryption object to use' },
		{ name: 'smm', type: 'OnOffAuto', description: 'Enable SMM' },
		{ name: 'usb', type: 'bool', description: 'Set on/off to enable/disable usb' },
	],
	q35: 'pc-q35-9.1',
	i440fx: 'pc-i440fx-9.1',
};

/** The IGVM loader of QEMU 10.1 and the planes of COCONUT's fork (facts/svsm-vtpm-igvm.md 1.4, 1.5), laid over 9.1. */
export const qemu91WithSvsm: Qemu = {
	...qemu91,
	objects: { ...qemu91.objects, 'igvm-cfg': [{ name: 'file', type: 'string', description: 'Set the IGVM filename to use' }] },
	machineProperties: [
		...qemu91.machineProperties,
		{ name: 'device-plane', type: 'uint32' },
		{ name: 'igvm-cfg', type: 'link<igvm-cfg>', description: 'Set IGVM configuration' },
		{ name: 'kernel-irqchip', type: 'on|off|split', description: 'Configure KVM in-kernel irqchip' },
	],
};
