import test from 'ava';
import fc from 'fast-check';
import { compare } from 'semver';
import { threadTime } from '../../test-time.ts';
import { upstreamVersion } from './upstream-version.ts';

for (const [version, release, expected] of [
	['9.1.0', '5.fc41', '9.1.0'],
	['9.1', '1.fc41', '9.1.0'],
	['9', '1.fc41', '9.0.0'],
	['v9.1.0', '1.fc41', '9.1.0'],
	['2025.08', '1.fc43', '2025.8.0'],
	['20240813', '2.fc41', '20240813.0.0'],
	// Pre-releases in the Release, as Fedora's QEMU and kernel have them.
	['9.1.0', '0.3.rc2.fc41', '9.1.0-rc.2'],
	['10.1.0', '0.4.rc4.fc43', '10.1.0-rc.4'],
	['6.14.0', '0.rc3.29.fc42', '6.14.0-rc.3'],
	['6.20.0', '0.rc0.260210g72c395024dac.1.fc45', '6.20.0-rc.0.20260210'],
	['6.14.0', '0.rc3.20250214git1234567.29.fc42', '6.14.0-rc.3.20250214'],
	['9.1.0', '0.1.20240801git0123456.fc41', '9.1.0-0.20240801'],
	['9.1.0', '0.1.git20240801.fc41', '9.1.0-0.20240801'],
	['9.1.0', '0.1.git0123456.fc41', '9.1.0-0'],
	['9.1.0', '0.2.fc41', '9.1.0-0'],
	['9.1.0', '0.fc41', '9.1.0-0'],
	['9.1.0', '0.2.beta1.fc41', '9.1.0-beta.1'],
	['9.1.0', '1.rc2.fc41', '9.1.0-rc.2'],
	// What looks like one and is not.
	['9.1.0', '1.el9_beta', '9.1.0'],
	['9.1.0', '20240801.fc41', '9.1.0'],
	['6.11.4', '301.fc41', '6.11.4'],
	// Pre-releases in the Version.
	['9.1.0~rc2', '1.fc41', '9.1.0-rc.2'],
	['9.1.0~rc.2', '1.fc41', '9.1.0-rc.2'],
	['9.1.0~RC02', '1.fc41', '9.1.0-rc.2'],
	['9.1.0~rc', '1.fc41', '9.1.0-rc.0'],
	['9.1~beta3', '1.fc41', '9.1.0-beta.3'],
	['9.1.0rc2', '1.fc41', '9.1.0-rc.2'],
	['9.1.0.rc2', '1.fc41', '9.1.0-rc.2'],
	['9.1.0_rc2', '1.fc41', '9.1.0-rc.2'],
	['9.1.0~git20240801.0123456', '1.fc41', '9.1.0-0.20240801'],
	['9.1.0~20240801git0123456', '1.fc41', '9.1.0-0.20240801'],
	['9.1.0~dev', '1.fc41', '9.1.0-0'],
	// Snapshots after a release or after a pre-release, and more than three numbers.
	['9.1.0^20240801git0123456', '1.fc41', '9.1.1-0.0.20240801'],
	['9.1.0^git0123456', '1.fc41', '9.1.1-0.0.0'],
	['9.1.0+git20240801', '1.fc41', '9.1.1-0.0.20240801'],
	['9.1.0~rc2^20240801git0123456', '1.fc41', '9.1.0-rc.2.20240801'],
	['1.2.3.4', '1.fc41', '1.2.4-0.4'],
	['1.2.3.0', '1.fc41', '1.2.3'],
	['1.2.3.4.05', '1.fc41', '1.2.4-0.4.5'],
	['1.2.3.4^20240801', '1.fc41', '1.2.4-0.4.0.20240801'],
	// Text that leaves the order open.
	['1.1.1k', '1.fc41', null],
	['9.1.0~foo', '1.fc41', null],
	['9.1.0~1', '1.fc41', null],
	['9.1.0~rc2~git1', '1.fc41', null],
	['9.1.0^a^b', '1.fc41', null],
	['9.1.0^20240801', '0.1.fc41', null],
	['1.2.3.4~rc1', '1.fc41', null],
	['1.2.3.4', '0.1.rc1.fc41', null],
	['latest', '1.fc41', null],
	['', '1.fc41', null],
	['99999999999999999999.0', '1.fc41', null],
	[`9.${'1'.repeat(300)}`, '1.fc41', null],
] as const) {
	test(`${version.slice(0, 40)}-${release} is ${expected ?? 'not readable'}`, (t) => {
		t.is(upstreamVersion(version, release)?.version ?? null, expected);
	});
}

test('in the order in which they came out', (t) => {
	const story = [
		['9.1.0', '0.2.fc41'],
		['9.1.0', '0.1.20240601git0123456.fc41'],
		['9.1.0', '0.1.20240701git0123456.fc41'],
		['9.1.0', '0.2.beta1.fc41'],
		['9.1.0', '0.3.rc1.fc41'],
		['9.1.0~rc1^20240801', '1.fc41'],
		['9.1.0~rc2', '1.fc41'],
		['9.1.0', '0.4.rc10.fc41'],
		['9.1.0', '1.fc41'],
		['9.1.0^20240901', '1.fc41'],
		['9.1.0^20241001', '1.fc41'],
		['9.1.0.1', '1.fc41'],
		['9.1.0.2', '1.fc41'],
		['9.1.1', '0.1.rc1.fc41'],
		['9.1.1', '1.fc41'],
	] as const;
	const versions = story.flatMap(([version, release]) => upstreamVersion(version, release) ?? []);
	t.is(versions.length, story.length);
	t.deepEqual(versions.toSorted(compare), versions);
	t.is(new Set(versions.map(String)).size, versions.length);
});

test('any text is read or refused, at once', (t) => {
	const piece = fc.constantFrom('9', '0', '.', '~', '^', '+', 'rc', 'git', '20240801', '_', 'v', 'beta', 'fc41', '-', '0.', 'g');
	const text = fc.oneof(
		fc.string(),
		fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
	);
	fc.assert(
		fc.property(text, text, (version, release) => {
			const read = upstreamVersion(version, release);
			return read === null || read.major >= 0;
		}),
		{ numRuns: 5_000 },
	);
	const start = threadTime();
	t.is(upstreamVersion('9.'.repeat(500_000), '1'), null);
	t.is(upstreamVersion('9.1.0', '0.'.repeat(500_000)), null);
	t.true(threadTime() - start < 1_000);
});
