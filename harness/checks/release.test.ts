import test from 'ava';
import { release } from './release.ts';
import { absent, brief, drive, read, unreachable } from './test-observe.ts';

const fedora = (version: string, more = '') =>
	read(`NAME="Fedora Linux"\nID=fedora\nVERSION_ID=${version}\nPRETTY_NAME="Fedora Linux ${version}"\n${more}`);

const rows = [
	['the release that is asked for', fedora('41'), 'passed'],
	['another release', fedora('40'), 'failed wrong-release'],
	['another distribution', read('ID=debian\nVERSION_ID="41"\n'), 'failed wrong-release'],
	['rawhide is not the release it will become', fedora('41', 'VERSION="41 (Rawhide Prerelease)"\n'), 'failed wrong-release'],
	['no os-release', absent, 'error unrecognised-output'],
	['an empty one', read(''), 'error unrecognised-output'],
	['unreachable', unreachable, 'error unreachable'],
] as const;

for (const [title, answer, expected] of rows) {
	test(title, (t) => {
		t.is(brief(drive(release, { distribution: 'fedora' }, () => answer).judgement), expected);
	});
}
