import test from 'ava';
import { Inconclusive, type Judgement, type Place } from '../language/kind.ts';
import type { PackageRule } from '../language/matrix.ts';
import type { Answer, ExecAnswer, Request } from '../ports.ts';
import { packageKind } from './package.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function exec(stdout: string, status: number | null = 0, stderr = ''): ExecAnswer {
	return { kind: 'exec', status, timedOut: false, stdout: bytes(stdout), stderr: bytes(stderr), truncated: false };
}

/** A line of the query for '[EPOCH:]VERSION-RELEASE'. */
function line(name: string, evr: string, { arch = 'x86_64', vendor = 'Fedora Project' } = {}): string {
	const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?(.*)-(.*)$/.exec(evr) ?? [];
	return `${[name, epoch, version, release, arch, vendor].join('\t')}\n`;
}

const missing = (label: string) => exec(`package ${label} is not installed\n`, 1);

const matrixOf: Readonly<Record<string, PackageRule>> = {
	'libvirt-daemon-driver-qemu': {
		feature: { upstream: '>= 10.5.0' },
		change: { upstream: '>= 10.7.0' },
		shipped: { ga: { evr: '>= 0:10.6.0-3.fc41' } },
	},
	'coconut-svsm': { change: 'present', shipped: 'absent', dev: { calver: '>= 2025.08' } },
	'qemu-system-x86-core': { feature: { upstream: '>= 9.1' } },
	'edk2-ovmf': { feature: { date: '>= 20240813' } },
	'kernel-core': { feature: { upstream: '>= 6.11' } },
	snphost: { shipped: { ga: 'present' } },
};

function place(profile: string, milestone = 'ga'): Place {
	return {
		profile,
		axes: { milestone, generation: 'milan', tee: 'snp', boot: 'disk', 'guest-os': 'f41' },
		release: 41,
		packages: matrixOf,
		limits: { boot: 1, 'boot-per-gib': 1, command: 1, 'host-return': 1 },
		trust: { by: 'pins' },
	};
}

/** Steps the kind with these answers as the conductor does, and judges what it observed. */
function run(
	given: unknown,
	where: Place,
	answers: Readonly<Record<string, Answer>>,
): { requests: Request[]; judgement: Judgement } {
	const params = packageKind.params.parse(given);
	const observations = new Map<string, Answer>();
	const requests: Request[] = [];
	const observing = packageKind.observe(params);
	for (let step = observing.next(observations); !step.done; step = observing.next(observations)) {
		for (const [name, request] of Object.entries(step.value)) {
			requests.push(request);
			observations.set(name, answers[name] ?? { kind: 'fault', code: 'not-recorded', message: `'${name}' is not recorded` });
		}
	}
	// The expectation lives in plan.json before it reaches the judge.
	const expectation: unknown = JSON.parse(JSON.stringify(packageKind.expectation(params, where)));
	try {
		return { requests, judgement: packageKind.judge(observations, expectation) };
	} catch (error) {
		if (error instanceof Inconclusive) {
			return { requests, judgement: { outcome: 'error', reason: error.reason } };
		}
		throw error;
	}
}

const format = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\n';

test('asks rpm for the package', (t) => {
	const { requests } = run('snphost', place('shipped'), { rpm: missing('snphost') });
	t.deepEqual(requests, [{ do: 'exec', argv: ['rpm', '-q', '--qf', format, 'snphost'] }]);
});

test('asks for the package of the running kernel by its whole label', (t) => {
	const { requests } = run({ name: 'kernel-core', running: 'kernel' }, place('shipped'), {
		uname: exec('6.11.4-301.fc41.x86_64\n'),
	});
	t.deepEqual(requests, [
		{ do: 'exec', argv: ['uname', '-r'] },
		{ do: 'exec', argv: ['rpm', '-q', '--qf', format, 'kernel-core-6.11.4-301.fc41.x86_64'] },
	]);
});

