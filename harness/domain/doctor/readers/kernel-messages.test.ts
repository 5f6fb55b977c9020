// What people and programs put around a pasted log, and where its last boot begins.

import test from 'ava';
import { guestKernel } from './guest-kernel.ts';
import { hostKernel } from './host-kernel.ts';
import { kernelMessages } from './kernel-messages.ts';

const host = `[    0.000000] SEV-SNP: RMP table physical range [0x0000003f00000000 - 0x0000003f40ffffff]
[    0.902114] AMD-Vi: IOMMU SNP support enabled.
[    7.100200] ccp 0000:a2:00.1: SEV API:1.55 build:40
[    7.100209] ccp 0000:a2:00.1: SEV-SNP API:1.55 build:40
[    8.310007] kvm_amd: SEV enabled (ASIDs 64 - 1006)
[    8.310008] kvm_amd: SEV-ES enabled (ASIDs 1 - 63)
[    8.310009] kvm_amd: SEV-SNP enabled (ASIDs 1 - 63)`;
const guest = `[    0.201177] Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP
[    0.201179] SEV: Status: SEV SEV-ES SEV-SNP
[    0.260010] SEV: SNP running at VMPL0.
[    1.440800] sev-guest sev-guest: Initialized SEV guest driver (using vmpck_id 0)`;

/** What the surer one of the two readers says. */
function brief(text: string): string {
	const [score = 0, reader] = [hostKernel, guestKernel]
		.map((one) => [one.recognise(text), one] as const)
		.reduce((best, other) => (other[0] > best[0] ? other : best));
	return score === 0 ? 'nobody' : `${reader.kind} ${reader.read(text).snp}`;
}
const lines = (text: string) => text.split('\n');
const bare = (text: string) => text.replaceAll(/^\[[ \d.]+\] /gm, '');

const wrappings: readonly (readonly [string, (text: string) => string])[] = [
	['nothing', (text) => text],
	['a quoted mail', (text) => text.replaceAll(/^/gm, '> ')],
	['a mail that was quoted twice', (text) => text.replaceAll(/^/gm, '>> ')],
	['comments', (text) => text.replaceAll(/^/gm, '# ')],
	['comments without a space', (text) => text.replaceAll(/^/gm, '#')],
	['comments of a quoted mail', (text) => text.replaceAll(/^/gm, '> # ')],
	['a few lines beside the comments', (text) => `${text.replaceAll(/^/gm, '# ')}\n\n\n`],
	['a block of code in Markdown', (text) => `Hello,\n\n\`\`\`console\n$ dmesg | grep -i sev\n${text}\n\`\`\`\n\nWhat is wrong?`],
	['something to unfold', (text) => `<details>\n<summary>the log</summary>\n\n\`\`\`\n${text}\n\`\`\`\n</details>`],
	['a block of code in HTML', (text) => `<pre><code class="log">${text}</code></pre>`],
	['back quotes around each line', (text) => text.replaceAll(/^(.+)$/gm, '`$1`')],
	['back quotes in a list', (text) => text.replaceAll(/^(.+)$/gm, '- `$1`')],
	['a column at the left', (text) => text.replaceAll(/^/gm, '| ')],
	['a drawn column at the left', (text) => text.replaceAll(/^/gm, '│ ')],
	['grep -n', (text) => `$ dmesg | grep -n SEV\n${text.replaceAll(/^/gm, '1204:')}`],
	['grep -n with its context', (text) => text.replaceAll(/^/gm, '77-')],
	['grep -H', (text) => text.replaceAll(/^/gm, 'dmesg.txt:')],
	['grep -H of a path', (text) => text.replaceAll(/^/gm, '/var/log/kern.log.1:')],
	['grep -Hn', (text) => text.replaceAll(/^/gm, './host-a/dmesg:12:')],
	['grep -H of its input', (text) => text.replaceAll(/^/gm, '(standard input):')],
	[
		'cat -n',
		(text) =>
			lines(text)
				.map((line, index) => `${`${index + 1}`.padStart(6)}\t${line}`)
				.join('\n'),
	],
	['spaces that do not break', (text) => text.replaceAll('  ', ' \u00a0')],
	['journalctl -o short-full', (text) => bare(text).replaceAll(/^/gm, 'Wed 2025-11-12 08:14:12 CET host1 kernel: ')],
	['dmesg -d behind grep -n', (text) => bare(text).replaceAll(/^/gm, '4:[    8.310007 <    0.000001>] ')],
	['RFC 5424', (text) => bare(text).replaceAll(/^/gm, '<6>1 2025-11-12T08:14:12Z host1 kernel - - - ')],
];
for (const [name, wrap] of wrappings) {
	test(`the log is read as it is without ${name}`, (t) => {
		t.is(brief(wrap(host)), 'host-kernel usable');
		t.is(brief(wrap(guest)), 'guest-kernel usable');
	});
}

