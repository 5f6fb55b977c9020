// Texts of libvirt, QEMU and their firmware files: for every cause one that shows it and one that comes near and does not.

import test from 'ava';
import fc from 'fast-check';
import type { TextReader } from '../reading.ts';
import { domcaps } from './domcaps.ts';
import { fwdesc } from './fwdesc.ts';
import { libvirt } from './libvirt.ts';
import { qemu } from './qemu.ts';
import { qmp } from './qmp.ts';
import { selectDescriptors } from './select-descriptors.ts';
import { vhv } from './vhv.ts';
import { scanXml } from './xml-elements.ts';

const readers: readonly TextReader[] = [domcaps, fwdesc, libvirt, vhv, qmp, qemu];

const check = (name: string, result: string) => `  QEMU: Checking ${name.padEnd(63)}: ${result}\n`;
const error = (desc: string, kind = 'GenericError') => JSON.stringify({ id: 'libvirt-9', error: { class: kind, desc } });
const says = (words: string) => `2025-01-01T00:00:00.679347Z qemu-system-x86_64: ${words}\n`;
const version = (major: number, minor: number, micro: number, build = '') =>
	JSON.stringify({ return: { qemu: { major, minor, micro }, package: build } });
const types = (...names: readonly string[]) => JSON.stringify({ return: names.map((name) => ({ name, parent: 'object' })) });
const snpGuest = (os: string, rest = '', policy = '0x30000') =>
	`<domain type='kvm'><os>${os}</os>${rest}<launchSecurity type='sev-snp'><policy>${policy}</policy></launchSecurity></domain>`;
const capabilities = (sev: string, security: string) =>
	`<domainCapabilities><features><sev supported='${sev}'/>${security}</features></domainCapabilities>`;
const sectypes = (...names: readonly string[]) =>
	`<launchSecurity supported='yes'><enum name='sectype'>${names.map((name) => `<value>${name}</value>`).join('')}</enum></launchSecurity>`;
const descriptor = (device: string, features: readonly string[]) => {
	const mapping =
		device === 'memory' ? { device, filename: '/fw.fd' } : { device, executable: { filename: '/fw.fd', format: 'raw' } };
	const targets = [{ architecture: 'x86_64', machines: ['pc-q35-*'] }];
	return JSON.stringify({ description: 'x', 'interface-types': ['uefi'], mapping, targets, features, tags: [] });
};
const slot = (number: number, start: string, flags: string) =>
	says(
		`kvm_set_user_memory_region: KVM_SET_USER_MEMORY_REGION2 failed, slot=${number}, start=${start}, size=0x1000, flags=${flags}, guest_memfd=-1, guest_memfd_offset=0x0: Invalid argument`,
	);
const running = 'kvm_sev_snp_launch_start policy 0x30000 gosvw (null)\nkvm_sev_change_state launch-update -> running\n';

