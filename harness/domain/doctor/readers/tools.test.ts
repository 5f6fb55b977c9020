// Readers of what tools print: the corpus, a text that yields each cause and one near to it that does not, and rubbish.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { findCause } from '../causes/index.ts';
import type { Reading, TextReader } from '../reading.ts';
import { avc } from './avc.ts';
import { rpm } from './rpm.ts';
import { snpguest } from './snpguest.ts';
import { snphost } from './snphost.ts';
import { svsm } from './svsm.ts';
import { tpm } from './tpm.ts';

const readers: readonly TextReader[] = [snphost, snpguest, tpm, avc, rpm, svsm];

const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const present = existsSync(join(corpus, 'expectations.json'));
const inCorpus = present ? test : test.skip;

interface Row {
	readonly file: string;
	readonly contract: {
		readonly kind: string;
		readonly snp?: string;
		readonly code?: string;
		readonly facts?: Readonly<Record<string, unknown>>;
	};
}

const rows = present ? (JSON.parse(readFileSync(join(corpus, 'expectations.json'), 'utf8')) as readonly Row[]) : [];
const textOf = ({ file }: Row) => readFileSync(join(corpus, file), 'utf8');

/** The first root as the list of causes orders it: a note explains nothing. */
function rootOf({ signs }: Reading): string | null {
	const found = signs.map(({ code }) => findCause(code));
	const isNote = (severity: string) => Number(severity === 'note');
	return [...found].sort((a, b) => isNote(a.severity) - isNote(b.severity) || a.rank - b.rank)[0]?.code ?? null;
}

inCorpus('[corpus] every transcript of these kinds is read as the contract has it', (t) => {
	for (const row of rows) {
		for (const reader of readers) {
			const score = reader.recognise(textOf(row));
			t.is(score >= 2, reader.kind === row.contract.kind, `${row.file} by '${reader.kind}': ${score}`);
		}
		const reader = readers.find(({ kind }) => kind === row.contract.kind);
		if (reader !== undefined) {
			const reading = reader.read(textOf(row));
			const { snp = reading.snp, code = rootOf(reading), facts } = row.contract;
			t.like({ ...reading, root: rootOf(reading) }, { snp, root: code, ...(facts === undefined ? {} : { facts }) }, row.file);
		}
	}
});

inCorpus('[corpus] colours, carriage returns, a journal and a repetition change nothing', (t) => {
	for (const row of rows) {
		const reader = readers.find(({ kind }) => kind === row.contract.kind);
		const text = textOf(row);
		// A report's columns and a table's header are at the start of a line and of the text, and said once.
		if (reader === undefined || row.file.endsWith('.tsv')) {
			continue;
		}
		const plain = reader.read(text);
		const colour = text.replace(/PASS|FAIL|SKIP/g, (word) => `\u001b[32m${word}\u001b[0m`).replace(/\n/g, '\r\n');
		const journal = text.replace(/^(?=.)/gm, 'Nov 23 10:00:00 host0 tool[4711]: ');
		const bare = text.replace(/PASS|FAIL|SKIP/g, (word) => `[32m${word}[0m`);
		for (const variant of [colour, journal, bare]) {
			t.true(reader.recognise(variant) >= 2, row.file);
			t.deepEqual(reader.read(variant), plain, row.file);
		}
		const twice = reader.read(`${text}\n${text}`);
		t.deepEqual([twice.snp, rootOf(twice)], [plain.snp, rootOf(plain)], row.file);
	}
});

const good05 = [
	'[ PASS ] - AMD CPU',
	'[ PASS ]   - Secure Encrypted Virtualization (SEV)',
	'[ PASS ]     - Secure Nested Paging (SEV-SNP)',
	'[ PASS ]       - SNP: Enabled in MSR',
	'[ PASS ]       - SEV Firmware Version: Sev firmware version: 1.55',
	'[ PASS ]       - SNP INIT: SNP is INIT',
	'[ PASS ] - KVM supported: API version: 12',
	'[ PASS ]   - SEV-SNP enabled in KVM: enabled',
	'[ PASS ] - RMP INIT: RMP is INIT',
	'[ PASS ] - Comparing TCB values: TCB versions match ',
].join('\n');
const failing = (from: string, to: string) => good05.replace(`[ PASS ] ${from}`, `[ FAIL ] ${to}`);

