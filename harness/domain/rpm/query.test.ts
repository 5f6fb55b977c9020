import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { packageLabel, parseRpmAnswer, rpmQuery } from './query.ts';

const qemu = 'qemu-system-x86-core\t2\t9.1.0\t1.fc41\tx86_64\tFedora Project\n';
const ok = (stdout: string) => ({ status: 0, stdout, stderr: '' });

test('rpm is asked for tags that are always set, one package a line', (t) => {
	t.deepEqual(rpmQuery('edk2-ovmf'), [
		'rpm',
		'-q',
		'--qf',
		'%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\n',
		'edk2-ovmf',
	]);
});

test('one package', (t) => {
	t.deepEqual(parseRpmAnswer(ok(qemu), 'qemu-system-x86-core', 'qemu-system-x86-core'), {
		found: 'installed',
		packages: [
			{ name: 'qemu-system-x86-core', epoch: '2', version: '9.1.0', release: '1.fc41', arch: 'x86_64', vendor: 'Fedora Project' },
		],
	});
});

test('a package that is installed more than once', (t) => {
	const finding = parseRpmAnswer(
		ok('kernel-core\t0\t6.11.4\t301.fc41\tx86_64\tFedora Project\nkernel-core\t0\t6.14.3\t200.fc41\tx86_64\t(none)\n'),
		'kernel-core',
		'kernel-core',
	);
	t.deepEqual(finding.found === 'installed' && finding.packages.map((one) => [packageLabel(one), one.vendor]), [
		['kernel-core-6.11.4-301.fc41', 'Fedora Project'],
		['kernel-core-6.14.3-200.fc41', null],
	]);
});

test('a package that is not installed', (t) => {
	const stdout = 'package coconut-svsm is not installed\n';
	t.deepEqual(parseRpmAnswer({ status: 1, stdout, stderr: '' }, 'coconut-svsm', 'coconut-svsm'), { found: 'not-installed' });
});

test('a warning on standard error changes nothing', (t) => {
	const stderr = 'warning: Converting database from bdb_ro to sqlite backend\n';
	t.is(parseRpmAnswer({ ...ok(qemu), stderr }, 'qemu-system-x86-core', 'qemu-system-x86-core').found, 'installed');
});

for (const status of [126, 127]) {
	test(`no rpm: status ${status}`, (t) => {
		t.deepEqual(parseRpmAnswer({ status, stdout: '', stderr: 'sh: rpm: not found\n' }, 'x', 'x'), { found: 'no-rpm' });
	});
}

for (const [title, answer, text] of [
	['nothing at all', ok(''), ''],
	['prose', ok('hello\n'), 'hello'],
	[
		'a package of another name',
		ok(qemu.replace('qemu-system', 'qemu-other')),
		'qemu-other-x86-core\t2\t9.1.0\t1.fc41\tx86_64\tFedora Project',
	],
	[
		'a line with too few fields',
		ok('qemu-system-x86-core\t2\t9.1.0\t1.fc41\tx86_64\n'),
		'qemu-system-x86-core\t2\t9.1.0\t1.fc41\tx86_64',
	],
	['a line with too many fields', ok(qemu.replace('\n', '\tmore\n')), qemu.replace('\n', '\tmore')],
	['an epoch that is no number', ok(qemu.replace('\t2\t', '\t(none)\t')), qemu.replace('\t2\t', '\t(none)\t').trimEnd()],
	['a version with a dash', ok(qemu.replace('9.1.0', '9.1-0')), qemu.replace('9.1.0', '9.1-0').trimEnd()],
	['an escape sequence', ok(qemu.replace('Fedora', '\u001b[2J')), qemu.replace('Fedora', '\u001b[2J').trimEnd()],
	['an empty line between packages', ok(`${qemu}\n${qemu}`), ''],
	[
		'another package that is not installed',
		{ status: 1, stdout: 'package other is not installed\n', stderr: '' },
		'exit 1: package other is not installed',
	],
	[
		'not installed, and yet success',
		ok('package qemu-system-x86-core is not installed\n'),
		'package qemu-system-x86-core is not installed',
	],
	['installed, and yet failure', { status: 1, stdout: qemu, stderr: '' }, `exit 1: ${qemu.trimEnd()}`],
	[
		'a usage error',
		{ status: 1, stdout: '', stderr: 'rpm: --nonsense: unknown option\n' },
		'exit 1: rpm: --nonsense: unknown option',
	],
	['a signal', { status: null, stdout: '', stderr: '' }, 'exit by a signal: '],
	[
		'a database that cannot be opened, which rpm goes on to call a package that is not installed',
		{
			status: 1,
			stdout: 'package qemu-system-x86-core is not installed\n',
			stderr: 'error: cannot open Packages database in /var/lib/rpm\n',
		},
		'error: cannot open Packages database in /var/lib/rpm',
	],
] as const) {
	test(`unrecognised: ${title}`, (t) => {
		t.deepEqual(parseRpmAnswer(answer, 'qemu-system-x86-core', 'qemu-system-x86-core'), { found: 'unrecognised', text });
	});
}

