import test from 'ava';
import { digestSize, extendDigest, hashId, hashNameOf, hashNames, hashOf } from './algorithms.ts';
import { getPcrBanks, getTpmProperties, pcrExtend, pcrRead, pcrReset } from './commands.ts';
import { TPM_PT } from './constants.ts';
import { hex } from './marshal.ts';

const hello = new TextEncoder().encode('hello');

// Each of these was sent to swtpm 0.7.1 and did what it says.
const commands: readonly [string, Uint8Array, string][] = [
	['GetCapability of the banks', getPcrBanks(), '8001000000160000017a000000050000000000000001'],
	[
		'GetCapability of three properties',
		getTpmProperties(TPM_PT.FAMILY_INDICATOR, 3),
		'8001000000160000017a000000060000010000000003',
	],
	['PCR_Read of PCR 0', pcrRead(['sha256'], 0), '8001000000140000017e00000001000b03010000'],
	[
		'PCR_Read of PCR 16 in three banks',
		pcrRead(['sha256', 'sha1', 'sha384'], 16),
		'8001000000200000017e00000003000b03000001000403000001000c03000001',
	],
	['PCR_Read of PCR 23', pcrRead(['sha256'], 23), '8001000000140000017e00000001000b03000080'],
	['PCR_Reset of PCR 16', pcrReset(16), '80020000001b0000013d0000001000000009400000090000000000'],
	[
		'PCR_Extend of PCR 16',
		pcrExtend(16, new Map([['sha256', hashOf('sha256', hello)]])),
		'80020000004100000182000000100000000940000009000000000000000001000b2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
	],
];

for (const [title, command, expected] of commands) {
	test(`command: ${title}`, (t) => {
		t.is(hex(command), expected);
	});
}

test('a digest of another length than its hash is a mistake of the caller', (t) => {
	t.throws(() => pcrExtend(16, new Map([['sha256', new Uint8Array(20)]])), {
		instanceOf: RangeError,
		message: /sha256 digest of 32 bytes, not 20/,
	});
});

test('extending zeros with SHA-256 of "hello" gives the known value', (t) => {
	const value = extendDigest('sha256', new Uint8Array(32), hashOf('sha256', hello));
	t.is(hex(value), '9851312028952521510e8eaab5be94e7dc24b5fc292b2e9781173cf11ffa9878');
});

test('every hash has its id, its size and its way back', (t) => {
	t.deepEqual(
		hashNames.map((name) => [name, hashId(name), digestSize(name), hashOf(name, hello).length]),
		[
			['sha1', 0x4, 20, 20],
			['sha256', 0xb, 32, 32],
			['sha384', 0xc, 48, 48],
			['sha512', 0xd, 64, 64],
		],
	);
	t.deepEqual(
		hashNames.map((name) => hashNameOf(hashId(name))),
		[...hashNames],
	);
	t.is(hashNameOf(0x12), null);
});
