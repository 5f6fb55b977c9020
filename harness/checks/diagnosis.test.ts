import test from 'ava';
import type { Answer } from '../ports.ts';
import { diagnosis } from './diagnosis.ts';
import { absent, brief, drive, ran, read, unreachable } from './test-observe.ts';

const log = `Linux version 6.11.4-301.fc41.x86_64
DMI: Dell Inc. PowerEdge R6615/0XXXXX, BIOS 1.6.10 12/01/2023
SEV-SNP: RMP table physical range [0x000000bf7e800000 - 0x000000c03f0fffff]
AMD-Vi: IOMMU SNP support enabled.
ccp 0000:01:00.5: sev enabled
ccp 0000:01:00.5: SEV API:1.55 build:21
ccp 0000:01:00.5: SEV-SNP API:1.55 build:21
kvm_amd: SEV enabled (ASIDs 100 - 1006)
kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)
`;
const domcaps = (type: string) =>
	`<domainCapabilities><machine>pc-q35-9.1</machine><features><sev supported='yes'/><launchSecurity supported='yes'><enum name='sectype'><value>${type}</value></enum></launchSecurity></features></domainCapabilities>\n`;
const good: Readonly<Record<string, Answer>> = {
	'journalctl -k -b': ran(log),
	dmesg: ran(log),
	'snphost ok': ran('', 127, 'not found'),
	'virsh domcapabilities': ran(domcaps('sev-snp')),
	'virt-host-validate qemu': ran('', 127, 'not found'),
	sev: read('Y\n'),
	sev_es: read('Y\n'),
	sev_snp: read('Y\n'),
};
const judge = (changed: Readonly<Record<string, Answer>>) => {
	const answers: Readonly<Record<string, Answer>> = { ...good, ...changed };
	return drive(diagnosis, { snp: 'usable' }, (name) => answers[name] ?? absent).judgement;
};
const silence = Object.fromEntries(Object.keys(good).map((name) => [name, name.startsWith('sev') ? absent : ran('', 127)]));

const rows: readonly (readonly [string, Readonly<Record<string, Answer>>, string])[] = [
	['a healthy host', {}, 'passed'],
	['no journal, but a ring buffer', { 'journalctl -k -b': ran('', 127) }, 'passed'],
	[
		'no RMP',
		{ 'journalctl -k -b': ran(log.replace(/SEV-SNP: RMP.*/, 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS')) },
		'failed bios-rmp-not-reserved',
	],
	['the module says N', { sev_snp: read('N\n') }, 'failed kvm-amd-sev-snp-off'],
	['libvirt does not offer it', { 'virsh domcapabilities': ran(domcaps('sev')) }, 'failed domcaps-without-snp'],
	['an excerpt only', { 'journalctl -k -b': ran('kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n') }, 'error unrecognised-output'],
	['nothing at all', silence, 'error no-output'],
	['the machine is gone', { 'snphost ok': unreachable }, 'error unreachable'],
];

for (const [title, changed, expected] of rows) {
	test(title, (t) => {
		t.is(brief(judge(changed)), expected);
	});
}

test('a failure names the next step in the words of the vendor that DMI tells', (t) => {
	const off = judge({
		'journalctl -k -b': ran(log.replace(/SEV-SNP: RMP.*/, 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS')),
	});
	t.regex(
		off.notes?.[0] ?? '',
		/^next: .*AMD: 'SNP Memory \(RMP Table\) Coverage'.* Dell PowerEdge: System BIOS, Processor Settings: .*'SNP Memory Coverage'/,
	);
});