const verified = [
	'The AMD ARK was self-signed!',
	'The AMD ASK was signed by the AMD ARK!',
	'The VCEK was signed by the AMD ASK!',
	'Reported TCB SNP from certificate matches the attestation report.',
	'VEK signed the Attestation Report!',
].join('\n');
const denial = (more: string) => `type=AVC msg=audit(1.2:3): avc:  denied  { open } for  pid=1 ${more} permissive=0`;
const zeros = '00'.repeat(32);
const bank = (values: readonly string[]) => `  sha256:\n${values.map((value, n) => `    ${n} : 0x${value}`).join('\n')}`;
const report = (policy: string, version = 2) =>
	`Attestation Report (1184 bytes):\nVersion:                      ${version}\nGuest Policy (${policy}):\nVMPL:                         0`;

/** Code, reader, a text that shows it, and one that looks like it and does not. */
const cases: readonly (readonly [string, TextReader, string, string])[] = [
	[
		'cpu-not-amd',
		snphost,
		'[ FAIL ] - AMD CPU\n[ SKIP ]   - Microcode support',
		'[ PASS ] - AMD CPU\n[ FAIL ]   - Microcode support',
	],
	['sev-off-in-bios', snphost, failing('  - Secure Enc', '  - Secure Enc'), failing('- AMD CPU', '- AMD CPU')],
	[
		'sme-off-in-msr',
		snphost,
		`${good05}\n[ FAIL ]     - SME: Disabled in MSR`,
		`${good05}\n[ FAIL ]     - SME: MSR read failed: Error Reading MSR`,
	],
	[
		'snp-off-in-bios',
		snphost,
		failing('    - Secure Nested', '    - Secure Nested'),
		failing('      - SNP: Enabled', '      - SNP: Disabled'),
	],
	[
		'firmware-below-floor',
		snphost,
		failing(
			'      - SEV Firmware Version: Sev firmware version: 1.55',
			'      - SEV Firmware Version: Sev firmware version: 1.49',
		),
		good05,
	],
	[
		'snp-not-enabled-in-msr',
		snphost,
		failing('      - SNP: Enabled', '      - SNP: Disabled'),
		failing('      - SNP: Enabled in MSR', '      - SNP: MSR read failed: Error Reading MSR'),
	],
	[
		'snp-not-initialised',
		snphost,
		failing('      - SNP INIT: SNP is INIT', '      - SNP INIT: SNP is UNINIT'),
		failing('      - SNP INIT: SNP is INIT', '      - SNP INIT: Failed to get SNP Platform status unable to open /dev/sev'),
	],
	[
		'rmp-not-initialised',
		snphost,
		failing('- RMP INIT: RMP is INIT', '- RMP INIT: RMP is UNINIT').replace('1.55', '1.51'),
		failing('- RMP INIT: RMP is INIT', '- RMP INIT: RMP is UNINIT'),
	],
	[
		'dev-kvm-missing',
		snphost,
		failing('- KVM supported: API version: 12', '- KVM supported: Error: not supported'),
		failing('- KVM supported: API version: 12', '- KVM supported: /dev/kvm: Permission denied (os error 13)'),
	],
	[
		'kvm-amd-sev-snp-off',
		snphost,
		failing('  - SEV-SNP enabled in KVM: enabled', '  - SEV-SNP enabled in KVM: disabled'),
		`${good05}\n[ FAIL ]   - SEV enabled in KVM: disabled`,
	],
	[
		'alias-check-incomplete',
		snphost,
		`${good05}\n[ FAIL ]         - Alias check: Not completed`,
		`${good05}\n[ SKIP ]         - Alias check`,
	],
	[
		'tcb-not-committed',
		snphost,
		failing('- Comparing TCB values: TCB versions match', '- Comparing TCB values: TCB versions do not match'),
		good05,
	],
	[
		'not-root',
		snphost,
		'[ PASS ] - AMD CPU\nERROR: unable to open /dev/sev\nbecause: Permission denied (os error 13)',
		'[ FAIL ]     - SNP: MSR read failed: Error Reading MSR\n[ PASS ] - AMD CPU',
	],
	[
		'msr-unreadable',
		snphost,
		'[ PASS ] - AMD CPU\n[ FAIL ]     - SME: MSR read failed: Error Reading MSR',
		'[ PASS ] - AMD CPU\n[ FAIL ]     - SME: Disabled in MSR',
	],
	[
		'dev-sev-missing',
		snphost,
		`${good05}\n[ FAIL ]     - Reading /dev/sev: Not readable: No such file or directory (os error 2)`,
		`${good05}\n[ FAIL ]     - Reading /dev/sev: Not readable: Permission denied (os error 13)`,
	],
	[
		'dev-sev-missing-or-denied',
		snphost,
		failing('      - SNP INIT: SNP is INIT', '      - SNP INIT: Failed to get SNP Platform status unable to open /dev/sev'),
		good05,
	],
	[
		'tool-crashed',
		snphost,
		`[ PASS ] - AMD CPU\nthread 'main' panicked at src/ok.rs:10:5:\ncalled unwrap`,
		`${good05}\nError: One or more tests in snphost ok reported a failure`,
	],
	['tool-missing', snphost, 'bash: snphost: command not found', '[ PASS ] - AMD CPU\n[ FAIL ]     - Reading /dev/sev: not found'],
	['report-not-signed', snpguest, 'Error: VEK did NOT sign the Attestation Report!', 'VEK signed the Attestation Report!'],
	[
		'certificate-chain-broken',
		snpguest,
		'Error: The AMD ASK was not signed by the AMD ARK!',
		'The AMD ASK was signed by the AMD ARK!',
	],
	[
		'certificate-of-another-report',
		snpguest,
		'Error: Chip ID from certificate does not match the attestation report.',
		'Chip ID from certificate matches the attestation report.',
	],
	[
		'fw-invalid-parameter',
		snpguest,
		'ERROR: unable to fetch attestation report\nbecause: Known SEV FW Error: Status Code: 0x16: Given parameter is invalid.',
		'ERROR: unable to fetch attestation report\nbecause: Known SEV FW Error: Status Code: 0x0',
	],
	[
		'report-refused-by-firmware',
		snpguest,
		'ERROR: unable to fetch attestation report\nbecause: Known SEV FW Error: Status Code: 0x1b: x',
		'ERROR: unable to fetch attestation report',
	],
	[
		'sev-guest-device-missing',
		snpguest,
		'ERROR: unable to open /dev/sev-guest\nbecause: No such file or directory (os error 2)',
		'ERROR: unable to open /dev/sev-guest\nbecause: Permission denied (os error 13)',
	],
	[
		'guest-not-snp',
		snpguest,
		'[ PASS ] - SEV: ENABLED\n[ FAIL ] - SNP: DISABLED',
		'[ PASS ] - SEV: ENABLED\n[ PASS ] - SNP: ENABLED',
	],
	['all-zero-report', snpguest, report('0x0', 0), report('0x30000', 3)],
	['debug-policy', snpguest, report('0xb0000'), report('0x3001f')],
	[
		'tpm-missing',
		tpm,
		'partial\n-firmware\n-driver\n+system\n-subsystem\n+libraries',
		'partial\n-firmware\n+driver\n+system\n+subsystem\n-libraries',
	],
	['no-measured-boot', tpm, bank(Array(8).fill(zeros)), bank([...Array(7).fill(zeros), '01'.repeat(32)])],
	[
		'selinux-denies-dev-sev',
		avc,
		denial(
			'comm="rpc-virtqemud" path="/dev/sev" scontext=system_u:system_r:svirt_t:s0 tcontext=system_u:object_r:sev_device_t:s0 tclass=chr_file',
		),
		denial('comm="qemu-kvm" path="/dev/vfio/1" scontext=a:b:svirt_t:s0 tcontext=a:b:vfio_device_t:s0 tclass=chr_file'),
	],
	[
		'selinux-denial',
		avc,
		denial('comm="qemu-kvm" scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=a:b:init_t:s0 tclass=dir'),
		denial('comm="chronyd" scontext=system_u:system_r:chronyd_t:s0 tcontext=a:b:etc_t:s0 tclass=dir'),
	],
	['package-not-installed', rpm, 'package edk2-ovmf is not installed', 'package figlet is not installed'],
	[
		'package-below-floor',
		rpm,
		'libvirt-daemon-10.4.0-1.fc41.x86_64',
		'libvirt-daemon-10.6.0-7.fc41.x86_64\nlibvirt-daemon-8.0.0-1.el8.x86_64',
	],
	['qemu-before-snp', rpm, 'qemu-kvm-2:9.0.1-1.fc40.x86_64', 'qemu-kvm-2.12.0-88.el8.x86_64'],
	['qemu-release-candidate', rpm, 'qemu-kvm-9.1.0-0.1.rc2.fc41.x86_64', 'qemu-kvm-9.1.0-1.fc41.x86_64'],
	[
		'package-files-changed',
		rpm,
		'S.5....T.    /usr/share/edk2/ovmf/OVMF.amdsev.fd',
		'.......T.    /usr/share/edk2/ovmf/OVMF.amdsev.fd\nS.5....T.  c /etc/libvirt/qemu.conf',
	],
	[
		'svsm-panic',
		svsm,
		'[SVSM] Launching Firmware\nPanic on CPU[0]! COCONUT-SVSM Version: v2025.10',
		'[SVSM] Launching Firmware\nKernel panic - not syncing: x',
	],
	['no-init', svsm, '[SVSM] Failed to launch /init', '[SVSM] Launching Firmware'],
];

