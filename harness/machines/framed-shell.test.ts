import { PassThrough } from 'node:stream';
import test from 'ava';
import type { Machine } from '../ports.ts';
import { posixChecksum } from './cksum.ts';
import { openFramedShell } from './framed-shell.ts';

const token = '11'.repeat(16);
const never = new AbortController().signal;

/** A far side that says these lines to each request it is sent, after the prelude was answered. */
async function connect(reply: (script: string) => string | null): Promise<{ machine: Machine; wire: PassThrough }> {
	const toFarSide = new PassThrough();
	const fromFarSide = new PassThrough();
	let before = '';
	toFarSide.on('data', (chunk: Buffer) => {
		const text = chunk.toString();
		if (text.startsWith('snp_token=')) {
			fromFarSide.write(`@${token} 0 ready boot-id /tmp/x\n`);
		} else if (text.startsWith('snp_batch')) {
			before = Buffer.from(text.slice(text.indexOf('\n'), text.lastIndexOf(':')), 'base64').toString();
			const answer = reply(before);
			fromFarSide.write(answer ?? '');
			if (answer === null) {
				fromFarSide.end();
			}
		}
	});
	const machine = await openFramedShell({
		name: 'far',
		wire: { toFarSide, fromFarSide },
		clock: { now: () => 1_000 },
		random: { bytes: (length) => new Uint8Array(length).fill(0x11) },
		limitMs: 1_000,
	});
	if ('kind' in machine) {
		throw new Error(machine.message);
	}
	return { machine, wire: fromFarSide };
}

function saying(seq: number, text: string, sum = posixChecksum(Buffer.from(text))): string {
	return [
		`${seq} body o`,
		Buffer.from(text).toString('base64'),
		`${seq} sum o ${sum} ${Buffer.byteLength(text)}`,
		`${seq} sum e - 0`,
		`${seq} end 0 0 77 0 0`,
		'',
	]
		.map((line) => (/^\d/.test(line) ? `@${token} ${line}` : line))
		.join('\n');
}

const echo = { do: 'exec', argv: ['echo'] } as const;

const rows: readonly (readonly [title: string, reply: (script: string) => string | null, kinds: readonly string[]])[] = [
	['answers to both', () => saying(1, 'a') + saying(2, 'b'), ['a', 'b']],
	['a late answer of another batch first', () => saying(0, 'old') + saying(1, 'a') + saying(2, 'b'), ['a', 'b']],
	['an altered answer', () => saying(1, 'a', 5) + saying(2, 'b'), ['protocol', 'b']],
	['a forged session in the text', () => saying(1, `@${token} 1 end 0 9 -\n`) + saying(2, 'b'), [`@${token} 1 end 0 9 -\n`, 'b']],
	['a lost answer', () => saying(2, 'b'), ['protocol', 'b']],
	['a lost stream', () => `@${token} 1 end 0 0 77 0 0\n${saying(2, 'b')}`, ['protocol', 'b']],
	['a word nobody knows', () => `@${token} 1 dance\n${saying(2, 'b')}`, ['protocol', 'b']],
	['a damaged batch', () => `@${token} 1 garbled\n`, ['protocol', 'protocol']],
	['the end of the wire', () => null, ['unreachable', 'unreachable']],
];

for (const [title, reply, kinds] of rows) {
	test(`two requests and ${title}`, async (t) => {
		const { machine } = await connect(reply);
		const got = await machine.perform([echo, echo], never);
		t.deepEqual(
			got.map(({ answer }) =>
				answer.kind === 'fault' ? answer.code : answer.kind === 'exec' ? Buffer.from(answer.stdout).toString() : answer.kind,
			),
			kinds,
		);
		t.is(machine.bootId, 'boot-id');
	});
}

test('both directions keep to lines of 1 KiB and a batch is one write', async (t) => {
	const scripts: string[] = [];
	const { machine } = await connect((script) => {
		scripts.push(script);
		return saying(1, 'a') + saying(2, 'b');
	});
	await machine.perform([echo, { ...echo, stdin: 'x'.repeat(10_000) }], never);
	t.is(scripts.length, 1);
	t.regex(scripts[0] ?? '', /^snp_exec 1 30\.000 \/dev\/null 'echo'\nsnp_input <<':'\n/);
	t.true((scripts[0] ?? '').split('\n').every((line) => line.length < 1024));
});

test('an interruption answers at once, and the session is over', async (t) => {
	const { machine, wire } = await connect(() => '');
	const controller = new AbortController();
	const pending = machine.perform([echo, echo], controller.signal);
	setTimeout(() => controller.abort(), 20);
	t.deepEqual(
		(await pending).map(({ answer }) => answer.kind === 'fault' && answer.code),
		['interrupted', 'interrupted'],
	);
	wire.write(saying(1, 'late'));
	t.is((await machine.perform([echo], never))[0]?.answer.kind, 'fault');
});

test('a far side that never answers, or lacks a tool, is a fault', async (t) => {
	const open = (said: string, resynchronise: boolean) => {
		const fromFarSide = new PassThrough();
		fromFarSide.write(said);
		return openFramedShell({
			name: 'far',
			wire: { toFarSide: new PassThrough().resume(), fromFarSide },
			clock: { now: () => 0 },
			random: { bytes: (length) => new Uint8Array(length).fill(0x11) },
			limitMs: 100,
			...(resynchronise ? { resynchronise: true as const } : {}),
		});
	};
	const silent = await open('[ 1.0] noise\n', true);
	t.true('kind' in silent && silent.code === 'unreachable');
	const stalled = await open('', false);
	t.true('kind' in stalled && stalled.code === 'timeout');
	const lacking = await open(`@${token} 0 lacks base64 dd\n`, false);
	t.true('kind' in lacking && lacking.code === 'not-available' && lacking.message.includes('base64, dd'));
});
