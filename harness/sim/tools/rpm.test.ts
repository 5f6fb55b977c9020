import test from 'ava';
import fc from 'fast-check';
import { createFileTree } from '../file-tree.ts';
import type { Package } from '../world.ts';
import { f41Change } from '../worlds/f41-change.ts';
import { fedoraPackage } from '../worlds/fedora-41.ts';
import { createRpm } from './rpm.ts';
import { formatPackage } from './rpm-format.ts';

const packages = [
	fedoraPackage('kernel-core', '6.11.4-301.fc41'),
	fedoraPackage('kernel-core', '6.11.3-300.fc41'),
	fedoraPackage('qemu-system-x86-core', '2:9.1.0-2.fc41'),
	fedoraPackage('edk2-ovmf', '20240813-2.fc41', 'noarch'),
];
const rpm = createRpm('4.20.0');

function run(...args: string[]) {
	const system = { identity: { ...f41Change.host, packages }, log: [], files: createFileTree({}) };
	const { status, stdout, stderr } = rpm({ args, stdin: new Uint8Array(0), system });
	return { status, stdout: new TextDecoder().decode(stdout), stderr };
}

/** Answers of rpm 4.18 with these four packages in its database. */
const queries: readonly (readonly [readonly string[], number, string, string])[] = [
	[['--version'], 0, 'RPM version 4.20.0\n', ''],
	[['-q', 'edk2-ovmf'], 0, 'edk2-ovmf-20240813-2.fc41.noarch\n', ''],
	[['-q', 'kernel-core'], 0, 'kernel-core-6.11.4-301.fc41.x86_64\nkernel-core-6.11.3-300.fc41.x86_64\n', ''],
	[['-q', 'kernel-core-6.11.3-300.fc41.x86_64', 'kernel-core-6.11.3'], 0, 'kernel-core-6.11.3-300.fc41.x86_64\n'.repeat(2), ''],
	[['-q', 'qemu-system-x86-core-2:9.1.0-2.fc41'], 0, 'qemu-system-x86-core-9.1.0-2.fc41.x86_64\n', ''],
	[['-q', 'kernel-core.i686', 'edk2*'], 2, 'package kernel-core.i686 is not installed\npackage edk2* is not installed\n', ''],
	[['-q', '2:qemu-system-x86-core'], 1, 'package 2:qemu-system-x86-core is not installed\n', ''],
	[['-q', ''], 1, 'package  is not installed\n', ''],
	[['-qa', '--qf', '%{NAME} '], 0, 'kernel-core kernel-core qemu-system-x86-core edk2-ovmf ', ''],
	[['--qf', 'a', '--query', '--', 'edk2-ovmf'], 0, 'a', ''],
	[['-q'], 1, '', 'rpm: no arguments given for query\n'],
	[['-q', '--qf'], 1, '', 'rpm: --qf: missing argument\n'],
	[['-qz', 'edk2-ovmf'], 1, '', 'rpm: -qz: unknown option\n'],
	[['--quer'], 1, '', 'rpm: --quer: unknown option\n'],
	[
		['-q', '--qf', '%{NOPE}', 'edk2-ovmf', 'nope'],
		1,
		'package nope is not installed\n',
		'error: incorrect format: unknown tag: "NOPE"\n',
	],
];

for (const [args, status, stdout, stderr] of queries) {
	test(`rpm ${JSON.stringify(args)}`, (t) => {
		t.deepEqual(run(...args), { status, stdout, stderr });
	});
}

const qemu: Package = fedoraPackage('qemu-system-x86-core', '2:9.1.0-2.fc41');
const formats: readonly (readonly [string, string])[] = [
	[
		'%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\n',
		'qemu-system-x86-core\t2\t9.1.0\t2.fc41\tx86_64\tFedora Project\n',
	],
	['%{EVR} %{NEVRA} %{NVR}', '2:9.1.0-2.fc41 qemu-system-x86-core-2:9.1.0-2.fc41.x86_64 qemu-system-x86-core-9.1.0-2.fc41'],
	['%{nvra}|%{nevr}', 'qemu-system-x86-core-9.1.0-2.fc41.x86_64|qemu-system-x86-core-2:9.1.0-2.fc41'],
	['%9{ARCH}|%-9{ARCH}|%2{ARCH}', '   x86_64|x86_64   |x86_64'],
	['[%{ARCH} ]100%%\\q\\\\', 'x86_64 100%q\\'],
];

for (const [format, text] of formats) {
	test(`format ${format}`, (t) => {
		t.deepEqual(formatPackage(format, qemu), { text });
	});
}

const wrongFormats: readonly (readonly [string, string])[] = [
	['%{NAME', 'missing } after %{'],
	['%NAME', 'invalid field width'],
	['%%%', 'missing { after %'],
	['%', 'missing { after %'],
	['%{}', 'empty tag name'],
	['abc}', 'unexpected }'],
	['abc]', 'unexpected ]'],
	['[abc', '] expected at end of array'],
	['a\\', 'escaped char expected after \\'],
	['%{NAME:foo}', 'unknown tag: "NAME"'],
];

for (const [format, error] of wrongFormats) {
	test(`wrong format ${format}`, (t) => {
		t.deepEqual(formatPackage(format, qemu), { error });
	});
}

test('packages without an epoch say (none), and 0 where a number is asked for', (t) => {
	t.deepEqual(formatPackage('%{EPOCH} %{EPOCHNUM} %{EVR}', fedoraPackage('edk2-ovmf', '20240813-2.fc41', 'noarch')), {
		text: '(none) 0 20240813-2.fc41',
	});
});

test('any format ends in text or in one error', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('%', '{', '}', '[', ']', '\\', 'N', 'AME', '-', '9', ':', ' ') }),
				(format) => {
					const result = formatPackage(format, qemu);
					return 'text' in result || result.error.length > 0;
				},
			),
			{ numRuns: 2_000 },
		),
	);
});