for (const [code, reader, shows, near] of cases) {
	test(`'${code}' is shown by its text and not by one near to it`, (t) => {
		t.true(reader.recognise(shows) >= 2);
		t.is(rootOf(reader.read(shows)), code);
		t.true(reader.recognise(near) >= 2);
		t.false(
			reader.read(near).signs.some((sign) => sign.code === code),
			JSON.stringify(reader.read(near).signs),
		);
	});
}

test("snphost 0.5's false 'RMP is UNINIT' with newer firmware is no cause", (t) => {
	const reading = snphost.read(failing('- RMP INIT: RMP is INIT', '- RMP INIT: RMP is UNINIT'));
	t.like(reading, { snp: 'usable', signs: [], facts: { failed: ['RMP INIT'], inconclusive: ['RMP INIT'] } });
});

test('a snphost that crashed without the word FAIL does not pass', (t) => {
	const crash = "\nthread 'main' panicked at 'called `Result::unwrap()` on an `Err` value', src/ok.rs:77:9";
	t.like(snphost.read(good05), { snp: 'usable', signs: [] });
	t.is(snphost.read(good05 + crash).snp, 'unknown');
	t.is(snphost.read(good05.split('\n').slice(0, 4).join('\n')).snp, 'unknown');
	t.is(snphost.recognise(`# snphost ok${crash}`), 2);
});

