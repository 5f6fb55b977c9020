import test from 'ava';
import fc from 'fast-check';
import { parsePcrBanks, parseTpmProperties, propertyText } from './capability.ts';
import { TPM_PT } from './constants.ts';
import { hex } from './marshal.ts';
import { parsePcrRead } from './pcr-values.ts';
import { TpmParseError } from './reader.ts';
import { parseDone } from './response.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const all = Array.from({ length: 24 }, (_, pcr) => pcr);

// Answers of swtpm 0.7.1; the two lists of properties are cut to what is tested.
const banks = '80010000002b00000000000000000500000004000403000000000b03ffffff000c03ffffff000d03000000';
const properties =
	'80010000003b0000000001000000060000000500000100322e30000000010100000000000001020000' + '00a4000001030000004b00000104000007e5';
const manufacturer = '80010000001b0000000001000000060000000100000105' + '49424d00';
const oneValue =
	'80010000003e000000000000001400000001000b030000010000000100209851312028952521510e8eaab5be94e7dc24b5fc292b2e9781173cf11ffa9878';
const noValue = '80010000001c00000000000000140000000100040300000000000000';
const done = '80020000001300000000000000000000010000';
const locality = '80010000000a00000907';

test('TPM_CAP_PCRS: banks with and without PCRs', (t) => {
	t.deepEqual(parsePcrBanks(bytes(banks)), {
		ok: true,
		value: [
			{ hash: 0x4, pcrs: [] },
			{ hash: 0xb, pcrs: all },
			{ hash: 0xc, pcrs: all },
			{ hash: 0xd, pcrs: [] },
		],
	});
});

test('TPM_CAP_TPM_PROPERTIES: raw values by tag', (t) => {
	const result = parseTpmProperties(bytes(properties));
	t.deepEqual(result.ok && [...result.value], [
		[TPM_PT.FAMILY_INDICATOR, 0x322e3000],
		[TPM_PT.LEVEL, 0],
		[TPM_PT.REVISION, 164],
		[TPM_PT.DAY_OF_YEAR, 75],
		[TPM_PT.YEAR, 2021],
	]);
	const second = parseTpmProperties(bytes(manufacturer));
	t.is(second.ok && second.value.get(TPM_PT.MANUFACTURER), 0x49424d00);
});

test('TPM2_PCR_Read: values of what the TPM selected', (t) => {
	const result = parsePcrRead(bytes(oneValue));
	t.deepEqual(result.ok && result.value.map(({ hash, pcr, digest }) => [hash, pcr, hex(digest)]), [
		[0xb, 16, '9851312028952521510e8eaab5be94e7dc24b5fc292b2e9781173cf11ffa9878'],
	]);
	t.deepEqual(parsePcrRead(bytes(noValue)), { ok: true, value: [] });
});

test('a command without results is done or refused', (t) => {
	t.deepEqual(parseDone(bytes(done)), { ok: true, value: null });
	t.deepEqual(parseDone(bytes(locality)), { ok: false, code: 0x907 });
	t.deepEqual(parseDone(bytes('00c40000000a0000001e')), { ok: false, code: 0x01e });
});

test('every parser gives the code of a refusal', (t) => {
	for (const parse of [parsePcrBanks, parseTpmProperties, parsePcrRead]) {
		t.deepEqual(parse(bytes(locality)), { ok: false, code: 0x907 });
	}
});

