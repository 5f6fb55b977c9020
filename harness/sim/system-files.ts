// Files that every simulated Linux system has, host or guest.

import { renderCpuinfo } from './cpuinfo.ts';
import type { FileEntry } from './files.ts';
import type { Cpu, Identity } from './world.ts';

/** A file of /proc: its size is 0 to stat(2). */
export function procFile(content: string): FileEntry {
	return { type: 'file', content, size: 0, mode: 0o444 };
}

/** An attribute of /sys: one page to stat(2). */
export function sysFile(content: string): FileEntry {
	return { type: 'file', content, size: 4096, mode: 0o444 };
}

/** os-release, /proc and the devices of any system. */
export function systemFiles({ osRelease, kernel, bootId, hostName }: Identity, cpu: Cpu): Readonly<Record<string, FileEntry>> {
	return {
		'/etc/os-release': { type: 'link', to: '../usr/lib/os-release' },
		'/etc/hostname': { type: 'file', content: `${hostName}\n` },
		'/usr/lib/os-release': { type: 'file', content: renderOsRelease(osRelease) },
		'/proc/cmdline': procFile(`${kernel.cmdline}\n`),
		'/proc/cpuinfo': procFile(renderCpuinfo(cpu)),
		'/proc/sys/kernel/osrelease': procFile(`${kernel.release}\n`),
		'/proc/sys/kernel/random/boot_id': procFile(`${bootId}\n`),
		'/proc/version': procFile(`Linux version ${kernel.release} ${kernel.toolchain} ${kernel.build}\n`),
		'/dev/null': { type: 'device', mode: 0o666, read: () => new Uint8Array(0) },
		'/tmp': { type: 'directory', mode: 0o1777 },
	};
}

/** os-release(5): values are quoted unless they are one plain word. */
function renderOsRelease(values: Readonly<Record<string, string>>): string {
	return Object.entries(values)
		.map(([name, value]) => `${name}=${/^[\w.-]+$/.test(value) ? value : `"${value.replace(/["$`\\]/g, '\\$&')}"`}\n`)
		.join('');
}
