import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { kernelCauses } from '../causes/kernel.ts';
import type { SnpState } from '../reading.ts';
import { hostKernel } from './host-kernel.ts';

const rmp = 'SEV-SNP: RMP table physical range [0x0000000035500000 - 0x0000000075afffff]';
const api = 'ccp 0000:09:00.5: sev enabled\nccp 0000:09:00.5: SEV API:1.55 build:32\nccp 0000:09:00.5: SEV-SNP API:1.55 build:32';
const sev = 'kvm_amd: SEV enabled (ASIDs 100 - 1006)\nkvm_amd: SEV-ES enabled (ASIDs 1 - 99)';
const snp = 'kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)';
const good = [rmp, 'AMD-Vi: IOMMU SNP support enabled.', api, sev, snp].join('\n');
const cat = (value: string) => `# cat /sys/module/kvm_amd/parameters/sev_snp\n${value}\n`;

/** The code with the lowest rank, as the doctor names it. */
function rootOf(text: string): string | null {
	const rank = (code: string) => kernelCauses.find((cause) => cause.code === code)?.rank ?? Number.NaN;
	const [root] = hostKernel.read(text).signs.toSorted((a, b) => rank(a.code) - rank(b.code));
	return root?.code ?? null;
}

const forms: readonly (readonly [string, string])[] = [
	['plain', good],
	['segmented', good.replace('RMP table physical range', 'Segmented RMP base table physical range')],
	['addresses in brackets', good.replace('physical range', 'physical address')],
	['CRLF and a carriage return too many', good.replaceAll('\n', '\r\r\n')],
	['dmesg', good.replaceAll(/^/gm, '[   16.904211] ')],
	['dmesg with callers', good.replaceAll(/^/gm, '[   16.904211][    T1] ')],
	['dmesg -T', good.replaceAll(/^/gm, '[Thu Feb 27 19:32:31 2025] ')],
	['dmesg -x', good.replaceAll(/^/gm, 'kern  :info  : [   16.904211] ')],
	['dmesg --raw', good.replaceAll(/^/gm, '<6>[   16.904211] ')],
	['dmesg with colours', good.replaceAll(/^(\S+: )/gm, '\u001b[32m[    0.000000] \u001b[0m\u001b[33m$1\u001b[0m')],
	['journalctl', good.replaceAll(/^/gm, 'Feb 27 19:32:31 host0 kernel: ')],
	['journalctl -o short-iso', good.replaceAll(/^/gm, '2025-02-27T19:32:31+0000 host0 kernel: ')],
	['journalctl -o short-monotonic', good.replaceAll(/^/gm, '[   16.904211] host0 kernel: ')],
	['syslog', good.replaceAll(/^/gm, 'Feb  7 19:32:31 host0 kernel: [   16.904211] ')],
	['a quoted mail', good.replaceAll(/^/gm, '> > [   16.904211] ')],
	['comments', good.replaceAll(/^/gm, '# ')],
	['a byte order mark', `\ufeff${good}`],
	['twice', `${good}\n${good}`],
	['an earlier boot that failed', `SEV-SNP: Failed to map RMP table\nLinux version 6.11.4-301.fc41.x86_64\n${good}`],
];
for (const [name, text] of forms) {
	test(`a good host is usable: ${name}`, (t) => {
		t.is(hostKernel.recognise(text), 3);
		t.like(hostKernel.read(text), { kind: 'host-kernel', snp: 'usable', signs: [] });
	});
}

