// Which reader a text is for: never two, and none for what nobody knows.

import test from 'ava';
import fc from 'fast-check';
import { textKinds } from './reading.ts';
import { readText, recogniseText, textReaders } from './registry.ts';

test('there is one reader for every kind', (t) => {
	t.deepEqual([...textReaders.map(({ kind }) => kind), 'unknown'].sort(), [...textKinds].sort());
});

const unknown: readonly (readonly [string, string])[] = [
	['nothing', ''],
	['blanks', ' \n\t\r\n'],
	['prose', 'SEV-SNP is a feature of AMD EPYC processors that protects guests from their host.\n'],
	['a question about SNP', 'Why does my EPYC say that SEV-SNP is not enabled? I set everything in the BIOS.\n'],
	['source code', 'int main(void)\n{\n\treturn sev_snp_init() ? 1 : 0;\n}\n'],
	['JSON of something else', '{"name":"snp","version":"1.0.0","dependencies":{}}\n'],
	['XML of something else', '<?xml version="1.0"?>\n<project><name>sev</name></project>\n'],
	['a table', 'name\tvalue\nsev\t1\nsnp\t2\n'],
	['an HTML page', '<!doctype html><html><body><p>kvm_amd: SEV-SNP</p></body></html>\n'],
	['a web server log', '192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] "GET /sev HTTP/1.1" 200 2326\n'],
	['a listing', 'total 8\ndrwxr-xr-x 2 root root 4096 Nov  1 10:00 sev\n'],
	['numbers', '0\n1\n2\n3\n'],
	['a binary file', `\u007fELF\u0002\u0001\u0001${'\0'.repeat(200)}kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n`],
	['bytes that are no UTF-8', '\ufffd'.repeat(300)],
];

for (const [title, text] of unknown) {
	test(`no reader takes ${title}`, (t) => {
		t.is(readText(text).kind, 'unknown');
	});
}

test('a log with a few bytes of a crash in it is still a log', (t) => {
	const log = `${'\0'.repeat(16)}\n${'kvm_amd: SEV enabled (ASIDs 100 - 1006)\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n'.repeat(8)}`;
	t.is(readText(log).kind, 'host-kernel');
});

test('random text is never recognised, and nothing throws', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), fc.lorem()), (text) => {
				return recogniseText(text).length === 0;
			}),
		),
	);
});

test('several kinds in one paste are read together: one name, every sign, the worst claim', (t) => {
	const log = 'kvm_amd: SEV enabled (ASIDs 100 - 1006)\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)\n';
	const tool = '[ PASS ] - AMD CPU\n[ FAIL ]   - SNP: Disabled in MSR\n';
	const { kind, snp, facts, signs } = readText(`$ dmesg | grep -i sev\n${log}$ sudo snphost ok\n${tool}`);
	t.like({ kind, snp }, { kind: 'host-kernel', snp: 'unusable' });
	t.deepEqual(
		signs.map(({ code }) => code),
		['snp-not-enabled-in-msr'],
	);
	t.like(facts.also, { snphost: { failed: ['SNP'] } });
});

test('of several hints none is taken', (t) => {
	// A desktop's kernel log (no word on SEV) and a line that QEMU said: neither is more than a hint.
	const text = 'ccp 0000:0a:00.1: tee enabled\nqemu-system-x86_64: warning: TSC frequency mismatch\n';
	t.deepEqual(recogniseText(text), []);
});

const healthy = `SEV-SNP: RMP table physical range [0x000000bf7e800000 - 0x000000c03f0fffff]
ccp 0000:01:00.5: SEV API:1.55 build:21
ccp 0000:01:00.5: SEV-SNP API:1.55 build:21
kvm_amd: SEV enabled (ASIDs 100 - 1006)
kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)
`;

test('a certain weaker reader is heard beside a certain stronger one', (t) => {
	const denied =
		'audit: type=1400 audit(1740684751.1:99): avc:  denied  { open } for  pid=7 comm="qemu-kvm" path="/dev/sev" scontext=system_u:system_r:svirt_t:s0 tcontext=system_u:object_r:sev_device_t:s0 tclass=chr_file permissive=0\n';
	const old = "qemu-system-x86_64: Parameter 'qom-type' does not accept value 'sev-snp-guest'\n";
	const codes = (text: string) => readText(text).signs.map(({ code }) => code);
	t.deepEqual(codes(healthy), []);
	t.deepEqual(codes(healthy + old), ['qemu-without-snp-object']);
	t.deepEqual(codes(healthy + denied), ['selinux-denies-dev-sev']);
});

test('a guest that is not SEV-SNP does not make its host unusable', (t) => {
	const guest = '[    1.0] Memory Encryption Features active: AMD SEV\n';
	t.is(readText(healthy).snp, 'usable');
	t.is(readText(guest).snp, 'unusable');
	t.is(readText(healthy + guest).snp, 'unknown');
});

const documents: readonly (readonly [string, string])[] = [
	['a script', `#!/bin/bash\nset -e\n${healthy}`],
	['a script that shows what to expect', `#!/bin/sh\n# Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP\n`],
	['a guide', `Run dmesg. You should see:\n\n    SEV-SNP: RMP table physical range [0x0000 - 0xffff]\n${healthy}`],
	['a sample', `Expected output:\n\n\`\`\`\n${healthy}\`\`\`\n`],
	[
		'chapters that quote several tools',
		`Host\n====\n\nThe kernel of the host says that the feature is there:\n\n${healthy}\nTools\n=====\n\nThe tool is called snphost and its list is of this form:\n\n[ PASS ] - AMD CPU\n\nGuest\n=====\n\nIn the guest this is what the kernel is to say of it.\nIt is the line with the names of the features.\nThe rest of the log is not of interest to the reader.\nIt should be read with care.\nThis is all that there is to say about the matter.\n`,
	],
];
for (const [title, text] of documents) {
	test(`a document claims nothing: ${title}`, (t) => {
		t.is(readText(text).kind, 'unknown');
	});
}

test('a report of a bug is no document', (t) => {
	t.is(
		readText(
			`### Describe the bug\nThe guest does not start.\n\n### Host log\n\`\`\`\n${healthy}\`\`\`\nExpected results:\nIt starts.\n`,
		).kind,
		'host-kernel',
	);
});