test('`snphost ok --output json` is read as its text is, and unknown members do no harm', (t) => {
	const entry = (name: string, status: string, message?: string) => ({ name, status, category: 'x', description: 'y', message });
	const json = (...tests: readonly object[]) =>
		`$ snphost ok -o json\n${JSON.stringify({ tests, skipped: ['Alias check'], summary: { total: 1 } }, null, 2)}\n$`;
	const rest = [
		entry('RMP table initialized', 'pass'),
		entry('SEV-SNP enabled in KVM', 'PASSED'),
		entry('Comparing TCB values', 'pass'),
	];
	const good = json(entry('SNP', 'pass', 'Enabled in MSR'), entry('SNP initialized', 'pass'), ...rest);
	const bad = json(
		entry('SNP', 'fail', 'Disabled in MSR'),
		entry('SNP initialized', 'skip'),
		...rest,
		{ name: 3 },
		{ odd: true },
	);
	t.is(snphost.recognise(good), 3);
	t.like(snphost.read(good), { snp: 'usable', signs: [], facts: { failed: [], skipped: ['Alias check'] } });
	t.like(snphost.read(bad), { snp: 'unusable', facts: { failed: ['SNP'] } });
	t.is(rootOf(snphost.read(bad)), 'snp-not-enabled-in-msr');
	t.is(snphost.recognise(JSON.stringify({ tests: [{ name: 'unit', status: 'pass' }] })), 0);
});

test("sev_component_test's FAIL names its cause, and its OK is compared with what it found", (t) => {
	const item = (bit: number, word: string) =>
		`- SNP enabled in MSR [ MSR 0xC0010010 ] Found: MSR 0xC0010010 bit ${bit} is 1 Expected: MSR 0xC0010010 bit 24 is 1 ${word}`;
	const text = (bit: number, word: string) => `${item(bit, word)}\nSEV-SNP COMPONENT TEST ${word === 'OK' ? 'PASS' : 'FAIL'}`;
	t.is(snphost.recognise(text(24, 'OK')), 3);
	t.is(snphost.read(text(24, 'OK')).snp, 'usable');
	t.like(snphost.read(text(23, 'OK')), { snp: 'unknown', facts: { doubtful: ['SNP enabled in MSR'] } });
	t.is(rootOf(snphost.read(text(24, 'FAIL'))), 'snp-not-enabled-in-msr');
});

