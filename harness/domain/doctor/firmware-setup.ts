// What a vendor calls AMD's switches in its firmware setup, where the machine's DMI names that vendor. Only names that were
// seen in public descriptions of such machines; where a vendor is not in the table nothing is said.

interface Vendor {
	/** Against the kernel's 'DMI: ' line, which starts with the system's vendor and product. */
	readonly dmi: RegExp;
	readonly name: string;
	readonly menu: string;
	/** AMD's name, as the next steps quote it, to the vendor's. */
	readonly names: Readonly<Record<string, string>>;
}

const vendors: readonly Vendor[] = [
	{
		// Public set-up guides for the PowerEdge R6615 and others; the attribute registry's CpuMinSevAsid.
		dmi: /^Dell Inc\.? PowerEdge/,
		name: 'Dell PowerEdge',
		menu: 'System BIOS, Processor Settings',
		names: {
			SMEE: 'Secure Memory Encryption',
			'SEV-SNP Support': 'Secure Nested Paging',
			'SNP Memory (RMP Table) Coverage': 'SNP Memory Coverage',
			'SEV-ES ASID Space Limit': 'Minimum SEV non-ES ASID',
			IOMMU: 'IOMMU Support',
		},
	},
	{
		// A public description of an ASUS board with EPYC (2026-06): AMD's names, in AMD's menu.
		dmi: /^ASUSTeK COMPUTER INC\./i,
		name: 'ASUS',
		menu: 'Advanced, AMD CBS',
		names: {
			SMEE: 'CPU Common Options, SMEE',
			'SEV-SNP Support': 'NBIO Common Options, SEV-SNP Support',
			'SEV-ES ASID Space Limit': 'CPU Common Options, SEV-ES ASID Space Limit',
		},
	},
];

/** A next step that names AMD's switches, with the vendor's names for them behind it where `dmi` tells the vendor. */
export function withVendorNames(next: string, dmi: string | null): string {
	const vendor = dmi === null ? undefined : vendors.find((one) => one.dmi.test(dmi));
	const named = Object.entries(vendor?.names ?? {}).filter(([amd]) => next.includes(`'${amd}'`));
	if (vendor === undefined || named.length === 0) {
		return next;
	}
	return `${next} ${vendor.name}: ${vendor.menu}: ${named.map(([, theirs]) => `'${theirs}'`).join(', ')}.`;
}