for (const [title, uname] of [
	['prose', exec('no such kernel\n')],
	['two lines', exec('6.11\n6.12\n')],
	['a failure', exec('', 1)],
	['a fault', { kind: 'fault', code: 'unreachable', message: 'gone' }],
] as const) {
	test(`asks nothing about a kernel that uname did not name: ${title}`, (t) => {
		t.is(run({ name: 'kernel-core', running: 'kernel' }, place('shipped'), { uname }).requests.length, 1);
	});
}

for (const [title, given, profile, milestone, rules, key] of [
	[
		'feature and profile',
		'libvirt-daemon-driver-qemu',
		'change',
		'ga',
		[
			{ from: 'feature', requirement: { upstream: '>= 10.5.0' } },
			{ from: 'change', requirement: { upstream: '>= 10.7.0' } },
		],
		'packages.libvirt-daemon-driver-qemu.change',
	],
	[
		'by milestone',
		'libvirt-daemon-driver-qemu',
		'shipped',
		'ga',
		[
			{ from: 'feature', requirement: { upstream: '>= 10.5.0' } },
			{ from: 'shipped', requirement: { evr: '>= 0:10.6.0-3.fc41' } },
		],
		'packages.libvirt-daemon-driver-qemu.shipped.ga',
	],
	['a milestone without a rule', 'snphost', 'shipped', 'updates', [], 'packages.snphost.shipped.updates'],
	[
		'a profile without a rule',
		'qemu-system-x86-core',
		'svsm',
		'ga',
		[{ from: 'feature', requirement: { upstream: '>= 9.1' } }],
		'packages.qemu-system-x86-core.svsm',
	],
	[
		'the suite instead of the matrix',
		{ name: 'snphost', requirement: 'absent' },
		'shipped',
		'ga',
		[{ from: 'suite', requirement: 'absent' }],
		'packages.snphost.shipped.ga',
	],
	['a name and a profile of Object.prototype', 'constructor', 'toString', 'ga', [], 'packages.constructor.toString'],
] as const) {
	test(`rules: ${title}`, (t) => {
		const expectation = packageKind.expectation(packageKind.params.parse(given), place(profile, milestone));
		t.like(expectation, { rules, key, release: '41', running: null });
		t.deepEqual(JSON.parse(JSON.stringify(expectation)), expectation);
	});
}

const libvirt = 'libvirt-daemon-driver-qemu';

