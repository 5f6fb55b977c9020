import test from 'ava';
import { loadMatrix } from './load-matrix.ts';

const told = (text: string) =>
	loadMatrix(text, 'm.yaml').problems.map(
		({ line, col, message, hint }) => `${line}:${col} ${message}${hint === null ? '' : ` | ${hint}`}`,
	);

const good = `release: 41
title: Fedora Linux 41
axes:
  milestone: [beta, ga]
  generation: [milan, genoa]
  tee: [snp, none]
  boot: [disk, svsm]
  guest-os: [f41]
defaults: { milestone: ga }
profiles: [change, shipped]
suites: [host, vtpm]
promises: { launch: A host launches guests }
exclude: [{ where: { tee: none, boot: svsm }, because: An SVSM needs VMPLs }]
skip: [{ rule: no-svsm, because: Not in Fedora, where: { boot: svsm }, profiles: [shipped] }]
informational: [{ because: A hint, checks: [host.hint] }]
packages:
  qemu: { feature: { upstream: ">= 9.1.0" }, shipped: { ga: { evr: ">= 2:9.1.0-1" }, beta: present } }
  igvm: { change: present, shipped: absent }
guests:
  f41: { with: libvirt, milestones: { kernel: 'Linux version \\d' }, control: { firmware: none } }
`;

test('a good matrix, with what it leaves out', (t) => {
	const { matrix, problems } = loadMatrix(good, 'm.yaml');
	t.deepEqual(problems, []);
	t.is(matrix?.release, 41);
	t.is(matrix?.reality, 'hardware');
	t.deepEqual(matrix?.limits, { boot: 180_000, 'boot-per-gib': 1_000, command: 30_000, 'host-return': 1_200_000 });
	t.deepEqual(matrix?.packages.qemu, {
		feature: { upstream: '>= 9.1.0' },
		shipped: { ga: { evr: '>= 2:9.1.0-1' }, beta: 'present' },
	});
	t.deepEqual(matrix?.guests.f41, {
		with: 'libvirt',
		tpm: 'none',
		memory: 2048,
		cpus: 2,
		milestones: { kernel: 'Linux version \\d' },
		control: { firmware: 'none' },
	});
});

const anyVersion =
	"'*' admits every version and so cannot fail: name a lowest version, for example '>= 9.1.0', or ask for 'present'";

