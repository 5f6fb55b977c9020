// Values of DER's simple types, each in its one permitted form (ITU-T X.690 section 11, RFC 5280 section 4.1.2.5).

import { ParseError } from '../parse-error.ts';
import { type DerReader, type DerValue, derTag } from './der.ts';

/** An INTEGER of any size, which may be negative. */
export function derInteger(reader: DerReader, structure: string): bigint {
	const { contents, offset } = reader.next(derTag.integer, structure);
	return integerValue(contents, structure, offset);
}

function integerValue(contents: Uint8Array, structure: string, offset: number): bigint {
	const [first, second] = contents;
	if (first === undefined) {
		throw new ParseError(structure, offset, 'an INTEGER without contents');
	}
	if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
		throw new ParseError(structure, offset, 'the INTEGER is not in its shortest form');
	}
	const unsigned = BigInt(`0x${Buffer.from(contents).toString('hex')}`);
	return first < 0x80 ? unsigned : unsigned - (1n << BigInt(8 * contents.length));
}

/** An INTEGER from `least` to `most`, both at most 2^53 - 1. */
export function derSmallInteger(reader: DerReader, structure: string, least: number, most: number): number {
	const { offset } = reader;
	const value = derInteger(reader, structure);
	if (value < BigInt(least) || value > BigInt(most)) {
		throw new ParseError(structure, offset, `expected ${least} to ${most}, found ${value}`);
	}
	return Number(value);
}

export function derBoolean(reader: DerReader, structure: string): boolean {
	const { contents, offset } = reader.next(derTag.boolean, structure);
	const [value] = contents;
	if (contents.length !== 1 || (value !== 0 && value !== 0xff)) {
		throw new ParseError(structure, offset, 'a BOOLEAN is one byte, 00 or ff');
	}
	return value === 0xff;
}

/** An OBJECT IDENTIFIER in dotted form. */
export function derOid(reader: DerReader, structure: string): string {
	return oidText(reader.next(derTag.oid, structure), structure);
}

/** Arcs of more bits are not used by anybody. */
const longestArc = 5;

function oidText({ contents, offset }: DerValue, structure: string): string {
	const arcs: number[] = [];
	let arc = 0;
	let width = 0;
	for (const byte of contents) {
		if (width === 0 && byte === 0x80) {
			throw new ParseError(structure, offset, 'an arc of the OBJECT IDENTIFIER is not in its shortest form');
		}
		arc = arc * 128 + (byte & 0x7f);
		width++;
		if (width > longestArc) {
			throw new ParseError(structure, offset, 'an arc of the OBJECT IDENTIFIER is too long');
		}
		if (byte < 0x80) {
			arcs.push(arc);
			arc = 0;
			width = 0;
		}
	}
	const [first, ...rest] = arcs;
	if (first === undefined || width !== 0) {
		throw new ParseError(structure, offset, 'the OBJECT IDENTIFIER is empty or cut off');
	}
	const root = Math.min(2, Math.floor(first / 40));
	return [root, first - 40 * root, ...rest].join('.');
}

/** A BIT STRING of whole bytes, as signatures and keys are. */
export function derBytes(reader: DerReader, structure: string): Uint8Array {
	const { contents, offset } = reader.next(derTag.bitString, structure);
	if (contents[0] !== 0) {
		throw new ParseError(structure, offset, 'expected a BIT STRING without unused bits');
	}
	return contents.subarray(1);
}

/**
 * The set bits of a BIT STRING of at most 16, as KeyUsage is; bit 0 is the first. X.690 wants trailing zero bits left out of
 * such a list; AMD's intermediates write them, so only the bits that are declared unused must be zero.
 */
export function derBits(reader: DerReader, structure: string): ReadonlySet<number> {
	const { contents, offset } = reader.next(derTag.bitString, structure);
	const [unused = 8, ...bytes] = contents;
	const last = bytes.at(-1) ?? 0;
	if (bytes.length > 2 || unused > 7 || (bytes.length === 0 && unused > 0) || last % 2 ** unused !== 0) {
		throw new ParseError(structure, offset, 'the BIT STRING is too long, or bits that are not used are set');
	}
	const isSet = (byte: number, bit: number) => Math.floor(byte / 2 ** (7 - bit)) % 2 === 1;
	const bits = [0, 1, 2, 3, 4, 5, 6, 7];
	return new Set(bytes.flatMap((byte, index) => bits.filter((bit) => isSet(byte, bit)).map((bit) => index * 8 + bit)));
}

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const ia5 = /^[\0-\x7f]*$/;

/** A PrintableString, IA5String or UTF8String. */
export function derText(value: DerValue, structure: string): string {
	const { tag, contents, offset } = value;
	const text = decode(contents);
	const isText =
		tag === derTag.utf8String
			? true
			: tag === derTag.printableString
				? printable.test(text ?? '')
				: tag === derTag.ia5String && ia5.test(text ?? '');
	if (text === null || !isText) {
		throw new ParseError(structure, offset, 'expected text in a PrintableString, IA5String or UTF8String');
	}
	return text;
}

function decode(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** A Time of RFC 5280: UTCTime to 2049, GeneralizedTime from 2050, in seconds and UTC; milliseconds since 1970. */
export function derTime(reader: DerReader, structure: string): number {
	const { tag, contents, offset } = reader.any(structure);
	const text = Buffer.from(contents).toString('latin1');
	const short = tag === derTag.utcTime ? /^(\d\d)(\d{10})Z$/.exec(text) : null;
	const [, year = 0, rest = ''] =
		short !== null ? [null, (Number(short[1]) >= 50 ? 1900 : 2000) + Number(short[1]), short[2]] : (generalized(tag, text) ?? []);
	const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/\d\d/g) ?? []).map(Number);
	const time = Date.UTC(year, month - 1, day, hour, minute, second);
	const back = new Date(time);
	// 31 February would come back as March: every part must be what it was.
	const isReal =
		back.getUTCFullYear() === year &&
		back.getUTCMonth() === month - 1 &&
		back.getUTCDate() === day &&
		back.getUTCHours() === hour;
	if (rest === '' || !isReal || minute > 59 || second > 59 || (tag === derTag.generalizedTime && year < 2050)) {
		throw new ParseError(structure, offset, `expected a time, found '${text.slice(0, 20)}'`);
	}
	return time;
}

function generalized(tag: number, text: string): readonly [null, number, string] | null {
	const long = tag === derTag.generalizedTime ? /^(\d{4})(\d{10})Z$/.exec(text) : null;
	return long === null ? null : [null, Number(long[1]), long[2] ?? ''];
}
