// snpgate doctor from outside: what is typed, what is answered, which exit code.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';

const root = resolve(import.meta.dirname, '..', '..');
const cli = join(root, 'harness', 'cli.ts');

interface Said {
	readonly code: unknown;
	readonly out: string;
	readonly err: string;
}

function doctor(...args: readonly string[]): Promise<Said> {
	return new Promise((answer) => {
		const child = execFile(process.execPath, [cli, 'doctor', ...args], { cwd: root }, (error, out, err) =>
			answer({ code: error === null ? 0 : error.code, out, err }),
		);
		child.stdin?.end();
	});
}

/** A directory with these texts, gone after the test. */
function written(t: { teardown(undo: () => void): void }, texts: Readonly<Record<string, string | Uint8Array>>) {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(texts)) {
		writeFileSync(join(directory, name), text);
	}
	return (name: string) => join(directory, name);
}

const good = `SEV-SNP: RMP table physical range [0x000000bf7e800000 - 0x000000c03f0fffff]
ccp 0000:01:00.5: sev enabled
ccp 0000:01:00.5: SEV API:1.55 build:21
ccp 0000:01:00.5: SEV-SNP API:1.55 build:21
kvm_amd: SEV enabled (ASIDs 100 - 1006)
kvm_amd: SEV-ES enabled (ASIDs 1 - 99)
kvm_amd: SEV-SNP enabled (ASIDs 1 - 99)
`;
const noRmp = 'SEV-SNP: Memory for the RMP table has not been reserved by BIOS\nccp 0000:01:00.5: sev enabled\n';

const exits: readonly (readonly [string, readonly (string | Uint8Array)[], number])[] = [
	['a healthy host', [good], 0],
	['a host without RMP', [noRmp], 1],
	['a byte order mark', [`\ufeff${noRmp}`], 1],
	['text that is nothing of it', ['bread, milk, two lemons\n'], 3],
	['an empty file', [''], 3],
	['a binary file', [new Uint8Array(4_096).fill(1)], 3],
	['1 before 3 before 0', [good, 'bread\n', noRmp], 1],
	['3 before 0', [good, 'bread\n'], 3],
	['more than 16 MiB', [`${good}${'\n'.repeat(16 * 1024 * 1024)}`], 3],
	['16 MiB', [`${good}${'\n'.repeat(16 * 1024 * 1024 - good.length)}`], 0],
];

for (const [title, texts, code] of exits) {
	test(`exit ${code}: ${title}`, async (t) => {
		const path = written(t, Object.fromEntries(texts.map((text, index) => [`${index}.txt`, text])));
		const from = texts.flatMap((_, index) => ['--from', path(`${index}.txt`)]);
		const people = await doctor(...from);
		t.is(people.code, code, people.out + people.err);
		t.regex(people.out, /^DOCTOR /);
		const json = await doctor(...from, '--json');
		t.is(json.code, code);
		t.is(json.err, '');
		t.is(JSON.parse(json.out).files.length, texts.length);
	});
}

test('--json is the contract, the file named as it was given', async (t) => {
	const path = written(t, { 'k.txt': noRmp });
	const { out } = await doctor('--from', path('k.txt'), '--json');
	const { files, cause, ...more } = JSON.parse(out);
	t.deepEqual(more, {});
	t.like(files[0], { file: path('k.txt'), kind: 'host-kernel', snp: 'unusable' });
	t.is(cause.code, 'bios-rmp-not-reserved');
	t.deepEqual(Object.keys(cause), ['code', 'message', 'next']);
	t.deepEqual(files[0].cause, cause);
});

test('a device that never ends is read to the bound', async (t) => {
	const { code, out } = await doctor('--from', '/dev/zero', '--json');
	t.is(code, 3);
	t.like(JSON.parse(out).files[0], { kind: 'unknown', snp: 'unknown', facts: { error: 'truncated' }, cause: null });
});

