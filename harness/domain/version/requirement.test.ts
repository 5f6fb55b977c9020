import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../../test-time.ts';
import { judgeVersion, parseRequirement } from './requirement.ts';

type Written = Parameters<typeof parseRequirement>[0];

/** '2:9.1.0-1.fc41' as an installed package. */
function installed(evr: string) {
	const [, epoch, version = '', release = ''] = /^(?:(\d+):)?(.*)-(.*)$/.exec(evr) ?? [];
	return { name: 'pkg', epoch: epoch ?? '0', version, release, arch: 'x86_64' };
}

function judge(written: Written, evr: string) {
	const parsing = parseRequirement(written);
	if (!parsing.ok) {
		throw new Error(parsing.message);
	}
	return judgeVersion(parsing.requirement, installed(evr));
}

const verdicts: readonly (readonly [written: Written, evr: string, ok: boolean | null])[] = [
	['present', '1-1', true],
	['absent', '1-1', false],

	[{ upstream: '>= 9.1' }, '2:7.2.0-1', false],
	[{ upstream: '>= 9.1' }, '2:9.1.0-1.fc41', true],
	[{ upstream: '>= 10.7.0' }, '10.6.0-3.fc41', false],
	[{ upstream: '>= 10.5.0' }, '10.6.0-3.fc41', true],
	[{ upstream: '>= 9.1.0' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ upstream: '>= 9.1.0' }, '2:9.1.0~rc2-1.fc41', false],
	[{ upstream: '>= 9.1.0-rc.1' }, '2:9.1.0-0.3.rc2.fc41', true],
	[{ upstream: '>= 9.1.0-rc.3' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ upstream: '< 9.1.0' }, '2:9.1.0-0.3.rc2.fc41', true],
	// 'rc2' and 'rc.2' are the same pre-release.
	[{ upstream: '>= 9.1.0-rc2' }, '2:9.1.0-0.3.rc3.fc41', true],
	[{ upstream: '>= 9.1.0-rc2' }, '2:9.1.0-0.3.rc1.fc41', false],
	[{ upstream: '>= 9.1.0-rc2' }, '2:9.1.0-0.3.rc10.fc41', true],
	// A lower bound in two numbers, or none written, means the release too.
	[{ upstream: '>= 9.1' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ upstream: '9.1' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ upstream: '9.1' }, '2:9.1.3-1.fc41', true],
	[{ upstream: '9.1' }, '2:9.2.0-0.1.rc1.fc41', false],
	[{ upstream: '~9.1' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ upstream: '> 9.1' }, '2:9.1.3-1.fc41', false],
	[{ upstream: '> 9.1' }, '2:9.2.0-0.1.rc1.fc41', false],
	[{ upstream: '^0.3.4' }, '0.3.4-1.fc41', true],
	[{ upstream: '^0.3.4' }, '0.4.0-2.fc43', false],
	[{ upstream: '9.1 - 9.2' }, '2:9.2.4-1.fc42', true],
	// One that names the lowest pre-release keeps it.
	[{ upstream: '>= 9.1.0-0' }, '2:9.1.0-0.3.rc2.fc41', true],
	// Pre-releases of later releases are in range too, which plain semver denies.
	[{ upstream: '>= 6.11' }, '6.14.0-0.rc3.29.fc42', true],
	[{ upstream: '>= 6.14' }, '6.14.0-0.rc3.29.fc42', false],
	[{ upstream: '>= 6.14 || 6.11.4' }, '6.11.4-301.fc41', true],
	[{ upstream: '>= 6.10 < 6.11.5' }, '6.11.4-301.fc41', true],
	[{ upstream: '> 9.1.0' }, '9.1.0^20240801-1', true],
	[{ upstream: '<= 9.1.0' }, '9.1.0^20240801-1', false],
	[{ upstream: '< 9.1.1' }, '9.1.0^20240801-1', true],
	[{ upstream: '>= 9.1.0' }, '1.1.1k-1', null],

	[{ evr: '>= 2:9.1.0-1' }, '2:9.1.0-0.3.rc2.fc41', false],
	[{ evr: '>= 2:9.1.0-1' }, '2:9.1.0-1.fc41', true],
	[{ evr: '>= 2:9.1.0-1' }, '9.9.0-1.fc41', false],
	[{ evr: '>=0:10.6.0-3.fc41,<0:10.7.0-0' }, '10.6.0-7.fc41', true],
	[{ evr: '>= 0:10.6.0-3.fc41 < 0:10.7.0-0' }, '10.7.0-1.fc42', false],
	[{ evr: '== 0:10.6.0-3.fc41' }, '10.6.0-3.fc41', true],
	[{ evr: '> 0:10.6.0-3.fc41' }, '10.6.0-3.fc41', false],
	[{ evr: '<= 0:10.6.0-3.fc41' }, '10.6.0-3.fc41', true],
	[{ evr: '>= 0:1-1, <= 0:1-1' }, '1-1', true],

	[{ date: '>= 20240813' }, '20240813-2.fc41', true],
	[{ date: '>= 20240813' }, '20240524-4.fc41', false],
	[{ date: '>= 20240813, < 20250101' }, '20250812-18.fc43', false],
	[{ date: '>= 20240813' }, '9.1.0-1', null],
	[{ date: '>= 20240813' }, '20240230-1', null],
	[{ date: '>= 20240813' }, '20240813git1234-1', null],

	[{ calver: '>= 2025.08' }, '2025.08-1', true],
	[{ calver: '>= 2025.08' }, '2025.08.devel-1', true],
	[{ calver: '>= 2025.08' }, '2025.08~devel-1', true],
	[{ calver: '>= v2025.08-devel' }, 'v2025.08-1', true],
	[{ calver: '>= 2025.08' }, '2025.07.3-1', false],
	[{ calver: '>= 2025.10' }, '2025.09-1', false],
	[{ calver: '> 2025.08' }, '2025.08.1-1', true],
	[{ calver: '>= 2025.08' }, '2026.01-1', true],
	[{ calver: '>= 2025.08' }, '2025.08~rc1-1', false],
	[{ calver: '>= 2025.08-rc1' }, '2025.08~rc2-1', true],
	[{ calver: '== 2025.08' }, '2025.08.devel-1', true],
	[{ calver: '>= 2025.08' }, '2025.8-1', null],
	[{ calver: '>= 2025.08' }, '2025.13-1', null],
];

