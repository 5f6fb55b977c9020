// The libvirt domain of a guest (facts/fedora-stack.md 5). libvirt knows nothing of IGVM, so an SVSM is passed through to QEMU
// (facts/svsm-vtpm-igvm.md 1.6).

import type { GuestSpec } from '../ports.ts';
import type { GuestFacts } from './guest-facts.ts';
import { amdsev, type Launch, policies } from './launch.ts';
import { type Element, renderXml } from './tools/xml.ts';
import type { World } from './world.ts';

const text = (name: string, content: string): Element => ({ name, content });

/** Domain XML of the same guest that `launch` starts. */
export function domainXml(world: World, spec: GuestSpec, guest: GuestFacts, launch: Launch): string {
	return renderXml({
		name: 'domain',
		attributes: { type: 'kvm', ...(guest.svsm ? { 'xmlns:qemu': 'http://libvirt.org/schemas/domain/qemu/1.0' } : {}) },
		content: [
			text('name', spec.name),
			{ name: 'memory', attributes: { unit: 'MiB' }, content: String(guest.memoryMiB) },
			text('vcpu', String(guest.cpus)),
			operatingSystem(world, spec, guest),
			{ name: 'cpu', attributes: { mode: 'host-passthrough' } },
			{
				name: 'devices',
				content: [text('emulator', '/usr/bin/qemu-system-x86_64'), ...(guest.tpm === 'swtpm' ? [emulatedTpm] : [])],
			},
			...launchSecurity(world, guest),
			...(guest.svsm ? [passedThrough(launch)] : []),
		],
	});
}

function operatingSystem({ qemu }: World, { launch }: GuestSpec, { tee, svsm, direct }: GuestFacts): Element {
	const type: Element = { name: 'type', attributes: { arch: 'x86_64', machine: qemu.q35 }, content: 'hvm' };
	const loader: Element = { name: 'loader', attributes: { type: 'rom', readonly: 'yes', stateless: 'yes' }, content: amdsev };
	const source = { kernel: launch.kernel, initrd: launch.initrd, cmdline: launch.append };
	const kernel = Object.entries(source).flatMap(([name, value]) => (direct && value !== undefined ? [text(name, value)] : []));
	const content = [type, ...(tee === 'none' || svsm ? [] : [loader]), ...kernel];
	return tee === 'none' ? { name: 'os', attributes: { firmware: 'efi' }, content } : { name: 'os', content };
}

function launchSecurity({ cpu }: World, { tee, direct }: GuestFacts): readonly Element[] {
	if (tee === 'none') {
		return [];
	}
	const attributes = { type: tee === 'snp' ? 'sev-snp' : 'sev', ...(direct ? { kernelHashes: 'yes' } : {}) };
	const content = [
		text('cbitpos', String(cpu.encryptedMemory.ebx & 0x3f)),
		text('reducedPhysBits', '1'),
		text('policy', `0x${policies[tee].toString(16).padStart(8, '0')}`),
	];
	return [{ name: 'launchSecurity', attributes, content }];
}

const emulatedTpm: Element = {
	name: 'tpm',
	attributes: { model: 'tpm-crb' },
	content: [{ name: 'backend', attributes: { type: 'emulator', version: '2.0' } }],
};

function passedThrough({ machine, objects }: Launch): Element {
	const igvm = objects.filter((object) => object.startsWith('igvm-cfg')).flatMap((object) => ['-object', object]);
	const args = ['-machine', machine, ...igvm];
	return { name: 'qemu:commandline', content: args.map((value) => ({ name: 'qemu:arg', attributes: { value } })) };
}
