// Which tools there are, on every simulated system and on a host, and the package that brings each.

import type { Tool } from '../system.ts';
import type { Package, World } from '../world.ts';
import { cat } from './cat.ts';
import { dd } from './dd.ts';
import { head } from './head.ts';
import { dmesg, journalctl } from './kernel-log.ts';
import { createQemu } from './qemu.ts';
import { readlink } from './readlink.ts';
import { createRpm } from './rpm.ts';
import { createSnphost } from './snphost.ts';
import { stat } from './stat.ts';
import { getenforce, systemctl } from './state.ts';
import { uname } from './uname.ts';
import { createVirsh } from './virsh.ts';
import { createVirtInstall } from './virt-install.ts';

/** Tools of every Fedora system, by the name they are called. */
export function commonTools(world: World): ReadonlyMap<string, Tool> {
	return new Map<string, Tool>([
		['cat', cat],
		['dd', dd],
		['dmesg', dmesg],
		['getenforce', getenforce],
		['head', head],
		['journalctl', journalctl],
		['readlink', readlink],
		['rpm', createRpm(world.tools.rpm)],
		['stat', stat],
		['systemctl', systemctl],
		['uname', uname],
	]);
}

/** The tools of a host: those of packages that are not installed are not there. */
export function hostTools(world: World): ReadonlyMap<string, Tool> {
	const packaged: readonly (readonly [tool: string, pack: Package['name'], run: Tool])[] = [
		['qemu-system-x86_64', 'qemu-system-x86-core', createQemu(world.qemu)],
		['snphost', 'snphost', createSnphost(world)],
		['virsh', 'libvirt-client', createVirsh(world)],
		['virt-install', 'virt-install', createVirtInstall(world.tools.virtInstall)],
	];
	const installed = new Set(world.host.packages.map(({ name }) => name));
	return new Map([
		...commonTools(world),
		...packaged.filter(([, pack]) => installed.has(pack)).map(([tool, , run]) => [tool, run] as const),
	]);
}