const judgements: readonly (readonly [
	title: string,
	given: unknown,
	profile: string,
	answers: Readonly<Record<string, Answer>>,
	Judgement,
])[] = [
	[
		'passes under every rule',
		libvirt,
		'shipped',
		{ rpm: exec(line(libvirt, '10.6.0-3.fc41')) },
		{
			outcome: 'passed',
			expected: `${libvirt} upstream >= 10.5.0 (feature), evr >= 0:10.6.0-3.fc41 (shipped)`,
			actual: `${libvirt}-10.6.0-3.fc41`,
			notes: [],
		},
	],
	[
		'wrong-version: only the rule that does not hold is named',
		libvirt,
		'change',
		{ rpm: exec(line(libvirt, '10.6.0-3.fc41')) },
		{
			outcome: 'failed',
			reason: {
				code: 'wrong-version',
				message: `Expected ${libvirt} upstream >= 10.7.0 (change), got ${libvirt}-10.6.0-3.fc41: 'dnf list --showduplicates ${libvirt}' shows the builds on offer`,
			},
			expected: `${libvirt} upstream >= 10.7.0 (change)`,
			actual: `${libvirt}-10.6.0-3.fc41`,
		},
	],
	[
		'wrong-version: an epoch does not make an old QEMU new',
		'qemu-system-x86-core',
		'shipped',
		{ rpm: exec(line('qemu-system-x86-core', '2:7.2.0-1')) },
		{
			outcome: 'failed',
			reason: {
				code: 'wrong-version',
				message:
					"Expected qemu-system-x86-core upstream >= 9.1 (feature), got qemu-system-x86-core-2:7.2.0-1: 'dnf list --showduplicates qemu-system-x86-core' shows the builds on offer",
			},
			expected: 'qemu-system-x86-core upstream >= 9.1 (feature)',
			actual: 'qemu-system-x86-core-2:7.2.0-1',
		},
	],
	[
		'wrong-version: every installed build must meet the requirement, and all are named',
		'kernel-core',
		'shipped',
		{ rpm: exec(line('kernel-core', '6.10.6-200.fc40') + line('kernel-core', '6.11.4-301.fc41')) },
		{
			outcome: 'failed',
			reason: {
				code: 'wrong-version',
				message:
					"Expected kernel-core upstream >= 6.11 (feature), got kernel-core-6.10.6-200.fc40, kernel-core-6.11.4-301.fc41: 'dnf list --showduplicates kernel-core' shows the builds on offer",
			},
			expected: 'kernel-core upstream >= 6.11 (feature)',
			actual: 'kernel-core-6.10.6-200.fc40, kernel-core-6.11.4-301.fc41',
		},
	],
	[
		'builds for two architectures are one version',
		'kernel-core',
		'shipped',
		{ rpm: exec(line('kernel-core', '6.11.4-301.fc41') + line('kernel-core', '6.11.4-301.fc41', { arch: 'i686' })) },
		{ outcome: 'passed', expected: 'kernel-core upstream >= 6.11 (feature)', actual: 'kernel-core-6.11.4-301.fc41', notes: [] },
	],
	[
		'not-installed',
		'coconut-svsm',
		'change',
		{ rpm: missing('coconut-svsm') },
		{
			outcome: 'failed',
			reason: {
				code: 'not-installed',
				message:
					"Expected coconut-svsm present (change), but 'coconut-svsm' is not installed: 'dnf install coconut-svsm' installs what this release offers",
			},
			expected: 'coconut-svsm present (change)',
			actual: 'coconut-svsm is not installed',
		},
	],
	[
		'absent from the release, and absent',
		'coconut-svsm',
		'shipped',
		{ rpm: missing('coconut-svsm') },
		{ outcome: 'passed', expected: 'coconut-svsm absent (shipped)', actual: 'coconut-svsm is not installed' },
	],
	[
		'absent from the release, and installed all the same: a note',
		'coconut-svsm',
		'shipped',
		{ rpm: exec(line('coconut-svsm', '2025.08-1.fc41', { vendor: 'Fedora Copr - group @virtmaint-sig' })) },
		{
			outcome: 'passed',
			expected: 'coconut-svsm absent (shipped)',
			actual: 'coconut-svsm-2025.08-1.fc41',
			notes: [
				'coconut-svsm-2025.08-1.fc41 is installed, though Fedora 41 does not carry it',
				"coconut-svsm-2025.08-1.fc41 has the vendor 'Fedora Copr - group @virtmaint-sig', and Fedora's own builds have 'Fedora Project'",
			],
		},
	],
	[
		'unexpectedly-installed: absent as the assertion of a suite',
		{ name: 'snphost', requirement: 'absent' },
		'shipped',
		{ rpm: exec(line('snphost', '0.5.0-1.fc41')) },
		{
			outcome: 'failed',
			reason: {
				code: 'unexpectedly-installed',
				message: "Expected snphost absent (suite), got snphost-0.5.0-1.fc41: 'dnf remove snphost' removes it",
			},
			expected: 'snphost absent (suite)',
			actual: 'snphost-0.5.0-1.fc41',
		},
	],
	[
		'absent as the assertion of a suite, and absent',
		{ name: 'snphost', requirement: 'absent' },
		'shipped',
		{ rpm: missing('snphost') },
		{ outcome: 'passed', expected: 'snphost absent (suite)', actual: 'snphost is not installed' },
	],
	[
		'date',
		'edk2-ovmf',
		'shipped',
		{ rpm: exec(line('edk2-ovmf', '20240813-2.fc41', { arch: 'noarch' })) },
		{ outcome: 'passed', expected: 'edk2-ovmf date >= 20240813 (feature)', actual: 'edk2-ovmf-20240813-2.fc41', notes: [] },
	],
	[
		'version-unreadable',
		'edk2-ovmf',
		'shipped',
		{ rpm: exec(line('edk2-ovmf', '9.1-2.fc41')) },
		{
			outcome: 'error',
			reason: {
				code: 'version-unreadable',
				message: "'date' cannot read the version of 'edk2-ovmf-9.1-2.fc41': require it by another engine, such as 'evr'",
			},
			expected: 'edk2-ovmf date >= 20240813 (feature)',
			actual: 'edk2-ovmf-9.1-2.fc41',
		},
	],
	[
		'calver',
		'coconut-svsm',
		'dev',
		{ rpm: exec(line('coconut-svsm', '2025.08.devel-1', { vendor: '(none)' })) },
		{
			outcome: 'passed',
			expected: 'coconut-svsm calver >= 2025.08 (dev)',
			actual: 'coconut-svsm-2025.08.devel-1',
			notes: ["coconut-svsm-2025.08.devel-1 has no vendor, and Fedora's own builds have 'Fedora Project'"],
		},
	],
	[
		'the running kernel, whatever else is installed',
		{ name: 'kernel-core', running: 'kernel' },
		'shipped',
		{ uname: exec('6.11.4-301.fc41.x86_64\n'), rpm: exec(line('kernel-core', '6.11.4-301.fc41')) },
		{ outcome: 'passed', expected: 'kernel-core upstream >= 6.11 (feature)', actual: 'kernel-core-6.11.4-301.fc41', notes: [] },
	],
	[
		'not-installed: a running kernel that no package holds',
		{ name: 'kernel-core', running: 'kernel' },
		'shipped',
		{ uname: exec('6.11.0-snp+\n'), rpm: missing('kernel-core-6.11.0-snp+') },
		{
			outcome: 'failed',
			reason: {
				code: 'not-installed',
				message:
					"Expected kernel-core upstream >= 6.11 (feature), but 'kernel-core' of the running kernel '6.11.0-snp+' is not installed: 'dnf install kernel-core' installs what this release offers",
			},
			expected: 'kernel-core upstream >= 6.11 (feature)',
			actual: 'kernel-core is not installed',
		},
	],
];

