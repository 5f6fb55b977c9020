// Engine 'upstream': a semver range over upstream versions, pre-releases included.

import { Range, SemVer } from 'semver';
import type { Parsed } from './bounds.ts';

const LONGEST = 256;

const FORM =
	"a semver range of upstream versions, for example 'upstream: \">= 9.1.0\"' with pre-releases as '9.1.0-rc.2' " +
	"(epochs, releases and fourth numbers are for 'evr')";

/** A predicate over versions made by `upstreamVersion`, or one sentence that says what is wrong with the range. */
export function parseUpstreamRange(text: string): Parsed<(installed: SemVer) => boolean> {
	const written = text.length > LONGEST ? null : semverRange(dottedStages(text));
	if (written === null) {
		return { ok: false, message: `'${text.slice(0, LONGEST)}' is not ${FORM}` };
	}
	if (probes(written).every((version) => written.test(version))) {
		const hint = "name a lowest version, for example '>= 9.1.0', or ask for 'present'";
		return { ok: false, message: `'${text}' admits every version and so cannot fail: ${hint}` };
	}
	const range = withoutImpliedPreReleases(written, dottedStages(text));
	if (!probes(range).some((version) => range.test(version))) {
		return {
			ok: false,
			message: `No version can be within '${text}': bounds side by side must all hold, and only '||' means 'or'`,
		};
	}
	return { ok: true, value: (installed) => range.test(installed) };
}

/** 'rc2' as 'rc.2': semver compares 'rc2' as one word, and every 'rc.N' would be below it. */
function dottedStages(text: string): string {
	return text.replace(
		/(?<=\d)-(alpha|beta|pre|rc)(\d+)(?![\w-])/gi,
		(_, stage: string, number: string) => `-${stage.toLowerCase()}.${number}`,
	);
}

function semverRange(text: string): Range | null {
	try {
		return new Range(text, { includePrerelease: true });
	} catch {
		return null;
	}
}

/**
 * With pre-releases included, semver reads '>= 9.1' as '>=9.1.0-0', which 9.1.0-rc.2 would meet. Here a lower bound means
 * the release unless it names a pre-release itself, so that '>= 9.1' and '>= 9.1.0' ask the same.
 */
function withoutImpliedPreReleases(range: Range, text: string): Range {
	const alternatives = range.set.map((comparators) =>
		comparators.map(({ operator, semver, value }) => {
			const isImplied = operator === '>=' && semver.prerelease.join('.') === '0' && !text.includes(semver.version);
			return isImplied ? `>=${semver.major}.${semver.minor}.${semver.patch}` : value;
		}),
	);
	return new Range(alternatives.map((comparators) => comparators.join(' ')).join('||'), { includePrerelease: true });
}

/**
 * One version from each stretch between the ends that a range names, and the ends themselves: what a range says of these it
 * says of all versions.
 */
function probes(range: Range): SemVer[] {
	const ends = range.set.flatMap((comparators) => comparators.filter(({ value }) => value !== '').map(({ semver }) => semver));
	return [new SemVer('0.0.0'), ...ends, ...ends.map(successor)];
}

/** The lowest version above this one. */
function successor({ major, minor, patch, prerelease }: SemVer): SemVer {
	return prerelease.length > 0
		? new SemVer(`${major}.${minor}.${patch}-${prerelease.join('.')}.0`)
		: new SemVer(`${major}.${minor}.${patch + 1}-0`);
}
