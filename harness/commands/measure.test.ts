// snpgate measure from outside: every row of corpus/measure that has a command line, the contract of --json, wrong usage.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { amdSevPlan, buildImage, type ImagePlan } from '../domain/snp/measure/build-ovmf.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cli = join(root, 'harness', 'cli.ts');
const directory = resolve(root, process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'measure');

async function measure(...args: readonly string[]) {
	const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, 'measure', ...args], {
		cwd: root,
		reject: false,
		stdin: 'ignore',
	});
	return { code: exitCode, out: stdout, err: stderr };
}

/** An image of the plan in a directory that goes after the test, and files beside it. */
function written(t: { teardown(undo: () => void): void }, plan: ImagePlan = amdSevPlan) {
	const place = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(place, { recursive: true, force: true }));
	const image = join(place, 'ovmf.fd');
	writeFileSync(image, buildImage(plan));
	return {
		image,
		file: (name: string, bytes: string | Uint8Array) => {
			writeFileSync(join(place, name), bytes);
			return join(place, name);
		},
	};
}

interface CorpusRow {
	readonly line: string;
	readonly file: string;
	readonly args: readonly string[];
	readonly expected: string;
	/** Why it has no command line, or null. */
	readonly leftOut: string | null;
}

/** A row: file | vcpus | vcpu sig | guest features | kernel/append | vmm | expected. */
function readRow(line: string): CorpusRow {
	const [file = '', vcpus = '', signature = '', features = '', kernel = '', vmm = '', expected = ''] = line.split(' | ');
	const append = /append "(.*)"/.exec(kernel)?.[1];
	const vcpuSignature = /^0x[0-9a-f]+/.exec(signature)?.[0];
	const args = [
		...['--vcpus', vcpus, '--guest-features', features],
		...(vcpuSignature === undefined ? [] : ['--vcpu-signature', vcpuSignature]),
		...(kernel.startsWith('K') ? ['--kernel', '/dev/null', '--initrd', '/dev/null'] : []),
		...(append === undefined ? [] : ['--append', append]),
	];
	const leftOut = kernel.startsWith('OVMF pages only')
		? 'firmwareDigest of every answer'
		: /^(?:ec2|gce)/.test(vmm)
			? "another VMM's rules; Fedora's is QEMU"
			: existsSync(join(directory, file))
				? null
				: 'its files are not in the corpus';
	return { line, file, args, expected: expected.trim(), leftOut };
}

const index = join(directory, 'index.txt');
const rows = existsSync(index)
	? readFileSync(index, 'utf8')
			.split('\n')
			.filter((line) => line.includes(' | ') && !line.startsWith('#'))
			.map(readRow)
	: [];
const corpus = rows.length > 0 ? test : test.skip;

