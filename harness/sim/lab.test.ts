// The same argv to the real tool on this machine and to the simulated one, comparing the form. Only with SNPGATE_LAB=1.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { renderCpuinfo } from './cpuinfo.ts';
import { createFileTree } from './file-tree.ts';
import { procFile } from './system-files.ts';
import { hostTools } from './tools/table.ts';
import type { Package } from './world.ts';
import { f41Change } from './worlds/f41-change.ts';

const world = f41Change;
const decoder = new TextDecoder();

interface Result {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

function real([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}): Result | null {
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		encoding: 'utf8',
		env: { ...process.env, LC_ALL: 'C', ...env },
		input: 'stdin\n',
		timeout: 20_000,
	});
	// Which windows QEMU was installed with is the lab's own matter.
	const own = stderr?.replace(/^qemu: module \S+ not found, .*\n/gm, '');
	// A tool that ends without reading its input leaves an EPIPE behind, which says nothing.
	return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' ? null : { status, stdout, stderr: own };
}

function simulated([program = '', ...args]: readonly string[], packages: readonly Package[] = []): Result {
	const tool = hostTools(world).get(program);
	const files = createFileTree({
		'/etc/os-release': { type: 'link', to: '../usr/lib/os-release' },
		'/usr/lib/os-release': { type: 'file', content: 'ID=fedora\n' },
		'/dev/null': { type: 'device', mode: 0o666, read: () => new Uint8Array(0) },
		'/tmp': { type: 'directory', mode: 0o1777 },
		'/proc/cpuinfo': procFile(renderCpuinfo(world.cpu)),
		[process.cwd()]: { type: 'directory' },
	});
	const system = { identity: { ...world.host, packages }, log: [{ at: 0, text: 'Linux version 6' }], files };
	const output = tool?.({ args, stdin: new TextEncoder().encode('stdin\n'), system });
	return { status: output?.status ?? -1, stdout: decoder.decode(output?.stdout), stderr: output?.stderr ?? '' };
}

function lab(title: string, body: (t: ExecutionContext) => void): void {
	const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;
	inLab(`[lab] ${title}`, body);
}

/** Runs both; false when the real tool is not here. */
function both(t: ExecutionContext, argv: readonly string[]): readonly [Result, Result] | null {
	const there = real(argv);
	if (there === null) {
		t.fail(`'${argv[0]}' is not installed here`);
		return null;
	}
	return [there, simulated(argv)];
}

/** Everything must be the same, byte for byte. */
const exact: readonly (readonly string[])[] = [
	['uname', '-s'],
	['uname', '-op'],
	['uname', '-z'],
	['uname', '--k'],
	['uname', '--all=x'],
	['uname', 'more'],
	['head', '-c', '2'],
	['head', '-c', '4', '/nope'],
	['head', '-c', 'x', '/dev/null'],
	['head', '-n', '1x', '/dev/null'],
	['head', '-c'],
	['head', '--bytes'],
	['head', '-Q'],
	['head', '--nope', 'x'],
	['head', '-c', '5', '/tmp'],
	['head', '-c', '5', '/dev/null', '/tmp', '/nope'],
	['head', ''],
	['cat'],
	['cat', '/nope', '/tmp', '/etc/os-release/x', ''],
	['cat', '-Q'],
	['cat', '--nope'],
	['stat'],
	['stat', '-Q', '/'],
	['stat', '-L', '-c', '%F %U %G', '/tmp', '/nope', '/dev/null', '/etc/os-release', '/etc/os-release/'],
	['stat', '-c', '%F %a %A %U', '/etc/os-release', '/dev/null', '/tmp'],
	['stat', '-c', 'a%%b', '/tmp'],
	['readlink'],
	['readlink', '-Q'],
	['readlink', '/etc/os-release', '/nope'],
	['readlink', '-f', '/etc/os-release', '/nope', '/nope/x'],
	['readlink', '-e', '/etc/os-release', '/nope'],
	['readlink', '-v', '/nope', '/tmp', '/etc/os-release/x'],
	['dd', 'foo'],
	['dd', 'foo=1'],
	['dd', '-x'],
	['dd', '--nope'],
	['dd', 'iflag=q', 'if=/dev/null'],
	['dd', 'bs=x'],
	['dd', 'bs=0'],
	['dd', 'skip=-1'],
	['dd', 'status=x'],
	['dd', 'if=/nope'],
	['dd', 'if=/tmp', 'status=none'],
	['dd', 'bs=2', 'count=1', 'status=none'],
	['dd', 'bs=4', 'status=noxfer'],
	['mkdir'],
	['mkdir', '-Q', 'x'],
	['mkdir', '', '/tmp', '/nope/x', '/etc/os-release', '/etc/os-release/x'],
	['rmdir'],
	['rmdir', '--nope', 'x'],
	['rmdir', '', '/nope', '/etc/os-release', '/dev/null'],
	['rm'],
	['rm', '-f'],
	['rm', '-Q'],
	['rm', '', '/nope', '/tmp'],
	['rm', '-f', '/nope'],
	['sha256sum'],
	['sha256sum', '-Q'],
	['sha256sum', '/etc/os-release/x', '/tmp', '/nope', '', '/dev/null'],
	['mktemp', '-Q'],
	['dmesg', '-Q'],
	['dmesg', '--nope'],
	['dmesg', 'x'],
	['journalctl', '--nope'],
	['journalctl', '-z'],
	['journalctl', '-o'],
	['journalctl', '-k', '-o', 'foo'],
	['systemctl', '--nope'],
	['systemctl', 'foo'],
	['systemctl', 'is-active'],
	['qemu-system-x86_64', '-nope'],
	['qemu-system-x86_64', '-object'],
	['qemu-system-x86_64', '-machine'],
	['qemu-system-x86_64', '-object', 'nope,help'],
	['qemu-system-x86_64', '-object', 'nope,id=x'],
	['qemu-system-x86_64', '-object', 'id=x'],
	['qemu-system-x86_64', '-object', 'sev-guest'],
	['qemu-system-x86_64', '-machine', 'nope'],
	['qemu-system-x86_64', 'nofile'],
];

