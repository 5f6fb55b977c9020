// The IOMMU in a host's kernel log: SEV-SNP needs it, translating, with version 1 page tables and its own SNP feature.

import type { Fact } from '../reading.ts';
import { type Finding, findAll, finding, findLast } from './kernel-messages.ts';

/** drivers/iommu/amd/init.c, iommu_snp_enable(); 'is' in the first proposals of it. */
const refusals = [
	{ code: 'iommu-passthrough-or-off', pattern: /^AMD-Vi: SNP: IOMMU (?:is )?disabled\b/ },
	{ code: 'iommu-v2-page-tables', pattern: /^AMD-Vi: SNP: IOMMU is configured with V2 page table mode/ },
	{ code: 'iommu-without-snp', pattern: /^AMD-Vi: SNP: IOMMU SNP feature (?:is )?not enabled/ },
] as const;
const enabled = /^AMD-Vi: (?:IOMMU SNP support (?:is )?enabled|SNP enabled)/;
const featureRegister = /^AMD-Vi: (?:Using global IVHD EFR:|Extended features \()(0x[0-9a-f]{1,16})\b/i;
/** AMD IOMMU specification, Extended Feature Register: SNPSup. */
const snpSupported = 63n;

export interface HostIommu {
	readonly facts: { readonly [name: string]: Fact };
	readonly findings: readonly Finding[];
}

/**
 * What the IOMMU driver said. The feature register alone is a cause only on a host with SEV that has no SEV-SNP
 * (`sevWithoutSnp`): a desktop processor lacks the bit for a reason that is none of its IOMMU's.
 */
export function readIommu(messages: readonly string[], sevWithoutSnp: boolean): HostIommu {
	const register = findLast(messages, featureRegister);
	const [efr] = register?.groups ?? [];
	const supported = efr === undefined ? null : (BigInt(efr) >> snpSupported) % 2n === 1n;
	const said = findAll(messages, enabled).length > 0;
	const refused = refusals.flatMap(({ code, pattern }) =>
		findAll(messages, pattern)
			.slice(-1)
			.map((found) => finding(code, found)),
	);
	const silent = register !== null && supported === false && sevWithoutSnp && !said && refused.length === 0;
	return {
		facts: {
			iommuSnp: refused.length > 0 ? false : said ? true : null,
			iommuEfr: efr ?? null,
			iommuSnpSupported: supported,
		},
		findings: silent ? [finding('iommu-without-snp', register)] : refused,
	};
}
