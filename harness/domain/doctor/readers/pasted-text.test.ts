// How a text reaches the doctor: quoted, indented, numbered, coloured. What it says stays the same.

import test from 'ava';
import { diagnose } from '../diagnose.ts';
import { plainText } from './pasted-text.ts';
import { notFound, toolLines } from './tool-lines.ts';

const texts: readonly (readonly [string, string])[] = [
	[
		'a list of tests',
		'[ PASS ] - AMD CPU\n[ PASS ]   - Secure Encrypted Virtualization (SEV)\n[ FAIL ]     - Secure Nested Paging (SEV-SNP)\n',
	],
	['a test in JSON', '{\n  "tests": [\n    {"name": "SNP initialized", "status": "fail"}\n  ]\n}\n'],
	['an attestation', 'The AMD ARK was self-signed!\nERROR: VEK did NOT sign the Attestation Report!\n'],
	['a TPM', `sha256:\n${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `  ${n} : 0x${'00'.repeat(32)}\n`).join('')}`],
	['packages', 'edk2-ovmf-20250812-16.fc43.noarch\nqemu-kvm-2:8.2.0-1.fc39.x86_64\n'],
	['changed files', 'S.5....T.    /usr/share/edk2/ovmf/OVMF.amdsev.fd\n.......T.  c /etc/libvirt/qemu.conf\n'],
	['an SVSM', '[SVSM] Launching Firmware\n[SVSM] Failed to launch /init\n'],
	['a missing tool', 'bash: line 3: snphost: command not found\n'],
	['a launch', 'qemu-system-x86_64: cannot go on\nqemu-system-x86_64: vm-type SEV-SNP not supported by KVM\n'],
	['capabilities', "<domainCapabilities>\n  <features>\n    <sev supported='no'/>\n  </features>\n</domainCapabilities>\n"],
	[
		'a definition',
		"<domain type='kvm'>\n  <launchSecurity type='sev-snp'>\n    <policy>0x7</policy>\n  </launchSecurity>\n</domain>\n",
	],
	['an answer', '{"return": {}}\n{"error": {"class": "GenericError", "desc": "SEV is not enabled in KVM"}}\n'],
];

const before = (prefix: string) => (text: string) => text.replace(/^(?=.)/gm, prefix);
const numbered = (separator: string) => (text: string) => {
	let count = 7;
	return text.replace(/^(?=.)/gm, () => `${count++}${separator}`);
};
const forms: readonly (readonly [string, (text: string) => string])[] = [
	['a byte order mark', (text) => `\ufeff${text}`],
	['ends of lines of DOS', (text) => text.replaceAll('\n', '\r\n')],
	['ends of lines that were doubled', (text) => text.replaceAll('\n', '\r\r\n')],
	['the quotation of a mail', before('> ')],
	['a quotation of a quotation', before('> > ')],
	['a quotation without blanks', before('>')],
	['an indented block', before('    ')],
	['an indented block by tabs', before('\t')],
	['an indented block after a sentence', (text) => `Here it is:\n\n${before('        ')(text + text + text)}`],
	['the numbers of cat', numbered('\t')],
	['the numbers of grep', numbered(':')],
	['a rule at the side', before('| ')],
	['each line as code', (text) => text.replace(/^(.+)$/gm, '`$1`')],
	['the source of a page', (text) => `<pre><code>${text}</code></pre>\n`],
	["a browser's blanks", (text) => text.replaceAll('  ', ' \u00a0')],
	['bold', (text) => text.replace(/^(.+)$/gm, '\u001b[0;1m$1\u001b[0m')],
	['twice', (text) => `${text}\n${text}`],
];

const said = (text: string) => {
	const { files, snp } = diagnose([{ file: 'pasted', text }]);
	return { kind: files[0]?.reading.kind, snp, codes: files[0]?.reading.signs.map(({ code }) => code) };
};

for (const [title, text] of texts) {
	test(`${title}: says something`, (t) => {
		t.not(said(text).kind, 'unknown');
		t.true((said(text).codes?.length ?? 0) > 0);
	});
	for (const [form, change] of forms) {
		test(`${title} with ${form} says the same`, (t) => {
			t.deepEqual(said(change(text)), said(text));
		});
	}
}

test('what is the tool’s own indentation stays', (t) => {
	t.deepEqual(toolLines('\t\ta:\n\t\t  b\n\n\t\t  c'), ['a:', '  b', '  c']);
	t.deepEqual(toolLines('a:\n  b\n  c\n'), ['a:', '  b', '  c']);
	t.deepEqual(toolLines('> a\n>   b\n'), ['a', '  b']);
});

test('a sign that ends a tag, a number of its own and a time are no marks of a paste', (t) => {
	for (const text of ["<domain\n type='kvm'\n>", '0: no such device\n', '10:20:30 start\n10:20:31 end\n', '`a` and `b`\n']) {
		t.is(plainText(text), text);
	}
});

const missing = notFound('snphost|sevctl');
for (const line of [
	'snphost: command not found',
	'-bash: snphost: command not found',
	'bash: line 12: /usr/local/bin/snphost: command not found',
	'bash: snphost: command not found...',
	'sudo: sevctl: command not found',
	'sh: 1: snphost: not found',
	'/bin/sh: snphost: not found',
	'./check.sh: line 3: snphost: command not found',
	'zsh: command not found: snphost',
]) {
	test(`a program that is not there: ${line}`, (t) => {
		t.regex(line, missing);
	});
}
for (const line of [
	'If you get `snphost: command not found`, install it.',
	'It says snphost: command not found',
	'snphost: command not found means that it is not installed',
	'error: package snphost: not found in the list',
	'bash: virtctl: command not found',
]) {
	test(`a remark on such a program: ${line}`, (t) => {
		t.notRegex(line, missing);
	});
}