for (const { line, file, args, expected } of rows.filter(({ leftOut }) => leftOut === null)) {
	test(`[corpus] ${line.slice(0, 110)}`, async (t) => {
		const { code, out, err } = await measure('ovmf', join(directory, file), ...args, '--json');
		if (expected.startsWith('MUST FAIL')) {
			t.is(code, 2);
			t.regex(err, /A kernel is given, but the firmware's SEV metadata has no SNP_KERNEL_HASHES section/);
			t.is(out, '');
			return;
		}
		t.is(code, 0, err);
		t.is(JSON.parse(out).digest, /^[0-9a-f]{96}/.exec(expected)?.[0]);
	});
}

corpus('[corpus] every other row is left out for a reason that is known', (t) => {
	const left = rows.filter(({ leftOut }) => leftOut !== null);
	const byReason = Object.groupBy(left, ({ leftOut }) => leftOut ?? '');
	t.deepEqual(Object.fromEntries(Object.entries(byReason).map(([reason, of]) => [reason, of?.length])), {
		'firmwareDigest of every answer': 2,
		"another VMM's rules; Fedora's is QEMU": 6,
		'its files are not in the corpus': 2,
	});
	t.is(rows.length - left.length, 8);
});

corpus('[corpus] rows that cover OVMF pages only are the firmwareDigest', async (t) => {
	for (const { file, expected } of rows.filter(({ leftOut }) => leftOut === 'firmwareDigest of every answer')) {
		const { out } = await measure('ovmf', join(directory, file), '--json');
		t.is(JSON.parse(out).firmwareDigest, /^[0-9a-f]{96}/.exec(expected)?.[0]);
	}
});

test('--json is the contract', async (t) => {
	const { code, out, err } = await measure('ovmf', written(t).image, '--json');
	t.deepEqual({ code, err }, { code: 0, err: '' });
	const { vmsa, ...digests } = JSON.parse(out);
	t.deepEqual(Object.keys(JSON.parse(out)), ['digest', 'firmwareDigest', 'beforeVmsaDigest', 'vmsa']);
	t.deepEqual(Object.keys(vmsa), ['bsp', 'ap']);
	for (const digest of [...Object.values(digests), ...Object.values(vmsa)]) {
		t.regex(digest as string, /^[0-9a-f]{96}$/);
	}
});

test('defaults are one EPYC-v4 vCPU with SEV-SNP and nothing else; numbers in hex come in any dress', async (t) => {
	const { image } = written(t);
	const plain = await measure('ovmf', image, '--json');
	const same: readonly (readonly string[])[] = [
		['--vcpus', '1', '--vcpu-signature', 'EPYC-v4', '--guest-features', '0x1'],
		['--vcpu-signature', '800f12'],
		['--vcpu-signature', '0x00800F12', '--guest-features', '0001'],
		['--vcpu-signature=0X800F12'],
	];
	for (const args of same) {
		t.deepEqual(await measure('ovmf', image, ...args, '--json'), plain);
	}
});

test('an absent and an empty initrd or command line are the same; a file is read whatever it is', async (t) => {
	const { image, file } = written(t);
	const empty = file('empty', '');
	const digest = async (...args: readonly string[]) => {
		const { code, out, err } = await measure('ovmf', image, ...args, '--json');
		t.is(code, 0, err);
		return JSON.parse(out).digest as string;
	};
	const bare = await digest('--kernel', empty);
	t.is(await digest('--kernel', '/dev/null', '--initrd', '/dev/null', '--append', ''), bare);
	t.not(await digest('--kernel', empty, '--append', ' '), bare);
	// Longer than one read.
	const long = file('kernel', Buffer.alloc(3 * 1024 * 1024 + 1, 'k'));
	const other = file('other', Buffer.alloc(3 * 1024 * 1024 + 2, 'k'));
	t.not(await digest('--kernel', long), await digest('--kernel', other));
	t.not(await digest('--kernel', empty, '--initrd', long), await digest('--kernel', long, '--initrd', empty));
	t.not(await digest(), bare);
});

test('people see what each digest covers, and what none does', async (t) => {
	const { image } = written(t);
	const { digest, firmwareDigest, beforeVmsaDigest, vmsa } = JSON.parse((await measure('ovmf', image, '--json')).out);
	const { code, out } = await measure('ovmf', image);
	t.is(code, 0);
	t.true(out.startsWith(`Digest       ${digest}\n`));
	for (const each of [firmwareDigest, beforeVmsaDigest, vmsa.bsp, vmsa.ap]) {
		t.true(out.includes(each));
	}
	t.regex(out, /1 vCPU of signature 0x800f12 \(EPYC\), guest features 0x1, no kernel hashes\n/);
	t.regex(out, /the image, 2 pages at 0xffffe000\n/);
	t.regex(out, /Not covered: memory size, .*;\na kernel, initrd or command line given to QEMU, unless /);
	const kernel = await measure('ovmf', image, '--kernel', '/dev/null', '--vcpus', '4', '--guest-features', '20');
	t.regex(kernel.out, /4 vCPUs .*, the hashes of kernel, initrd and command line\n/);
	t.regex(kernel.out, /It holds for a QEMU with kernel-hashes=on\.\nNote: guest features without bit 0 /);
});

const wrongUsage: readonly (readonly [string, readonly string[], RegExp])[] = [
	['nothing to measure', [], /takes 'ovmf' and one image/],
	['no image', ['ovmf'], /takes 'ovmf' and one image/],
	['two images', ['ovmf', 'IMAGE', 'b.fd'], /takes 'ovmf' and one image/],
	['another kind', ['uki', 'IMAGE'], /takes 'ovmf' and one image/],
	['an IGVM', ['igvm', 'IMAGE'], /'snpgate measure igvm' is not available yet/],
	['an option of an IGVM', ['igvm', 'IMAGE', '--native-zero'], /'--native-zero' of 'snpgate measure' is not available yet/],
	['an image that is not there', ['ovmf', 'nowhere.fd'], /'nowhere\.fd' cannot be read: ENOENT/],
	['a directory', ['ovmf', 'harness'], /'harness' cannot be read: EISDIR/],
	['an empty image', ['ovmf', '/dev/null'], /'\/dev\/null' is no OVMF image: expected 4096 to .* found 0 \(OVMF image, byte 0\)/],
	['an image that never ends', ['ovmf', '/dev/zero'], /'\/dev\/zero' is longer than 16 MiB/],
	['no vCPU', ['ovmf', 'IMAGE', '--vcpus', '0'], /'--vcpus' expects a whole number from 1 to 4096; found '0'/],
	['vCPUs in hex', ['ovmf', 'IMAGE', '--vcpus', '0x4'], /'--vcpus' expects a whole number/],
	['an unknown CPU', ['ovmf', 'IMAGE', '--vcpu-signature', 'EPYC-Milano'], /did you mean 'EPYC-Milan'; found 'EPYC-Milano'/],
	['no CPU', ['ovmf', 'IMAGE', '--vcpu-signature', ''], /'--vcpu-signature' expects at most 32 bits in hex, such as/],
	['a CPU of 33 bits', ['ovmf', 'IMAGE', '--vcpu-signature', '100000000'], /at most 32 bits in hex/],
	[
		'features of 65 bits',
		['ovmf', 'IMAGE', '--guest-features', '10000000000000000'],
		/'--guest-features' expects a number in hex/,
	],
	[
		'an initrd alone',
		['ovmf', 'IMAGE', '--initrd', '/dev/null'],
		/'--initrd' is measured together with a kernel only: add '--kernel F'/,
	],
	['a command line alone', ['ovmf', 'IMAGE', '--append', ''], /'--append' is measured together with a kernel only/],
	['a kernel that is not there', ['ovmf', 'IMAGE', '--kernel', 'nowhere'], /'--kernel nowhere' cannot be read: ENOENT/],
	[
		'an initrd that is not there',
		['ovmf', 'IMAGE', '--kernel', '/dev/null', '--initrd', 'ci'],
		/'--initrd ci' cannot be read: EISDIR/,
	],
	['no UTF-8', ['ovmf', 'IMAGE', '--kernel', '/dev/null', '--append', 'a\ufffd'], /'--append' expects UTF-8/],
];

for (const [title, args, message] of wrongUsage) {
	test(`exit 2 in one sentence: ${title}`, async (t) => {
		const { image } = written(t);
		const { code, err, out } = await measure(...args.map((arg) => (arg === 'IMAGE' ? image : arg)));
		t.is(code, 2, err);
		t.regex(err, message);
		t.is(out, '');
		t.is(err.split('\n').length, 1, 'one line');
	});
}

const unlaunchable: readonly (readonly [string, ImagePlan, readonly string[], RegExp])[] = [
	[
		'a firmware without SEV metadata',
		{ ...amdSevPlan, sections: null },
		[],
		/cannot be launched so\. The firmware has no SEV meta/,
	],
	['a firmware without a reset address', { ...amdSevPlan, apResetEip: null }, [], /names no reset address/],
	['kernel hashes without a section', { ...amdSevPlan, sections: [] }, ['--kernel', '/dev/null'], /no SNP_KERNEL_HASHES section/],
];

for (const [title, plan, args, message] of unlaunchable) {
	test(`exit 2: ${title}`, async (t) => {
		const { code, err, out } = await measure('ovmf', written(t, plan).image, ...args);
		t.is(code, 2);
		t.regex(err, message);
		t.is(out, '');
	});
}
