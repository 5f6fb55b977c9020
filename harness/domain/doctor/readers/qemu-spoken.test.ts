// A failure counts where it is spoken, and not where somebody writes about it.

import test from 'ava';
import { qemu } from './qemu.ts';
import { isSpoken } from './qemu-spoken.ts';

const codes = (text: string) => qemu.read(text).signs.map(({ code }) => code);

const start = "SNP_LAUNCH_START ret=-22 fw_error=0 ''";
const spoken: readonly (readonly [string, string, string])[] = [
	['QEMU', `qemu-system-x86_64: sev_snp_launch_start: ${start}`, 'policy-rejected-by-kvm'],
	['QEMU by its path', `/usr/libexec/qemu-kvm: -accel kvm: sev_snp_launch_start: ${start}`, 'policy-rejected-by-kvm'],
	['QEMU under its short name', "qemu: could not load PC BIOS '/fw/OVMF.fd'", 'firmware-file-missing'],
	['the function alone', `sev_snp_launch_start: ${start}`, 'policy-rejected-by-kvm'],
	['the accelerator alone', '-accel kvm: vm-type SEV-SNP not supported by KVM', 'kvm-without-snp'],
	['nobody, at the start of its line', 'vm-type snp not supported by KVM', 'kvm-without-snp'],
	['a line with a time', `2025-01-01T00:00:00.1Z qemu-system-x86_64: ${start}`, 'policy-rejected-by-kvm'],
	[
		'a journal',
		'Jan  1 00:00:00 host0 virtqemud[99]: internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: SEV-SNP does not support SMM.',
		'smm-with-snp',
	],
	[
		"libvirt's log",
		"2025-01-01 00:00:00.1+0000: 99: error : virProcessX:9 : internal error: process exited while connecting to monitor: qemu-kvm: could not load PC BIOS 'x.fd'",
		'firmware-file-missing',
	],
	[
		'virsh',
		"error: operation failed: Unable to find 'efi' firmware that is compatible with the current configuration",
		'no-matching-firmware',
	],
	['virt-install', "ERROR    operation failed: Unable to find any firmware to satisfy 'efi'", 'no-matching-firmware'],
	[
		'Python',
		"libvirt.libvirtError: unsupported configuration: 'sev-snp' launch security is not supported with this QEMU binary",
		'qemu-without-snp-object',
	],
	[
		'a container runtime',
		`time="2025-01-01T00:00:00Z" level=error msg="qemu-system-x86_64: ${start}" name=kata`,
		'policy-rejected-by-kvm',
	],
	['a log in JSON', `{"level":"error","msg":"failed to launch qemu: qemu-system-x86_64: ${start}"}`, 'policy-rejected-by-kvm'],
	['a log in JSON with blanks', `{"level": "error", "msg": "qemu-system-x86_64: ${start}"}`, 'policy-rejected-by-kvm'],
	['a reply to a mail', `> > qemu-system-x86_64: ${start}`, 'policy-rejected-by-kvm'],
	['a forum', `\`qemu-system-x86_64: ${start}\``, 'policy-rejected-by-kvm'],
];
for (const [who, text, code] of spoken) {
	test(`${who} speaks`, (t) => {
		t.true(qemu.recognise(text) >= 2);
		t.deepEqual(codes(text), [code]);
	});
}

const written: readonly (readonly [string, string])[] = [
	['a sentence with a quotation', `If you ever see "qemu-system-x86_64: sev_snp_launch_start: ${start}" the policy lacks a bit.`],
	['a list', '* **vm-type snp not supported by KVM**: the kernel of the host is older than 6.11.'],
	['a list with code', '- `Could not access KVM kernel module: Permission denied`: join the group kvm.'],
	[
		'a sentence of libvirt',
		"When libvirt says `operation failed: Unable to find any firmware to satisfy 'efi'`, install edk2-ovmf.",
	],
	['a sentence without quotation', "The message Unable to find any firmware to satisfy 'efi' is about descriptors."],
	['another program’s JSON', '{"error": {"code": 404, "message": "Failed to open /dev/sev"}}'],
	['a documentation comment', '/// let mut firmware = Firmware::open().expect("failed to open /dev/sev");'],
	['a call', '    error_report("%s: KVM_SET_USER_MEMORY_REGION2 failed, slot=%d,"'],
	['a call with a name', `    fprintf(stderr, "qemu: could not load PC BIOS '%s'\\n", bios_name);`],
	['a sentence from the start of its line', 'SEV-SNP does not support SMM, so that it is switched off.'],
	['another one', 'vm-type snp not supported by KVM means that the kernel is too old.'],
	['a table', '| `failed to get platform status ret=` | firmware |'],
	['an event without values', 'kvm_sev_snp_launch_start(uint64_t policy, char *gosvw) "policy 0x%" PRIx64 " gosvw %s"'],
	['a type', 'struct kvm_sev_snp_launch_start {'],
];
for (const [what, text] of written) {
	test(`${what} speaks nothing`, (t) => {
		t.is(qemu.recognise(text), 0);
		t.deepEqual(codes(text), []);
	});
}

