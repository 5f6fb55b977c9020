// ID blocks: the known answer of the facts, there and back, signatures that hold and every byte that breaks them.

import { createHash, generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { ParseError } from '../../parse-error.ts';
import { amdKeyDigest } from '../amd-key.ts';
import { parseIdAuth, signIdBlock, verifyIdAuth } from './id-auth.ts';
import { buildIdBlock, type IdBlock, idBlockLength, parseIdBlock } from './id-block.ts';

const p384 = () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const idKey = p384();
const authorKey = p384();

const known: IdBlock = {
	launchDigest: Buffer.from('B28FLQi9p6cAqipgjFyqawDrrSl7bWioWkWx5mmlWLZ+G5HShKMB/mPE+gdQRn7t', 'base64'),
	familyId: Buffer.alloc(16),
	imageId: Buffer.alloc(16),
	guestSvn: 0,
	policy: 0x30000n,
};

test('the known answer of facts/attestation.md 6.6', (t) => {
	const tail = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAwAAAAAA';
	t.is(buildIdBlock(known).toString('base64'), `${Buffer.from(known.launchDigest).toString('base64')}${tail}`);
});

test('what was built is read again', (t) => {
	const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));
	const any = fc.record({
		launchDigest: bytes(48),
		familyId: bytes(16),
		imageId: bytes(16),
		guestSvn: fc.integer({ min: 0, max: 0xffff_ffff }),
		policy: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	});
	fc.assert(
		fc.property(any, (block) => {
			t.deepEqual(parseIdBlock(buildIdBlock(block)), block);
		}),
	);
});

const wrongBlocks: readonly (readonly [string, Partial<IdBlock>, RegExp])[] = [
	['a short digest', { launchDigest: Buffer.alloc(47) }, /'launchDigest' of an ID block: expected 48 bytes, found 47/],
	['a long family', { familyId: Buffer.alloc(17) }, /'familyId' .*expected 16 bytes, found 17/],
	['an SVN of 33 bits', { guestSvn: 2 ** 32 }, /4294967296|4_294_967_296/],
	['a policy of 65 bits', { policy: 2n ** 64n }, /18_446_744_073_709_551_616|2n \*\* 64n/],
];
for (const [title, change, message] of wrongBlocks) {
	test(`not built: ${title}`, (t) => {
		t.throws(() => buildIdBlock({ ...known, ...change }), { instanceOf: RangeError, message });
	});
}

test('an ID block of another length or version is refused', (t) => {
	t.throws(() => parseIdBlock(Buffer.alloc(95)), { instanceOf: ParseError, message: /expected 96 bytes, found 95/ });
	const later = buildIdBlock(known);
	later.writeUInt32LE(2, 0x50);
	t.throws(() => parseIdBlock(later), { instanceOf: ParseError, message: /expected version 1, found 2/ });
});

test('signatures hold, and the digests of the keys are those of AMD', (t) => {
	const block = buildIdBlock(known);
	const auth = parseIdAuth(signIdBlock(block, idKey, authorKey));
	t.deepEqual(verifyIdAuth(block, auth), { block: true, author: true });
	const digest = (bytes: Uint8Array) => createHash('sha384').update(bytes).digest();
	t.deepEqual(digest(auth.idKey), amdKeyDigest(idKey));
	t.deepEqual(digest(auth.author?.key ?? Buffer.alloc(0)), amdKeyDigest(authorKey));
	const alone = parseIdAuth(signIdBlock(block, idKey, null));
	t.is(alone.author, null);
	t.deepEqual(verifyIdAuth(block, alone), { block: true, author: null });
});

test('another block, another key and another author do not hold', (t) => {
	const block = buildIdBlock(known);
	const auth = parseIdAuth(signIdBlock(block, idKey, authorKey));
	t.is(verifyIdAuth(buildIdBlock({ ...known, guestSvn: 1 }), auth).block, false);
	const other = parseIdAuth(signIdBlock(block, p384(), authorKey));
	t.is(verifyIdAuth(block, { ...auth, idKey: other.idKey }).block, false);
	t.is(verifyIdAuth(block, { ...auth, author: other.author }).author, false);
});

test('no changed byte passes: it breaks a signature or the form', (t) => {
	const block = buildIdBlock(known);
	const good = signIdBlock(block, idKey, authorKey);
	const survivors: number[] = [];
	for (let at = 0; at < good.length; at++) {
		const bytes = Buffer.from(good);
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		try {
			const held = verifyIdAuth(block, parseIdAuth(bytes));
			if (held.block && held.author === true) {
				survivors.push(at);
			}
		} catch (error) {
			t.true(error instanceof ParseError, `byte ${at}: ${error}`);
		}
	}
	t.deepEqual(survivors, []);
	for (let at = 0; at < idBlockLength; at++) {
		const bytes = Buffer.from(block);
		bytes[at] = (bytes[at] ?? 0) ^ 0x80;
		t.false(verifyIdAuth(bytes, parseIdAuth(good)).block, `byte ${at} of the block`);
	}
});

test('ID authentication of another form is refused', (t) => {
	const good = signIdBlock(buildIdBlock(known), idKey, authorKey);
	const changed = (at: number, value: number) => {
		const bytes = Buffer.from(good);
		bytes[at] = value;
		return () => parseIdAuth(bytes);
	};
	t.throws(() => parseIdAuth(Buffer.alloc(4095)), { instanceOf: ParseError, message: /expected 4096 bytes, found 4095/ });
	t.throws(() => parseIdAuth(Buffer.alloc(4096)), { instanceOf: ParseError, message: /algorithm 1 \(ECDSA .*, found 0/ });
	t.throws(changed(0x004, 0), { instanceOf: ParseError, message: /expected 1 as the author's algorithm, found 0/ });
	t.throws(changed(0x010, 1), { instanceOf: ParseError, message: /at byte 8: expected zeros up to byte 64/ });
	t.throws(changed(0xfff, 1), { instanceOf: ParseError, message: /expected zeros up to byte 4096/ });
});

test('whatever the bytes, the form is read or refused', (t) => {
	const block = buildIdBlock(known);
	const good = signIdBlock(block, idKey, authorKey);
	const change = fc.array(fc.record({ at: fc.nat(4095), value: fc.nat(255) }), { maxLength: 20 });
	const length = fc.nat(5000);
	t.notThrows(() =>
		fc.assert(
			fc.property(change, length, (changes, size) => {
				const bytes = Buffer.alloc(size > 4200 ? size : 4096);
				bytes.set(good);
				for (const { at, value } of changes) {
					bytes[at] = value;
				}
				try {
					verifyIdAuth(block, parseIdAuth(bytes));
				} catch (error) {
					return error instanceof ParseError;
				}
				return true;
			}),
			{ numRuns: 300 },
		),
	);
});

for (const [title, key] of [
	['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
	['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
	['a public key', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
] as const) {
	test(`not signed with ${title}`, (t) => {
		t.throws(() => signIdBlock(buildIdBlock(known), key, null), { instanceOf: TypeError, message: /private keys on P-384/ });
		t.throws(() => signIdBlock(buildIdBlock(known), idKey, key), { instanceOf: TypeError });
	});
}
