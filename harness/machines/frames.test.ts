import test from 'ava';
import fc from 'fast-check';
import { type Frame, FrameReader } from './frames.ts';

const token = '00112233445566778899aabbccddeeff';
const limit = 1000;
const encode = (text: string) => new TextEncoder().encode(text);

function read(...pieces: readonly string[]): Frame[] {
	const reader = new FrameReader(token, limit);
	return pieces.flatMap((piece) => reader.push(encode(piece)));
}

const whole = `@${token} 7 body o\naGVs\nbG8=\n@${token} 7 sum o 1 5\n@${token} 7 end 0 0 -\n`;

const rows: readonly (readonly [title: string, text: string, words: readonly string[], body: string])[] = [
	['a stream and its end', whole, ['sum o 1 5', 'end 0 0 -'], 'hello'],
	['the same with carriage returns', whole.replaceAll('\n', '\r\n'), ['sum o 1 5', 'end 0 0 -'], 'hello'],
	['noise between lines', whole.replaceAll('\n', '\n[ 12.3] usb 1-1: new device\n'), ['sum o 1 5', 'end 0 0 -'], 'hello'],
	['another session', whole.replaceAll(token, token.replaceAll('0', '1')), [], ''],
	['an echoed hello', `printf '@%s 0 here\\n' ${token}\n`, [], ''],
	['a head in the middle of a line', `x@${token} 7 end 0 0 -\n`, [], ''],
	['a head that is too long', `@${token} 7 end ${'0'.repeat(1024)}\n@${token} 7 end 0 0 -\n`, ['end 0 0 -'], ''],
	['a line that never ends', 'A'.repeat(10_000), [], ''],
];

for (const [title, text, words, body] of rows) {
	test(`frames of ${title}`, (t) => {
		const frames = read(text);
		t.deepEqual(
			frames.map((frame) => frame.words.join(' ')),
			words,
		);
		t.is(Buffer.concat(frames.map((frame) => frame.body)).toString(), body);
		t.deepEqual(read(...text), frames, 'the same byte by byte');
	});
}

test('a stream beyond the limit is cut, so that its count does not fit', (t) => {
	const [frame] = read(`@${token} 1 body o\n${`${'A'.repeat(76)}\n`.repeat(100)}@${token} 1 sum o 1 5700\n`);
	t.true(frame !== undefined && frame.body.length < limit + 76);
});

test('random bytes never make a frame, nor an error', (t) => {
	const line = fc.oneof(
		fc.uint8Array({ maxLength: 64 }),
		fc.constantFrom('@', `@${token}`, `@${token} `, `@${token} 1`, '\n', 'QUJD\n', ' body o\n').map(encode),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 40 }), (pieces) => {
			const reader = new FrameReader(token, limit);
			for (const frame of pieces.flatMap((piece) => reader.push(piece))) {
				t.true(frame.body.length <= limit + 76 && frame.words.length > 0);
			}
		}),
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
			t.deepEqual(new FrameReader(token, limit).push(bytes), []);
		}),
	);
});

test('however a conversation is cut, the frames are the same', (t) => {
	fc.assert(
		fc.property(fc.array(fc.nat({ max: whole.length })), (cuts) => {
			const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
			const pieces = edges.slice(1).map((end, n) => whole.slice(edges[n], end));
			t.deepEqual(read(...pieces), read(whole));
		}),
	);
});