test('any answer gives a finding', (t) => {
	const chunk = fc.oneof(fc.string(), fc.constantFrom(qemu, '\t', '\n', 'package x is not installed\n', 'error: '));
	const stream = fc.array(chunk, { maxLength: 4 }).map((chunks) => chunks.join(''));
	const found = new Set(['installed', 'not-installed', 'no-rpm', 'unrecognised']);
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.constantFrom(0, 1, 2, 126, 127, null), stream, stream, (status, stdout, stderr) =>
				found.has(parseRpmAnswer({ status, stdout, stderr }, 'x', 'x').found),
			),
			{ numRuns: 2_000 },
		),
	);
});

for (const [epoch, label] of [
	['0', 'edk2-ovmf-20240813-2.fc41'],
	['2', 'edk2-ovmf-2:20240813-2.fc41'],
] as const) {
	test(`epoch ${epoch} is written as in '${label}'`, (t) => {
		t.is(packageLabel({ name: 'edk2-ovmf', epoch, version: '20240813', release: '2.fc41', arch: 'noarch' }), label);
	});
}

const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;

inLab('[lab] the rpm of this machine answers in the forms that are recognised', (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-rpm-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	const ask = (label: string, database: string) => {
		const [rpm = '', ...rest] = rpmQuery(label);
		const { status, stdout, stderr } = spawnSync(rpm, ['--dbpath', join(directory, database), ...rest], { encoding: 'utf8' });
		return parseRpmAnswer({ status, stdout, stderr }, 'sample', label);
	};

	for (const [version, vendor] of [
		['9.1.0~rc2', 'Vendor: Somebody Else'],
		['9.1.0', ''],
	] as const) {
		const spec = join(directory, 'sample.spec');
		const head = `Name: sample\nEpoch: 2\nVersion: ${version}\nRelease: 1.fc41\nSummary: s\nLicense: MIT\nBuildArch: noarch\n${vendor}\n`;
		writeFileSync(spec, `${head}%description\nd\n%files\n`);
		execFileSync('rpmbuild', ['-bb', '--quiet', '-D', `_topdir ${directory}`, '-D', '_rpmfilename %{NAME}-%{VERSION}.rpm', spec]);
		const built = join(directory, 'RPMS', `sample-${version}.rpm`);
		execFileSync('rpm', ['--dbpath', join(directory, 'db'), '-i', '--justdb', '--force', '--nodeps', built], { stdio: 'ignore' });
	}
	const both = ask('sample', 'db');
	t.deepEqual(both.found === 'installed' && both.packages.map((one) => [packageLabel(one), one.arch, one.vendor]).sort(), [
		['sample-2:9.1.0-1.fc41', 'noarch', null],
		['sample-2:9.1.0~rc2-1.fc41', 'noarch', 'Somebody Else'],
	]);
	const one = ask('sample-9.1.0-1.fc41.noarch', 'db');
	t.deepEqual(one.found === 'installed' && one.packages.map(packageLabel), ['sample-2:9.1.0-1.fc41']);
	t.deepEqual(ask('sample-9.2.0-1.fc41.noarch', 'db'), { found: 'not-installed' });

	writeFileSync(join(directory, 'file'), '');
	t.is(ask('sample', 'file').found, 'unrecognised');
});