/** A line of the good matrix, what stands there instead, and all that is said of it. */
const bad: Record<string, readonly [RegExp, string, ...string[]]> = {
	'unknown key': [/^world.*|^suites:/m, 'suitez:', "11:1 Unknown key 'suitez' | Did you mean 'suites'?"],
	'missing key': [/^suites:.*\n/m, '', "1:1 'suites' is required: expected a list"],
	'release that is neither': [
		/^release: .*/m,
		'release: 41.5',
		'1:10 Expected a release number, or a word such as \'rawhide\', got the number 41.5: write "41.5"',
	],
	'unknown value of an axis': [
		/tee: \[snp/,
		'tee: [spn',
		"6:9 Expected 'snp', 'sev-es', 'sev' or 'none', got 'spn' | Did you mean 'snp'?",
	],
	'default off its axis': [
		/milestone: ga/,
		'milestone: updates',
		"9:24 The default 'updates' is no value of the axis 'milestone'",
	],
	'a value twice': [/boot: \[disk/, 'boot: [svsm, disk', "7:22 'svsm' is listed twice"],
	'a profile twice': [/\[change, shipped\]/, '[change, shipped, change]', "10:29 'change' is listed twice"],
	'feature as profile': [
		/\[change, shipped\]/,
		'[change, shipped, feature]',
		"10:29 'feature' cannot be a profile: under 'packages' it means all of them",
	],
	'unknown profile of a package': [
		/shipped: absent/,
		'shiped: absent',
		"18:28 'shiped' is no profile of this matrix | Did you mean 'shipped'?",
	],
	'unknown profile of a rule': [
		/profiles: \[shipped\]/,
		'profiles: [shippd]',
		"14:83 'shippd' is no profile of this matrix | Did you mean 'shipped'?",
	],
	'unknown milestone of a package': [/\{ ga: /, '{ gaa: ', "17:57 Unknown key 'gaa' | Did you mean 'ga'?"],
	'days that cannot fail': [
		/\{ upstream: ">= 9\.1\.0" \}/,
		'{ date: ">= 19000101" }',
		"17:28 'date >= 19000101' admits every version and so cannot fail: raise the lower bound",
	],
	'calendar versions that cannot fail': [
		/\{ upstream: ">= 9\.1\.0" \}/,
		'{ calver: ">= 2000.01-rc0" }',
		"17:30 'calver >= 2000.01-rc0' admits every version and so cannot fail: raise the lower bound",
	],
	'range that cannot fail': [/">= 9\.1\.0"/, '"*"', `17:32 ${anyVersion}`],
	'number as range': [/">= 9\.1\.0"/, '9.10', '17:32 Expected a version range, got the number 9.10: write "9.10"'],
	'number as range at a milestone': [
		/">= 2:9\.1\.0-1"/,
		'9.10',
		'17:68 Expected a version range, got the number 9.10: write "9.10"',
	],
	'number as date': [
		/\{ upstream: ">= 9\.1\.0" \}/,
		'{ date: 20240813 }',
		'17:28 Expected a version range, got the number 20240813: write "20240813"',
	],
	'evr without release': [
		/">= 2:9\.1\.0-1"/,
		'">= 2:9.1.0"',
		`17:68 '>= 2:9.1.0' is not a bound: expected an operator (>=, >, <=, < or ==) and a full EPOCH:VERSION-RELEASE with epoch 0 where a package has none, for example 'evr: ">= 2:9.1.0-1"'`,
	],
	'package without requirement': [
		/\{ change: present, shipped: absent \}/,
		'{}',
		"18:9 Expected a requirement for at least one profile, or for all of them under 'feature'",
	],
	'milestones without requirement': [
		/shipped: absent/,
		'shipped: {}',
		'18:37 Expected a requirement for at least one milestone, or one for all of them',
	],
	'rule about everything': [
		/where: \{ boot: svsm \}, /,
		'',
		"14:8 This rule would be about every check | Add 'where', 'checks' or 'suites'",
	],
	'rule without reason': [/because: A hint, /, '', "15:17 'because' is required: expected text"],
	'exclusion of every cell': [
		/\{ tee: none, boot: svsm \}/,
		'{}',
		'13:20 Expected at least one axis: an empty mapping means every cell',
	],
	'guest off its axis': [/^ {2}f41:/m, '  f42:', "20:3 The guest 'f42' is no value of the axis 'guest-os' | Did you mean 'f41'?"],
	'milestone that matches nothing': [
		/'Linux version \\d'/,
		"'.*'",
		'20:47 /.*/ matches the empty string, so it matches every line and says nothing: ask for at least one character',
	],
	'value of guest-os without guest': [
		/\[f41\]/,
		'[f41, f42]',
		"8:19 The guest-os 'f42' has no entry under 'guests' | Add one, or remove the value",
	],
	'release that begins with a digit': [
		/^release: .*/m,
		'release: 4l',
		"1:10 Expected a release number, or a word such as 'rawhide'",
	],
	'no time': [
		/^packages:/m,
		'limits: { boot: 0s, command: 0ms, boot-per-gib: 0s }\npackages:',
		'16:17 Expected more than 0: nothing is done in no time',
		'16:30 Expected more than 0: nothing is done in no time',
	],
	'guest without milestones': [/\{ kernel: '[^']*' \}/, '{}', '20:37 Expected at least one line that the console must show'],
	'bare number as limit': [
		/^packages:/m,
		'limits: { boot: 180 }\npackages:',
		'16:17 Expected an integer with ms, s, min or h, for example "180s", got the number 180',
	],
	'word for a list': [/^profiles: .*/m, 'profiles: change', '10:11 Expected a list, got \'change\' | Write ["change"]'],
};

for (const [name, [from, to, ...expected]] of Object.entries(bad)) {
	test(`refused: ${name}`, (t) => {
		const text = good.replace(from, to);
		t.not(text, good);
		t.deepEqual(told(text), expected);
		t.is(loadMatrix(text, 'm.yaml').matrix, null);
	});
}

test('what follows from a flaw is not told', (t) => {
	const text = good.replace('tee: [snp', 'tee: [spn').replace('milestone: ga', 'milestone: ga, tee: snp');
	t.deepEqual(told(text), ["6:9 Expected 'snp', 'sev-es', 'sev' or 'none', got 'spn' | Did you mean 'snp'?"]);
});
