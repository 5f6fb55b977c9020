// Nothing over 50 ms for 1 MB, whatever the text: dense ones of each kind, and pieces that invite backtracking. In a plain run, where
// other tests share the machine, every reader gets a part of them and has a coarse bound, which finds what is not linear.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { threadTime } from '../../test-time.ts';
import { causeExamples } from './causes/examples.ts';
import { textReaders } from './registry.ts';

const size = 1_000_000;
const isLong = process.env.SNPGATE_LONG === '1';
const most = isLong ? 50 : 150;
const share = isLong ? 1 : 4;

/** What this machine needs now for work of the same kind, against what it needs when it is idle: a slower one gets more. */
const reference = 12;
function yardstick(): number {
	const text = 'Jan 01 00:00:00 host kernel: nothing of interest in this line (0x0 - 0x1)\n'.repeat((4 * size) / 74);
	const from = threadTime();
	const found = text.split('\n').filter((line) => /^(?:[A-Z][a-z]{2} \d\d [\d:]{8} \S+ )kernel: (?!nothing)/.test(line.trim()));
	const spent = threadTime() - from;
	return found.length === 0 ? spent : Number.NaN;
}

// Beginnings of forms without their ends, which is what invites backtracking, and characters that parsers stop at.
const pieces = [
	...[
		'a\n',
		'\n',
		' ',
		'x',
		'a-',
		'\\',
		'\r',
		'> ',
		'# ',
		'[',
		'[3',
		'\u001b[31m',
		'\u001bP',
		'\u001b[',
		'\u001b]',
		'\u001b]QEMU',
	],
	...['<', '<a', '<a ', '<a b="', '<!--', '<a>', '<a>x<b/>', '<domain ', '{', '{"', '"return":{', '[{', '"', '{"tests":['],
	...['qemu-system-x86_64: ', '-object sev-snp-guest,', 'KVM_SET_USER_MEMORY_REGION2 failed ', 'QEMU: Checking ', '[SVSM] '],
	...['kvm_amd: ', 'a kvm_amd\n', 'ccp 0000:09:00.5: SEV', '<6>[ 0.0] ', '[    0.000000] ', '[    0.0] kernel: tdx\n'],
	...['SEV: Status: ', 'CPU: 1 Hardware name: ', 'cat /sys/module/kvm_amd/parameters/sev_snp', 'avc:  denied  { read } '],
	...['[ PASS ]', '[ FAIL ]   - SNP: x\n', '- a [ b ] Found: ', 'Attestation Report (1184 bytes):\n00 ', 'Nov 23 10:00:00 a'],
	...['a-1-1.x86_64 ', '(1/2): a-1-', '.......T.   /a (b) (c', 'qemu-kvm\t2\t9.1.0\t', 'qemu-kvm-9.1.0-0.1.rc2.fc41.x86_64\n'],
	...['TPM2_PT_A:\n  raw: 0x1\n', '  sha1:\n    0 : 0x', 'sha256:\n 0 : 0x00\n', '{"a":1}\n', 'Error: x\n', 'rpm-1-1.x86_64\n'],
];
const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const index = join(corpus, 'expectations.json');
const transcripts: readonly { readonly file: string }[] = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : [];

const texts: readonly (readonly [string, string])[] = [
	...pieces.map((piece) => [JSON.stringify(piece), piece] as const),
	...causeExamples.map(({ code, text }) => [code, `${text}\n`] as const),
	...transcripts.map(({ file }) => [file, readFileSync(join(corpus, file), 'utf8')] as const),
];

let serial = 0;
/** The least of some tries, each on a text that nobody has taken apart before. */
function spentOn(piece: string, reader: (typeof textReaders)[number]): number {
	let least = Number.POSITIVE_INFINITY;
	for (let tries = 0; tries < 12 && least > most; tries++) {
		const text = `${serial++}\n${piece.repeat(Math.ceil(size / piece.length))}`;
		const from = threadTime();
		if (reader.recognise(text) > 0) {
			reader.read(text);
		}
		least = Math.min(least, threadTime() - from);
	}
	return least;
}

for (const [number, reader] of textReaders.entries()) {
	test.serial(`${reader.kind}: 1 MB in ${most} ms`, (t) => {
		const own = texts.filter((_, index) => index % share === number % share);
		const slower = Math.max(1, Math.min(yardstick(), yardstick(), yardstick()) / reference);
		const slow = own.map(([name, piece]) => [name, spentOn(piece, reader) / slower] as const).filter(([, spent]) => spent > most);
		t.log(`yardstick ${slower.toFixed(2)}`);
		t.deepEqual(slow, []);
	});
}
