// Words of a host's kernel for what the plainest lines do not say: each with its root and the state.

import test from 'ava';
import { causes } from '../causes/index.ts';
import { hostKernel } from './host-kernel.ts';

const segmented = `SEV-SNP: Segmented RMP base table physical range [0x0000000061c00000 - 0x0000000061c05000]
SEV-SNP: Segmented RMP using 64GB segments`;
const api = 'ccp 0000:a2:00.1: sev enabled\nccp 0000:a2:00.1: SEV API:1.55 build:40';
const snpApi = 'ccp 0000:a2:00.1: SEV-SNP API:1.55 build:40';
const asids = 'kvm_amd: SEV enabled (ASIDs 64 - 1006)\nkvm_amd: SEV-ES enabled (ASIDs 1 - 63)';
const good = `${segmented}\n${api}\n${snpApi}\n${asids}\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 63)`;
const refused = 'AMD-Vi: SNP: RMP initialization failed, SNP cannot be supported.';
const off = `${asids}\nkvm_amd: SEV-SNP disabled (ASIDs 1 - 63)`;
const efr = 'AMD-Vi: Extended features (0x58f77ef22294ade): PPR X2APIC NX GT IA GA PC GA_vAPIC';

/** Every code, the root first. */
function codes(text: string): readonly string[] {
	const rank = (code: string) => causes.find((cause) => cause.code === code)?.rank ?? Number.NaN;
	return hostKernel
		.read(text)
		.signs.map(({ code }) => code)
		.toSorted((a, b) => rank(a) - rank(b));
}

