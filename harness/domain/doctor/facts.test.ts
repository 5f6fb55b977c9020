// Facts that few texts state, in the wordings of the tools' versions, and the near ones that state nothing.

import test from 'ava';
import { diagnose, diagnosisDocument } from './diagnose.ts';

const factsOf = (text: string) => diagnosisDocument(diagnose([{ file: 'pasted', text }])).files[0]?.facts ?? {};

const tcb = (title: string, microcode: number, more = '') =>
	` ${title}: TCB Version:\n  Microcode:   ${microcode}\n  SNP:         22\n  TEE:         0\n  Boot Loader: 9${more}\n`;

test('snphost: addresses are hexadecimal after 0.5, and the RMP has no message', (t) => {
	t.like(
		factsOf('[ PASS ]         - RMP table addresses: 0x601d200000 - 0x607dafffff\n[ PASS ]         - RMP table initialized\n'),
		{
			rmpRange: ['0x601d200000', '0x607dafffff'],
			rmpInitialized: true,
		},
	);
	t.like(
		factsOf('[ PASS ] - RMP table addresses: Addresses: 760217600 - 1306525695\n[ FAIL ]         - RMP table initialized\n'),
		{
			rmpRange: ['0x2d500000', '0x4ddfffff'],
			rmpInitialized: false,
		},
	);
	t.like(factsOf('[ FAIL ] - Reading RMP table: Failed to read the desired MSR: Error Reading MSR\n[ SKIP ] - RMP INIT\n'), {
		rmpRange: null,
		rmpInitialized: null,
	});
});

test('snphost: both TCB versions, whether they match, and what was cut off', (t) => {
	const line = (status: string, message: string) => `[ ${status} ] - Comparing TCB values: ${message}`;
	const both = `${tcb('Platform TCB version', 72, '\n  FMC:         1')}\n${tcb('Reported TCB version', 71)}`;
	t.like(factsOf(`${line('FAIL', 'The TCB versions did NOT match')}\n\n${both}`), {
		tcbMatch: false,
		platformTcb: { microcode: 72, snp: 22, tee: 0, bootLoader: 9, fmc: 1 },
		reportedTcb: { microcode: 71, snp: 22, tee: 0, bootLoader: 9, fmc: null },
	});
	const cut = `${line('PASS', 'TCB versions match')}\n Platform TCB version:\nTCB Version:\n  Microcode:   72\n`;
	t.like(factsOf(`${cut}[ PASS ] - Memlock resource limit: Soft: 1 | Hard: 1\n  SNP:         3\n`), {
		tcbMatch: true,
		platformTcb: { microcode: 72, snp: null, tee: null, bootLoader: null, fmc: null },
		reportedTcb: null,
	});
	t.is(factsOf(line('FAIL', 'Failed to get SNP Platform status unable to open /dev/sev')).tcbMatch, null);
});

test('snphost: the same from JSON, whose comparison is an object', (t) => {
	const version = { microcode: '72', snp: '22', tee: '0', boot_loader: '9', fmc: 'None' };
	const message = { match: true, platform_tcb_version: version, reported_tcb_version: { ...version, snp: '21' } };
	const tests = [
		{ name: 'Comparing TCB values', status: 'pass', message },
		{ name: 'C-bit location', status: 'pass', message: '51' },
	];
	t.like(factsOf(JSON.stringify({ tests, skipped: [] })), {
		format: 'json',
		testList: null,
		cBit: 51,
		tcbMatch: true,
		platformTcb: { microcode: 72, snp: 22, tee: 0, bootLoader: 9, fmc: null },
		reportedTcb: { microcode: 72, snp: 21, tee: 0, bootLoader: 9, fmc: null },
	});
});

test('snphost: the firmware below the floor is the current one, not the floor', (t) => {
	const failed = '[ FAIL ]       - SEV Firmware Version: SEV firmware version needs to be at least 1.51,';
	t.is(factsOf(`${failed}\n                            current firmware version: 1.42\n`).firmware, '1.42');
	t.is(factsOf(failed).firmware, null);
	const message = 'SEV firmware version needs to be at least 1.51, \n current firmware version: 1.49';
	t.is(factsOf(JSON.stringify({ tests: [{ name: 'SEV firmware version', status: 'fail', message }] })).firmware, '1.49');
});

test('snphost: how it was printed, and whose list of tests it is', (t) => {
	const sevctl = [
		'- AMD CPU',
		'  - Secure Encrypted Virtualization (SEV)',
		'    - Encrypted State (SEV-ES)',
		'    - Secure Nested Paging (SEV-SNP)',
		'      - VM Permission Levels',
		'        - Number of VMPLs: 4',
		'    - Physical address bit reduction: 5',
	].map((line) => `[ PASS ] ${line}`);
	t.like(factsOf(sevctl.join('\n')), { format: 'tree', testList: 'sevctl', vmpls: 4 });
	// snphost 0.1 and 0.2 are told by KVM's test of SEV-SNP, and a list that is cut before a difference by nothing.
	t.is(factsOf([...sevctl, '[ PASS ]   - SEV-SNP enabled in KVM: enabled'].join('\n')).testList, 'snphost');
	t.is(factsOf(sevctl.slice(0, 4).join('\n')).testList, null);
	t.is(factsOf(sevctl.toSpliced(3, 0, '[ PASS ]     - SEV INIT: SEV is INIT').join('\n')).testList, 'snphost');
	t.like(factsOf('=== CPU Info ===\n  [ PASS ] C-bit location: 51\n'), { format: 'verbose-sections', testList: null });
	t.like(factsOf('Failures:\n[ FAIL ] - SNP initialized\n\nSKIPPED:\n[ SKIP ] - Alias check\n'), { format: 'short' });
});

