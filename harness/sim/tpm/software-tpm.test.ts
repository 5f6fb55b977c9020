import test from 'ava';
import fc from 'fast-check';
import { extendDigest, hashOf } from '../../domain/tpm/algorithms.ts';
import { parsePcrBanks, parseTpmProperties, propertyText } from '../../domain/tpm/capability.ts';
import { getPcrBanks, getTpmProperties, pcrExtend, pcrRead, pcrReset } from '../../domain/tpm/commands.ts';
import { TPM_PT } from '../../domain/tpm/constants.ts';
import { hex } from '../../domain/tpm/marshal.ts';
import { parsePcrRead } from '../../domain/tpm/pcr-values.ts';
import { coconutTpm, swtpmTpm } from './profile.ts';
import { createSoftwareTpm, type SoftwareTpm } from './software-tpm.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const ask = (tpm: SoftwareTpm, text: string) => hex(tpm.transceive(bytes(text)));
const value = (tpm: SoftwareTpm, bank: 'sha1' | 'sha256' | 'sha384', pcr: number) => {
	const answer = parsePcrRead(tpm.transceive(pcrRead([bank], pcr)));
	return answer.ok && answer.value[0] !== undefined ? hex(answer.value[0].digest) : null;
};

const done = '80020000001300000000000000000000010000';
const hello = hashOf('sha256', new TextEncoder().encode('hello'));

