// Examples of what a host's kernel log shows of the reverse map table.

import type { CauseExample } from './example.ts';
import { asids, firmware, healthy, iommu, rmp, snp, snpOff } from './healthy-host.ts';

export const rmpExamples: readonly CauseExample[] = [
	{
		code: 'bios-rmp-not-reserved',
		text: `[    0.000000] SEV-SNP: Memory for the RMP table has not been reserved by BIOS
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
[   11.612050] kvm_amd: Virtual VMLOAD VMSAVE supported`,
		nearMiss: `[    0.000000] BIOS-e820: [mem 0x0000004fe0000000-0x00000050209fffff] reserved
[    0.000000] SEV-SNP: RMP table physical range [0x0000004fe0000000 - 0x00000050209fffff]
[    0.000000] SEV-SNP: Reserving start/end of RMP table on a 2MB boundary [0x0000005020800000]
${iommu}
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'rmp-does-not-cover-ram',
		text: `${rmp}
${iommu}
[    1.204410] SEV-SNP: Memory reserved for the RMP table does not cover full system RAM (expected 0x80a04000 got 0x40a00000)
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37
${asids}
${snpOff}`,
		// Of the boot before the setting was changed.
		nearMiss: `${rmp}
[    1.204410] SEV-SNP: Memory reserved for the RMP table does not cover full system RAM (expected 0x80a04000 got 0x40a00000)
${healthy}`,
		nearMissIs: null,
	},
	{
		code: 'rmp-configuration-invalid',
		text: `[    0.000000] SEV-SNP: RMP configuration not valid: base=0x0, end=0x50209fffff
[    9.380124] ccp 0000:22:00.1: sev enabled
[    9.944218] ccp 0000:22:00.1: SEV API:1.55 build:37`,
		nearMiss: `[    0.000000] SEV-SNP: Segmented RMP base table physical range [0x000000008fa00000 - 0x000000008fa05000]
[    0.000000] SEV-SNP: Segmented RMP using 64GB segments
[    1.190220] SEV-SNP: RMP segment 0 physical address [0x7a00000 - 0x89fffff] covering [0x0 - 0xfffffffff]
${iommu}
${firmware}
${asids}
${snp}`,
		nearMissIs: null,
	},
	{
		code: 'rmpupdate-failed',
		text: `${healthy}
[ 8012.417300] SEV-SNP: RMPUPDATE failed for PFN 5020a3c, pg_level: 1, ret: 2
[ 8012.417311] SEV-SNP: PFN 0x5020a3c, RMP entry: [0x6010fffffffff003 - 0x000000000000001b]
[ 8012.417340] SEV-SNP: Leaking PFN range 0x5020a3c-0x5020a3d`,
		// An access that the table forbade, and the kernel's dump of the entry: no update was refused.
		nearMiss: `${healthy}
[ 8012.417300] BUG: unable to handle page fault for address: ff2b51e0c4d7a180
[ 8012.417303] #PF: error_code(0x80000003) - RMP violation
[ 8012.417311] SEV-SNP: PFN 0x2a41d7 unassigned, dumping non-zero entries in 2M PFN region: [0x2a4000 - 0x2a4200]`,
		nearMissIs: 'rmp-violation',
	},
	{
		code: 'rmp-violation',
		text: `${healthy}
[ 9120.004117] BUG: unable to handle page fault for address: ff2b51e0c4d7a180
[ 9120.004121] #PF: supervisor write access in kernel mode
[ 9120.004122] #PF: error_code(0x80000003) - RMP violation
[ 9120.004130] SEV-SNP: PFN 0x44d7a1, RMP entry: [0x7fff000000ffc001 - 0x000000000000040f]`,
		// A page that is not mapped: the table has nothing to do with it.
		nearMiss: `${healthy}
[ 9120.004117] BUG: unable to handle page fault for address: ff2b51e0c4d7a180
[ 9120.004121] #PF: supervisor write access in kernel mode
[ 9120.004122] #PF: error_code(0x0002) - not-present page`,
		nearMissIs: null,
	},
];
