// The table of capabilities: joined with what is asked, by hand here and with the project's suites.

import test from 'ava';
import { hostAsks, projectSuites } from '../../commands/host-asks.ts';
import { type Asking, joinPermissions } from './permissions.ts';

const asking = (need: Asking['need'], id?: string, kind = 'command', doctor = false): Asking => ({
	need,
	checks: id === undefined ? [] : [{ id, kind }],
	doctor,
});

const places: readonly (readonly [string, Asking['need'], string])[] = [
	['CPUID', { argv: ['dd', 'if=/dev/cpu/0/cpuid', 'bs=16'] }, 'root and the cpuid driver'],
	['another dd', { argv: ['dd', 'if=/dev/mem'] }, 'not known'],
	['the SEV device', { argv: ['stat', '-L', '/dev/sev'] }, '/dev/sev'],
	['a file of a package', { argv: ['stat', '-L', '/usr/share/x'] }, 'any user'],
	['a parameter', { path: '/sys/module/kvm_amd/parameters/sev' }, 'sysfs of the host'],
	['a path that is a program', { path: 'virsh' }, 'not known'],
	['a program that starts as another', { argv: ['rpm2cpio'] }, 'not known'],
	['nothing', { argv: [] }, 'not known'],
];

for (const [title, need, capability] of places) {
	test(`${title}: ${capability}`, (t) => {
		t.is(joinPermissions([asking(need)])[0]?.capability, capability);
	});
}

test('one capability has all that needs it, each check once, and the doctor', (t) => {
	const found = joinPermissions([
		asking({ argv: ['virsh', 'a'] }, 'one'),
		asking({ argv: ['virsh', 'b'] }, 'one', 'command', true),
		asking({ argv: ['virsh', 'b'] }, 'two'),
	]);
	t.is(found.length, 1);
	t.like(found[0], { checks: ['one', 'two'], doctor: true });
	t.is(found[0]?.needs.length, 3);
});

test('a check of a package needs the database, even when it asks for the kernel first', (t) => {
	const found = joinPermissions([
		asking({ argv: ['uname', '-r'] }, 'pkg.kernel', 'package'),
		asking({ argv: ['rpm', '-q', 'snphost'] }, 'pkg.snphost', 'package'),
	]);
	t.deepEqual(
		found.map(({ capability, checks }) => [capability, checks]),
		[
			['rpm database readable', ['pkg.kernel', 'pkg.snphost']],
			['any user', ['pkg.kernel']],
		],
	);
});

test('every request of the suites and of the doctor has a row, and every check of a host is lost by something', (t) => {
	const suites = projectSuites();
	const asks = hostAsks(suites);
	const permissions = joinPermissions(
		asks.map(({ request, ...more }) => ({
			need: request.do === 'exec' ? { argv: request.argv } : { path: request.path },
			...more,
		})),
	);
	t.deepEqual(permissions.find(({ capability }) => capability === 'not known')?.needs ?? [], []);
	const lost = new Set(permissions.flatMap(({ checks }) => checks));
	const checks = suites.flatMap((suite) => suite.checks).filter(({ target }) => target === 'host');
	t.deepEqual(
		checks.map(({ id }) => id).filter((id) => !lost.has(id)),
		[],
	);
});
