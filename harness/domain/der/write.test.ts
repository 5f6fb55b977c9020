import test from 'ava';
import fc from 'fast-check';
import { derTag, readDer } from './der.ts';
import { derBits, derBoolean, derBytes, derInteger, derOid, derText, derTime } from './values.ts';
import {
	writeBits,
	writeBoolean,
	writeExplicit,
	writeInteger,
	writeOctets,
	writeOid,
	writeSequence,
	writeText,
	writeTime,
	writeValue,
} from './write.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const known: readonly (readonly [string, Uint8Array, string])[] = [
	['zero', writeInteger(0), '020100'],
	['127', writeInteger(127), '02017f'],
	['128 has a zero before it', writeInteger(128), '02020080'],
	['-1', writeInteger(-1), '0201ff'],
	['-128', writeInteger(-128), '020180'],
	['-129', writeInteger(-129), '0202ff7f'],
	['true', writeBoolean(true), '0101ff'],
	['an identifier of AMD', writeOid('1.3.6.1.4.1.3704.1.3.1'), '060a2b060104019c78010301'],
	['key usage as AMD writes it', writeBits(Uint8Array.of(0x04), 1), '03020104'],
	['a time before 2050', writeTime(Date.UTC(2049, 11, 31, 23, 59, 59, 999)), '170d3439313233313233353935395a'],
	['a time from 2050', writeTime(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
	['a long value', writeOctets(new Uint8Array(128)).subarray(0, 4), '04818000'],
	['a longer value', writeOctets(new Uint8Array(256)).subarray(0, 5), '0482010000'],
	['nothing in a sequence', writeSequence(), '3000'],
	['an explicit tag', writeExplicit(3, writeBoolean(false)), 'a303010100'],
];

for (const [title, written, expected] of known) {
	test(`written as DER: ${title}`, (t) => {
		t.is(hex(written), expected);
	});
}

test('what is written is read back', (t) => {
	fc.assert(
		fc.property(fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }), (value) => {
			t.is(derInteger(readDer(writeInteger(value)), 'x'), value);
		}),
	);
	fc.assert(
		fc.property(fc.array(fc.nat(2 ** 32 - 1), { minLength: 1, maxLength: 12 }), (arcs) => {
			const dotted = ['1.3', ...arcs].join('.');
			t.is(derOid(readDer(writeOid(dotted)), 'x'), dotted);
		}),
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
			t.deepEqual(Buffer.from(derBytes(readDer(writeBits(bytes)), 'x')), Buffer.from(bytes));
		}),
		{ numRuns: 30 },
	);
	fc.assert(
		fc.property(fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 }), (seconds) => {
			t.is(derTime(readDer(writeTime(seconds * 1000)), 'x'), seconds * 1000);
		}),
	);
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (text) => {
			t.is(derText(readDer(writeText(text)).any('x'), 'x'), text);
		}),
	);
	t.true(derBoolean(readDer(writeBoolean(true)), 'x'));
	t.deepEqual(derBits(readDer(writeBits(Uint8Array.of(0x06), 1)), 'x'), new Set([5, 6]));
	t.is(readDer(writeValue(derTag.set, writeInteger(1), writeInteger(2))).into(derTag.set, 'x').more, true);
});
