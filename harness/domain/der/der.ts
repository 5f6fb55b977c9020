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
	return new Reader(bytes, base);
}

/** A cursor over the contents of a value that was read before. */
export function inside({ contents, raw, offset }: DerValue): DerReader {
	return new Reader(contents, offset + raw.length - contents.length);
}

class Reader implements DerReader {
	readonly #bytes: Uint8Array;
	readonly #base: number;
	#at = 0;

	constructor(bytes: Uint8Array, base: number) {
		this.#bytes = bytes;
		this.#base = base;
	}

	get more(): boolean {
		return this.#at < this.#bytes.length;
	}

	get offset(): number {
		return this.#base + this.#at;
	}

	next(tag: number, structure: string): DerValue {
		const value = this.any(structure);
		if (value.tag !== tag) {
			throw new ParseError(structure, value.offset, `expected tag 0x${hex(tag)}, found 0x${hex(value.tag)}`);
		}
		return value;
	}

	any(structure: string): DerValue {
		const start = this.#at;
		const tag = this.#byte(structure);
		if ((tag & 0x1f) === 0x1f) {
			throw this.#fail(structure, 'a tag number of several bytes', start);
		}
		const size = this.#length(structure);
		const left = this.#bytes.length - this.#at;
		if (size > left) {
			throw this.#fail(structure, `expected ${size} more bytes, ${left} are left`);
		}
		const from = this.#at;
		this.#at += size;
		return {
			tag,
			contents: this.#bytes.subarray(from, this.#at),
			raw: this.#bytes.subarray(start, this.#at),
			offset: this.#base + start,
		};
	}

	optional(tag: number, structure: string): DerValue | null {
		return this.#bytes[this.#at] === tag ? this.next(tag, structure) : null;
	}

	into(tag: number, structure: string): DerReader {
		return inside(this.next(tag, structure));
	}

	end(structure: string): void {
		if (this.more) {
			throw this.#fail(structure, `expected the end, ${this.#bytes.length - this.#at} bytes are left over`);
		}
	}

	#fail(structure: string, problem: string, where = this.#at): ParseError {
		return new ParseError(structure, this.#base + where, problem);
	}

	#byte(structure: string): number {
		const value = this.#bytes[this.#at];
		if (value === undefined) {
			throw this.#fail(structure, 'expected more bytes, the end is reached');
		}
		this.#at++;
		return value;
	}

	#length(structure: string): number {
		const first = this.#byte(structure);
		if (first < 0x80) {
			return first;
		}
		const count = first & 0x7f;
		if (count === 0 || count > longestLength) {
			throw this.#fail(structure, count === 0 ? 'indefinite length' : `a length of ${count} bytes`, this.#at - 1);
		}
		let value = 0;
		for (let i = 0; i < count; i++) {
			value = value * 256 + this.#byte(structure);
		}
		if (value < 0x80 || value < 256 ** (count - 1)) {
			throw this.#fail(structure, 'the length is not in its shortest form', this.#at - count);
		}
		return value;
	}
}

function hex(tag: number): string {
	return tag.toString(16).padStart(2, '0');
}
