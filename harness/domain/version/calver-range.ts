// Engine 'calver': COCONUT-SVSM's YYYY.MM[.NN][-TYPE] (its RELEASE-PROCESS.md). It is not semver: months have a leading zero,
// and 'devel' is a kind of release, not a step before one.

import { type Parsed, parseBounds, type Scale } from './bounds.ts';

/** Year, month, NN and candidate number; the release itself comes after all of its candidates. */
type Calver = readonly [year: number, month: number, nn: number, candidate: number];

/** In an RPM Version the TYPE follows '.' or '~', since '-' is not allowed there. */
const FORM = /^v?(2\d{3})\.(0[1-9]|1[0-2])(?:\.(\d{1,9}))?(?:[-.~](devel|rc(\d{1,9})))?$/;

/** Null for text of another form. */
export function parseCalver(text: string): Calver | null {
	const [, year, month, nn, , candidate] = FORM.exec(text) ?? [];
	if (year === undefined || month === undefined) {
		return null;
	}
	return [Number(year), Number(month), Number(nn ?? 0), candidate === undefined ? Number.POSITIVE_INFINITY : Number(candidate)];
}

const scale: Scale<Calver> = {
	parse: parseCalver,
	compare(a, b) {
		const place = a.findIndex((part, index) => part !== b[index]);
		return place === -1 ? 0 : (a[place] ?? 0) < (b[place] ?? 0) ? -1 : 1;
	},
	form: 'YYYY.MM or YYYY.MM.NN, for example \'calver: ">= 2025.08"\'',
};

/** A predicate over calendar versions, or one sentence that says what is wrong with the range. */
export function parseCalverRange(text: string): Parsed<(installed: Calver) => boolean> {
	return parseBounds(text, scale);
}