for (const [title, given, profile, answers, expected] of judgements) {
	test(title, (t) => {
		t.deepEqual(run(given, place(profile), answers).judgement, expected);
	});
}

const running = { name: 'kernel-core', running: 'kernel' };
const uname = exec('6.11.4-301.fc41.x86_64\n');

const errors: readonly (readonly [
	title: string,
	given: unknown,
	answers: Readonly<Record<string, Answer>>,
	code: string,
	message: RegExp,
])[] = [
	[
		'no rpm',
		'edk2-ovmf',
		{ rpm: exec('', 127) },
		'tool-missing',
		/^'rpm' could not be run: either this is no RPM system, or its PATH lacks/,
	],
	['no uname', running, { uname: exec('', 127) }, 'tool-missing', /^'uname' was not found/],
	['no rule', 'snpguest', { rpm: missing('snpguest') }, 'no-requirement', /add 'packages\.snpguest\.shipped' to the matrix/],
	[
		'text',
		'edk2-ovmf',
		{ rpm: exec('hello\n') },
		'unrecognised-output',
		/^'rpm -q edk2-ovmf' answered what it should not: 'hello'$/,
	],
	['a long line', 'edk2-ovmf', { rpm: exec('x'.repeat(100_000)) }, 'unrecognised-output', /^.{200,400}$/],
	['no text', 'edk2-ovmf', { rpm: { ...exec(''), stdout: Uint8Array.of(0xff) } }, 'unrecognised-output', /not UTF-8/],
	[
		'a broken database',
		'edk2-ovmf',
		{ rpm: exec('package edk2-ovmf is not installed\n', 1, 'error: cannot open Packages database in /x\n') },
		'unrecognised-output',
		/cannot open Packages/,
	],
	['a time-out', 'edk2-ovmf', { rpm: { ...exec('', null), timedOut: true } }, 'timeout', /time limit/],
	['a lost host', 'edk2-ovmf', { rpm: { kind: 'fault', code: 'unreachable', message: 'gone' } }, 'unreachable', /^gone$/],
	['cut output', 'edk2-ovmf', { rpm: { ...exec(''), truncated: true } }, 'truncated', /16 MiB/],
	['a lost host at uname', running, { uname: { kind: 'fault', code: 'unreachable', message: 'gone' } }, 'unreachable', /^gone$/],
	['odd uname', running, { uname: exec('a b\n') }, 'unrecognised-output', /^'uname -r' answered what it should not: 'a b'$/],
	[
		'a kernel that was not asked for',
		running,
		{ uname, rpm: exec(line('kernel-core', '6.12.0-1.fc41')) },
		'unrecognised-output',
		/^Expected exactly one package 'kernel-core' of the running kernel '6\.11\.4-301\.fc41\.x86_64', got kernel-core-6\.12\.0-1\.fc41$/,
	],
	[
		'the running kernel twice',
		running,
		{ uname, rpm: exec(line('kernel-core', '6.11.4-301.fc41').repeat(2)) },
		'unrecognised-output',
		/^Expected exactly one package/,
	],
];

