// Engine 'date': versions that are a day, as edk2's '20240813'.

import { type Parsed, parseBounds, type Scale } from './bounds.ts';

/** A day as the number YYYYMMDD, whose order is the order of days; null unless it is in the calendar. */
export function parseDate(text: string): number | null {
	const [, year, month, day] = /^((?:19|2\d)\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
	if (year === undefined || month === undefined || day === undefined) {
		return null;
	}
	// A day that a month does not have rolls over into the next one.
	const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
	return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day) ? Number(text) : null;
}

const scale: Scale<number> = {
	parse: parseDate,
	compare: (a, b) => a - b,
	form: 'a day of the calendar as YYYYMMDD, for example \'date: ">= 20240813"\'',
};

/** A predicate over days, or one sentence that says what is wrong with the range. */
export function parseDateRange(text: string): Parsed<(installed: number) => boolean> {
	return parseBounds(text, scale);
}
