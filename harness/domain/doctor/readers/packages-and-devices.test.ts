// rpm, SELinux, TPMs and the SVSM's console: forms of their output that lists and pull requests give them.

import test from 'ava';
import { avc } from './avc.ts';
import { rpm } from './rpm.ts';
import { svsm } from './svsm.ts';
import { tpm } from './tpm.ts';

const codes = (text: string) => rpm.read(text).signs.map(({ code }) => code);

test('of the kernels that are installed side by side the newest is judged', (t) => {
	const kernel = (version: string, name = 'kernel-core') => `${name}-${version}.x86_64\n`;
	const old = kernel('6.10.12-200.fc40');
	t.deepEqual(codes(old), ['package-below-floor']);
	t.deepEqual(codes(old + kernel('6.11.4-301.fc41') + kernel('6.10.3-1.fc40')), []);
	t.deepEqual(codes(kernel('6.9.9-1.fc39') + old), ['package-below-floor']);
	t.regex(rpm.read(kernel('6.9.9-1.fc39') + old).signs[0]?.evidence ?? '', /6\.10\.12/);
	t.deepEqual(codes(old + kernel('6.11.4-301.fc41', 'kernel')), ['package-below-floor'], 'each package for itself');
	t.deepEqual(codes('libvirt-daemon-10.1.0-1.fc40.x86_64\nlibvirt-daemon-11.0.0-1.fc42.x86_64\n'), ['package-below-floor']);
});

test("dnf 5's column of repositories may be unknown", (t) => {
	const text = 'Installed packages\nqemu-system-x86-core.x86_64 2:8.1.3-5.fc39  <unknown>\n';
	t.is(rpm.recognise(text), 2);
	t.deepEqual(codes(text), ['qemu-before-snp']);
	t.like(rpm.read(text), { facts: { packages: [{ name: 'qemu-system-x86-core', epoch: '2', repository: null }] } });
	t.like(rpm.read('edk2-ovmf.noarch  20250812-16.fc43  3a1b2c3d4e5f\n'), { facts: { packages: [{ name: 'edk2-ovmf' }] } });
});

test('forms of names and versions that are none', (t) => {
	for (const line of [
		'qemu-kvm-9.1.0-1.fc41.x86_64 crashed',
		'qemu-kvm.x86_64 9.1.0-1.fc41',
		'qemu-kvm.x86_64 9.1.0 @updates',
		'qemu-kvm.x86_64 2:3:9.1.0-1.fc41 @updates',
		'x86_64',
		'.x86_64',
		'a-1.x86_64',
		'-1-1.x86_64',
		'a--1.x86_64',
		'a-1-.x86_64',
		'a-x:1-1.x86_64',
		'a:b-1-1.x86_64',
		'a/b-1-1.x86_64',
		'Requires: qemu-kvm = 9.1.0',
		'Name: qemu-kvm\nVersion: 9.1.0\nRelease: 1%{?dist}',
	]) {
		t.is(rpm.recognise(`${line}\n`), 0, line);
	}
});

const record = (path: string, type: string) =>
	`avc:  denied  { open } for  pid=7 comm="qemu-kvm" path="${path}" scontext=system_u:system_r:svirt_t:s0 tcontext=a:b:${type}:s0 tclass=chr_file permissive=0`;
test('several denials on one line are several', (t) => {
	const stamp = (at: number) => `type=AVC msg=audit(1.1:${at}): `;
	const call = 'type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=257 success=no comm="other" exe="/usr/bin/other"';
	const text = `${stamp(1)}${record('/dev/udmabuf', 'x_t')} ${stamp(1)}${record('/dev/sev', 'sev_device_t')} ${call}\n`;
	const { facts, signs } = avc.read(text);
	t.is(avc.recognise(text), 3);
	t.like(facts, { avc: 2, comm: 'qemu-kvm', denials: [{ target: '/dev/udmabuf' }, { target: '/dev/sev', comm: 'qemu-kvm' }] });
	t.deepEqual(
		signs.map(({ code }) => code),
		['selinux-denial', 'selinux-denies-dev-sev'],
	);
	t.deepEqual(
		signs.map(({ evidence }) => evidence),
		[record('/dev/udmabuf', 'x_t'), record('/dev/sev', 'sev_device_t')],
	);
	t.like(avc.read(`${record('/dev/a', 'x_t')} ${record('/dev/b', 'x_t')}\n`).facts, { avc: 2 });
});

test("a TPM's revision is told by its raw word, or as it is printed", (t) => {
	const revision = (more: string) =>
		tpm.read(`TPM2_PT_REVISION:\n${more}TPM2_PT_MANUFACTURER:\n  raw: 0x49424D20\n`).facts.revision;
	t.is(revision('  value: 1.62\n'), 1.62);
	t.is(revision('  raw: 0xA2\n  value: 1.62\n'), 1.62);
	t.is(revision('  raw: 0x8A\n'), 1.38);
	t.is(revision(''), null);
});

test('an indented list of properties is one, in a block and beside words', (t) => {
	const list = '    TPM2_PT_MANUFACTURER:\n      raw: 0x4D534654\n      value: "MSFT"\n';
	for (const text of [list, `It says\n\n${list}\nand no more, which I do not understand.\n`]) {
		t.is(tpm.recognise(text), 3);
		t.like(tpm.read(text), { facts: { manufacturer: 'MSFT' } });
	}
});

test("lines of the SVSM's second stage are the SVSM's", (t) => {
	for (const text of [
		'[Stage2] Order-01: total pages:     0 free pages:     0\n',
		'[Stage2]   kernel_virtual_base      = 0xffffff8000000000\n',
		'[Stage2] Starting SVSM kernel...\n',
	]) {
		t.is(svsm.recognise(text), 3);
		t.like(svsm.read(text), { snp: 'unknown', signs: [] });
	}
	t.is(svsm.recognise('[Stage2] Building the image\n'), 0);
});