/** Command, answer and meaning; each pair was seen on swtpm 0.7.1 with all four banks, save where the title says so. */
const exchanges: readonly [string, string, string][] = [
	[
		'all banks',
		'8001000000160000017a000000050000000000000001',
		'80010000002b00000000000000000500000004000403ffffff000b03ffffff000c03ffffff000d03ffffff',
	],
	['no bank asked for', '8001000000160000017a000000050000000000000000', '80010000001300000000010000000500000000'],
	['banks from 1 on', '8001000000160000017a000000050000000100000001', '80010000000a000002c4'],
	['the family', '8001000000160000017a000000060000000000000001', '80010000001b0000000001000000060000000100000100322e3000'],
	['no property asked for', '8001000000160000017a000000060000010000000000', '80010000001300000000010000000600000000'],
	['properties past the last', '8001000000160000017a000000060000ffff00000001', '80010000001300000000000000000600000000'],
	['handles of PCRs', '8001000000160000017a000000010000001000000002', '80010000001b000000000100000001000000020000001000000011'],
	[
		'permanent handles',
		'8001000000160000017a000000014000000000000080',
		'80010000002f000000000000000001000000074000000140000007400000094000000a4000000b4000000c4000000d',
	],
	['transient handles', '8001000000160000017a000000018000000000000080', '80010000001300000000000000000100000000'],
	['handles of no type', '8001000000160000017a000000015000000000000080', '80010000000a000002cb'],
	['one command', '8001000000160000017a000000020000017a00000001', '800100000017000000000100000002000000010000017a'],
	['commands past the last', '8001000000160000017a00000002ffffffff00000001', '80010000001300000000000000000200000000'],
	['a capability of vendors', '8001000000160000017a000001000000000000000100', '80010000000a000001c4'],
	['a capability cut', '8001000000150000017a0000000500000000000001', '80010000000a000003da'],
	['a capability and a byte', '8001000000170000017a00000005000000000000000100', '80010000000a00000095'],
	[
		'PCR 16 at start',
		'8001000000140000017e00000001000b03000001',
		`80010000003e000000000000001400000001000b03000001000000010020${'00'.repeat(32)}`,
	],
	[
		'PCR 17 at start',
		'8001000000140000017e00000001000403000002',
		`800100000032000000000000001400000001000403000002000000010014${'ff'.repeat(20)}`,
	],
	[
		'all PCRs, eight of which fit',
		'8001000000140000017e00000001000b03ffffff',
		`80010000012c000000000000001400000001000b03ff000000000008${`0020${'00'.repeat(32)}`.repeat(8)}`,
	],
	[
		'one bank twice',
		'80010000001a0000017e00000002000b03000001000b03000002',
		`800100000066000000000000001400000002000b03000001000b03000002000000020020${'00'.repeat(32)}0020${'ff'.repeat(32)}`,
	],
	['no bank', '80010000000e0000017e00000000', '80010000001600000000000000140000000000000000'],
	['more banks than hashes', '80010000000e0000017e00000011', '80010000000a000001d5'],
	['a bank of SM3', '8001000000140000017e00000001001203000001', '80010000000a000001c3'],
	['a bitmap of 2 bytes', '8001000000130000017e00000001000b020001', '80010000000a000001c4'],
	['a bitmap cut', '8001000000130000017e00000001000b030000', '80010000000a000001da'],
	['reset of PCR 16', '80020000001b0000013d0000001000000009400000090000000000', done],
	['reset of PCR 23', '80020000001b0000013d0000001700000009400000090000000000', done],
	['reset of PCR 0', '80020000001b0000013d0000000000000009400000090000000000', '80010000000a00000907'],
	['reset of PCR 17', '80020000001b0000013d0000001100000009400000090000000000', '80010000000a00000907'],
	['reset of PCR 24', '80020000001b0000013d0000001800000009400000090000000000', '80010000000a00000184'],
	['reset of TPM_RH_NULL', '80020000001b0000013d4000000700000009400000090000000000', '80010000000a00000184'],
	['reset of nothing', '80020000000a0000013d', '80010000000a0000019a'],
	['reset without a session', '80010000000e0000013d00000010', '80010000000a00000125'],
	['extension without a session', '800100000012000001820000001000000001', '80010000000a00000125'],
	['extension of TPM_RH_NULL', `80020000004100000182400000070000000940000009000000000000000001000b${hex(hello)}`, done],
	['extension with nothing', '80020000001f00000182000000100000000940000009000000000000000000', done],
	[
		'extension of PCR 17',
		`80020000004100000182000000110000000940000009000000000000000001000b${hex(hello)}`,
		'80010000000a00000907',
	],
	[
		'extension of PCR 24',
		`80020000004100000182000000180000000940000009000000000000000001000b${hex(hello)}`,
		'80010000000a00000184',
	],
	[
		'extension with a digest cut',
		'80020000002500000182000000100000000940000009000000000000000001000b2cf24dba',
		'80010000000a000001da',
	],
	[
		'extension with SM3',
		`800200000041000001820000001000000009400000090000000000000000010012${hex(hello)}`,
		'80010000000a000001c3',
	],
	[
		'extension with a byte too many',
		`80020000004200000182000000100000000940000009000000000000000001000b${hex(hello)}00`,
		'80010000000a00000095',
	],
	['extension with nine digests', '80020000001f00000182000000100000000940000009000000000000000009', '80010000000a000001d5'],
	['a password of zeros', '80020000001d0000013d000000100000000b4000000900000000020000', done],
	['a password', '80020000001c0000013d000000100000000a40000009000000000155', '80010000000a000009a2'],
	['a password with a nonce', '80020000001c0000013d000000100000000a40000009000155000000', '80010000000a0000098f'],
	['a password that audits', '80020000001b0000013d0000001000000009400000090000800000', '80010000000a00000982'],
	['a reserved attribute', '80020000001b0000013d0000001000000009400000090000080000', '80010000000a000009a1'],
	['a session that was not started', '80020000001b0000013d0000001000000009020000000000000000', '80010000000a00000918'],
	['a session handle of no kind', '80020000001b0000013d0000001000000009123456780000000000', '80010000000a00000984'],
	['a session too many', '8002000000240000013d0000001000000012400000090000000000400000090000000000', '80010000000a00000a8b'],
	['an area cut', '80020000001a0000018200000010000000094000000900000000', '80010000000a00000095'],
	['an area of nothing', '8002000000120000013d0000001000000000', '80010000000a00000095'],
	['no area', '80020000000e0000013d00000010', '80010000000a0000009a'],
	['a session where none is due', '8002000000210000017e0000000940000009000000000000000001000b03000001', '80010000000a0000098b'],
	['an unknown command', '80010000000a00007777', '80010000000a00000143'],
	['nine bytes (a socket waits for the tenth)', '800100000009000001', '80010000000a00000142'],
	['a size too small', '80010000000a0000017a00000005', '80010000000a00000142'],
	[
		'a bad tag, as Part 2 has it (swtpm answers 0x084 under 0x8001)',
		'8003000000160000017a000000050000000000000001',
		'00c40000000a0000001e',
	],
	['nothing (a socket does not answer it)', '', '80010000000a00000142'],
	['a size too large (a socket waits for the rest)', '8001000000140000017e0000000100', '80010000000a00000142'],
];

for (const [title, command, expected] of exchanges) {
	test(`exchange: ${title}`, (t) => {
		t.is(ask(createSoftwareTpm(swtpmTpm), command), expected);
	});
}

test('a command of 4097 bytes is too long', (t) => {
	const command = new Uint8Array(4097);
	command.set(bytes('8001000010010000017a'));
	t.is(hex(createSoftwareTpm(swtpmTpm).transceive(command)), '80010000000a00000142');
});

test('an inactive bank is listed empty, read as nothing and extended as nothing', (t) => {
	const tpm = createSoftwareTpm({
		...swtpmTpm,
		banks: { sha1: 'inactive', sha256: 'active', sha384: 'active', sha512: 'inactive' },
	});
	t.is(
		ask(tpm, '8001000000160000017a000000050000000000000001'),
		'80010000002b00000000000000000500000004000403000000000b03ffffff000c03ffffff000d03000000',
	);
	t.is(ask(tpm, '8001000000140000017e00000001000403ffffff'), '80010000001c00000000000000140000000100040300000000000000');
	t.is(hex(tpm.transceive(pcrExtend(0, new Map([['sha1', hashOf('sha1', hello)]])))), done);
	t.is(value(tpm, 'sha1', 0), null);
	t.is(value(tpm, 'sha256', 0), '00'.repeat(32));
});

