import test from 'ava';
import fc from 'fast-check';
import { ParseError } from '../parse-error.ts';
import { derTag, readDer } from './der.ts';
import { derBits, derBoolean, derBytes, derInteger, derOid, derSmallInteger, derText, derTime } from './values.ts';

const der = (hex: string) => readDer(Buffer.from(hex, 'hex'));
const time = (tag: number, text: string) => readDer(Buffer.concat([Buffer.of(tag, text.length), Buffer.from(text)]));
const long = '31'.repeat(128);

const good: readonly (readonly [string, () => unknown, unknown])[] = [
	['0', () => derInteger(der('020100'), 'x'), 0n],
	['127', () => derInteger(der('02017f'), 'x'), 127n],
	['128 needs a zero before it', () => derInteger(der('02020080'), 'x'), 128n],
	['219, as a microcode level is written', () => derSmallInteger(der('020200db'), 'x', 0, 255), 219],
	['-1', () => derInteger(der('0201ff'), 'x'), -1n],
	['true', () => derBoolean(der('0101ff'), 'x'), true],
	['false', () => derBoolean(der('010100'), 'x'), false],
	['an AMD identifier', () => derOid(der('060a2b060104019c78010304'), 'x'), '1.3.6.1.4.1.3704.1.3.4'],
	['2.5.29.15', () => derOid(der('0603551d0f'), 'x'), '2.5.29.15'],
	['2.999', () => derOid(der('06028837'), 'x'), '2.999'],
	['key usage with its zeros written', () => [...derBits(der('03020004'), 'x')], [5]],
	['key usage in the shortest form', () => [...derBits(der('03020106'), 'x')], [5, 6]],
	['no bits', () => [...derBits(der('030100'), 'x')], []],
	['bytes in a bit string', () => Buffer.from(derBytes(der('0303000102'), 'x')).toString('hex'), '0102'],
	['a length of two bytes', () => der(`048180${long}`).next(derTag.octetString, 'x').contents.length, 128],
	['2049', () => derTime(time(derTag.utcTime, '491231235959Z'), 'x'), Date.UTC(2049, 11, 31, 23, 59, 59)],
	['1950', () => derTime(time(derTag.utcTime, '500101000000Z'), 'x'), Date.UTC(1950, 0, 1)],
	['2050', () => derTime(time(derTag.generalizedTime, '20500101000000Z'), 'x'), Date.UTC(2050, 0, 1)],
	['29 February', () => derTime(time(derTag.utcTime, '240229000000Z'), 'x'), Date.UTC(2024, 1, 29)],
	['ASCII', () => derText(der('16024162').any('x'), 'x'), 'Ab'],
	['an optional value that is not there', () => der('020100').optional(derTag.null, 'x'), null],
];
for (const [title, read, expected] of good) {
	test(title, (t) => {
		t.deepEqual(read(), expected);
	});
}

const bad: readonly (readonly [string, () => unknown])[] = [
	['an integer without contents', () => derInteger(der('0200'), 'x')],
	['an integer with a zero too many', () => derInteger(der('0202007f'), 'x')],
	['an integer with ff too many', () => derInteger(der('0202ff80'), 'x')],
	['256 where a byte belongs', () => derSmallInteger(der('02020100'), 'x', 0, 255)],
	['a boolean that is 1', () => derBoolean(der('010101'), 'x')],
	['a boolean of two bytes', () => derBoolean(der('0102ffff'), 'x')],
	['an identifier that is empty', () => derOid(der('0600'), 'x')],
	['an identifier that is cut', () => derOid(der('06022b81'), 'x')],
	['an identifier with an arc that begins with 80', () => derOid(der('06032b8001'), 'x')],
	['an identifier with an endless arc', () => derOid(der(`06082b${'ff'.repeat(6)}01`), 'x')],
	['unused bits that are set', () => derBits(der('03020205'), 'x')],
	['eight unused bits', () => derBits(der('03020800'), 'x')],
	['a bit string of nothing', () => derBits(der('0300'), 'x')],
	['unused bits in a signature', () => derBytes(der('03030101fe'), 'x')],
	['an indefinite length', () => der('3080').any('x')],
	['a length that is not in its shortest form', () => der('04810131').any('x')],
	['a length of two bytes for one', () => der(`04820080${long}`).any('x')],
	['a length of five bytes', () => der('0485000000000131').any('x')],
	['a value that is cut', () => der('040531').any('x')],
	['a tag number of several bytes', () => der('1f8101').any('x')],
	['nothing', () => der('').any('x')],
	['another tag', () => der('0500').next(derTag.integer, 'x')],
	['something left over', () => der('0500').end('x')],
	['31 February', () => derTime(time(derTag.utcTime, '240231000000Z'), 'x')],
	['the 25th hour', () => derTime(time(derTag.utcTime, '240101250000Z'), 'x')],
	['a leap second', () => derTime(time(derTag.utcTime, '240101000060Z'), 'x')],
	['a time without Z', () => derTime(time(derTag.utcTime, '240101000000+'), 'x')],
	['a time before 2050 in the long form', () => derTime(time(derTag.generalizedTime, '20490101000000Z'), 'x')],
	['letters that are not ASCII', () => derText(der('1602c3a9').any('x'), 'x')],
	['UTF-8 that is not', () => derText(der('0c01ff').any('x'), 'x')],
	['a number where text belongs', () => derText(der('020100').any('x'), 'x')],
];
for (const [title, read] of bad) {
	test(`refused: ${title}`, (t) => {
		t.throws(read, { instanceOf: ParseError });
	});
}

test('offsets are those of the input', (t) => {
	const error = t.throws(() => der('3006020101020200').into(derTag.sequence, 'x').end('x'), { instanceOf: ParseError });
	t.is(error?.offset, 2);
	const inner = der('3006020101020100').into(derTag.sequence, 'outer');
	inner.next(derTag.integer, 'first');
	t.is(t.throws(() => inner.next(derTag.null, 'second'), { instanceOf: ParseError })?.offset, 5);
});

test('whatever the bytes, nothing but ParseError', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				for (const read of [derInteger, derOid, derBoolean, derBits, derBytes, derTime]) {
					try {
						read(readDer(bytes), 'x');
					} catch (error) {
						if (!(error instanceof ParseError)) {
							return false;
						}
					}
				}
				return true;
			}),
			{ numRuns: 2_000 },
		),
	);
});