test("a tool's 'verified' is a witness and no judge: the facts are read, and nothing is claimed", (t) => {
	t.like(snpguest.read(verified), { snp: 'unknown', signs: [] });
	t.is(snpguest.read(verified.replace('VEK signed', 'VEK did NOT sign')).snp, 'unknown');
	t.is(snpguest.read('VEK signed the Attestation Report!').snp, 'unknown');
});

test('packages are read from every list that rpm and dnf print', (t) => {
	for (const [text, epoch] of [
		['qemu-kvm-9.1.3-2.fc41.x86_64', null],
		['qemu-kvm-2:9.1.3-2.fc41.x86_64', '2'],
		['qemu-kvm.x86_64    2:9.1.3-2.fc41    @updates', '2'],
		['qemu-kvm\t2\t9.1.3\t2.fc41\tx86_64\tFedora Project', '2'],
		['(1/2): qemu-kvm-9.1.3-2.fc41.x86_64.rpm      4.1 kB/s |  11 kB     00:02', null],
		['Name         : qemu-kvm\nEpoch        : 2\nVersion      : 9.1.3\nRelease      : 2.fc41\nArchitecture : x86_64', '2'],
	] as const) {
		t.is(rpm.recognise(text), 2, text);
		t.like(
			rpm.read(text),
			{ signs: [], facts: { fedora: true, packages: [{ name: 'qemu-kvm', epoch, version: '9.1.3', release: '2.fc41' }] } },
			text,
		);
	}
});

test('PCRs are read with and without 0x, and a TPM is told by its raw words', (t) => {
	const value = 'AB'.repeat(20);
	t.like(tpm.read(`sha1 :\n  0  : ${value}`), { facts: { pcrs: { sha1: { 0: value.toLowerCase() } } } });
	t.is(tpm.recognise(`sha256:\n  0 : ${value}`), 0);
	const coconut =
		'TPM2_PT_MANUFACTURER:\n  raw: 0x58595A20\n  value: "XYZ"\nTPM2_PT_VENDOR_STRING_1:\n  raw: 0x78434720\n  value: "xCG"';
	t.like(tpm.read(coconut), { snp: 'unknown', facts: { manufacturer: 'XYZ', looksLike: 'coconut-svsm', hardware: false } });
});

for (const text of [
	'',
	'hello',
	'[ PASS ] - unit tests\n[ FAIL ] - integration tests',
	'The quick brown fox did NOT sign the contract',
	'{"tests": "none"}',
	'version: 2\npolicy: none',
	'2024-01-01 - 12 : 0xAB',
	'+firmware\n-driver',
	'avc: granted { load_policy }',
	'qemu-kvm-9.1.0-1.fc41.x86_64 crashed yesterday',
	'Use /dev/sev-guest because it is there',
	'PASS',
]) {
	test(`no claim: ${JSON.stringify(text)}`, (t) => {
		t.deepEqual(
			readers.filter((reader) => reader.recognise(text) > 0).map(({ kind }) => kind),
			[],
		);
	});
}

const seeds = [...cases.flatMap(([, , shows, near]) => [shows, near]), good05, verified];
const mutated = fc
	.tuple(fc.constantFrom(...seeds), fc.nat(), fc.nat(200), fc.string({ unit: 'binary', maxLength: 40 }))
	.map(([text, at, length, more]) => {
		const from = at % (text.length + 1);
		return text.slice(0, from) + more + text.slice(from + length);
	});

test('mutations and random text never throw, and name only codes of the list', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 400 })), (text) => {
				for (const reader of readers) {
					reader.recognise(text);
					for (const { code, evidence } of reader.read(text).signs) {
						findCause(code);
						if (evidence.length > 240 || /\p{Cc}|\n/u.test(evidence.replaceAll('\t', ''))) {
							return false;
						}
					}
				}
				return true;
			}),
			{ numRuns: 1_500 },
		),
	);
});
