// DER, strictly (ITU-T X.690): definite lengths in their shortest form, nothing left over, nothing past the end.

import { ParseError } from '../parse-error.ts';

/** Identifier octets of the types that certificates are made of. */
export const derTag = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	oid: 0x06,
	utf8String: 0x0c,
	sequence: 0x30,
	set: 0x31,
	printableString: 0x13,
	ia5String: 0x16,
	utcTime: 0x17,
	generalizedTime: 0x18,
} as const;

/** One value: its identifier octet, its contents, and itself with its header. `offset` is that of the header in the input. */
export interface DerValue {
	readonly tag: number;
	readonly contents: Uint8Array;
	readonly raw: Uint8Array;
	readonly offset: number;
}

/** A cursor over the values in a range of bytes. Each method names the structure it reads for; all throw ParseError. */
export interface DerReader {
	/** The next value, which must have this identifier octet. */
	next(tag: number, structure: string): DerValue;
	/** The next value whatever it is. */
	any(structure: string): DerValue;
	/** The next value if it has this identifier octet. */
	optional(tag: number, structure: string): DerValue | null;
	/** A cursor over the contents of the next value, which must have this identifier octet. */
	into(tag: number, structure: string): DerReader;
	/** Whether anything is left. */
	readonly more: boolean;
	/** Where the cursor stands in the input, in bytes. */
	readonly offset: number;
	end(structure: string): void;
}

/** Longest number of bytes in a length; a certificate of 16 MiB is none. */
const longestLength = 3;

/** `base` is where `bytes` begin in the input, for messages. */
export function readDer(bytes: Uint8Array, base = 0): DerReader {
	let at = 0;

	function fail(structure: string, problem: string, where = at): ParseError {
		return new ParseError(structure, base + where, problem);
	}

	function byte(structure: string): number {
		const value = bytes[at];
		if (value === undefined) {
			throw fail(structure, 'expected more bytes, the end is reached');
		}
		at++;
		return value;
	}

	function length(structure: string): number {
		const first = byte(structure);
		if (first < 0x80) {
			return first;
		}
		const count = first & 0x7f;
		if (count === 0 || count > longestLength) {
			throw fail(structure, count === 0 ? 'indefinite length' : `a length of ${count} bytes`, at - 1);
		}
		let value = 0;
		for (let i = 0; i < count; i++) {
			value = value * 256 + byte(structure);
		}
		if (value < 0x80 || value < 256 ** (count - 1)) {
			throw fail(structure, 'the length is not in its shortest form', at - count);
		}
		return value;
	}

	function any(structure: string): DerValue {
		const start = at;
		const tag = byte(structure);
		if ((tag & 0x1f) === 0x1f) {
			throw fail(structure, 'a tag number of several bytes', start);
		}
		const size = length(structure);
		if (size > bytes.length - at) {
			throw fail(structure, `expected ${size} more bytes, ${bytes.length - at} are left`);
		}
		const contents = bytes.subarray(at, at + size);
		at += size;
		return { tag, contents, raw: bytes.subarray(start, at), offset: base + start };
	}

	function next(tag: number, structure: string): DerValue {
		const value = any(structure);
		if (value.tag !== tag) {
			throw new ParseError(structure, value.offset, `expected tag 0x${hex(tag)}, found 0x${hex(value.tag)}`);
		}
		return value;
	}

	return {
		next,
		any,
		optional: (tag, structure) => (bytes[at] === tag ? next(tag, structure) : null),
		into: (tag, structure) => inside(next(tag, structure)),
		get more() {
			return at < bytes.length;
		},
		get offset() {
			return base + at;
		},
		end(structure) {
			if (at < bytes.length) {
				throw fail(structure, `expected the end, ${bytes.length - at} bytes are left over`);
			}
		},
	};
}

/** A cursor over the contents of a value that was read before. */
export function inside({ contents, raw, offset }: DerValue): DerReader {
	return readDer(contents, offset + raw.length - contents.length);
}

function hex(tag: number): string {
	return tag.toString(16).padStart(2, '0');
}