test('sev_component_test: addresses and states as found, not as judged', (t) => {
	const item = (name: string, found: string) => `- ${name} [ X ] Found: ${found} Expected: x OK\n`;
	const items = (state: string, reported: string) =>
		item('RMP table addresses', 'RMP table physical address range 0xbf8d100000 - 0xc04d6fffff') +
		item('RMP INIT', state) +
		item('Comparing TCB versions', `Current TCB: 42 Reported TCB: ${reported}`);
	const wanted = { rmpRange: ['0xbf8d100000', '0xc04d6fffff'], rmpInitialized: true, tcbMatch: true };
	t.like(factsOf(`${items('1', '42')}SEV-SNP COMPONENT TEST PASS\n`), wanted);
	t.like(factsOf(`${items('0', '41')}SEV-SNP COMPONENT TEST PASS\n`), { ...wanted, rmpInitialized: false, tcbMatch: false });
	t.like(factsOf('SEV-SNP COMPONENT TEST PASS\n'), { rmpRange: null, rmpInitialized: null, tcbMatch: null });
});

test('host kernel: a failed INIT with its numbers in either order, or without them', (t) => {
	const ccp = (words: string) => factsOf(`ccp 0000:42:00.1: ${words}\n`);
	t.like(ccp('SEV-SNP: failed to INIT rc -5, error 0x3'), { snpInitFailure: { error: '0x3', rc: -5 }, sevInitFailure: null });
	t.like(ccp('SEV: failed to INIT error 0, rc -110'), { sevInitFailure: { error: '0', rc: -110 } });
	t.like(ccp('SEV: failed to INIT error 0x22'), { sevInitFailure: { error: '0x22', rc: null } });
	t.like(ccp('SEV API:1.55 build:7'), { sevInitFailure: null, firmwareFloorMet: true });
	t.is(ccp('SEV-SNP API:1.49 build:7').firmwareFloorMet, false);
	t.is(ccp('sev enabled').firmwareFloorMet, null);
});

test('host kernel: no word on the RMP is no table only in a text that spans the boot', (t) => {
	const api = 'ccp 0000:09:00.5: SEV API:1.53 build:5\n';
	const kvm = 'kvm_amd: SEV enabled (ASIDs 100 - 509)\nkvm_amd: SEV-ES unusable (ASIDs 1 - 99)\n';
	t.is(factsOf(api).rmp, 'unknown');
	t.is(factsOf(kvm).rmp, 'unknown');
	t.like(factsOf(api + kvm), { rmp: 'absent', asidsUsable: { sev: true, sevEs: false, sevSnp: null } });
});

test('guest kernel: the version of a report that was read beside the log', (t) => {
	const log = 'Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP\n';
	t.is(factsOf(`${log}report bytes=1184   version=3 guest_svn=0 vmpl=0\n`).reportVersion, 3);
	t.is(factsOf(`${log}report bytes=-1\n`).reportVersion, null);
	t.is(factsOf(`${log}systemd[1]: reporting version=257\n`).reportVersion, null);
});

test('snpguest: the key is the one that is named, and none when two are', (t) => {
	const verdict = 'VEK signed the Attestation Report!\n';
	t.is(factsOf(verdict).key, null);
	t.is(factsOf(`The VLEK was signed by the AMD ASVK!\n${verdict}`).key, 'vlek');
	t.is(factsOf('VCEK signed the Attestation Report!\n').key, 'vcek');
	t.is(factsOf(`./certs/vcek.der: OK\nThe VLEK was signed by the AMD ASVK!\n${verdict}`).key, null);
});

test('packages: where each is from, as dnf 4 and 5 print it', (t) => {
	const info = (from: string) =>
		`Name         : qemu-kvm\nEpoch        : 2\nVersion      : 9.1.3\nRelease      : 2.fc41\nArchitecture : x86_64\n${from}`;
	for (const [text, repository] of [
		[info('Repository   : @System\nFrom repo    : updates\n'), 'updates'],
		[info('From repository : updates\nVersion      : 1\n'), 'updates'],
		[info('Repository   : fedora\n'), 'fedora'],
		[info(''), null],
		['qemu-kvm.x86_64    2:9.1.3-2.fc41    @updates\n', 'updates'],
		['qemu-kvm.x86_64    2:9.1.3-2.fc41    @System\n', null],
		['qemu-kvm-2:9.1.3-2.fc41.x86_64\n', null],
	] as const) {
		const wanted = { name: 'qemu-kvm', epoch: '2', version: '9.1.3', release: '2.fc41', repository };
		t.deepEqual(factsOf(text).packages, [wanted], text);
	}
	t.deepEqual(factsOf(`${info('')}\n${info('').replace('qemu-kvm', 'libvirt')}`).fedora, true);
});