const roots: readonly (readonly [string, 'usable' | 'unusable' | 'unknown', string])[] = [
	[
		'rmp-does-not-cover-ram',
		'unusable',
		`${segmented}\nSEV-SNP: Segmented RMP does not cover full system RAM (expected 0x8080000000 got 0x1000000000)\n${refused}\n${off}`,
	],
	[
		'rmp-does-not-cover-ram',
		'unusable',
		`${good}\nSEV-SNP: Segmented RMP does not cover full system RAM (expected 0x8080000000 got 0x1000000000)`,
	],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: RMP segment size (30) is not within advertised bounds (min=31, max=36)'],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: Invalid RMP size 0x20000000 for configured segment size 0x10000000'],
	[
		'rmp-configuration-invalid',
		'unusable',
		'SEV-SNP: Invalid RMP segment base address 0x8000000000 for configured segment size 0x1000000000',
	],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: RMP segment descriptor already exists at index 3'],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: Failed to map RMP segment table addr 0x61c04000'],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: Failed to map RMP segment addr 0x8800000 size 0x8000000'],
	['rmp-configuration-invalid', 'unusable', 'SEV-SNP: Failed to map RMP bookkeeping area'],
	['rmp-configuration-invalid', 'unusable', `${segmented}\n${refused}\n${off}`],
	['sev-off-in-bios', 'unusable', 'ccp 0000:06:00.5: SEV: memory encryption not enabled by BIOS\nccp 0000:06:00.5: psp enabled'],
	['psp-init-failed', 'unusable', 'ccp 0000:06:00.5: SEV: failed to get status. Error: 0x8003'],
	['psp-init-failed', 'unusable', `${api}\nccp 0000:a2:00.1: SEV: failed to get status. Error: 0x0\n${asids}`],
	['psp-init-failed', 'unusable', 'ccp 0000:06:00.5: SEV: failed to get status. Error: 0'],
	['psp-init-failed', 'unusable', 'ccp 0000:06:00.5: SEV-SNP: failed to get status. Error: 0x8001'],
	['psp-init-failed', 'unusable', 'ccp 0000:06:00.5: SNP_PLATFORM_STATUS command failed, ret = -5, error = 0x8001'],
	['processor-without-snp', 'unusable', `${efr}\nccp 0000:22:00.1: sev enabled\nccp 0000:22:00.1: SEV API:0.24 build:15`],
	[
		'processor-without-snp',
		'unusable',
		'ccp 0000:22:00.1: SEV API:0.24 build:15\nkvm_amd: SEV enabled (ASIDs 1 - 509)\nkvm_amd: SEV-ES disabled (ASIDs 0 - 0)',
	],
	[
		'processor-without-snp',
		'unusable',
		'ccp 0000:22:00.1: SEV API:0.24 build:15\nSVM: SEV supported: 410 ASIDs\nSVM: SEV-ES supported: 99 ASIDs',
	],
	['processor-without-snp', 'unusable', `${efr}\nccp 0000:01:00.2: sev enabled\nkvm_amd: SEV enabled (ASIDs 1 - 15)`],
	['processor-without-snp', 'unusable', 'kvm_amd: SEV enabled (ASIDs 1 - 14)\nkvm_amd: SEV-ES disabled (ASIDs 0 - 0)'],
	['processor-without-snp', 'unusable', 'kvm_amd: SEV disabled (ASIDs 1 - 16)\nkvm_amd: SEV-ES disabled (ASIDs 1 - 0)'],
	['processor-without-snp', 'unusable', 'SEV supported: 15 ASIDs'],
	[
		'processor-without-snp',
		'unusable',
		'kvm_amd: SEV enabled (ASIDs 1 - 15)\nkvm_amd: SEV-ES disabled (ASIDs 0 - 0)\nkvm_amd: SEV-SNP disabled (ASIDs 0 - 0)',
	],
	[
		'firmware-below-floor',
		'unusable',
		'ccp 0000:22:00.1: SEV-SNP support requires firmware version >= 1:51\nccp 0000:22:00.1: SEV: failed to INIT error 0x1, rc -5\nccp 0000:22:00.1: SEV API:1.49 build:3',
	],
	['firmware-below-floor', 'unusable', 'ccp 0000:22:00.1: SEV-SNP support requires firmware version >= 1:51'],
	['rmpupdate-failed', 'unknown', 'SEV-SNP: PFN: 0x2c4e00, pg_level: 2, RMPUPDATE failed ret: -14'],
	['rmpupdate-failed', 'unknown', 'SEV-SNP: Leaking PFN range 0x2c4e00-0x2c5000'],
	['rmpupdate-failed', 'usable', `${good}\nSEV-SNP: Failed to read RMP entry for PFN 0x2c4e00, error -19`],
	['rmpupdate-failed', 'unknown', 'SEV-SNP: Failed to read RMP contents for PFN 0x2c4e00, error -14'],
	['rmpupdate-failed', 'unknown', 'SEV-SNP: Failed to split direct map for PFN 0x2c4e00, ret: -12'],
	['rmpupdate-failed', 'unknown', 'SEV-SNP: PFN 0x2c4e00, RMP entry: [0x7fff000000ffc001 - 0x000000000000040f]'],
	['rmpupdate-failed', 'unknown', 'kvm_amd: SEV: Failed to update RMP entry for PFN 0x2c4e00 error -14'],
	['rmpupdate-failed', 'unknown', 'SEV: Failed to PSMASH RMP entry for PFN 0x2c4e00 error 2'],
	['rmpupdate-failed', 'unknown', 'kvm_amd: SEV: Failed to look up RMP entry: GFN 80000 PFN 2c4e00 error -14'],
	[
		'rmp-violation',
		'usable',
		`${good}\nBUG: unable to handle page fault for address: ff11000118a00000
#PF: supervisor write access in kernel mode
#PF: error_code(0x80000003) - RMP violation
SEV-SNP: PFN 0x118a00, RMP entry: [0x7fff000000ffc001 - 0x000000000000040f]`,
	],
	['rmp-violation', 'unknown', '#PF: error_code(0x80000007) - RMP violation'],
	[
		'rmp-violation',
		'unknown',
		'kvm_amd: SEV: Unexpected RMP fault, no assigned RMP entry found for GPA 0x1000 PFN 0x2c4e00 error 0',
	],
];
for (const [root, state, text] of roots) {
	test(`'${root}': ${text.split('\n').join(' / ')}`, (t) => {
		for (const one of [text, text.replaceAll(/^/gm, '[\t11.201377] ')]) {
			t.is(codes(one)[0], root);
			t.is(hostKernel.read(one).snp, state);
			t.is(hostKernel.recognise(one), 3);
		}
	});
}

