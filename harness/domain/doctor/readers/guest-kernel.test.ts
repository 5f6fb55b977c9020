import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { kernelCauses } from '../causes/kernel.ts';
import type { SnpState } from '../reading.ts';
import { guestKernel } from './guest-kernel.ts';

const start =
	'Linux version 6.11.4-301.fc41.x86_64 (mockbuild@fedora)\nCommand line: BOOT_IMAGE=/vmlinuz ro\nHypervisor detected: KVM';
const end = 'smp: Brought up 1 node, 4 CPUs';
const active = 'Memory Encryption Features active:';
const snp = `${active} AMD SEV SEV-ES SEV-SNP`;

const tees: readonly (readonly [string, string | null])[] = [
	[snp, 'sev-snp'],
	['AMD Memory Encryption Features active: SEV SEV-ES SEV-SNP', 'sev-snp'],
	['SEV: Status: SEV SEV-ES SEV-SNP', 'sev-snp'],
	['SEV: SNP running at VMPL2.', 'sev-snp'],
	['SEV: SNP guest platform device initialized.', 'sev-snp'],
	['Memory Encryption Features active: AMD SEV\nHyper-V: Isolation Config: Group A 0x1, Group B 0xba2', 'sev-snp'],
	['Hyper-V: Isolation Config: Group A 0x1, Group B 0xba3', 'tdx'],
	[`${active} AMD SEV SEV-ES`, 'sev-es'],
	['AMD Memory Encryption Features active: SEV SEV-ES', 'sev-es'],
	['AMD Secure Encrypted Virtualization-Encrypted State (SEV-ES) active', 'sev-es'],
	[`${active} AMD SEV`, 'sev'],
	['AMD Secure Encrypted Virtualization (SEV) active', 'sev'],
	['tdx: Guest detected', 'tdx'],
	[`${active} Intel TDX`, 'tdx'],
	[`${start}\n${end}`, 'none'],
	[`${start}\n${snp.replace('Memory', 'memory')}\n${end}`, 'none'],
	[start, null],
	[`Hypervisor detected: KVM\n${end}`, null],
];
for (const [text, tee] of tees) {
	test(`'${text.replaceAll('\n', ' / ')}' is ${tee ?? 'no word on encryption'}`, (t) => {
		const { snp: state, facts } = guestKernel.read(text);
		t.like(facts, { tee });
		t.is(state, tee === 'sev-snp' ? 'usable' : tee === null ? 'unknown' : 'unusable');
		t.is(guestKernel.recognise(text), tee === null || tee === 'none' ? 2 : 3);
	});
}

test('an SVSM guest, with its TPM', (t) => {
	const text = `${snp}
SEV: Using SNP CPUID table, 29 entries present.
SEV: SNP running at VMPL2.
sev-guest sev-guest: Initialized SEV guest driver (using VMPCK2 communication key)
tpm-svsm tpm-svsm: SNP SVSM vTPM 2.0 device`;
	t.like(guestKernel.read(text.replaceAll(/^/gm, '[    0.339970] ').replaceAll('\n', '\r\n')).facts, {
		tee: 'sev-snp',
		vmpl: 2,
		svsm: true,
		vmpck: 2,
		cpuidEntries: 29,
		sevGuestDriver: true,
		tpmDriver: 'tpm-svsm',
		tpmVersion: '2.0',
		panic: false,
	});
	t.like(guestKernel.read(`${snp}\ntpm_crb MSFT0101:00: 2.0 TPM (device-id 0x1, rev-id 1)`).facts, {
		svsm: false,
		tpmDriver: 'tpm_crb',
	});
});

const causes: readonly (readonly [string, string, string])[] = [
	[
		'guest-panic',
		`${snp}\n[    2.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
		`${snp}\nKernel command line: panic=1`,
	],
	['guest-not-snp', `${active} AMD SEV SEV-ES`, `${active} AMD SEV SEV-ES SEV-SNP`],
];
for (const [code, text, nearMiss] of causes) {
	test(`'${code}'`, (t) => {
		t.true(guestKernel.read(text).signs.some((sign) => sign.code === code));
		t.false(guestKernel.read(nearMiss).signs.some((sign) => sign.code === code));
	});
}

test('a panic does not take SEV-SNP away, and one of an earlier boot does not count', (t) => {
	const died = `${start}\n${snp}\nKernel panic - not syncing: Fatal exception`;
	t.like(guestKernel.read(died), { snp: 'usable', facts: { panic: true } });
	t.like(guestKernel.read(`${died}\n${start}\n${snp}\n${end}`), { snp: 'usable', signs: [] });
});

const notGuests: readonly (readonly [string, string])[] = [
	['nothing', ''],
	['prose', 'The guest prints "Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP".'],
	['a host with SME', `Linux version 6.11\n${active} AMD SME\n${end}`],
	['a nested host', 'Hypervisor detected: Microsoft Hyper-V\nccp psp: sev enabled\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 16)'],
	['bare metal', `Linux version 6.11\nBooting paravirtualized kernel on bare hardware\n${end}`],
	['a panic of nobody knows whom', 'Linux version 6.11\nKernel panic - not syncing: Fatal exception'],
	['a host with TDX', 'virt/tdx: BIOS enabled: private KeyID range [16, 32)'],
];
for (const [name, text] of notGuests) {
	test(`not a guest's kernel log: ${name}`, (t) => {
		t.is(guestKernel.recognise(text), 0);
	});
}

const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const table = join(corpus, 'expectations.json');

interface Row {
	readonly file: string;
	readonly contract: { readonly kind: string; readonly snp: SnpState; readonly facts: object };
	readonly expect: { readonly cpuid_entries?: number; readonly vmpck?: number };
}

if (existsSync(table)) {
	const rows = (JSON.parse(readFileSync(table, 'utf8')) as readonly Row[]).filter(
		({ contract }) => contract.kind === 'guest-kernel',
	);
	for (const { file, contract, expect } of rows) {
		test(`[corpus] ${file}`, (t) => {
			const text = readFileSync(join(corpus, file), 'utf8');
			t.is(guestKernel.recognise(text), 3);
			const { snp: state, facts, signs } = guestKernel.read(text);
			t.is(state, contract.snp);
			t.like(facts, { ...contract.facts, cpuidEntries: expect.cpuid_entries ?? null, vmpck: expect.vmpck ?? null });
			t.deepEqual(
				signs.map(({ code }) => code),
				state === 'usable' ? [] : ['guest-not-snp'],
			);
		});
	}
} else {
	test.skip('[corpus] guest kernel logs', (t) => t.fail('not run'));
}

test('whatever the text is, recognising and reading it does not throw', (t) => {
	const pieces = fc.constantFrom(
		...tees.flatMap(([text]) => text.split('\n')),
		...causes.map(([, text]) => text),
		'\u001b]',
		'[ 0.0]',
	);
	const codes = new Set(kernelCauses.map(({ code }) => code));
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 }),
				fc.constantFrom('', ' ', '\n'),
				(parts, glue) => {
					const text = parts.join(glue);
					guestKernel.recognise(text);
					const { kind, signs } = guestKernel.read(text);
					return kind === 'guest-kernel' && signs.every(({ code, evidence }) => codes.has(code) && evidence.length <= 240);
				},
			),
			{ numRuns: 500 },
		),
	);
});
