// Which tools there are, on every simulated system and on a host, and the package that brings each.

import type { AskReport } from '../guest-reports.ts';
import type { Tool } from '../system.ts';
import type { Package, World } from '../world.ts';
import { cat } from './cat.ts';
import { dd } from './dd.ts';
import { mkdir, mktemp, rm, rmdir } from './directories.ts';
import { head } from './head.ts';
import { dmesg, journalctl } from './kernel-log.ts';
import { createQemu } from './qemu.ts';
import { readlink } from './readlink.ts';
import { createRpm } from './rpm.ts';
import { sha256sum } from './sha256sum.ts';
import { createSnpguest } from './snpguest.ts';
import { createSnphost } from './snphost.ts';
import { stat } from './stat.ts';
import { getenforce, systemctl } from './state.ts';
import { uname } from './uname.ts';
import { createVirsh } from './virsh.ts';
import { createVirtInstall } from './virt-install.ts';

/** Tools of every Fedora system, by the name they are called. */
function commonTools(world: World): ReadonlyMap<string, Tool> {
	return new Map<string, Tool>([
		['cat', cat],
		['dd', dd],
		['dmesg', dmesg],
		['getenforce', getenforce],
		['head', head],
		['journalctl', journalctl],
		['mkdir', mkdir],
		['mktemp', mktemp],
		['readlink', readlink],
		['rm', rm],
		['rmdir', rmdir],
		['rpm', createRpm(world.tools.rpm)],
		['sha256sum', sha256sum],
		['stat', stat],
		['systemctl', systemctl],
		['uname', uname],
	]);
}

/** The tools of a host: those of packages that are not installed are not there. */
export function hostTools(world: World): ReadonlyMap<string, Tool> {
	return withPackaged(world, world.host.packages, [
		['qemu-system-x86_64', 'qemu-system-x86-core', createQemu(world.qemu)],
		['snpguest', 'snpguest', createSnpguest(world.tools.snpguest, null)],
		['snphost', 'snphost', createSnphost(world)],
		['virsh', 'libvirt-client', createVirsh(world)],
		['virt-install', 'virt-install', createVirtInstall(world.tools.virtInstall)],
	]);
}

/** The tools of a guest. `ask` is null where it is not one of SEV-SNP. */
export function guestTools(world: World, ask: AskReport | null): ReadonlyMap<string, Tool> {
	return withPackaged(world, world.guests.packages, [['snpguest', 'snpguest', createSnpguest(world.tools.snpguest, ask)]]);
}

type Packaged = readonly (readonly [tool: string, pack: Package['name'], run: Tool])[];

function withPackaged(world: World, packages: readonly Package[], packaged: Packaged): ReadonlyMap<string, Tool> {
	const installed = new Set(packages.map(({ name }) => name));
	return new Map([
		...commonTools(world),
		...packaged.filter(([, pack]) => installed.has(pack)).map(([tool, , run]) => [tool, run] as const),
	]);
}
