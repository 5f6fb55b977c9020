// Whether the processor of a host can have SEV-SNP at all: AMD's have it since EPYC 7003 (Milan).

import type { HostKvm } from './host-kvm.ts';
import type { HostPsp } from './host-psp.ts';
import { type Finding, finding } from './kernel-messages.ts';

/** EPYC 7001 (Naples) has 15 of them, processors that are no EPYC as few; EPYC 7003 and later have 509 or more. */
const fewAsids = 16;
/** What is not missing where there is nothing to be had: these name switches that such a machine lacks. */
const moot: readonly string[] = [
	'snp-and-es-off-in-bios',
	'kvm-amd-sev-snp-off',
	'kvm-amd-without-snp',
	'iommu-without-snp',
	'firmware-below-floor',
];

/** The line by which a processor without SEV-SNP is known, or null. Firmware with an API of 0.x is of EPYC 7001 and 7002. */
export function processorWithoutSnp(psp: HostPsp, kvm: HostKvm, rmpPresent: boolean): Finding | null {
	if (psp.snpApi !== null || kvm.snpAsids || rmpPresent) {
		return null;
	}
	const { sev, sevEs, onlySevCount } = kvm;
	const old = psp.sevApi?.groups[2] === '0' ? psp.sevApi : null;
	const few = sev !== null && sev.min <= sev.max && sev.max <= fewAsids && (sevEs?.max ?? 0) === 0 ? sev.found : null;
	const fewCounted = onlySevCount !== null && Number(onlySevCount.groups[1]) <= fewAsids ? onlySevCount : null;
	const shown = old ?? few ?? fewCounted;
	return shown === null ? null : finding('processor-without-snp', shown);
}

/** All that was found, without what such a processor makes moot. */
export function withProcessor(processor: Finding | null, findings: readonly Finding[]): readonly Finding[] {
	return processor === null ? findings : [processor, ...findings.filter(({ code }) => !moot.includes(code))];
}