for (const argv of exact) {
	lab(`same answer: ${JSON.stringify(argv)}`, (t) => {
		const results = both(t, argv);
		if (results !== null) {
			t.deepEqual(results[1], results[0]);
		}
	});
}

const mask = (text: string) => text.replace(/\d+/g, '#');

lab('QEMU: the help of objects and machines has the same form, and what both have is the same', (t) => {
	for (const argument of ['help', 'sev-guest,help', 'memory-backend-memfd,help']) {
		const results = both(t, ['qemu-system-x86_64', '-object', argument]);
		if (results === null) {
			return;
		}
		const [there, here] = results.map(({ stdout }) => stdout.split('\n'));
		t.is(here?.[0], there?.[0]);
		// Version 7.2 of the lab has neither sev-snp-guest nor igvm-cfg.
		const ours = here?.filter((line) => !/sev-snp-guest|igvm-cfg/.test(line)) ?? [];
		t.deepEqual(
			ours.filter((line) => !there?.includes(line)),
			[],
		);
	}
	const machines = both(t, ['qemu-system-x86_64', '-machine', 'help']);
	const [there, here] = machines?.map(({ stdout }) => stdout.split('\n').map(mask)) ?? [];
	t.deepEqual(
		here?.filter((line) => !there?.includes(line)),
		[],
	);
	const help = both(t, ['qemu-system-x86_64', '-machine', 'q35,help']);
	const shape = /^ {2}[\w-]+=<.+?>{1,2}(?: {0,}- .+)?$/;
	for (const { stdout } of help ?? []) {
		const [title = '', ...lines] = stdout.trimEnd().split('\n');
		t.is(mask(title), 'pc-q#-#.#-machine options:');
		t.deepEqual(
			lines.filter((line) => !shape.test(line)),
			[],
		);
		t.deepEqual(lines, [...lines].sort());
	}
});

lab('QEMU: an unknown property of a machine', (t) => {
	const results = both(t, ['qemu-system-x86_64', '-machine', 'q35,nope=1', '-display', 'none']);
	t.is(mask(results?.[1].stderr ?? ''), mask(results?.[0].stderr ?? ''));
});

lab('dmesg: time stamps, and the first lines of the kernel', (t) => {
	const results = both(t, ['dmesg']);
	const [there = '', here = ''] = results?.map(({ stdout }) => stdout.split('\n')[0] ?? '') ?? [];
	const form = (line: string) => line.replace(/(Linux version ).*/, '$1').replace(/\d+/g, '#');
	t.is(form(here), form(there));
	t.regex(there, /^\[ {4}0\.000000\] Linux version /);
});

