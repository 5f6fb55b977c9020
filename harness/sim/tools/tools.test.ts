import test from 'ava';
import fc from 'fast-check';
import { createFileTree } from '../file-tree.ts';
import { hostFiles } from '../host-files.ts';
import { hostKernelLog } from '../host-log.ts';
import type { System } from '../system.ts';
import { f41Change } from '../worlds/f41-change.ts';
import { f41Shipped } from '../worlds/f41-shipped.ts';
import { hostTools } from './table.ts';

const files = createFileTree({
	'/data/ten': { type: 'file', content: '0123456789' },
	'/data/lines': { type: 'file', content: 'one\ntwo\nthree\n' },
	'/data/empty': { type: 'file', content: '' },
	'/data/secret': { type: 'file', content: 'x', denied: 'EACCES' },
	'/data/link': { type: 'link', to: 'ten' },
	'/data/dead': { type: 'link', to: 'nowhere' },
	'/data/loop': { type: 'link', to: 'loop' },
	'/dev/sev': { type: 'device' },
	'/etc/os-release': { type: 'link', to: '../usr/lib/os-release' },
	'/usr/lib/os-release': { type: 'file', content: 'ID=fedora\n' },
});
const log = [
	{ at: 0, text: 'first' },
	{ at: 12.5, text: 'second' },
];
const system: System = { identity: f41Change.host, log, files };
const tools = hostTools(f41Change);
const decoder = new TextDecoder();

function run(line: readonly string[], on: System = system, table = tools) {
	const [program = '', ...args] = line;
	const tool = table.get(program);
	if (tool === undefined) {
		throw new Error(`no tool '${program}'`);
	}
	const { status, stdout, stderr } = tool({ args, stdin: new TextEncoder().encode('stdin\n'), system: on });
	return { status, stdout: decoder.decode(stdout), stderr };
}

const tryHelp = (program: string) => `Try '${program} --help' for more information.\n`;