const others: readonly (readonly [string, string])[] = [
	['rmp-configuration-invalid', `SEV-SNP: Segmented RMP does not cover full system RAM (expected 0x2 got 0x1)\n${refused}`],
	['sev-off-in-bios', `ccp 0000:06:00.5: SEV: memory encryption not enabled by BIOS\n${good}`],
	['psp-init-failed', `ccp 0000:a2:00.1: SEV: failed to get status. Error: 0x8003\n${good}`],
	['snp-and-es-off-in-bios', 'kvm_amd: SEV enabled (ASIDs 1 - 14)\nkvm_amd: SEV-ES disabled (ASIDs 0 - 0)'],
	['iommu-without-snp', `${efr}\nccp 0000:22:00.1: SEV API:0.24 build:15`],
	['firmware-below-floor', 'ccp 0000:22:00.1: SEV API:0.24 build:15'],
	['kvm-amd-without-snp', 'ccp 0000:22:00.1: SEV API:0.24 build:15\nSEV supported: 410 ASIDs\nSEV-ES supported: 99 ASIDs'],
	['processor-without-snp', 'ccp 0000:22:00.1: SEV API:1.49 build:3\nkvm_amd: SEV enabled (ASIDs 1 - 509)'],
	['processor-without-snp', `${efr}\nkvm_amd: SEV enabled (ASIDs 17 - 16)\nkvm_amd: SEV-ES enabled (ASIDs 1 - 16)`],
	['processor-without-snp', 'kvm_amd: SEV enabled (ASIDs 17 - 16)'],
	['processor-without-snp', 'SEV supported: 15 ASIDs\nSEV-ES supported: 494 ASIDs'],
	['processor-without-snp', 'SEV supported: 15 ASIDs\nSEV-ES and SEV-SNP supported: 494 ASIDs'],
	['firmware-below-floor', `ccp 0000:a2:00.1: SEV-SNP support requires firmware version >= 1:51\n${good}`],
	[
		'psp-bootloader-too-old',
		'ccp 0000:22:00.1: SEV-SNP support requires firmware version >= 1:51\nccp 0000:22:00.1: SEV: failed to INIT error 0x1, rc -5',
	],
	['rmpupdate-failed', '#PF: error_code(0x80000003) - RMP violation\nSEV-SNP: PFN 0x118a00, RMP entry: [0x1 - 0x2]'],
	['rmpupdate-failed', `${good}\nSEV-SNP: Reserving start/end of RMP table on a 2MB boundary [0x0000000061a00000]`],
	['rmp-violation', `${good}\n#PF: error_code(0x0002) - not-present page`],
];
for (const [code, text] of others) {
	test(`not '${code}': ${text.split('\n').join(' / ')}`, (t) => {
		t.false(codes(text).includes(code), codes(text).join(', '));
	});
}

test('a table that was refused is not there, whatever was said before', (t) => {
	const text = `${good}\nSEV-SNP: Segmented RMP does not cover full system RAM (expected 0x2 got 0x1)`;
	t.like(hostKernel.read(text).facts, { rmp: 'too-small', rmpRange: ['0x0000000061c00000', '0x0000000061c05000'] });
});

test('failed updates are counted in the older words too', (t) => {
	t.like(hostKernel.read('SEV-SNP: PFN: 0x2c4e00, pg_level: 2, RMPUPDATE failed ret: -14').facts, {
		rmpUpdateFailures: 1,
		rmpUpdatesFailed: [{ pfn: '2c4e00', pgLevel: 2, ret: -14 }],
	});
});
