// How QEMU starts a guest, and what it says when this world cannot
// (facts/fedora-stack.md 5 to 7, facts/svsm-vtpm-igvm.md 1.3; transcripts of failed launches).

import type { GuestSpec } from '../ports.ts';
import type { GuestFacts } from './guest-facts.ts';
import { sevState } from './sev-state.ts';
import { noSuchProperty } from './tools/qemu.ts';
import type { World } from './world.ts';

const program = 'qemu-system-x86_64';
export const amdsev = '/usr/share/edk2/ovmf/OVMF.amdsev.fd';
const igvm = '/usr/share/coconut-svsm/coconut-qemu.igvm';
/** Policies: SNP's reserved bit 17 with SMT (section 6); SEV-ES without debugging; SEV without debugging. */
export const policies = { snp: 0x30000, 'sev-es': 0x05, sev: 0x01 } as const;

export interface Launch {
	readonly argv: readonly string[];
	readonly machine: string;
	/** Values of each -object. */
	readonly objects: readonly string[];
}

/** The emulator's argument vector with its parts. */
export function launchOf(world: World, spec: GuestSpec, guest: GuestFacts): Launch {
	const { launch } = spec;
	const confidential = guest.tee !== 'none';
	const machine = [
		'q35',
		...(confidential ? ['confidential-guest-support=sev0'] : []),
		'memory-backend=ram1',
		...(guest.svsm ? ['igvm-cfg=igvm0', 'kernel-irqchip=split', 'device-plane=2'] : []),
	].join(',');
	const objects = [
		`memory-backend-memfd,id=ram1,size=${launch.memoryMiB}M,share=true,prealloc=false,reserve=false`,
		...(guest.tee === 'none' ? [] : [sevObject(world, guest.tee, guest.direct)]),
		...(guest.svsm ? [`igvm-cfg,id=igvm0,file=${igvm}`] : []),
	];
	const firmware = confidential ? ['-bios', amdsev] : pflash(launch.firmware);
	const swtpm = [
		'-chardev',
		`socket,id=chrtpm,path=/run/${spec.name}.swtpm`,
		'-tpmdev',
		'emulator,id=tpm0,chardev=chrtpm',
		'-device',
		'tpm-crb,tpmdev=tpm0',
	];
	const kernel = [
		...(launch.kernel === undefined ? [] : ['-kernel', launch.kernel]),
		...(launch.initrd === undefined ? [] : ['-initrd', launch.initrd]),
		...(launch.append === undefined ? [] : ['-append', launch.append]),
	];
	const disk = [
		'-drive',
		`file=${spec.guestOs}.qcow2,if=none,id=disk0,format=qcow2,snapshot=on`,
		'-device',
		'virtio-scsi-pci,id=scsi0,disable-legacy=on,iommu_platform=on',
		'-device',
		'scsi-hd,drive=disk0,bootindex=0',
	];
	const argv = [
		`/usr/bin/${program}`,
		...['-enable-kvm', '-cpu', 'EPYC-v4', '-smp', String(launch.cpus), '-m', `${launch.memoryMiB}M`, '-no-reboot', '-nodefaults'],
		...['-machine', machine],
		...objects.flatMap((object) => ['-object', object]),
		// The firmware of an SVSM guest is inside the IGVM file; QEMU refuses a second one.
		...(guest.svsm ? [] : firmware),
		...(guest.direct ? kernel : disk),
		...(launch.tpm === 'swtpm' && !guest.svsm ? swtpm : []),
		...['-netdev', 'user,id=n0', '-device', 'virtio-net-pci,disable-legacy=on,iommu_platform=true,netdev=n0,romfile='],
		...['-vga', 'none', '-display', 'none', '-serial', 'stdio'],
	];
	return { argv, machine, objects };
}

function sevObject({ cpu }: World, tee: keyof typeof policies, hashes: boolean): string {
	const type = tee === 'snp' ? 'sev-snp-guest' : 'sev-guest';
	const cbit = cpu.encryptedMemory.ebx & 0x3f;
	const kernelHashes = hashes ? ',kernel-hashes=on' : '';
	return `${type},id=sev0,cbitpos=${cbit},reduced-phys-bits=1,policy=0x${policies[tee].toString(16)}${kernelHashes}`;
}

function pflash(firmware: GuestSpec['launch']['firmware']): readonly string[] {
	return firmware === undefined
		? []
		: [
				'-drive',
				`if=pflash,format=raw,readonly=on,file=${firmware.code}`,
				'-drive',
				`if=pflash,format=raw,file=${firmware.vars}`,
			];
}

/** What QEMU says when it cannot start this guest in this world, null when it can: first the command line, then KVM. */
export function launchRefusal(world: World, guest: GuestFacts, { machine, objects }: Launch): string | null {
	for (const object of objects) {
		const type = object.slice(0, object.indexOf(','));
		if (!Object.hasOwn(world.qemu.objects, type)) {
			return `${program}: -object ${object}: Parameter 'qom-type' does not accept value '${type}'\n`;
		}
	}
	const known = new Set(world.qemu.machineProperties.map(({ name }) => name));
	const unknown = machine
		.split(',')
		.slice(1)
		.map((word) => word.slice(0, word.indexOf('=')))
		.find((name) => !known.has(name));
	if (unknown !== undefined) {
		return noSuchProperty(world.qemu.q35, unknown);
	}
	const packaged = guest.svsm ? { path: igvm, owner: 'coconut-svsm' } : { path: amdsev, owner: 'edk2-ovmf' };
	if (guest.tee !== 'none' && !world.host.packages.some(({ name }) => name === packaged.owner)) {
		return guest.svsm
			? `${program}: Unable to open IGVM file ${packaged.path}: No such file or directory\n`
			: `${program}: could not load PC BIOS '${packaged.path}'\n`;
	}
	const { kvm, sevUsable } = sevState(world);
	const runs = { snp: kvm.sevSnp, 'sev-es': kvm.sevEs, sev: sevUsable, none: true }[guest.tee];
	return runs
		? null
		: `${program}: -accel kvm: vm-type ${guest.tee} not supported by KVM\n${program}: -accel kvm: failed to initialize kvm: Operation not permitted\n`;
}
