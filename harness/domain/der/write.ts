// DER, written: every value in its one permitted form (ITU-T X.690 sections 8, 10 and 11). der.ts reads what this writes.

import { derTag } from './der.ts';

/** A value with this identifier octet; its contents are these bytes one behind the other. */
export function writeValue(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
	const body = Buffer.concat(contents);
	return Buffer.concat([Uint8Array.of(tag), lengthOctets(body.length), body]);
}

function lengthOctets(length: number): Uint8Array {
	return length < 0x80 ? Uint8Array.of(length) : Uint8Array.of(0x80 + bytesOf(BigInt(length)).length, ...bytesOf(BigInt(length)));
}

export function writeSequence(...values: readonly Uint8Array[]): Uint8Array {
	return writeValue(derTag.sequence, ...values);
}

/** A context-specific, constructed value: `[number]` around these values. */
export function writeExplicit(number: number, ...values: readonly Uint8Array[]): Uint8Array {
	return writeValue(0xa0 + number, ...values);
}

/** An INTEGER of any size, which may be negative. */
export function writeInteger(value: bigint | number): Uint8Array {
	const number = BigInt(value);
	// Of a negative number the complement has the same bits turned round, and needs as many bytes.
	const bytes = bytesOf(number < 0n ? -number - 1n : number);
	const signed = (bytes[0] ?? 0) < 0x80 ? bytes : Uint8Array.of(0, ...bytes);
	return writeValue(derTag.integer, number < 0n ? signed.map((byte) => 0xff - byte) : signed);
}

export function writeBoolean(value: boolean): Uint8Array {
	return writeValue(derTag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function writeOid(dotted: string): Uint8Array {
	const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
	return writeValue(derTag.oid, Uint8Array.from([40 * first + second, ...arcs].flatMap(arcOctets)));
}

function arcOctets(arc: number): readonly number[] {
	const octets = [arc % 128];
	for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
		octets.unshift(0x80 + (rest % 128));
	}
	return octets;
}

/** A BIT STRING of whole bytes, as signatures and keys are; `unused` bits of the last one mean nothing. */
export function writeBits(bytes: Uint8Array, unused = 0): Uint8Array {
	return writeValue(derTag.bitString, Uint8Array.of(unused), bytes);
}

export function writeOctets(bytes: Uint8Array): Uint8Array {
	return writeValue(derTag.octetString, bytes);
}

export function writeText(text: string, tag: number = derTag.utf8String): Uint8Array {
	return writeValue(tag, Buffer.from(text));
}

/** A Time of RFC 5280: UTCTime to 2049, GeneralizedTime from 2050; `ms` since 1970, of which whole seconds are written. */
export function writeTime(ms: number): Uint8Array {
	const text = `${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
	const year = Number(text.slice(0, 4));
	return year >= 1950 && year < 2050 ? writeText(text.slice(2), derTag.utcTime) : writeText(text, derTag.generalizedTime);
}

/** Big-endian and as short as can be; one zero byte for zero. */
function bytesOf(value: bigint): Uint8Array {
	const hex = value.toString(16);
	return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}
