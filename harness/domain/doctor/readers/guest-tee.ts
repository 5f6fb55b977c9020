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
	/^SEV: SNP (?:running at VMPL[0-3]|guest platform devices? initialized)/,
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

function teeOf(line: string): Tee | null {
	const named = features.exec(line)?.[1] ?? status.exec(line)?.[1];
	if (named !== undefined) {
		return fromNames(named.split(/[\s,]+/));
	}
	const old = oldSev.exec(line);
	if (old !== null) {
		return old[1] === undefined ? 'sev' : 'sev-es';
	}
	const isolation = Number.parseInt(hyperV.exec(line)?.[1] ?? '0', 16) & 0xf;
	if (snpOnly.some((words) => words.test(line)) || isolation === 2) {
		return 'sev-snp';
	}
	return sevOnly.test(line) ? 'sev' : tdxOnly.test(line) || isolation === 3 ? 'tdx' : null;
}

function fromNames(names: readonly string[]): Tee | null {
	const amd = (['SEV-SNP', 'SEV-ES', 'SEV'] as const).find((name) => names.includes(name));
	if (amd !== undefined) {
		return amd === 'SEV-SNP' ? 'sev-snp' : amd === 'SEV-ES' ? 'sev-es' : 'sev';
	}
	return names.includes('TDX') ? 'tdx' : null;
}
