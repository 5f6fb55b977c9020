// The host kernel's log of a boot (facts/fedora-stack.md 4.3; form as in the transcripts of a Genoa and a Milan host).

import { type AsidRange, sevState } from './sev-state.ts';
import type { LogLine } from './system.ts';
import type { World } from './world.ts';

const largePage = 0x20_0000;

/** Lines of the kernel log from the facts; times are made up and the same in every run. */
export function hostKernelLog(world: World): readonly LogLine[] {
	const { host, cpu, sev } = world;
	const state = sevState(world);
	const { kernel } = host;
	const lines: LogLine[] = [
		{ at: 0, text: `Linux version ${kernel.release} ${kernel.toolchain} ${kernel.build}` },
		{ at: 0, text: `Command line: ${kernel.cmdline}` },
	];
	if (state.cpuHasSnp && sev.rmp !== null) {
		lines.push({ at: 0, text: `SEV-SNP: RMP table physical range [${address(sev.rmp.start)} - ${address(sev.rmp.end)}]` });
		// The kernel keeps whole 2 MiB pages around a table that does not start or end on one.
		for (const edge of [sev.rmp.start, sev.rmp.end + 1].filter((bound) => bound % largePage !== 0)) {
			const text = `SEV-SNP: Reserving start/end of RMP table on a 2MB boundary [${address(edge - (edge % largePage))}]`;
			lines.push({ at: 0, text });
		}
	}
	lines.push({
		at: 0.412_873,
		text: `smpboot: CPU0: ${cpu.modelName} (family: ${hex(cpu.family)}, model: ${hex(cpu.model)}, stepping: ${hex(cpu.stepping)})`,
	});
	if (state.cpuHasSnp) {
		lines.push({ at: 1.284_019, text: state.snpRefusal ?? 'AMD-Vi: IOMMU SNP support enabled.' });
	}
	if (state.cpuHasSev) {
		const api = `API:${sev.api.major}.${sev.api.minor} build:${sev.api.build}`;
		lines.push(
			{ at: 2.061_544, text: `ccp ${sev.device}: enabling device (0000 -> 0002)` },
			{ at: 2.065_112, text: `ccp ${sev.device}: no command queues available` },
			{ at: 2.066_87, text: `ccp ${sev.device}: sev enabled` },
			{ at: 2.066_893, text: `ccp ${sev.device}: psp enabled` },
			{ at: 43.190_377, text: `ccp ${sev.device}: SEV ${api}` },
		);
		if (state.snpInitialized) {
			lines.push({ at: 43.190_391, text: `ccp ${sev.device}: SEV-SNP ${api}` });
		}
	}
	return [...lines, ...kvmLines(world)];
}

function kvmLines(world: World): readonly LogLine[] {
	const { cpuHasSev, cpuHasSevEs, snpInitialized, asids, kvm } = sevState(world);
	const line = (at: number, name: string, on: boolean, [first, last]: AsidRange): LogLine => ({
		at,
		text: `kvm_amd: ${name} ${on ? (first <= last ? 'enabled' : 'unusable') : 'disabled'} (ASIDs ${first} - ${last})`,
	});
	return [
		...(cpuHasSev ? [line(43.214_905, 'SEV', kvm.sev, asids.sev)] : []),
		...(cpuHasSevEs ? [line(43.214_91, 'SEV-ES', kvm.sevEs, asids.sevEs)] : []),
		// The kernel drops the feature with its reason, so a refused SEV-SNP has no line here.
		...(snpInitialized ? [line(43.214_914, 'SEV-SNP', kvm.sevSnp, asids.sevEs)] : []),
	];
}

function address(value: number): string {
	return `0x${value.toString(16).padStart(16, '0')}`;
}

function hex(value: number): string {
	return `0x${value.toString(16)}`;
}