/** Code, a text whose root it is, the state by it, and a text that looks like it and is not. */
const causes: readonly (readonly [string, string, 'usable' | 'unusable' | 'unknown', string])[] = [
	[
		'snp-and-es-off-in-bios',
		'kvm_amd: SEV enabled (ASIDs 1 - 1006)\nkvm_amd: SEV-ES disabled (ASIDs 0 - 0)',
		'unusable',
		'kvm_amd: SEV enabled (ASIDs 100 - 1006)\nkvm_amd: SEV-ES unusable (ASIDs 100 - 99)\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)',
	],
	['bios-rmp-not-reserved', 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS', 'unusable', rmp],
	[
		'rmp-does-not-cover-ram',
		`${good}\nSEV-SNP: Memory reserved for the RMP table does not cover full system RAM (expected 0x1 got 0x0)`,
		'unusable',
		`${good}\nSEV-SNP: Reserving start/end of RMP table on a 2MB boundary [0x0000000035400000]`,
	],
	['rmp-configuration-invalid', 'SEV-SNP: RMP configuration not valid: base=0, end=ffff', 'unusable', rmp],
	['rmp-configuration-invalid', 'AMD-Vi: SNP: RMP initialization failed, SNP cannot be supported.', 'unusable', good],
	[
		'iommu-passthrough-or-off',
		`${rmp}\nAMD-Vi: SNP: IOMMU disabled or configured in passthrough mode, SNP cannot be supported.\n${api}\n${sev}\nkvm_amd: SEV-SNP disabled (ASIDs 1 - 99)`,
		'unusable',
		`Kernel command line: root=/dev/sda1 iommu=pt\n${good}`,
	],
	[
		'iommu-v2-page-tables',
		'AMD-Vi: SNP: IOMMU is configured with V2 page table mode, SNP cannot be supported.',
		'unusable',
		`AMD-Vi: V2 page table enabled\n${good}`,
	],
	['iommu-without-snp', 'AMD-Vi: SNP: IOMMU SNP feature not enabled, SNP cannot be supported.', 'unusable', good],
	[
		'iommu-without-snp',
		'AMD-Vi: Extended features (0x25bf732fa2294ade, 0x1d): PPR NX GT\nccp 0000:03:00.5: sev enabled',
		'unusable',
		'AMD-Vi: Extended features (0xa5bf732fa2294ade, 0x1d): PPR NX GT SNP\nccp 0000:03:00.5: sev enabled',
	],
	[
		'psp-bootloader-too-old',
		'ccp 0000:47:00.1: SEV: failed to INIT error 0x1, rc -5',
		'unusable',
		'ccp 0000:47:00.1: SEV: failed to INIT error 0xe, rc -5',
	],
	[
		'psp-init-failed',
		'ccp 0000:42:00.1: SEV-SNP: failed to INIT rc -5, error 0x3\nccp 0000:42:00.1: SEV: failed to INIT error 0x1, rc -5\nccp 0000:42:00.1: SEV API:1.55 build:7',
		'unusable',
		`ccp 0000:09:00.5: SEV-SNP: failed to INIT error 0x3\n${good}`,
	],
	['psp-init-failed', `${rmp}\n${sev}\n${snp}\nPSP driver not init`, 'unusable', `PSP driver not init\n${good}`],
	['psp-init-failed', `${good}\nccp 0000:09:00.5: sev command 0x93 timed out, disabling PSP`, 'unusable', good],
	[
		'firmware-below-floor',
		good.replaceAll(':1.55 build', ':1.42 build'),
		'usable',
		good.replaceAll(':1.55 build', ':1.51 build'),
	],
	['firmware-below-floor', 'ccp 0000:22:00.1: SEV API:1.49 build:3', 'unusable', 'ccp 0000:22:00.1: SEV API:2.0 build:3'],
	[
		'legacy-sev-init-failed',
		`ccp 0000:09:00.5: SEV: failed to INIT error 0x1, rc -5\n${good.replace(/.*SEV API.*\n/, '')}`,
		'usable',
		good,
	],
	['empty-asid-range', `${rmp}\n${api}\n${sev}\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 0)`, 'unusable', good],
	['empty-asid-range', 'kvm_amd: SEV-SNP unusable (ASIDs 100 - 99)', 'unusable', 'kvm_amd: SEV-SNP enabled (ASIDs 1 - 1)'],
	['kvm-amd-sev-snp-off', `${rmp}\n${api}\n${sev}\nkvm_amd: SEV-SNP disabled (ASIDs 1 - 99)`, 'unusable', good],
	['kvm-amd-sev-snp-off', `${good}\n${cat('N')}`, 'unusable', `${good}\n${cat('Y')}`],
	['kvm-amd-sev-snp-off', `${good}\n/sys/module/kvm_amd/parameters/sev_snp:0`, 'unusable', `${good}\nsev_snp:1`],
	[
		'kvm-amd-sev-snp-off',
		`${good}\n$ cat /sys/module/kvm_amd/parameters/sev /sys/module/kvm_amd/parameters/sev_snp\nY\nN`,
		'unusable',
		`${good}\n$ cat /sys/module/kvm_amd/parameters/avic /sys/module/kvm_amd/parameters/sev_snp\nN\nY`,
	],
	[
		'kernel-without-guest-memfd',
		`${good}\nkvm_amd: SEV-SNP requires private memory support via guest_memfd.`,
		'unusable',
		`${good}\nkvm_amd: SEV-SNP ciphertext hiding enabled`,
	],
	['out-of-tree-snp-kernel', `${rmp}\n${api}\nSEV supported: 410 ASIDs\nSEV-ES and SEV-SNP supported: 99 ASIDs`, 'unknown', good],
	['kvm-amd-without-snp', `${sev}\nkvm_amd: Virtual GIF supported`, 'unusable', sev],
	['kvm-amd-without-snp', 'SEV supported: 446 ASIDs\nSEV-ES supported: 63 ASIDs', 'unusable', 'SEV supported: 446 ASIDs'],
	[
		'rmpupdate-failed',
		`${good}\nSEV-SNP: RMPUPDATE failed for PFN 28357f7c, pg_level: 1, ret: 2`,
		'usable',
		`${good}\nSEV-SNP: RMP segment 0 physical address [0x8800000 - 0x10ffffff] covering [0x0 - 0x87fffffff]`,
	],
];
for (const [code, text, state, nearMiss] of causes) {
	test(`'${code}': ${text.split('\n').at(-1)}`, (t) => {
		t.is(rootOf(text), code);
		t.is(hostKernel.read(text).snp, state);
		t.is(hostKernel.recognise(text), 3);
		t.not(rootOf(nearMiss), code);
	});
}

const partial: readonly (readonly [string, string])[] = [
	['only kvm_amd', `${sev}\n${snp}`],
	['no firmware version', `${rmp}\n${sev}\n${snp}`],
	['no RMP', `${api}\n${sev}\n${snp}`],
	['a second load that is cut', `${good}\nkvm_amd: SEV enabled (ASIDs 100 - 1006)`],
	['cut after SEV-ES', `${rmp}\n${api}\n${sev}`],
];
for (const [name, text] of partial) {
	test(`part of a log proves nothing: ${name}`, (t) => {
		t.like(hostKernel.read(text), { snp: 'unknown', signs: [] });
	});
}

test('the last load of the modules counts', (t) => {
	const off = 'kvm_amd: SEV-SNP disabled (ASIDs 1 - 99)';
	t.is(hostKernel.read(`${good}\n${sev}\n${off}`).snp, 'unusable');
	t.is(hostKernel.read(`${rmp}\n${api}\n${sev}\n${off}\n${sev}\n${snp}`).snp, 'usable');
	t.like(hostKernel.read(`${good}\n${sev}\n${snp}`).facts, { kvmAmdLoads: 2, asids: { sevSnp: [1, 99] } });
});

test('evidence has no time stamp and at most 240 characters', (t) => {
	const line = 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS';
	t.deepEqual(hostKernel.read(`[    0.631145] ${line}${' '.repeat(9)}x${'y'.repeat(999)}`).signs, [
		{ code: 'bios-rmp-not-reserved', evidence: `${line}${' '.repeat(9)}x${'y'.repeat(999)}`.slice(0, 240) },
	]);
});

const notHosts: readonly (readonly [string, string])[] = [
	['nothing', ''],
	['prose', 'Enable SEV-SNP in the BIOS; then dmesg shows kvm_amd: SEV-SNP enabled (ASIDs 1 - 99).'],
	['a command line', 'Kernel command line: root=/dev/sda1 kvm_amd.sev=1 kvm_amd.sev_snp=1'],
	['another program', 'Feb 27 19:32:31 host0 logger[7]: kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)'],
	['a guest', 'Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP\nSEV: SNP running at VMPL0.'],
	['snphost', '[ PASS ]   - SEV-SNP: ENABLED\n[ FAIL ]   - RMP INIT: RMP is UNINIT'],
];
for (const [name, text] of notHosts) {
	test(`not a host's kernel log: ${name}`, (t) => {
		t.is(hostKernel.recognise(text), 0);
	});
}

test('a desktop with an AMD processor is not judged by its IOMMU', (t) => {
	const text =
		'AMD-Vi: Extended features (0x58f77ef22294ade, 0x0): PPR X2APIC NX\nccp 0000:0a:00.1: tee enabled\nccp 0000:0a:00.1: psp enabled';
	t.is(hostKernel.recognise(text), 1);
	t.like(hostKernel.read(text), { snp: 'unknown', signs: [] });
});

const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const table = join(corpus, 'expectations.json');

interface Row {
	readonly file: string;
	readonly contract: { readonly kind: string; readonly snp: SnpState; readonly code?: string };
}

if (existsSync(table)) {
	const rows = (JSON.parse(readFileSync(table, 'utf8')) as readonly Row[]).filter(
		({ contract }) => contract.kind === 'host-kernel',
	);
	for (const { file, contract } of rows) {
		test(`[corpus] ${file}`, (t) => {
			const text = readFileSync(join(corpus, file), 'utf8');
			t.is(hostKernel.recognise(text), 3);
			t.is(hostKernel.read(text).snp, contract.snp);
			if (contract.code !== undefined || contract.snp === 'usable') {
				t.is(rootOf(text), contract.code ?? null);
			}
		});
	}
	const facts: readonly (readonly [string, object])[] = [
		[
			'host-kernel-genoa-journal-good.log',
			{ rmp: 'contiguous', rmpRange: ['0x0000000035500000', '0x0000000075afffff'], sevApi: '1.55.32', snpApi: '1.55.32' },
		],
		[
			'host-kernel-ciphertext-hiding-99.log',
			{ rmp: 'unknown', ciphertextHiding: true, asids: { sev: [100, 1006], sevEs: [100, 99], sevSnp: [1, 99] } },
		],
		['host-kernel-turin-sev-only.log', { sevApi: '1.55.61', snpApi: null, asids: { sevEs: [0, 0], sevSnp: null } }],
		[
			'host-kernel-rmpupdate-failed-e820.log',
			{ rmpUpdateFailures: 1, rmpUpdatesFailed: [{ pfn: '28357f7c', pgLevel: 1, ret: 2 }] },
		],
		['host-kernel-nested-azure-67.log', { snpApi: '1.42.42', sevDevice: 'psp', asids: { sev: [17, 16] } }],
		['host-kernel-seves-old-supported-form.log', { sevApi: '0.23.4', legacyAsidCounts: { sev: 446, sevEs: 63, sevSnp: null } }],
		['host-kernel-genoa-510-seves-asids.log', { firmwareUpdated: true }],
		['rc-host-kernel-milan-611-two-ccp.log', { ccpDevices: ['0000:21:00.1', '0000:a1:00.1'], sevDevice: '0000:21:00.1' }],
		['rc-host-kernel-module-reload-twice.log', { kvmAmdLoads: 2, asids: { sevSnp: [1, 99] } }],
		['rc-host-kernel-rmp-not-reserved.log', { rmp: 'not-reserved', sevApi: null }],
		['rc-host-kernel-genoa-iommu-no-snp.log', { iommuEfr: '0x25bf732fa2295afe', iommuSnpSupported: false }],
		['rc-host-kernel-guest-memfd-missing.log', { guestMemfdMissing: 3 }],
		['rc-host-kernel-519-snp-module-off.txt', { rmp: 'contiguous-old-wording', snpApi: '1.52.4', parameterSevSnp: 'N' }],
	];
	for (const [file, expected] of facts) {
		test(`[corpus] facts of ${file}`, (t) => {
			t.like(hostKernel.read(readFileSync(join(corpus, file), 'utf8')).facts, expected);
		});
	}
} else {
	test.skip('[corpus] host kernel logs', (t) => t.fail('not run'));
}

const pieces = fc.constantFrom(
	...[good, ...causes.map(([, text]) => text)].flatMap((text) => text.split('\n')),
	'\u001b[',
	'\r',
	'[ 0.0]',
	'<6>',
);

test('whatever the text is, recognising and reading it does not throw', (t) => {
	const codes = new Set(kernelCauses.map(({ code }) => code));
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 }),
				fc.constantFrom('', ' ', '\n'),
				(parts, glue) => {
					const text = parts.join(glue);
					hostKernel.recognise(text);
					const { kind, signs } = hostKernel.read(text);
					return kind === 'host-kernel' && signs.every(({ code, evidence }) => codes.has(code) && evidence.length <= 240);
				},
			),
			{ numRuns: 500 },
		),
	);
});
