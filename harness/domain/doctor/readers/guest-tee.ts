// Which confidential technology a guest's kernel says it runs under.

import type { Found } from './kernel-messages.ts';

export type Tee = 'sev-snp' | 'sev-es' | 'sev' | 'tdx';

/** Linux 5.11 to 6.x put AMD first; before that each technology had a line. A host with SME says 'SME' there, and no SEV. */
const features = /^(?:AMD )?Memory Encryption Features active: (.*)/;
const oldSev = /^AMD Secure Encrypted Virtualization(?:-Encrypted State)? \(SEV(-ES)?\) active/;
const status = /^SEV: Status: (.*)/;
/** Said only by code that runs under SEV-SNP. */
const snpOnly = [
	/^SEV: Using SNP CPUID table, \d+ entries present/,
	// Kernels before 6.2 misspell it.
	/^SEV: SNP (?:running at VMPL[0-3]|guest platform devices? in(?:i|ti)tialized)/,
	/^sev-guest sev-guest: Initialized SEV guest driver/,
	/^tpm-svsm tpm-svsm: SNP SVSM vTPM /,
];
const sevOnly = /^SEV is active, SWIOTLB /;
const tdxOnly = /^(?:tdx: Guest detected|process: using TDX aware idle routine)/;
/**
 * Hyper-V with a paravisor, where the feature line says less than there is: arch/x86/include/asm/mshyperv.h, isolation
 * type in bits 3:0 of group B, 2 SEV-SNP, 3 TDX.
 */
const hyperV = /^Hyper-V: Isolation Config: Group A 0x[0-9a-f]+, Group B 0x([0-9a-f]{1,8})\b/i;

/** Since systemd 252, by CPUID and the MSR that the kernel reads too. */
const systemdWords = /^(?:[\w.-]{1,64} )?systemd\[\d{1,7}\]: Detected confidential virtualization (sev-snp|sev-es|sev|tdx)\b/;
/** Virtual top of memory: a feature of SEV-SNP, so that the others need not be named (Documentation/virt/hyperv/coco.rst). */
const topOfMemory = 'vTom';

/** A guest of Hyper-V, which runs none with SEV or SEV-ES: where the kernel names no more, the paravisor keeps the rest. */
const hyperVGuest =
	/^(?:Hypervisor detected: Microsoft Hyper-V|(?:DMI|Hardware name): Microsoft Corporation Virtual Machine|Booting paravirtualized kernel on Hyper-V|Hyper-V: |hv_vmbus: |(?:[\w.-]{1,64} )?systemd\[\d{1,7}\]: Detected virtualization microsoft\b)/;

export function isHyperVGuest(messages: readonly string[]): boolean {
	return messages.some((line) => hyperVGuest.test(line));
}

const strength: readonly Tee[] = ['sev', 'sev-es', 'sev-snp', 'tdx'];

/** The strongest claim of the log with its first line, or null when it says nothing of encryption. */
export function findTee(messages: readonly string[]): (Found & { readonly tee: Tee }) | null {
	let best: (Found & { readonly tee: Tee }) | null = null;
	for (const [index, line] of messages.entries()) {
		const tee = teeOf(line);
		if (tee !== null && (best === null || strength.indexOf(tee) > strength.indexOf(best.tee))) {
			best = { index, line, groups: [], tee };
		}
	}
	return best;
}

/** Whether the line tells it only with what is known of Hyper-V. */
export function leansOnHyperV(line: string): boolean {
	return hyperV.test(line) || (status.exec(line)?.[1]?.split(/\s+/).includes(topOfMemory) ?? false);
}

function teeOf(line: string): Tee | null {
	const names = features.exec(line)?.[1] ?? status.exec(line)?.[1];
	if (names !== undefined) {
		return fromNames(names.split(/[\s,]+/));
	}
	const old = oldSev.exec(line);
	if (old !== null) {
		return old[1] === undefined ? 'sev' : 'sev-es';
	}
	const isolation = Number.parseInt(hyperV.exec(line)?.[1] ?? '0', 16) & 0xf;
	if (snpOnly.some((words) => words.test(line)) || isolation === 2) {
		return 'sev-snp';
	}
	const seen = sevOnly.test(line) ? 'sev' : tdxOnly.test(line) || isolation === 3 ? 'tdx' : null;
	return seen ?? (systemdWords.exec(line)?.[1] as Tee | undefined) ?? null;
}

function fromNames(names: readonly string[]): Tee | null {
	if (names.includes('SEV-SNP') || names.includes(topOfMemory)) {
		return 'sev-snp';
	}
	return names.includes('SEV-ES') ? 'sev-es' : names.includes('SEV') ? 'sev' : names.includes('TDX') ? 'tdx' : null;
}