/** Code, reader, a text that shows it, and a near miss. */
const cases: readonly (readonly [string, TextReader, string, string])[] = [
	[
		'virtualization-off-in-firmware',
		vhv,
		check('for hardware virtualization', 'FAIL (no svm)'),
		check('for hardware virtualization', 'PASS'),
	],
	[
		'vhv-sev-off-in-firmware',
		vhv,
		check('for secure guest support', 'WARN (AMD Secure Encrypted Virtualization appears to be disabled in firmware.)'),
		check('for secure guest support', 'WARN (Unknown if this platform has Secure Guest support)'),
	],
	[
		'vhv-sev-parameter-off',
		vhv,
		check(
			'for secure guest support',
			'WARN (AMD Secure Encrypted Virtualization appears to be disabled in kernel. Add kvm_amd.sev=1 to the kernel cmdline arguments)',
		),
		check(
			'for secure guest support',
			'WARN (IBM Secure Execution appears to be disabled in kernel. Add prot_virt=1 to kernel cmdline arguments)',
		),
	],
	[
		'kernel-without-sev',
		vhv,
		check('for secure guest support', 'FAIL (AMD Secure Encrypted Virtualization not supported by the currently used kernel)'),
		check('for secure guest support', 'FAIL (IBM Secure Execution not supported by the currently used kernel)'),
	],
	[
		'iommu-off-in-firmware',
		vhv,
		check(
			'for device assignment IOMMU support',
			'WARN (No ACPI IVRS table found, IOMMU either disabled in BIOS or not supported by this hardware platform)',
		),
		check(
			'for device assignment IOMMU support',
			'WARN (No ACPI DMAR table found, IOMMU either disabled in BIOS or not supported by this hardware platform)',
		),
	],
	[
		'iommu-pt-advice',
		vhv,
		check(
			'if IOMMU is enabled by kernel',
			'WARN (IOMMU appears to be disabled in kernel. Add iommu=pt iommu=1 to kernel cmdline arguments)',
		),
		check(
			'if IOMMU is enabled by kernel',
			'WARN (IOMMU appears to be disabled in kernel. Add intel_iommu=on to kernel cmdline arguments)',
		),
	],
	[
		'dev-kvm-missing',
		vhv,
		check('if device /dev/kvm exists', 'FAIL (Load the module)'),
		check('if device /dev/vhost-net exists', 'WARN (Load the module)'),
	],
	[
		'dev-kvm-missing',
		qemu,
		says('Could not access KVM kernel module: No such file or directory'),
		says('failed to initialize kvm: Operation not permitted'),
	],
	[
		'dev-kvm-denied',
		vhv,
		check('if device /dev/kvm is accessible', 'FAIL (Check /dev/kvm)'),
		'   LXC: Checking if device /dev/kvm is accessible : FAIL (Check /dev/kvm)\n',
	],
	[
		'dev-kvm-denied',
		qemu,
		says('Could not access KVM kernel module: Permission denied'),
		says('Could not access KVM kernel module: No such file or directory'),
	],
	[
		'psp-request-failed',
		qmp,
		error('SEV: failed to export PDH cert ret=-5 fw_err=1 (Platform state is invalid)'),
		error('SEV: Failed to open /dev/sev: No such file or directory'),
	],
	[
		'psp-request-failed',
		qemu,
		says('sev_common_kvm_init: failed to get platform status ret=-5'),
		says('sev_common_kvm_init: failed to create encryption context'),
	],
	['kvm-without-snp', qemu, says('vm-type SEV-SNP not supported by KVM'), says('vm-type TDX not supported by KVM')],
	['sev-off-in-kvm', qmp, error('SEV is not enabled in KVM'), error('SEV is not configured')],
	[
		'kvm-qemu-interface-mismatch',
		qemu,
		says("sev_snp_launch_start: SNP_LAUNCH_START ret=-25 fw_error=0 ''"),
		says("sev_snp_launch_start: SNP_LAUNCH_START ret=-22 fw_error=0 ''"),
	],
	[
		'dev-sev-missing',
		qmp,
		error('SEV: Failed to open /dev/sev: No such file or directory'),
		error('SEV: Failed to open /dev/sev: Permission denied'),
	],
	[
		'dev-sev-missing-or-denied',
		qmp,
		error('Failed to open /dev/sev: Permission denied'),
		error('Failed to open /dev/fd: Permission denied'),
	],
	[
		'dev-sev-missing-or-denied',
		qemu,
		says("sev_common_kvm_init: Failed to open /dev/sev 'Permission denied'"),
		says("Failed to open /dev/sevenths 'Permission denied'"),
	],
	[
		'qemu-without-sev',
		qmp,
		error('The command query-sev-capabilities has not been found', 'CommandNotFound'),
		error('The command query-cpus has not been found', 'CommandNotFound'),
	],
	['qemu-without-kvm', qmp, error('KVM not enabled'), error('KVM PV not enabled')],
	['qemu-without-snp-object', qmp, types('sev-guest', 'memory-backend-memfd'), types('sev-guest', 'sev-snp-guest')],
	['qemu-without-snp-object', qmp, types('sev-guest'), types('memory-backend-memfd')],
	[
		'qemu-without-snp-object',
		qemu,
		"error: unsupported configuration: 'sev-snp' launch security is not supported with this QEMU binary\n",
		"error: unsupported configuration: 'tdx' launch security is not supported with this QEMU binary\n",
	],
	['qemu-before-snp', qmp, version(9, 0, 0), version(9, 1, 0)],
	['qemu-release-candidate', qmp, version(9, 0, 92), version(9, 1, 2)],
	['qemu-release-candidate', qmp, version(9, 1, 0, 'qemu-9.1.0-0.2.rc2.fc41'), version(9, 1, 0, 'qemu-9.1.0-2.fc41')],
	[
		'qemu-without-svsm-support',
		qemu,
		says("Property 'pc-q35-10.0-machine.igvm-cfg' not found"),
		says("Property 'pc-q35-10.0-machine.no-such' not found"),
	],
	['libvirt-without-snp', domcaps, capabilities('yes', ''), capabilities('yes', sectypes('sev', 'sev-snp'))],
	['domcaps-without-sev', domcaps, capabilities('no', "<launchSecurity supported='no'/>"), "<sev supported='yes'>"],
	[
		'domcaps-without-snp',
		domcaps,
		capabilities('yes', sectypes('sev')),
		"<launchSecurity supported='yes'><enum name='sectype'><value>sev</value>",
	],
	['firmware-descriptor-invalid', fwdesc, '{"firmware":{"invalid":true}}', descriptor('memory', ['amd-sev-snp'])],
	['firmware-descriptor-invalid', fwdesc, descriptor('tape', []), descriptor('flash', [])],
	[
		'snp-firmware-as-flash',
		fwdesc,
		descriptor('flash', ['amd-sev', 'amd-sev-snp']),
		descriptor('memory', ['amd-sev', 'amd-sev-snp']),
	],
	['snp-firmware-as-flash', fwdesc, descriptor('flash', ['amd-sev-snp']), descriptor('flash', ['amd-sev'])],
	[
		'no-matching-firmware',
		qemu,
		"error: operation failed: Unable to find 'efi' firmware that is compatible with the current configuration\n",
		"error: operation failed: Unable to find 'efi' in the list\n",
	],
	['firmware-file-missing', qemu, says("could not load PC BIOS 'OVMF.fd'"), says("could not load kernel 'vmlinuz'")],
	[
		'wrong-firmware-file',
		qemu,
		says('SEV information block/Firmware GUID Table block not found in pflash rom'),
		says('Firmware GUID Table found'),
	],
	[
		'firmware-maps-apic-private',
		qemu,
		says('Convert non guest_memfd backed memory region (0xfee00000 ,+ 0x1000) to private'),
		says('Convert memory region (0xfee00000 ,+ 0x1000) to private'),
	],
	['pflash-with-snp', qemu, slot(2, '0xffc84000', '0x2'), slot(2, '0xc0000', '0x2')],
	['pflash-with-snp', libvirt, snpGuest("<loader type='pflash'>/fw.fd</loader>"), snpGuest("<loader type='rom'>/fw.fd</loader>")],
	[
		'pflash-with-snp',
		qemu,
		'qemu-system-x86_64 -machine q35 -object sev-snp-guest,id=sev0,policy=0x30000 -drive if=pflash,file=OVMF.fd\n',
		'qemu-system-x86_64 -machine q35 -object sev-guest,id=sev0,policy=0x1 -drive if=pflash,file=OVMF.fd\n',
	],
	['policy-without-bit-17', libvirt, snpGuest('', '', '0x24'), snpGuest('', '', '0x00030000')],
	[
		'policy-without-bit-17',
		qemu,
		'/usr/bin/qemu-system-x86_64 \\\n-object \'{"qom-type":"sev-snp-guest","id":"lsec0","cbitpos":51,"policy":127}\' \\\n',
		'/usr/bin/qemu-system-x86_64 \\\n-object \'{"qom-type":"sev-snp-guest","id":"lsec0","cbitpos":51,"policy":196608}\' \\\n',
	],
	['debug-policy', libvirt, snpGuest('', '', '0xb0000'), snpGuest('', '', '0x30000')],
	['smm-with-snp', qemu, says('SEV-SNP does not support SMM.'), says('SEV-ES does not support SMM.')],
	[
		'smm-with-snp',
		libvirt,
		snpGuest('', "<features><smm state='on'/></features>"),
		snpGuest('', "<features><smm state='off'/></features>"),
	],
	[
		'cbitpos-mismatch',
		qemu,
		says("sev_common_kvm_init: cbitpos check failed, host '51' requested '47'"),
		says("sev_common_kvm_init: reduced_phys_bits check failed, it should be >=1, requested '0'"),
	],
	[
		'reduced-phys-bits-mismatch',
		qemu,
		says("sev_common_kvm_init: reduced_phys_bits check failed, it should be >=1, requested '0'"),
		says("sev_common_kvm_init: cbitpos check failed, host '51' requested '47'"),
	],
	[
		'cpuid-page-rejected',
		qemu,
		says('SEV-SNP: CPUID validation failed for function 0x8000001f'),
		says('SEV-SNP: CPUID function 0x8000001f'),
	],
	[
		'sev-init-refused',
		qemu,
		says("sev_common_kvm_init: failed to initialize ret=-16 fw_error=0 ''"),
		says('failed to initialize kvm: Operation not permitted'),
	],
	[
		'policy-rejected-by-kvm',
		qemu,
		says("sev_snp_launch_start: SNP_LAUNCH_START ret=-22 fw_error=0 ''"),
		says("sev_launch_start: LAUNCH_START ret=-22 fw_error=0 ''"),
	],
	[
		'policy-not-allowed-by-firmware',
		qemu,
		says("SNP_LAUNCH_START ret=-5 fw_error=7 'Policy is not allowed'"),
		says("SNP_LAUNCH_START ret=-5 fw_error=70 ''"),
	],
	[
		'launch-start-refused',
		qemu,
		says("SNP_LAUNCH_START ret=-5 fw_error=1 'Platform state is invalid'"),
		says("SNP_LAUNCH_START ret=-5 fw_error=7 'Policy is not allowed'"),
	],
	[
		'no-private-memory-backend',
		qemu,
		says("SNP_LAUNCH_UPDATE ret=-22 fw_error=0 ''"),
		says("SNP_LAUNCH_UPDATE ret=-5 fw_error=0 ''"),
	],
	[
		'launch-update-refused',
		qemu,
		says("SNP_LAUNCH_UPDATE ret=-5 fw_error=22 ''"),
		says("SNP_LAUNCH_UPDATE ret=-22 fw_error=0 ''"),
	],
	['launch-finish-refused', qemu, says("SNP_LAUNCH_FINISH ret=-5 fw_error=22 ''"), says("LAUNCH_FINISH ret=-5 fw_error=22 ''")],
	['memory-slot-rejected', qemu, slot(3, '0xfeda0000', '0x4'), slot(2, '0xffc84000', '0x2')],
	['runtime-memslot-failure-after-launch', qemu, running + slot(3, '0xfeda0000', '0x4'), slot(3, '0xfeda0000', '0x4')],
	[
		'host-tpm-in-snp-guest',
		libvirt,
		snpGuest('', "<devices><tpm model='tpm-crb'><backend type='emulator'/></tpm></devices>"),
		"<domain type='kvm'><tpm model='tpm-crb'><backend type='emulator'/></tpm></domain>",
	],
	[
		'launch-failure-cut-off',
		qemu,
		says('failed to initialize kvm: Operation not permitted'),
		says("SNP_LAUNCH_START ret=-22 fw_error=0 ''") + says('failed to initialize kvm: Operation not permitted'),
	],
	['not-snp', qemu, slot(65_536, '0x0', '0x0'), slot(65_536, '0x0', '0x4')],
	['migration-blocked', qemu, says('SEV-SNP: Migration is not implemented'), says('SEV: Migration is not implemented')],
];