for (const [title, given, answers, code, message] of errors) {
	test(`${code}: ${title}`, (t) => {
		const { judgement } = run(given, place('shipped'), answers);
		t.is(judgement.outcome, 'error');
		t.is(judgement.outcome === 'error' && judgement.reason.code, code);
		t.regex(judgement.outcome === 'error' ? judgement.reason.message : '', message);
	});
}

test('a rule that holds does not hide that another cannot be judged, and a failure outweighs both', (t) => {
	const both: Place = {
		...place('shipped'),
		packages: { pkg: { feature: { date: '>= 20240813' }, shipped: { upstream: '>= 9' } } },
	};
	t.is(run('pkg', both, { rpm: exec(line('pkg', '9.1.0-1')) }).judgement.outcome, 'error');
	t.is(run('pkg', both, { rpm: exec(line('pkg', '8.1.0-1')) }).judgement.outcome, 'failed');
});

test('a requirement that cannot be read is an error, should one come this far', (t) => {
	const broken: Place = { ...place('shipped'), packages: { pkg: { feature: { upstream: '*' } } } };
	const { judgement } = run('pkg', broken, { rpm: exec(line('pkg', '1-1')) });
	t.is(judgement.outcome === 'error' && judgement.reason.code, 'no-requirement');
});

test('a crowd of builds is counted, not listed', (t) => {
	const many = Array.from({ length: 500 }, (_, index) => line('kernel-core', `6.${index}.0-1`)).join('');
	const { judgement } = run('kernel-core', place('shipped'), { rpm: exec(many) });
	t.regex(judgement.actual ?? '', /^kernel-core-6\.0\.0-1, .* and 492 more$/);
});

for (const [given, message] of [
	['', /not an empty string/],
	['--all', /name of a binary package/],
	['a b', /name of a binary package/],
	[{ name: 'snphost', requirement: { upstream: '*' } }, /cannot fail/],
	[{ name: 'snphost', requirement: { evr: '>= 9.1' } }, /full EPOCH:VERSION-RELEASE/],
	[{ name: 'snphost', requirement: { upstream: 9 } }, /./],
	[{ name: 'snphost', running: 'firmware' }, /./],
	[{ name: 'snphost', version: '1' }, /./],
] as const) {
	test(`${JSON.stringify(given)} is refused when the suite is loaded`, (t) => {
		const { success, error } = packageKind.params.safeParse(given);
		t.false(success);
		t.regex(JSON.stringify(error?.issues), message);
	});
}