/** argv, exit status, standard output, standard error. */
const table: readonly (readonly [readonly string[], number, string, string])[] = [
	[['uname'], 0, 'Linux\n', ''],
	[['uname', '-r'], 0, '6.11.4-301.fc41.x86_64\n', ''],
	[['uname', '-ms'], 0, 'Linux x86_64\n', ''],
	[['uname', '--kernel-rel'], 0, '6.11.4-301.fc41.x86_64\n', ''],
	[['uname', '-p'], 0, 'unknown\n', ''],
	[
		['uname', '-a'],
		0,
		'Linux epyc9354 6.11.4-301.fc41.x86_64 #1 SMP PREEMPT_DYNAMIC Sun Oct 20 15:02:33 UTC 2024 x86_64 GNU/Linux\n',
		'',
	],
	[['uname', '-z'], 1, '', `uname: invalid option -- 'z'\n${tryHelp('uname')}`],
	[['uname', '--all=x'], 1, '', `uname: option '--all' doesn't allow an argument\n${tryHelp('uname')}`],
	[
		['uname', '--k'],
		1,
		'',
		`uname: option '--k' is ambiguous; possibilities: '--kernel-name' '--kernel-release' '--kernel-version'\n${tryHelp('uname')}`,
	],
	[['uname', 'more'], 1, '', `uname: extra operand 'more'\n${tryHelp('uname')}`],

	[['head', '-c', '4', '/data/ten'], 0, '0123', ''],
	[['head', '-c4', '/data/link'], 0, '0123', ''],
	[['head', '--bytes=1K', '/data/ten'], 0, '0123456789', ''],
	[['head', '-n', '2', '/data/lines'], 0, 'one\ntwo\n', ''],
	[['head', '-c', '2'], 0, 'st', ''],
	[['head', '-qc1', '/data/ten', '/data/lines'], 0, '0o', ''],
	[
		['head', '-c', '1', '/data/ten', '/data'],
		1,
		'==> /data/ten <==\n0\n==> /data <==\n',
		"head: error reading '/data': Is a directory\n",
	],
	[['head', '-c', '4', '/nope'], 1, '', "head: cannot open '/nope' for reading: No such file or directory\n"],
	[['head', '-c', '4', '/data/secret'], 1, '', "head: cannot open '/data/secret' for reading: Permission denied\n"],
	[['head', '-c', 'x', '/data/ten'], 1, '', "head: invalid number of bytes: 'x'\n"],
	[['head', '-c'], 1, '', `head: option requires an argument -- 'c'\n${tryHelp('head')}`],

	[['cat', '/data/ten', '/data/lines'], 0, '0123456789one\ntwo\nthree\n', ''],
	[['cat'], 0, 'stdin\n', ''],
	[
		['cat', '/nope', '/data', '/data/ten'],
		1,
		'0123456789',
		'cat: /nope: No such file or directory\ncat: /data: Is a directory\n',
	],
	[['cat', '/data/ten/x'], 1, '', 'cat: /data/ten/x: Not a directory\n'],
	[['cat', '/data/loop'], 1, '', 'cat: /data/loop: Too many levels of symbolic links\n'],
	[['cat', '-Q'], 1, '', `cat: invalid option -- 'Q'\n${tryHelp('cat')}`],

	[['dd', 'if=/data/ten', 'bs=2', 'count=1', 'iflag=skip_bytes', 'skip=3', 'status=none'], 0, '34', ''],
	[['dd', 'if=/data/ten', 'bs=4', 'skip=1', 'status=noxfer'], 0, '456789', '1+1 records in\n1+1 records out\n'],
	[['dd', 'if=/nope'], 1, '', "dd: failed to open '/nope': No such file or directory\n"],
	[['dd', 'if=/data', 'status=none'], 1, '', "dd: error reading '/data': Is a directory\n"],
	[['dd', 'foo=1'], 1, '', `dd: unrecognized operand 'foo=1'\n${tryHelp('dd')}`],
	[['dd', 'iflag=foo'], 1, '', `dd: invalid input flag: 'foo'\n${tryHelp('dd')}`],
	[['dd', 'bs=x'], 1, '', "dd: invalid number: 'x'\n"],
	[['dd', 'status=x'], 1, '', `dd: invalid status level: 'x'\n${tryHelp('dd')}`],

	[['stat', '-L', '-c', '%F %a %U %G %s', '/dev/sev'], 0, 'character special file 600 root root 0\n', ''],
	[['stat', '-L', '-c', '%F', '/etc/os-release', '/data/empty', '/data'], 0, 'regular file\nregular empty file\ndirectory\n', ''],
	[['stat', '-c', '%F %A %s %n%%', '/data/link'], 0, 'symbolic link lrwxrwxrwx 3 /data/link%\n', ''],
	[['stat', '-L', '-c', '%F', '/nope'], 1, '', "stat: cannot statx '/nope': No such file or directory\n"],
	[['stat'], 1, '', `stat: missing operand\n${tryHelp('stat')}`],
	[['stat', '-Q', '/'], 1, '', `stat: invalid option -- 'Q'\n${tryHelp('stat')}`],

	[['readlink', '/etc/os-release'], 0, '../usr/lib/os-release\n', ''],
	[['readlink', '-f', '/etc/os-release', '/data/new'], 0, '/usr/lib/os-release\n/data/new\n', ''],
	[['readlink', '-f', '/nope/x'], 1, '', ''],
	[['readlink', '-e', '/data/dead'], 1, '', ''],
	[['readlink', '-v', '/data/ten'], 1, '', 'readlink: /data/ten: Invalid argument\n'],
	[['readlink'], 1, '', `readlink: missing operand\n${tryHelp('readlink')}`],

	[['journalctl', '-k', '-b', '-o', 'cat', '--no-pager'], 0, 'first\nsecond\n', ''],
	[['journalctl', '-k'], 0, 'Oct 29 08:12:31 epyc9354 kernel: first\nOct 29 08:12:43 epyc9354 kernel: second\n', ''],
	[
		['journalctl', '-ko', 'short-monotonic'],
		0,
		'[    0.000000] epyc9354 kernel: first\n[   12.500000] epyc9354 kernel: second\n',
		'',
	],
	[['journalctl', '--nope'], 1, '', "journalctl: unrecognized option '--nope'\n"],
	[['journalctl', '-k', '-o', 'foo'], 1, '', "Unknown output format 'foo'.\n"],
	[['journalctl', '-k', 'extra'], 1, '', "Failed to add match 'extra': Invalid argument\n"],
	[['dmesg'], 0, '[    0.000000] first\n[   12.500000] second\n', ''],
	[['dmesg', '-t'], 0, 'first\nsecond\n', ''],
	[['dmesg', '-Q'], 1, '', `dmesg: invalid option -- 'Q'\n${tryHelp('dmesg')}`],
	[['dmesg', 'x'], 1, '', `dmesg: bad usage\n${tryHelp('dmesg')}`],

	[['getenforce'], 0, 'Enforcing\n', ''],
	[['systemctl', 'is-active', 'virtqemud.socket'], 0, 'active\n', ''],
	[['systemctl', 'is-active', 'virtqemud'], 3, 'inactive\n', ''],
	[['systemctl', 'is-active', 'libvirtd'], 4, 'inactive\n', ''],
	[['systemctl', '--nope'], 1, '', "systemctl: unrecognized option '--nope'\n"],
	[['systemctl', 'foo'], 1, '', 'Unknown command verb foo.\n'],

	[['virt-install', '--version'], 0, '4.1.0\n', ''],
	[['virsh', '--version'], 0, '10.7.0\n', ''],
	[['virsh', 'nope'], 1, '', "error: unknown command: 'nope'\n"],
	[['virsh', 'domcapabilities', '--nope'], 1, '', "error: command 'domcapabilities' doesn't support option --nope\n"],

	[['qemu-system-x86_64', '-nope'], 1, '', 'qemu-system-x86_64: -nope: invalid option\n'],
	[['qemu-system-x86_64', '-object'], 1, '', 'qemu-system-x86_64: -object: requires an argument\n'],
	[
		['qemu-system-x86_64', '-object', 'igvm-cfg,help'],
		0,
		'igvm-cfg options:\n  file=<string>          - Set the IGVM filename to use\n',
		'',
	],
	[
		['qemu-system-x86_64', '-object', 'nope,help'],
		1,
		'',
		"qemu-system-x86_64: -object nope,help: Parameter 'qom-type' does not accept value 'nope'\n",
	],
	[['qemu-system-x86_64', '-object', 'sev-guest'], 1, '', "qemu-system-x86_64: -object sev-guest: Parameter 'id' is missing\n"],
	[['qemu-system-x86_64', '-machine', 'q35,nope=1'], 1, '', "qemu-system-x86_64: Property 'pc-q35-9.1-machine.nope' not found\n"],
	[
		['qemu-system-x86_64', '-machine', 'nope'],
		1,
		'',
		'qemu-system-x86_64: unsupported machine type\nUse -machine help to list supported machines\n',
	],
];

