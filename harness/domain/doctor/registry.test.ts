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