for (const [written, evr, ok] of verdicts) {
	test(`${JSON.stringify(written)} of ${evr} is ${ok}`, (t) => {
		t.is(judge(written, evr).ok, ok);
	});
}

test('expected and actual are one line each, with the epoch where there is one', (t) => {
	t.deepEqual(judge({ upstream: '  >=\t9.1 ' }, '2:7.2.0-1'), {
		ok: false,
		expected: 'pkg upstream >= 9.1',
		actual: 'pkg-2:7.2.0-1',
	});
	t.deepEqual(judge('present', '10.6.0-3.fc41'), { ok: true, expected: 'pkg present', actual: 'pkg-10.6.0-3.fc41' });
});

test('a version that the engine cannot read is not judged', (t) => {
	t.deepEqual(judge({ date: '>= 20240813' }, '9.1.0-1'), {
		ok: null,
		why: "'date' cannot read the version of 'pkg-9.1.0-1': require it by another engine, such as 'evr'",
	});
});

const cannotFail = /cannot fail/;
const cannotHold = /^No version can be within/;
const notFull = /full EPOCH:VERSION-RELEASE with epoch 0 where a package has none, for example 'evr: ">= 2:9\.1\.0-1"'$/;
const notSemver = /is not a semver range of upstream versions, for example 'upstream: ">= 9\.1\.0"'/;
const notDay = /a day of the calendar as YYYYMMDD/;
const notMonth = /YYYY\.MM or YYYY\.MM\.NN/;

