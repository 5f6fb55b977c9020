// Values of options that are bytes or numbers in hex: with or without 0x, in any case.

import { UsageError } from './arguments.ts';

/** Bytes; with `length` exactly that many. Throws UsageError. */
export function hexBytes(text: string, option: string, length?: number): Uint8Array {
	const digits = text.replace(/^0x/i, '');
	if (!/^[0-9a-f]*$/i.test(digits) || digits.length % 2 !== 0) {
		throw new UsageError(`'--${option}' expects bytes in hex, an even number of digits; found '${text.slice(0, 40)}'.`);
	}
	if (length !== undefined && digits.length !== 2 * length) {
		throw new UsageError(`'--${option}' expects ${length} bytes, ${2 * length} hex digits; found ${digits.length} digits.`);
	}
	return Buffer.from(digits, 'hex');
}

/** A number of at most 64 bits. Throws UsageError. */
export function hexNumber(text: string, option: string): bigint {
	if (!/^(?:0x)?[0-9a-f]{1,16}$/i.test(text)) {
		throw new UsageError(`'--${option}' expects a number in hex of at most 16 digits; found '${text.slice(0, 40)}'.`);
	}
	return BigInt(`0x${text.replace(/^0x/i, '')}`);
}

/** A whole number from `least` to `most`, in decimal. Throws UsageError. */
export function wholeNumber(text: string, option: string, least: number, most: number): number {
	const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= least && value <= most)) {
		throw new UsageError(`'--${option}' expects a whole number from ${least} to ${most}; found '${text.slice(0, 40)}'.`);
	}
	return value;
}

/** A date or a time of ISO 8601; a date alone is its first moment, UTC. Milliseconds since 1970. Throws UsageError. */
export function isoTime(text: string, option: string): number {
	const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
		? Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`)
		: Number.NaN;
	if (Number.isNaN(time)) {
		throw new UsageError(
			`'--${option}' expects a date such as 2026-03-10 or 2026-03-10T14:00:00Z; found '${text.slice(0, 40)}'.`,
		);
	}
	return time;
}
