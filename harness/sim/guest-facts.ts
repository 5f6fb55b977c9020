// What one boot of a guest is made of: the specification laid over the world's facts.

import { createHash } from 'node:crypto';
import type { GuestSpec } from '../ports.ts';
import type { Identity, World } from './world.ts';

type GuestTee = 'snp' | 'sev-es' | 'sev' | 'none';
export type GuestTpm = 'svsm' | 'swtpm' | 'none';

export interface GuestFacts {
	readonly tee: GuestTee;
	/** Under an SVSM the kernel runs at the world's VMPL, else an SNP guest's is 0 and others have none. */
	readonly vmpl: number | null;
	readonly svsm: boolean;
	readonly direct: boolean;
	/** QEMU's own firmware is a BIOS; confidential guests have OVMF, and so have those that libvirt starts (`firmware='efi'`). */
	readonly firmware: 'ovmf' | 'seabios';
	/** The TPM that the guest's kernel sees. */
	readonly tpm: GuestTpm;
	/** The firmware extends it. */
	readonly measured: boolean;
	readonly identity: Identity;
	readonly cpus: number;
	readonly memoryMiB: number;
}

const tees: readonly GuestTee[] = ['snp', 'sev-es', 'sev', 'none'];

/** The facts of the n-th boot of this guest in this world. An SVSM needs SEV-SNP: without it, `svsm` boots from disk. */
export function guestFacts(world: World, spec: GuestSpec, boot: number): GuestFacts {
	const { guests } = world;
	const { launch } = spec;
	const tee = tees.find((name) => name === spec.tee) ?? 'none';
	const svsm = tee === 'snp' && spec.boot === 'svsm';
	const direct = spec.boot === 'direct';
	const ovmf = tee !== 'none' || launch.with === 'libvirt' || launch.firmware !== undefined;
	const tpm = svsm ? (guests.svsmTpmDriver && guests.firmwareSvsmTpm ? 'svsm' : 'none') : launch.tpm;
	const image = direct ? (launch.kernel ?? '/vmlinuz') : `(hd0,gpt2)/vmlinuz-${guests.kernel.release}`;
	const cmdline = direct
		? (launch.append ?? '')
		: `BOOT_IMAGE=${image} root=UUID=6c0ffee0-0000-4000-8000-5ca1ab1e0041 rootflags=subvol=root`;
	return {
		tee,
		vmpl: tee === 'snp' ? (svsm ? guests.svsmVmpl : 0) : null,
		svsm,
		direct,
		firmware: ovmf ? 'ovmf' : 'seabios',
		tpm,
		measured: ovmf && tpm !== 'none',
		identity: {
			hostName: 'fedora',
			osRelease: guests.osRelease,
			kernel: { ...guests.kernel, cmdline: direct ? cmdline : `${cmdline} no_timer_check console=tty1 console=ttyS0,115200n8` },
			bootId: bootIdOf(world, spec.name, boot),
			bootedAt: world.host.bootedAt,
			selinux: 'Enforcing',
			units: { 'sshd.service': 'active' },
			packages: guests.packages,
		},
		cpus: launch.cpus,
		memoryMiB: launch.memoryMiB,
	};
}

/** Each boot has an id of its own, the same in every run: a UUID of version 4 made from the world, the guest and the count. */
function bootIdOf(world: World, guest: string, boot: number): string {
	const hash = createHash('sha256').update(`${world.name}\n${world.host.bootId}\n${guest}\n${boot}`).digest();
	hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x40;
	hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
	return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
