// libvirt's domain capabilities as of 10.6 and 10.7, where the enums of devices are what QEMU 9.1 offers
// (facts/fedora-stack.md 5; transcripts of QEMU 9.1 without and 10.0 with AMD SEV).

import { sevState } from '../sev-state.ts';
import type { World } from '../world.ts';
import { type Element, renderXml } from './xml.ts';

/** The document for one machine type. */
export function domainCapabilities(world: World, machine: string): string {
	return renderXml({
		name: 'domainCapabilities',
		content: [
			{ name: 'path', content: '/usr/bin/qemu-system-x86_64' },
			{ name: 'domain', content: 'kvm' },
			{ name: 'machine', content: machine },
			{ name: 'arch', content: 'x86_64' },
			{ name: 'vcpu', attributes: { max: machine.startsWith('pc-q35') ? '4096' : '255' } },
			supported('iothreads', true),
			operatingSystem(world.libvirt.loaders),
			processor(world),
			choices('memoryBacking', { sourceType: ['file', 'anonymous', 'memfd'] }),
			{ name: 'devices', content: devices },
			{ name: 'features', content: features(world) },
		],
	});
}

function supported(name: string, yes: boolean, content: readonly Element[] = []): Element {
	return { name, attributes: { supported: yes ? 'yes' : 'no' }, content };
}

function values(list: readonly string[]): readonly Element[] {
	return list.map((content) => ({ name: 'value', content }));
}

function enums(lists: Readonly<Record<string, readonly string[]>>): readonly Element[] {
	return Object.entries(lists).map(([name, list]) => ({ name: 'enum', attributes: { name }, content: values(list) }));
}

function choices(name: string, lists: Readonly<Record<string, readonly string[]>>): Element {
	return supported(name, true, enums(lists));
}

function operatingSystem(loaders: readonly string[]): Element {
	return supported('os', true, [
		...enums({ firmware: ['bios', 'efi'] }),
		supported('loader', true, [
			...values(loaders),
			...enums({ type: ['rom', 'pflash'], readonly: ['yes', 'no'], secure: ['yes', 'no'] }),
		]),
	]);
}

function mode(name: string, content: readonly Element[]): Element {
	return { name: 'mode', attributes: { name, supported: 'yes' }, content };
}

function processor({ libvirt }: World): Element {
	const model = (name: string, usable: boolean, vendor: string, canonical?: string): Element => ({
		name: 'model',
		attributes: { usable: usable ? 'yes' : 'no', vendor, ...(canonical === undefined ? {} : { canonical }) },
		content: name,
	});
	return {
		name: 'cpu',
		content: [
			mode('host-passthrough', enums({ hostPassthroughMigratable: ['on', 'off'] })),
			mode('maximum', enums({ maximumMigratable: ['on', 'off'] })),
			mode('host-model', [
				{ name: 'model', attributes: { fallback: 'forbid' }, content: libvirt.cpuModel },
				{ name: 'vendor', content: 'AMD' },
				{ name: 'maxphysaddr', attributes: { mode: 'passthrough', limit: '64' } },
				...libvirt.cpuFeatures.map((name) => ({ name: 'feature', attributes: { policy: 'require', name } })),
				{ name: 'feature', attributes: { policy: 'disable', name: 'xsaves' } },
			]),
			mode('custom', [
				model('EPYC', true, 'AMD', 'EPYC-v1'),
				model('EPYC-Genoa', true, 'AMD', 'EPYC-Genoa-v1'),
				model('EPYC-v4', true, 'AMD'),
				model('GraniteRapids', false, 'Intel', 'GraniteRapids-v1'),
			]),
		],
	};
}

const virtio = ['virtio', 'virtio-transitional', 'virtio-non-transitional'];

const devices: readonly Element[] = [
	choices('disk', {
		diskDevice: ['disk', 'cdrom', 'floppy', 'lun'],
		bus: ['fdc', 'scsi', 'virtio', 'usb', 'sata'],
		model: virtio,
	}),
	choices('graphics', { type: ['vnc', 'spice', 'egl-headless', 'dbus'] }),
	choices('video', { modelType: ['vga', 'cirrus', 'virtio', 'none', 'bochs', 'ramfb'] }),
	choices('hostdev', {
		mode: ['subsystem'],
		startupPolicy: ['default', 'mandatory', 'requisite', 'optional'],
		subsysType: ['usb', 'pci', 'scsi'],
		capsType: [],
		pciBackend: ['default', 'vfio'],
	}),
	choices('rng', { model: virtio, backendModel: ['random', 'egd', 'builtin'] }),
	choices('filesystem', { driverType: ['path', 'handle', 'virtiofs'] }),
	choices('tpm', {
		model: ['tpm-tis', 'tpm-crb'],
		backendModel: ['passthrough', 'emulator', 'external'],
		backendVersion: ['2.0'],
	}),
	choices('redirdev', { bus: ['usb'] }),
	choices('channel', { type: ['pty', 'unix', 'spicevmc'] }),
	choices('crypto', { model: ['virtio'], type: ['qemu'], backendModel: ['builtin', 'lkcf'] }),
	choices('interface', { backendType: ['default', 'passt'] }),
];

function features(world: World): readonly Element[] {
	const { kvm, asids, sevUsable } = sevState(world);
	const { libvirt, cpu } = world;
	const [firstSev, lastSev] = asids.sev;
	const number = (name: string, value: number): Element => ({ name, content: String(value) });
	const sev = [
		number('cbitpos', cpu.encryptedMemory.ebx & 0x3f),
		// QEMU's own constant for guests, not the host's reduction (transcript: 1 where the CPU says 5).
		number('reducedPhysBits', 1),
		number('maxGuests', sevUsable ? lastSev - firstSev + 1 : 0),
		number('maxESGuests', kvm.sevEs ? firstSev - 1 : 0),
		{ name: 'cpu0Id', content: libvirt.cpu0Id },
	];
	const sectypes = libvirt.sectypes.filter((type) =>
		type === 'sev-snp' ? kvm.sevSnp && 'sev-snp-guest' in world.qemu.objects : kvm.sev,
	);
	return [
		supported('gic', false),
		supported('vmcoreinfo', true),
		supported('genid', true),
		supported('backingStoreInput', true),
		supported('backup', true),
		supported('async-teardown', true),
		supported('s390-pv', false),
		supported('ps2', true),
		kvm.sev ? supported('sev', true, sev) : supported('sev', false),
		supported('sgx', false),
		choices('hyperv', { features: hypervFeatures }),
		sectypes.length > 0 ? choices('launchSecurity', { sectype: sectypes }) : supported('launchSecurity', false),
	];
}

const hypervFeatures = [
	'relaxed',
	'vapic',
	'spinlocks',
	'vpindex',
	'runtime',
	'synic',
	'stimer',
	'reset',
	'vendor_id',
	'frequencies',
];
