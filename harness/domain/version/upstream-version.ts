// The upstream version of a Fedora package as semver. Fedora writes what semver calls a pre-release in the Release
// ('9.1.0-0.3.rc2.fc41', its older practice) or behind a tilde ('9.1.0~rc2'), and a snapshot after a release behind a caret.

import { SemVer } from 'semver';

/** Words before a release; their alphabetical order, which is semver's, is their order in time. */
const STAGE = /^(alpha|beta|pre|rc)(\d*)$/;

/** A snapshot of the source: perhaps its day as yyyymmdd or yymmdd, perhaps the tool and a hash. */
const SNAPSHOT =
	/^(?:dev|snapshot|git|g|svn|hg)?((?:20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?:(?:dev|snapshot|git|g|svn|hg)[0-9a-z]*)?$/;

/** Numbers; what comes before that release ('~rc2', and 'rc2' as upstreams write it); what comes after it ('^20240801git…'). */
const VERSION = /^v?(\d+(?:\.\d+)*)(?:(?:~|[._]?(?=alpha|beta|pre|rc))([\w.]+))?(?:[\^+]([\w.]+))?$/;

/** semver itself reads no more. */
const LONGEST = 256;

/**
 * `9.1` and `9.1.0` alike are 9.1.0. Pre-releases are `9.1.0-rc.2`, snapshots before any of them `9.1.0-0.20240801`, and
 * snapshots after one `9.1.0-rc.2.20240801`. What comes after 9.1.0 but before 9.1.1, for which semver has no word, becomes
 * the lowest pre-releases of 9.1.1: with a fourth number n `9.1.1-0.n`, a caret snapshot `9.1.1-0.0.20240801`.
 * Null when the text leaves the order open: nothing is guessed.
 */
export function upstreamVersion(version: string, release: string): SemVer | null {
	if (version.length > LONGEST || release.length > LONGEST) {
		return null;
	}
	const [, numbers, before, after] = VERSION.exec(version.toLowerCase()) ?? [];
	if (numbers === undefined) {
		return null;
	}
	const [major = '0', minor = '0', patch = '0', ...others] = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
	const extra = others.every((part) => part === '0') ? [] : others;
	const early = before === undefined ? preReleaseOfBuild(release.toLowerCase()) : preRelease(before);
	const late = after === undefined ? [] : [snapshotDay(after.split(/[._]/)) ?? '0'];
	if (early === 'unclear' || (early !== null && (extra.length > 0 || (before === undefined && late.length > 0)))) {
		return null;
	}
	if (early !== null) {
		return semver(`${major}.${minor}.${patch}-${[...early, ...late].join('.')}`);
	}
	if (extra.length === 0 && late.length === 0) {
		return semver(`${major}.${minor}.${patch}`);
	}
	const rest = late.length === 0 ? extra : [...extra, '0', ...late];
	return semver(`${major}.${minor}.${Number(patch) + 1}-0.${rest.join('.')}`);
}

/** Null for numbers that semver cannot hold. */
function semver(text: string): SemVer | null {
	try {
		return new SemVer(text);
	} catch {
		return null;
	}
}

/** The semver identifiers of what an upstream version says comes before its release. */
function preRelease(text: string): readonly string[] | 'unclear' {
	const parts = text.split(/[._]/);
	const [first = ''] = parts;
	return STAGE.test(first) || SNAPSHOT.test(first) ? identifiers(parts) : 'unclear';
}

/** A Release that starts with '0.' is of a pre-release even if it does not say which; null for the build of a release. */
function preReleaseOfBuild(release: string): readonly string[] | null {
	const parts = release.split('.');
	return release.startsWith('0.') || parts.some((part) => STAGE.test(part)) ? identifiers(parts) : null;
}

/** A stage and its number, then the day of a snapshot. Without a stage '0', which sorts before all of them. */
function identifiers(parts: readonly string[]): readonly string[] {
	const at = parts.findIndex((part) => STAGE.test(part));
	const [, word, digits] = STAGE.exec(parts[at] ?? '') ?? [];
	const day = snapshotDay(parts) ?? [];
	if (word === undefined) {
		return ['0'].concat(day);
	}
	// The number is part of the word ('rc2') or the next part ('rc.2').
	const number = digits || (/^\d{1,3}$/.test(parts[at + 1] ?? '') ? parts[at + 1] : '0') || '0';
	return [word, number.replace(/^0+(?=\d)/, '')].concat(day);
}

/** yyyymmdd of the first part that is a dated snapshot. */
function snapshotDay(parts: readonly string[]): string | null {
	for (const part of parts) {
		const day = SNAPSHOT.exec(part)?.[1];
		if (day !== undefined) {
			return day.length === 6 ? `20${day}` : day;
		}
	}
	return null;
}