const refused: readonly [string, () => unknown, string, number][] = [
	['nothing', () => parseDone(bytes('')), 'tag', 0],
	['half a header', () => parseDone(bytes('8002000000')), 'responseSize', 2],
	['a size that is not the length', () => parseDone(bytes('80010000000b00000907')), 'responseSize', 2],
	['an error with a body', () => parseDone(bytes('80010000000b0000090700')), 'response', 10],
	['an error under the tag of sessions', () => parseDone(bytes('80020000000a00000907')), 'tag', 0],
	['success under the wrong tag', () => parseDone(bytes('80010000000a00000000')), 'tag', 0],
	['plain success under the tag of sessions', () => parsePcrRead(bytes('80020000000a00000000')), 'tag', 0],
	[
		'parameters where there are none',
		() => parseDone(bytes('8002000000170000000000000004000000000000010000')),
		'parameterSize',
		10,
	],
	['a nonce of a password', () => parseDone(bytes('8002000000140000000000000000000155010000')), 'TPMS_AUTH_RESPONSE', 14],
	['an attribute of a password', () => parseDone(bytes('80020000001300000000000000000000810000')), 'TPMS_AUTH_RESPONSE', 16],
	['a byte too many', () => parseDone(bytes('8002000000140000000000000000000001000000')), 'response', 19],
	['moreData 2', () => parsePcrBanks(bytes('8001000000130000000002' + '0000000500000000')), 'moreData', 10],
	['another capability', () => parsePcrBanks(bytes(manufacturer)), 'TPMS_CAPABILITY_DATA', 11],
	['seventeen banks', () => parsePcrBanks(bytes('8001000000130000000000' + '0000000500000011')), 'TPML_PCR_SELECTION', 15],
	[
		'one bank twice',
		() => parsePcrBanks(bytes('80010000001f00000000000000000500000002000b03ffffff000b03000000')),
		'TPML_PCR_SELECTION',
		31,
	],
	['an empty bitmap', () => parsePcrBanks(bytes('80010000001600000000000000000500000001000b00')), 'TPMS_PCR_SELECTION', 21],
	[
		'128 properties',
		() => parseTpmProperties(bytes('8001000000130000000000' + '0000000600000080')),
		'TPML_TAGGED_TPM_PROPERTY',
		15,
	],
	[
		'fewer digests than selected',
		() => parsePcrRead(bytes('80010000001c000000000000001400000001000b0300000100000000')),
		'TPML_DIGEST',
		24,
	],
	['nine digests', () => parsePcrRead(bytes('80010000001c000000000000001400000001000b03ff010000000009')), 'TPML_DIGEST', 24],
	[
		'a digest of the wrong size',
		() => parsePcrRead(bytes(`80010000001e000000000000001400000001000b03000001000000010014`)),
		'TPM2B_DIGEST',
		28,
	],
	[
		'a digest that is cut',
		() => parsePcrRead(bytes(`80010000001f000000000000001400000001000b0300000100000001002055`)),
		'TPM2B_DIGEST',
		30,
	],
];

for (const [title, parse, structure, offset] of refused) {
	test(`not a response: ${title}`, (t) => {
		const error = t.throws(parse, { instanceOf: TpmParseError });
		t.deepEqual([error?.structure, error?.offset], [structure, offset]);
	});
}

const parsers = [parseDone, parsePcrBanks, parseTpmProperties, parsePcrRead];
const answers = [banks, properties, manufacturer, oneValue, noValue, done, locality].map(bytes);

/** A real answer with some bytes changed and its length too; the size field is put right in half of them, so that the rest is reached. */
const broken = fc
	.tuple(
		fc.constantFrom(...answers),
		fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
		fc.nat(80),
		fc.uint8Array({ maxLength: 8 }),
		fc.boolean(),
	)
	.map(([answer, changes, length, tail, fix]) => {
		const made = Uint8Array.from([...answer.slice(0, length), ...tail]);
		for (const [index, value] of changes) {
			if (index < made.length) {
				made[index] = value;
			}
		}
		if (fix && made.length >= 6) {
			new DataView(made.buffer).setUint32(2, made.length);
		}
		return made;
	});

for (const parse of parsers) {
	test(`${parse.name} reads any bytes or throws TpmParseError`, (t) => {
		t.notThrows(() =>
			fc.assert(
				fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 400 })), (input) => {
					try {
						parse(input);
					} catch (error) {
						if (!(error instanceof TpmParseError) || error.offset < 0 || error.offset > input.length) {
							throw error;
						}
					}
				}),
				{ numRuns: 2000 },
			),
		);
	});
}

test('property text has neither filling nor control characters', (t) => {
	t.deepEqual([0x49424d00, 0x58595a20, 0x322e3000, 0x2054504d, 0, 0x411b4200].map(propertyText), [
		'IBM',
		'XYZ',
		'2.0',
		' TPM',
		'',
		'A?B',
	]);
});