const noClaims: readonly (readonly [string, string])[] = [
	['a shell script', `#!/bin/sh\n${bare(guest).replaceAll(/^/gm, '# ')}\n`],
	[
		'a script that tests',
		`set -e\nsudo dmesg | grep SEV\n# prints:\n${bare(guest).replaceAll(/^/gm, '# ')}\nls /dev/sev-guest\ntrue`,
	],
	['a table of messages', `| message | from |\n|---|---|\n| ${lines(bare(guest)).join(' | guest |\n| ')} | guest |`],
	['places for numbers', 'SEV-SNP: RMP table physical range [0x... - 0x...]\nAMD-Vi: IOMMU SNP support enabled'],
	['an ellipsis for numbers', 'SEV-SNP: RMP table physical range [0x… - 0x…]\nkvm_amd: SEV-SNP enabled (ASIDs 1 - N)'],
	['letters for numbers', 'SEV-SNP: RMP table physical range [0xXXXXXXXX - 0xXXXXXXXX]\nkvm_amd: SEV-SNP enabled (ASIDs 1 - 99)'],
	['letters for numbers of ASIDs', `${bare(guest)}\nkvm_amd: SEV-SNP enabled (ASIDs x - y)`],
	['words on the table', 'SEV-SNP: RMP is the reverse map table'],
	['a document searched', bare(guest).replaceAll(/^/gm, 'docs/guest.md:')],
	[
		'a manual on the IOMMU',
		`Events\n${'It says where they come from.\n'.repeat(40)}AMD-Vi: Event logged [IO_PAGE_FAULT device=07:00.0]`,
	],
];
for (const [name, text] of noClaims) {
	test(`no log, and no claim: ${name}`, (t) => {
		t.is(brief(text), 'nobody');
	});
}

const version = 'Linux version 6.11.4-301.fc41.x86_64 (mockbuild@builder) (gcc (GCC) 14.2.1) #1 SMP PREEMPT_DYNAMIC';
const boot = (stamp: string) => `${stamp}${version}\n${stamp}Command line: BOOT_IMAGE=/vmlinuz ro`;

const tails: readonly (readonly [string, string])[] = [
	['the version behind a prompt', `\n$ cat /proc/version\n${version}`],
	['both commands behind one prompt', `\n[root@a ~]# uname -r; cat /proc/version\n6.11.4-301.fc41.x86_64\n${version}`],
	['the version alone', `\n\n${version}\n`],
	['the version, and then words', `\n\n${version}\n\nAny idea?\n`],
	['the version, and then another command', `\n${version}\n# lscpu\nVendor ID: AuthenticAMD`],
	['all that uname knows', '\n$ uname -a\nLinux a 6.11.4-301.fc41.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux'],
];
for (const [name, tail] of tails) {
	test(`a log stays when something follows it: ${name}`, (t) => {
		for (const log of [host, bare(host), host.replaceAll(/^/gm, '> ')]) {
			t.is(brief(`${log}${tail}`), 'host-kernel usable');
		}
		t.is(brief(`${guest}${tail}`), 'guest-kernel usable');
	});
}

test('the last boot counts, in whichever form', (t) => {
	for (const stamp of ['', '[    0.000000] ', 'Nov 12 08:14:12 host1 kernel: ', '1204:[    0.000000] ']) {
		const text = `${stamp}SEV-SNP: Failed to map RMP table\n${boot(stamp)}\n${stamp}kvm_amd: SEV enabled (ASIDs 64 - 1006)`;
		t.deepEqual(kernelMessages(text), [
			version,
			'Command line: BOOT_IMAGE=/vmlinuz ro',
			'kvm_amd: SEV enabled (ASIDs 64 - 1006)',
		]);
	}
	const mixed = `${host}\n${boot('')}\nSEV-SNP: Memory for the RMP table has not been reserved by BIOS`;
	t.is(kernelMessages(mixed).length, 3);
});