lab('uname -a has its words in the order of the options', (t) => {
	for (const run of [real, simulated]) {
		const all = run(['uname', '-a'])?.stdout;
		const each = ['-s', '-n', '-r', '-v', '-m', '-o'].map((option) => run(['uname', option])?.stdout.trim());
		t.is(all, `${each.join(' ')}\n`);
	}
});

lab('/proc/cpuinfo has the same fields with the same padding', (t) => {
	const names = (text: string) =>
		text
			.split('\n\n')[0]
			?.split('\n')
			.map((line) => line.slice(0, line.indexOf(':')));
	t.deepEqual(names(renderCpuinfo(world.cpu)), names(readFileSync('/proc/cpuinfo', 'utf8')));
});

lab('a command that is not there, below sh as Fedora has it', (t) => {
	const there = real(['bash', '-c', '"$@"', 'sh', 'frobnicate']);
	t.deepEqual(there, { status: 127, stdout: '', stderr: 'sh: line 1: frobnicate: command not found\n' });
});

/** A database of rpm with the packages of the world, made by rpmbuild; the directory is the home that points rpm at it. */
function makeRpmDatabase(directory: string, packages: readonly Package[]): boolean {
	mkdirSync(join(directory, 'db'), { recursive: true });
	writeFileSync(join(directory, '.rpmmacros'), `%_dbpath ${directory}/db\n%_topdir ${directory}/build\n`);
	for (const { name, epoch, version, release, arch, vendor } of packages) {
		const spec = join(directory, 'package.spec');
		const head = [`Name: ${name}`, `Version: ${version}`, `Release: ${release}`, `Vendor: ${vendor}`, 'Summary: x', 'License: x'];
		const text = [...head, ...(epoch === null ? [] : [`Epoch: ${epoch}`]), '%description', 'x', '%files', ''].join('\n');
		writeFileSync(spec, text);
		if (real(['rpmbuild', '-bb', '--quiet', '--target', arch, spec], { HOME: directory })?.status !== 0) {
			return false;
		}
		const built = join(directory, 'build', 'RPMS', arch);
		const file = readdirSync(built).find((entry) => entry.startsWith(`${name}-`) && entry.includes(`-${release}.`));
		real(['rpm', '-i', '--justdb', '--nodeps', '--ignorearch', join(built, file ?? '')], { HOME: directory });
	}
	return true;
}

lab('rpm: the same answers from a database with the same packages', (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-rpm-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	const packages = world.host.packages;
	if (!makeRpmDatabase(directory, packages)) {
		t.fail('rpm and rpmbuild are not both installed here');
		return;
	}
	const format =
		'%{NAME}\\t%{EPOCHNUM}\\t%{EPOCH}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\t%{EVR}\\t%{NEVRA}\\t%{NVRA}\\n';
	const names = packages.map(({ name }) => name);
	const asked: readonly (readonly string[])[] = [
		['-q', '--qf', format, ...names, 'nope'],
		['-q', ...names],
		['-q', 'kernel-core-6.11.4-301.fc41.x86_64', 'kernel-core.i686', 'edk2*', '', '2:qemu-system-x86-core'],
		['-q', 'qemu-system-x86-core-2:9.1.0-2.fc41', 'qemu-system-x86-core-9.1.0', 'coconut-svsm-v2025.10.devel-1.fc41.x86_64'],
		['--qf', 'a', '--query', '--', 'edk2-ovmf'],
		...['%{NOPE}', '%{NAME', '%NAME', '%%%', '%', '%{}', '%{NAME:foo}', 'abc}', 'abc]', '[abc', 'a\\', ''].map((text) => [
			'-q',
			'--qf',
			text,
			'edk2-ovmf',
		]),
		...['[%{NAME}\\n]', '%12{NAME}|%-12{name}|%3{name}', '\\q\\n\\t\\\\', '100%%'].map((text) => [
			'-q',
			`--queryformat=${text}`,
			'edk2-ovmf',
		]),
		['-q'],
		['-q', '--qf'],
		['-z'],
		['-qz', 'edk2-ovmf'],
		['--quer'],
	];
	for (const args of asked) {
		t.deepEqual(simulated(['rpm', ...args], packages), real(['rpm', ...args], { HOME: directory }), JSON.stringify(args));
	}
});