const refusals: readonly (readonly [written: Written, message: RegExp])[] = [
	...[
		'*',
		'',
		' ',
		'x',
		'X',
		'>=0',
		'>= 0.0',
		'>=0.0.0',
		'>=0.0.0-0',
		'>=0.0.0-alpha',
		'9.1 || *',
		'|| 9.1',
		'<9 || >=9',
		'<=9.1.0 || >8',
		'<2 || 1 - 3 || >2',
	].map((upstream) => [{ upstream }, cannotFail] as const),
	...['>9 <8', '<0.0.0-0', '>9.1.0 <9.1.0', '>=9.1 <9.1.0', '<*'].map((upstream) => [{ upstream }, cannotHold] as const),
	...[
		'latest',
		'2:9.1.0',
		'>= 2:9.1',
		'9.1.0-1.fc41 ~',
		'1.2.3.4',
		'>=9.1.0~rc2',
		'>=9.1.0, <10',
		'=> 9',
		'v',
		`>=${'9'.repeat(300)}`,
	].map((upstream) => [{ upstream }, notSemver] as const),
	...[
		'9.1.0',
		'>= 9.1.0',
		'>= 9.1.0-1',
		'>= 2:9.1.0',
		'= 2:9.1.0-1',
		'2:9.1.0-1',
		'>= 2:9.1.0-1 foo',
		'>= 2:9.1.0-1 ||',
		'>=',
		'',
	].map((evr) => [{ evr }, notFull] as const),
	[{ evr: '>= 0:0-0' }, cannotFail],
	[{ evr: '>= 0:0~~-0, >= 0:0-0' }, cannotFail],
	[{ evr: '>= 2:9.1.0-1 < 2:9.1.0-1' }, cannotHold],
	[{ evr: '== 0:1-1, == 0:2-1' }, cannotHold],
	[{ evr: `>= ${'9'.repeat(300)}:1-1` }, /at most 256 characters/],
	...['20240813', '>= 2024-08-13', '>= 20240230', '>= 20241301', '>= 20230229', '>= 00000000', '>= 9.1', ''].map(
		(date) => [{ date }, notDay] as const,
	),
	[{ date: '> 20240813 < 20240101' }, cannotHold],
	...['2025.08', '>= 2025.8', '>= 2025.13', '>= 2025.00', '>= 0000.01', '>= 2025', ''].map(
		(calver) => [{ calver }, notMonth] as const,
	),
	[{ calver: '> 2025.08 < 2025.08' }, cannotHold],
];

for (const [written, message] of refusals) {
	test(`${JSON.stringify(written).slice(0, 60)} is refused`, (t) => {
		const parsing = parseRequirement(written);
		t.regex(parsing.ok ? `accepted as '${parsing.requirement.text}'` : parsing.message, message);
	});
}

test('a leap day is a day', (t) => {
	t.true(parseRequirement({ date: '>= 20240229' }).ok);
});

test('any range is read or refused with a sentence, and what is read can judge', (t) => {
	const piece = fc.constantFrom(
		'>=',
		'<',
		'==',
		'~',
		'^',
		' ',
		',',
		'||',
		'9',
		'9.1',
		'9.1.0',
		'-rc.1',
		'2:9.1.0-1',
		'20240813',
		'2025.08',
		'-',
		'*',
		'x',
		'v',
	);
	const range = fc.oneof(
		fc.string(),
		fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
	);
	const engine = fc.constantFrom('upstream', 'evr', 'date', 'calver');
	t.notThrows(() =>
		fc.assert(
			fc.property(engine, range, fc.constantFrom('2:9.1.0-1', '20240813-2.fc41', '2025.08-1', 'abc-1'), (name, text, evr) => {
				const parsing = parseRequirement({ [name]: text } as Written);
				return parsing.ok ? judgeVersion(parsing.requirement, installed(evr)).ok !== undefined : parsing.message.length > 20;
			}),
			{ numRuns: 5_000 },
		),
	);
});

test('a floor holds for itself and fails for what is below it', (t) => {
	const number = fc.integer({ min: 0, max: 40 });
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), number, number, fc.integer({ min: 1, max: 20 }), (major, minor, patch, rc) => {
				const floor = `${major}.${minor}.${patch}`;
				const upstream = { upstream: `>= ${floor}` };
				return (
					judge(upstream, `${floor}-1.fc41`).ok === true &&
					judge(upstream, `${floor}-0.1.rc${rc}.fc41`).ok === false &&
					judge(upstream, `${floor}~rc${rc}-1.fc41`).ok === false &&
					judge(upstream, `${floor}^20240801-1.fc41`).ok === true &&
					judge({ evr: `>= 0:${floor}-1` }, `${floor}-0.1.rc${rc}.fc41`).ok === false
				);
			}),
		),
	);
});

test('megabytes are refused at once', (t) => {
	const start = threadTime();
	for (const text of [
		'> '.repeat(500_000),
		'9.'.repeat(500_000),
		'>=9 '.repeat(250_000),
		' '.repeat(1_000_000),
		'9.1.0-rc'.repeat(125_000),
	]) {
		for (const written of [{ upstream: text }, { evr: text }, { date: text }, { calver: text }]) {
			t.false(parseRequirement(written).ok);
		}
	}
	t.true(threadTime() - start < 1_000);
});