for (const [argv, status, stdout, stderr] of table) {
	test(argv.join(' '), (t) => {
		t.deepEqual(run(argv), { status, stdout, stderr });
	});
}

test('qemu --version names its package, and -object help what can be made', (t) => {
	const version = run(['qemu-system-x86_64', '--version']).stdout;
	t.regex(version, /^QEMU emulator version 9\.1\.0 \(qemu-9\.1\.0-2\.fc41\)\nCopyright/);
	const objects = run(['qemu-system-x86_64', '-object', 'help']).stdout;
	t.regex(objects, /^List of user creatable objects:\n(?: {2}[a-z0-9-]+\n)+$/);
	t.true(objects.includes('  sev-snp-guest\n'));
	t.false(run(['qemu-system-x86_64', '-object', 'help'], system, hostTools(f41Shipped)).stdout.includes('igvm-cfg'));
});

test('dd reads CPUID 0x8000001F as the cpuid driver gives it', (t) => {
	const dd = tools.get('dd');
	const args = ['if=/dev/cpu/0/cpuid', 'bs=16', 'count=1', 'iflag=skip_bytes', `skip=${0x8000_001f}`, 'status=none'];
	const output = dd?.({ args, stdin: new Uint8Array(0), system: { ...system, files: hostFiles(f41Change) } });
	t.is(Buffer.from(output?.stdout ?? []).toString('hex'), '3f00000073410000ee03000064000000');
	t.is(output?.stderr, '');
});

test('tools of packages that are not installed are not there', (t) => {
	const bare = { ...f41Change, host: { ...f41Change.host, packages: [] } };
	t.deepEqual(
		['qemu-system-x86_64', 'virsh', 'virt-install', 'snphost', 'rpm'].map((name) => hostTools(bare).has(name)),
		[false, false, false, false, true],
	);
});

const words = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.constantFrom(
		'-',
		'--',
		'-q',
		'--qf',
		'%{NAME',
		'[',
		'-c',
		'-object',
		'help',
		',',
		'=',
		'-machine',
		'q35,help',
		'__proto__,help',
		'constructor,help',
	),
	fc.constantFrom(
		'/../..',
		'/etc/os-release/',
		'/proc/cmdline',
		'//',
		'if=/',
		'skip=9999999999999',
		'domcapabilities',
		'--machine',
		'ok',
		'is-active',
	),
);

test('no argv makes a tool throw, and a status is one that a process can have', (t) => {
	const real: System = { identity: f41Change.host, log: hostKernelLog(f41Change), files: hostFiles(f41Change) };
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.constantFrom(...tools.keys()), fc.array(words, { maxLength: 6 }), (program, args) => {
				const { status, stdout, stderr } = run([program, ...args], real);
				return Number.isInteger(status) && status >= 0 && status <= 255 && stdout.length + stderr.length < 1_000_000;
			}),
			{ numRuns: 3_000 },
		),
	);
});