test('a simulated host: one round trip, usable, and SIMULATED on the first line', async (t) => {
	const people = await doctor('--host', 'sim');
	t.is(people.code, 0, people.err);
	t.regex(people.out, /^SIMULATED /);
	t.regex(people.out, /DOCTOR {3}SEV-SNP is usable, by 3 texts/);
	const { files, simulated, host } = JSON.parse((await doctor('--host', 'sim', '--json')).out);
	t.true(simulated);
	t.is(host.generation, 'genoa');
	t.deepEqual(
		files.map(({ kind }: { kind: string }) => kind),
		['host-kernel', 'snphost', 'domcaps'],
	);
});

test('this machine, whatever it is, is said honestly: no SEV-SNP host is usable by its CPU alone', async (t) => {
	const { code, out } = await doctor('--json');
	const { files, silent, simulated } = JSON.parse(out);
	t.false(simulated);
	t.is(code === 0, files.length > 0 && files.every(({ snp }: { snp: string }) => snp === 'usable'));
	t.true(files.length + silent.length > 0);
});

test('--codes lists every cause, with --json as data', async (t) => {
	const page = await doctor('--codes');
	t.is(page.code, 0);
	const { format, causes } = JSON.parse((await doctor('--codes', '--json')).out);
	t.is(format, 'snpgate.causes/1');
	for (const { code, meaning, isNot, next, severity, lookAt } of causes) {
		t.true(page.out.includes(`${code}   ${severity}`), code);
		for (const words of [meaning, isNot, next, lookAt]) {
			t.is(typeof words, 'string', code);
		}
	}
});

test('--permissions: what is needed, by what, why, and which checks are lost; with --json as data', async (t) => {
	const page = await doctor('--permissions');
	t.is(page.code, 0, page.err);
	t.regex(page.out, /^root and the cpuid driver\nWhy: .*\nFor: .*dd if=\/dev\/cpu\/0\/cpuid .*\nLost: +host\.cpu\n/);
	t.regex(
		page.out,
		/\nthe libvirt socket\nWhy: .*\nFor: +virsh -c .*\nLost: +host\.diagnosis, host\.libvirt\.sev-snp, what the doctor reads/,
	);
	const { format, permissions } = JSON.parse((await doctor('--permissions', '--json')).out);
	t.is(format, 'snpgate.permissions/1');
	for (const permission of permissions) {
		t.deepEqual(Object.keys(permission), ['capability', 'why', 'needs', 'checks', 'doctor']);
		t.true(page.out.includes(permission.capability), permission.capability);
	}
});

const wrongUsage: readonly (readonly [string, readonly string[], RegExp])[] = [
	['a host and a text', ['--host', 'local', '--from', '/dev/null'], /Give either '--from' for texts or '--host' for a machine/],
	['a host over SSH', ['--host', 'root@epyc'], /over SSH, which is not available yet/],
	['permissions of a text', ['--permissions', '--from', '/dev/null'], /'--permissions' lists what .* looks at no machine/],
	['permissions of a host', ['--permissions', '--host', 'sim'], /'--permissions' lists what .* looks at no machine/],
	['a text without its option', ['--from', '/dev/null', 'b.txt'], /'b\.txt' is no option; every text .*'--from b\.txt'/],
	['codes of a text', ['--codes', '--from', '/dev/null'], /leave out '--from'/],
	['a file that is not there', ['--from', 'nowhere.txt'], /'--from nowhere\.txt' cannot be read: .*ENOENT/],
	['a directory', ['--from', 'harness'], /'--from harness' cannot be read: .*EISDIR/],
	['one file of two that is not there', ['--from', '/dev/null', '--from', 'nowhere.txt'], /'--from nowhere\.txt' cannot/],
];

for (const [title, args, message] of wrongUsage) {
	test(`exit 2 in one sentence: ${title}`, async (t) => {
		const { code, err, out } = await doctor(...args);
		t.is(code, 2, err);
		t.regex(err, message);
		t.is(out, '');
		t.notRegex(err, /\n\s+at /, 'no stack trace');
	});
}