const codes = (reader: TextReader, text: string) => reader.read(text).signs.map(({ code }) => code);

for (const [index, [code, reader, text, near]] of cases.entries()) {
	test(`${index} ${reader.kind} shows '${code}', a near miss does not`, (t) => {
		t.true(codes(reader, text).includes(code));
		t.false(codes(reader, near).includes(code));
		t.true(reader.recognise(text) > 0);
		for (const other of readers) {
			t.true(other === reader || other.recognise(text) < reader.recognise(text), `${other.kind} takes it too`);
		}
		const coloured = `\u001b[1m${text.replaceAll('\n', '\r\n')}\u001b[0m`;
		t.deepEqual(reader.read(coloured).signs, reader.read(text).signs);
		t.true(reader.read(text).signs.every(({ evidence }) => evidence.length <= 240 && !/\d{4}-\d\d-\d\dT/.test(evidence)));
	});
}

test('the first cause of a launch wins over what follows from it, however it is wrapped', (t) => {
	const first = "qemu-system-x86_64: SNP_LAUNCH_START ret=-22 fw_error=0 ''";
	const kata = `time="2025-01-01T00:00:00Z" level=error msg="failed to launch qemu: ${first}\\nqemu-system-x86_64: could not load PC BIOS 'x'" name=kata\n`;
	t.deepEqual(codes(qemu, kata), ['policy-rejected-by-kvm']);
	t.like(qemu.read(kata).facts, { ret: -22, fwError: 0, via: 'kata' });
});

