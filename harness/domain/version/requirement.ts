// What is required of a package, and whether an installed one meets it. A requirement names its engine, since no single order
// fits all packages: epochs and dates are not semver, and rpm sorts '9.1.0-0.1.rc2' by its packaging, not by its upstream.

import { type Nevra, packageLabel } from '../rpm/query.ts';
import type { Parsed } from './bounds.ts';
import { parseCalver, parseCalverRange } from './calver-range.ts';
import { parseDate, parseDateRange } from './date-range.ts';
import { parseEvrRange } from './evr-range.ts';
import { parseUpstreamRange } from './upstream-range.ts';
import { upstreamVersion } from './upstream-version.ts';

/** A requirement as a suite or a matrix writes it. */
type WrittenRequirement =
	| 'present'
	| 'absent'
	| { readonly upstream: string }
	| { readonly evr: string }
	| { readonly date: string }
	| { readonly calver: string };

export interface ParsedRequirement {
	readonly engine: 'present' | 'absent' | 'upstream' | 'evr' | 'date' | 'calver';
	/** One line for people: 'upstream >= 9.1.0', 'present'. */
	readonly text: string;
	/** Whether an installed package meets it; null when the engine cannot read its version. */
	meets(installed: Nevra): boolean | null;
}

type Parsing =
	| { readonly ok: true; readonly requirement: ParsedRequirement }
	/** One sentence: what is wrong and what belongs there. */
	| { readonly ok: false; readonly message: string };

/** Reads a requirement; one that cannot fail, or cannot be met, is refused. */
export function parseRequirement(written: WrittenRequirement): Parsing {
	if (written === 'present' || written === 'absent') {
		return { ok: true, requirement: { engine: written, text: written, meets: () => written === 'present' } };
	}
	if ('upstream' in written) {
		return withEngine('upstream', written.upstream, parseUpstreamRange, ({ version, release }) =>
			upstreamVersion(version, release),
		);
	}
	if ('evr' in written) {
		return withEngine('evr', written.evr, parseEvrRange, (installed) => installed);
	}
	if ('date' in written) {
		return withEngine('date', written.date, parseDateRange, ({ version }) => parseDate(version));
	}
	return withEngine('calver', written.calver, parseCalverRange, ({ version }) => parseCalver(version));
}

function withEngine<T>(
	engine: ParsedRequirement['engine'],
	range: string,
	parse: (range: string) => Parsed<(version: T) => boolean>,
	read: (installed: Nevra) => T | null,
): Parsing {
	const parsed = parse(range);
	if (!parsed.ok) {
		return parsed;
	}
	const meets = (installed: Nevra) => {
		const version = read(installed);
		return version === null ? null : parsed.value(version);
	};
	return { ok: true, requirement: { engine, text: `${engine} ${range.trim().replace(/\s+/g, ' ')}`, meets } };
}

/** `expected` and `actual` are one line each; null when the engine cannot read this version, so that nothing was found out. */
type VersionJudgement =
	| { readonly ok: boolean; readonly expected: string; readonly actual: string }
	| { readonly ok: null; readonly why: string };

/** Judges one installed package. */
export function judgeVersion(requirement: ParsedRequirement, installed: Nevra): VersionJudgement {
	const ok = requirement.meets(installed);
	const actual = packageLabel(installed);
	return ok === null
		? { ok, why: `'${requirement.engine}' cannot read the version of '${actual}': require it by another engine, such as 'evr'` }
		: { ok, expected: `${installed.name} ${requirement.text}`, actual };
}
