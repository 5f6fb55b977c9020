// What becomes of the platform once the kernel has looked at it: one answer for the log, sysfs, snphost, libvirt and QEMU.

import type { World } from './world.ts';

export type AsidRange = readonly [first: number, last: number];

export interface SevState {
	readonly cpuHasSev: boolean;
	readonly cpuHasSevEs: boolean;
	readonly cpuHasSnp: boolean;
	/** Why the kernel gave up SEV-SNP, as its log says it; null when it did not. */
	readonly snpRefusal: string | null;
	/** The secure processor was initialised for SEV-SNP. */
	readonly snpInitialized: boolean;
	readonly asids: { readonly sev: AsidRange; readonly sevEs: AsidRange };
	/** What the parameters of kvm_amd read, and what KVM will run. */
	readonly kvm: { readonly sev: boolean; readonly sevEs: boolean; readonly sevSnp: boolean };
	/** KVM has the ASIDs for guests with SEV alone. */
	readonly sevUsable: boolean;
}

/** Works out the state from CPUID, firmware setup, kernel command line and module parameters. */
export function sevState({ cpu, sev, host }: World): SevState {
	const { eax, ecx: last, edx: firstSev } = cpu.encryptedMemory;
	const bit = (n: number) => ((eax >>> n) & 1) === 1;
	const [cpuHasSev, cpuHasSevEs, cpuHasSnp] = [bit(1), bit(3), bit(4)];
	const snpRefusal = refusal(sev.rmp !== null, sev.iommuSnp, new Set(host.kernel.cmdline.split(/\s+/)));
	const snpInitialized = cpuHasSnp && snpRefusal === null;
	const kvmSevEs = cpuHasSevEs && sev.kvmAmd.sev && sev.kvmAmd.sevEs && firstSev > 1;
	return {
		cpuHasSev,
		cpuHasSevEs,
		cpuHasSnp,
		snpRefusal,
		snpInitialized,
		asids: { sev: [firstSev, last], sevEs: firstSev > 1 ? [1, firstSev - 1] : [0, 0] },
		kvm: { sev: cpuHasSev && sev.kvmAmd.sev, sevEs: kvmSevEs, sevSnp: snpInitialized && kvmSevEs && sev.kvmAmd.sevSnp },
		sevUsable: cpuHasSev && sev.kvmAmd.sev && firstSev <= last,
	};
}

/** facts/fedora-stack.md 4.2 and 4.3. */
function refusal(rmpReserved: boolean, iommuSnp: boolean, cmdline: ReadonlySet<string>): string | null {
	if (!rmpReserved) {
		return 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS';
	}
	if (['iommu=pt', 'iommu.passthrough=1', 'iommu=off', 'amd_iommu=off'].some((option) => cmdline.has(option))) {
		return 'AMD-Vi: SNP: IOMMU disabled or configured in passthrough mode, SNP cannot be supported.';
	}
	if (cmdline.has('amd_iommu=pgtbl_v2')) {
		return 'AMD-Vi: SNP: IOMMU is configured with V2 page table mode, SNP cannot be supported.';
	}
	return iommuSnp ? null : 'AMD-Vi: SNP: IOMMU SNP feature not enabled, SNP cannot be supported.';
}