test('a quoted message before the spoken one on a line does not hide it', (t) => {
	t.deepEqual(codes(`see "vm-type snp not supported by KVM" | qemu-system-x86_64: ${start}`), ['policy-rejected-by-kvm']);
	t.true(isSpoken('a: qemu: x', 9, 10));
	t.false(isSpoken('a qemu: x', 8, 9));
});

const failed = 'qemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted\n';
const reasons: readonly (readonly [string, string])[] = [
	['sev_common_kvm_init: host kernel does not support the requested SEV configuration.', 'kvm-qemu-interface-mismatch'],
	[
		'SEV: host kernel does not support requested KVM_X86_SEV_VM VM type, which is required for the set of options specified.',
		'kvm-qemu-interface-mismatch',
	],
	['sev_common_kvm_init: guest policy requires SEV-ES, but host SEV-ES support unavailable', 'firmware-without-sev-es'],
	['KVM does not support guest_memfd', 'kernel-without-guest-memfd'],
	["sev_guest_init: failed to initialize ret=-25 fw_error=0 ''", 'kvm-qemu-interface-mismatch'],
	["sev_guest_init: failed to initialize ret=-16 fw_error=0 ''", 'sev-init-refused'],
	["sev_guest_init: Failed to open /dev/sev 'No such file or directory'", 'dev-sev-missing-or-denied'],
];
for (const [reason, code] of reasons) {
	test(`the reason of a failed start: ${reason}`, (t) => {
		const text = `qemu-system-x86_64: ${reason}\n${failed}`;
		t.true(qemu.recognise(text) >= 2);
		t.deepEqual(codes(text), [code]);
		t.is(qemu.read(text).snp, 'unknown', 'no word of SEV-SNP');
	});
}

test('libvirt that does not know the type of launch security', (t) => {
	for (const reason of [
		"XML error: Invalid value for attribute 'type' in element 'launchSecurity': 'sev-snp'.",
		"unsupported configuration: unsupported launch security type 'sev-snp'",
	]) {
		const text = `error: Failed to define domain from guest.xml\nerror: ${reason}\n`;
		t.is(qemu.recognise(text), 2);
		t.deepEqual(codes(text), ['libvirt-without-snp']);
	}
	t.deepEqual(codes("error: XML error: Invalid value for attribute 'type' in element 'launchSecurity': 'tdy'.\n"), []);
	t.deepEqual(codes('error: unsupported configuration: SEV launch security is not supported with this QEMU binary\n'), [
		'domcaps-without-sev',
	]);
});

test('where any reason is said the text is not cut off', (t) => {
	for (const reason of ['SEV-ES guests require in-kernel irqchip support', 'cannot disable RAM discard', 'some new reason']) {
		const reading = qemu.read(`qemu-system-x86_64: sev_kvm_init: ${reason}\n${failed}`);
		t.deepEqual(reading.signs, []);
		t.regex(String(reading.facts.reason), new RegExp(`${reason}$`));
	}
	t.deepEqual(codes(failed), ['launch-failure-cut-off']);
});

const plain = '/usr/bin/qemu-system-x86_64 -name guest=one -machine q35 -accel kvm -cpu host -m 4096 -drive if=pflash,file=a.fd';
const commands: readonly (readonly [string, string])[] = [
	['alone', plain],
	['after a prompt', `[root@host ~]# ${plain}`],
	['traced by a shell', `+ sudo ${plain}`],
	['with an environment', `LC_ALL=C PATH=/usr/bin ${plain}`],
	['among processes', `qemu  4711  9.9 10:00 ${plain}`],
	["in libvirt's log", `LC_ALL=C \\\n${plain.replaceAll(' -', ' \\\n-')} \\\n-msg timestamp=on`],
	['without backslashes', plain.replaceAll(' -', '\n  -').replace('\n  -', ' -')],
];
for (const [title, text] of commands) {
	test(`a command line ${title} is of QEMU, and says nothing without a SEV object`, (t) => {
		t.is(qemu.recognise(text), 2);
		t.like(qemu.read(text), { snp: 'unknown', signs: [], facts: { object: null, firmware: 'pflash' } });
		t.deepEqual(codes(`${text} -object sev-snp-guest,id=a,policy=0x30000`), ['pflash-with-snp']);
	});
}

const noCommands: readonly (readonly [string, string])[] = [
	['a sentence', 'Then start it with qemu-system-x86_64 -machine q35 -accel kvm -cpu host -m 4096 and wait.'],
	['code in a sentence', 'Run `qemu-system-x86_64 -machine q35 -object sev-snp-guest,id=a,policy=0x7 -m 4096` as root.'],
	['one option', 'qemu-system-x86_64 -version'],
	[
		'a template',
		'qemu-system-x86_64 \\\n  <other parameters> \\\n  -machine ...,x=sev0 \\\n  -object sev-snp-guest,id=sev0,policy=0x7',
	],
	['an abridged one', 'qemu-system-x86_64 \\\n  ... \\\n  -object sev-snp-guest,id=sev0,policy=0x7 \\\n  ...'],
	['a list of packages', 'qemu-system-x86-core\nqemu-kvm\n'],
];
for (const [title, text] of noCommands) {
	test(`no command line: ${title}`, (t) => {
		t.is(qemu.recognise(text), 0);
		t.deepEqual(codes(text), []);
	});
}