test('an extension changes its PCR in its bank and no other', (t) => {
	const tpm = createSoftwareTpm(swtpmTpm);
	tpm.transceive(pcrExtend(16, new Map([['sha256', hello]])));
	t.is(value(tpm, 'sha256', 16), '9851312028952521510e8eaab5be94e7dc24b5fc292b2e9781173cf11ffa9878');
	t.is(value(tpm, 'sha384', 16), '00'.repeat(48));
	t.is(value(tpm, 'sha256', 15), '00'.repeat(32));
	tpm.transceive(pcrReset(16));
	t.is(value(tpm, 'sha256', 16), '00'.repeat(32));
});

test('the update counter follows the PCRs that count, bank by bank', (t) => {
	const tpm = createSoftwareTpm(coconutTpm);
	const counter = () => tpm.transceive(pcrRead(['sha256'], 0))[13];
	const digests = new Map([
		['sha1', hashOf('sha1', hello)],
		['sha256', hello],
		['sha384', hashOf('sha384', hello)],
	] as const);
	t.is(counter(), 20);
	tpm.transceive(pcrExtend(0, digests));
	t.is(counter(), 22);
	tpm.transceive(pcrExtend(16, digests));
	tpm.transceive(pcrReset(23));
	t.is(counter(), 22);
});

test('both profiles say who they are', (t) => {
	const identities = [coconutTpm, swtpmTpm].map((profile) => {
		const tpm = createSoftwareTpm(profile);
		const properties = parseTpmProperties(tpm.transceive(getTpmProperties(TPM_PT.FAMILY_INDICATOR, 13)));
		const banks = parsePcrBanks(tpm.transceive(getPcrBanks()));
		return [
			properties.ok && propertyText(properties.value.get(TPM_PT.MANUFACTURER) ?? 0),
			properties.ok && properties.value.get(TPM_PT.MANUFACTURER),
			properties.ok && properties.value.get(TPM_PT.FIRMWARE_VERSION_1),
			banks.ok && banks.value.map(({ hash, pcrs }) => `${hash}:${pcrs.length}`).join(' '),
		];
	});
	t.deepEqual(identities, [
		['XYZ', 0x58595a20, 0x20250320, '4:0 11:24 12:24'],
		['IBM', 0x49424d00, 0x20240125, '4:24 11:24 12:24 13:24'],
	]);
});

test('two software TPMs share nothing', (t) => {
	const [one, other] = [createSoftwareTpm(swtpmTpm), createSoftwareTpm(swtpmTpm)];
	one.transceive(pcrExtend(7, new Map([['sha256', hello]])));
	t.is(value(other, 'sha256', 7), '00'.repeat(32));
});

test('after any series of extensions the PCRs are what the arithmetic says', (t) => {
	const step = fc.tuple(fc.nat(23), fc.constantFrom('sha1', 'sha256', 'sha384'), fc.string());
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
				const tpm = createSoftwareTpm(swtpmTpm);
				const expected = new Map<string, Uint8Array>();
				for (const [pcr, bank, text] of steps) {
					const digest = hashOf(bank, new TextEncoder().encode(text));
					tpm.transceive(pcrExtend(pcr, new Map([[bank, digest]])));
					if (pcr < 17 || pcr > 22) {
						const key = `${bank} ${pcr}`;
						expected.set(key, extendDigest(bank, expected.get(key) ?? new Uint8Array(digest.length), digest));
					}
				}
				return steps.every(([pcr, bank]) => {
					const wanted = expected.get(`${bank} ${pcr}`);
					return wanted === undefined || value(tpm, bank, pcr) === hex(wanted);
				});
			}),
			{ numRuns: 50 },
		),
	);
});

test('any bytes get a well-formed answer', (t) => {
	const tpm = createSoftwareTpm(coconutTpm);
	const good = exchanges.map(([, command]) => bytes(command)).filter((command) => command.length >= 10);
	const mutant = fc
		.tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }), fc.nat(70), fc.boolean())
		.map(([command, changes, length, fix]) => {
			const made = command.slice(0, length);
			for (const [index, byte] of changes) {
				if (index < made.length) {
					made[index] = byte;
				}
			}
			if (fix && made.length >= 6) {
				new DataView(made.buffer).setUint32(2, made.length);
			}
			return made;
		});
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.oneof(mutant, fc.uint8Array({ maxLength: 5000 })), (command) => {
				const answer = tpm.transceive(command);
				const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
				return answer.length >= 10 && answer.length <= 4096 && view.getUint32(2) === answer.length;
			}),
			{ numRuns: 5000 },
		),
	);
});
