// The file tree of a simulated host (facts/fedora-stack.md 2.3, 4.4).

import { createFileTree } from './file-tree.ts';
import type { FileEntry, FileTree } from './files.ts';
import { firmwareImage } from './firmware-image.ts';
import { sevState } from './sev-state.ts';
import { procFile, sysFile, systemFiles } from './system-files.ts';
import type { Cpu, World } from './world.ts';

/** The tree; everything in it follows from the world. */
export function hostFiles(world: World): FileTree {
	const { host, cpu } = world;
	const state = sevState(world);
	const onOff = (on: boolean) => sysFile(on ? 'Y\n' : 'N\n');
	const [firstSev, lastSev] = state.asids.sev;
	const capacity = [
		`sev ${state.sevUsable ? lastSev - firstSev + 1 : 0}`,
		...(state.kvm.sevEs ? [`sev_es ${firstSev - 1}`] : []),
	];
	return createFileTree({
		...systemFiles(host, cpu),
		'/dev/kvm': { type: 'device', mode: 0o666, group: 'kvm' },
		'/dev/cpu/0/cpuid': { type: 'device', read: cpuidReader(cpu) },
		// Made by the driver of the secure processor once it said `sev enabled`.
		...(state.cpuHasSev ? { '/dev/sev': { type: 'device' } satisfies FileEntry } : {}),
		'/sys/module/kvm_amd/parameters/sev': onOff(state.kvm.sev),
		'/sys/module/kvm_amd/parameters/sev_es': onOff(state.kvm.sevEs),
		'/sys/module/kvm_amd/parameters/sev_snp': onOff(state.kvm.sevSnp),
		// Set by the kernel when it initialises SEV-SNP (4.4).
		'/sys/module/kernel/parameters/crash_kexec_post_notifiers': onOff(state.snpInitialized),
		'/sys/fs/cgroup/misc.capacity': procFile(`${capacity.join('\n')}\n`),
		'/sys/fs/selinux/enforce': procFile(host.selinux === 'Enforcing' ? '1' : '0'),
		...packagedFiles(world),
	});
}

/** Files of the packages that are installed. Programs and images are there by name; what is in them is not simulated. */
function packagedFiles(world: World): Readonly<Record<string, FileEntry>> {
	const { host, files } = world;
	const images: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
		'coconut-svsm': { '/usr/share/coconut-svsm/coconut-qemu.igvm': 'IGVM' },
		'edk2-ovmf': { '/usr/share/edk2/ovmf/OVMF.amdsev.fd': firmwareImage(world) },
		'qemu-system-x86-core': { '/usr/bin/qemu-system-x86_64': '\x7fELF' },
	};
	const owned = host.packages.flatMap(({ name }) => [images, files].flatMap((list) => Object.entries(list[name] ?? {})));
	return Object.fromEntries(
		owned.map(([path, content]) => [path, { type: 'file', content, mode: path.startsWith('/usr/bin/') ? 0o755 : 0o644 }]),
	);
}

/** The cpuid driver: 16 bytes a leaf, EAX to EDX, the leaf number is the offset (cpuid(4)). Other leaves read as zero. */
function cpuidReader({ encryptedMemory }: Cpu): (offset: number, length: number) => Uint8Array {
	return (offset, length) => {
		const leaf = new Uint8Array(16);
		if (offset === 0x8000_001f) {
			const view = new DataView(leaf.buffer);
			const { eax, ebx, ecx, edx } = encryptedMemory;
			[eax, ebx, ecx, edx].forEach((register, index) => {
				view.setUint32(index * 4, register, true);
			});
		}
		return leaf.slice(0, Math.min(length, leaf.length));
	};
}