test('of a log with several starts the last one counts', (t) => {
	const start = '2025-01-01 00:00:00.000+0000: starting up libvirt version: 11.0.0\n';
	t.deepEqual(codes(qemu, `${start}${says('SEV-SNP does not support SMM.')}${start}char device redirected to /dev/pts/1\n`), []);
});

test('a trace of a guest that runs is a usable host', (t) => {
	t.like(qemu.read(running), { snp: 'usable', signs: [] });
	t.is(qemu.read(running.replace('_snp', '')).snp, 'unknown');
});

test('a running SNP guest proves itself to query-sev and domlaunchsecinfo', (t) => {
	const state = {
		enabled: true,
		'api-major': 1,
		'api-minor': 55,
		'build-id': 21,
		state: 'running',
		'sev-type': 'sev-snp',
		'snp-policy': 196_608,
	};
	t.like(qmp.read(JSON.stringify({ return: state })), { snp: 'usable' });
	t.is(qmp.read(JSON.stringify({ return: { ...state, state: 'launch-update' } })).snp, 'unknown');
	t.is(qmp.read(JSON.stringify({ return: { ...state, 'sev-type': 'sev' } })).snp, 'unknown');
	t.like(libvirt.read('sev-api-major : 1\nsev-api-minor : 55\nsev-build-id : 21\nsev-snp-policy : 196608\n'), { snp: 'usable' });
	t.is(libvirt.recognise('cbitpos : 51\nreduced-phys-bits : 1\nmax-guests : 59\nmax-es-guests : 450\n'), 2);
});

