// Texts that have fooled people and tools: the words say yes, the fact is no, or the other way round.

import test from 'ava';
import { diagnose, diagnosisDocument } from './diagnose.ts';
import { readText } from './registry.ts';

const rmp = 'SEV-SNP: RMP table physical range [0x000000bf7e800000 - 0x000000c03f0fffff]\n';
const api =
	'ccp 0000:01:00.5: sev enabled\nccp 0000:01:00.5: SEV API:1.55 build:21\nccp 0000:01:00.5: SEV-SNP API:1.55 build:21\n';
const asids = (snp: string) =>
	`kvm_amd: SEV enabled (ASIDs 100 - 509)\nkvm_amd: SEV-ES enabled (ASIDs 1 - 99)\nkvm_amd: SEV-SNP enabled (ASIDs ${snp})\n`;

function only(text: string) {
	const { files, cause } = diagnosisDocument(diagnose([{ file: 'pasted', text }]));
	return { kind: files[0]?.kind, snp: files[0]?.snp, facts: files[0]?.facts, code: cause?.code ?? null };
}

test('control: the same lines without a trap are usable', (t) => {
	t.like(only(rmp + api + asids('1 - 99')), { kind: 'host-kernel', snp: 'usable', code: null });
});

test('"SEV-SNP enabled (ASIDs 1 - 0)" is an empty range', (t) => {
	t.like(only(rmp + api + asids('1 - 0')), { snp: 'unusable', code: 'empty-asid-range' });
});

test('ranges enabled but "PSP driver not init"', (t) => {
	const { snp, code } = only(`${rmp}${asids('1 - 99')}PSP driver not init\n`);
	t.is(snp, 'unusable');
	t.not(code, null);
});

test('sev_snp=Y on a kernel without working SNP proves nothing', (t) => {
	for (const text of [
		'# cat /sys/module/kvm_amd/parameters/sev_snp\nY\n',
		'Command line: BOOT_IMAGE=/vmlinuz-6.8.0-31-generic ro kvm_amd.sev_snp=1\nkvm_amd: SEV enabled (ASIDs 100 - 509)\nkvm_amd: SEV-ES enabled (ASIDs 1 - 99)\n/sys/module/kvm_amd/parameters/sev_snp: Y\n',
	]) {
		t.not(only(text).snp, 'usable', text);
	}
});

test('"did NOT sign" is no signature', (t) => {
	const bad = only('Error: VCEK did NOT sign the Attestation Report!\n');
	t.is(bad.kind, 'snpguest');
	t.not(bad.snp, 'usable');
	const good = only('VEK signed the Attestation Report!\n');
	t.notDeepEqual(good.facts, bad.facts);
});

test('an all-zero report is no report', (t) => {
	const zero = `Attestation Report (1184 bytes):
Version:                      0
Guest SVN:                    0

    Guest Policy (0x0):
    ABI Major:     0
    ABI Minor:     0
    SMT Allowed:   0
    Debug Allowed: 0

VMPL:                         0
Signature Algorithm:          0
`;
	const { kind, snp } = only(zero);
	t.is(kind, 'snpguest');
	t.not(snp, 'usable');
});

test('a release candidate of QEMU 9.1 is not 9.1', (t) => {
	const version = (major: number, minor: number, micro: number) =>
		only(JSON.stringify({ return: { qemu: { micro, minor, major }, package: '' }, id: 'libvirt-2' }));
	const candidate = version(9, 0, 92);
	const release = version(9, 1, 0);
	t.is(candidate.kind, 'qmp');
	t.not(candidate.snp, 'usable');
	t.notDeepEqual(candidate.facts, release.facts);
});

test('a crash of snphost without the word FAIL is no pass', (t) => {
	const text = `[ PASS ] - AMD CPU
[ PASS ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
thread 'main' panicked at src/ok.rs:100:10:
called \`Result::unwrap()\` on an \`Err\` value: Os { code: 13, kind: PermissionDenied, message: "Permission denied" }
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
`;
	const { kind, snp } = only(text);
	t.is(kind, 'snphost');
	t.not(snp, 'usable');
});

test('the false "RMP is UNINIT" of snphost 0.5 does not make a host unusable', (t) => {
	const text = `[ PASS ] - AMD CPU
[ PASS ]   - Microcode support
[ PASS ]   - Secure Memory Encryption (SME)
[ PASS ]     - SME: Enabled in MSR
[ PASS ]   - Secure Encrypted Virtualization (SEV)
[ PASS ]     - Encrypted State (SEV-ES)
[ PASS ]       - SEV-ES INIT: SEV-ES is INIT, but not currently running a guest
[ PASS ]     - SEV INIT: SEV is INIT, but not currently running a guest
[ PASS ]     - Secure Nested Paging (SEV-SNP)
[ PASS ]       - VM Permission Levels
[ PASS ]         - Number of VMPLs: 4
[ PASS ]       - SNP: Enabled in MSR
[ PASS ]       - SEV Firmware Version: Sev firmware version: 1.55
[ PASS ]       - SNP INIT: SNP is INIT
[ FAIL ]       - RMP INIT: RMP is UNINIT
[ PASS ]     - Physical address bit reduction: 5
[ PASS ]     - C-bit location: 51
[ PASS ]     - Number of encrypted guests supported simultaneously: 509
[ PASS ]     - Minimum ASID value for SEV-enabled, SEV-ES disabled guest: 100
[ PASS ]     - Reading /dev/sev: /dev/sev readable
[ PASS ]     - Writing /dev/sev: /dev/sev writable
[ PASS ]   - Page flush MSR: DISABLED
[ PASS ] - KVM supported: API version: 12
[ PASS ] - Read RMP tables: Addresses 0x5fe0000000 - 0x60a09fffff
[ PASS ] - Memlock resource limit: Soft: 8388608 | Hard: 8388608
One or more tests in sevctl-ok reported a failure
`;
	const { kind, snp } = only(text);
	t.is(kind, 'snphost');
	t.not(snp, 'unusable');
});

test('what only looks like a text of ours is unknown', (t) => {
	for (const text of [
		'{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}\n',
		"<!doctype html>\n<html><body><domain type='x'>SEV-SNP</domain></body></html>\n",
	]) {
		t.is(readText(text).kind, 'unknown', text);
	}
});

test('source code that would print a failure is none, and the failure itself is one', (t) => {
	const line = (ret: string) => `qemu-system-x86_64: sev_snp_launch_start: SNP_LAUNCH_START ret=${ret} fw_error=0 ''\n`;
	t.deepEqual(readText(line('%d')).signs, []);
	t.is(readText(line('-22')).signs[0]?.code, 'policy-rejected-by-kvm');
});

test('a FAIL that fits no working host bars usable, whatever else passed', (t) => {
	const passes = ['SNP initialized: SNP is INIT', 'RMP table initialized: yes', 'SEV-SNP enabled in KVM: enabled'];
	const text = (more: string) => `${passes.map((test) => `[ PASS ] - ${test}\n`).join('')}${more}`;
	const read = (more: string) => readText(text(more)).snp;
	t.is(read(''), 'usable');
	for (const failed of ['SEV initialized: Uninitialized', 'SEV enabled in KVM: disabled', 'RMP table addresses: not found']) {
		t.not(read(`[ FAIL ] - ${failed}\n`), 'usable', failed);
	}
});