test('descriptors: a directory hides another, an empty file hides and is gone, names give the order', (t) => {
	const usr = '/usr/share/qemu/firmware';
	const files = [
		{ directory: usr, name: '60-b.json', text: descriptor('flash', ['amd-sev-snp']) },
		{ directory: '/etc/qemu/firmware/', name: '60-b.json', text: descriptor('memory', ['amd-sev-snp']) },
		{ directory: usr, name: '30-a.json', text: descriptor('flash', []) },
		{ directory: usr, name: '92-masked.json', text: descriptor('flash', []) },
		{ directory: '/etc/qemu/firmware', name: '92-masked.json', text: '' },
		{ directory: '/home/user/.config/qemu/firmware', name: '10-own.json', text: '{"firmware":{}}' },
		{ directory: usr, name: 'README', text: 'words' },
	];
	const expected = [
		['10-own.json', null],
		['30-a.json', 'flash'],
		['60-b.json', 'memory'],
	];
	for (const order of [files, files.toReversed()]) {
		t.deepEqual(
			selectDescriptors(order).map(({ name, descriptor: found }) => [name, found?.device ?? null]),
			expected,
		);
	}
});

test('XML: what is cut, quoted either way or nested wrongly still gives its elements', (t) => {
	const found = (text: string) => scanXml(text).map(({ path, text: data, closed }) => [path, data, closed]);
	t.deepEqual(found('# virsh x\n<a b=\'1\'>\n <c d="2>"/> <!-- <e/> -->\n <f>g'), [
		['a', '', false],
		['a/c', '', true],
		['a/f', '', false],
	]);
	t.deepEqual(found('<a><b>1</a><c/>'), [
		['a', '', true],
		['a/b', '1', false],
		['c', '', true],
	]);
	t.is(scanXml('<a b=\'1\' c = "2">')[0]?.attributes.get('c'), '2');
});

const pieces = cases.flatMap(([, , text, near]) => [text, near]);

test('mutated and random text never throws', (t) => {
	const mutated = fc
		.record({
			parts: fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }),
			at: fc.nat(400),
			cut: fc.nat(40),
			put: fc.string({ unit: 'binary' }),
		})
		.map(({ parts, at, cut, put }) => parts.join('').slice(0, at) + put + parts.join('').slice(at + cut));
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' }), fc.json()), (text) => {
				for (const reader of readers) {
					reader.recognise(text);
					reader.read(text);
				}
			}),
			{ numRuns: 1_000 },
		),
	);
});
