import test from 'ava';
import fc from 'fast-check';
import { ConsoleWatcher, stripTerminal } from './console.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const stripped: readonly (readonly [raw: string, plain: string])[] = [
	['plain\ttext', 'plain\ttext'],
	['\u001b[2J\u001b[01;01H\u001b[=3hBdsDxe: loading', 'BdsDxe: loading'],
	['\u001b[1;31mred\u001b[0m', 'red'],
	['\u001b]0;title\u0007text', 'text'],
	['\u001b]8;;link\u001b\\text', 'text'],
	['\u001b(Btext\u001b7', 'text'],
	['\u001bPq#0\u001b\\text', 'text'],
	['cut off\u001b[0;3', 'cut off'],
	['cut off\u001b', 'cut off'],
	['bell\u0007 null\u0000 delete\u007f c1\u009b31m', 'bell null delete c131m'],
	['naïve 你好', 'naïve 你好'],
];

for (const [raw, plain] of stripped) {
	test(`stripTerminal of ${JSON.stringify(raw)}`, (t) => {
		t.is(stripTerminal(raw), plain);
	});
}

const milestones = [
	{ name: 'firmware', pattern: 'BdsDxe: (?:loading|starting)|EFI stub' },
	{ name: 'kernel', pattern: 'Linux version' },
	{ name: 'ready', pattern: 'login: $' },
];

const boot =
	'\u001b[2J\u001b[01;01HBdsDxe: loading Boot0001\r\n\r\n[    0.000000] Linux version 6.1.0 (x)\r\n[    1.0] ok\r\n\u001b[1mguest\u001b[0m login: ';

test('milestones of a boot, the last in a line without end', (t) => {
	const watcher = new ConsoleWatcher(milestones);
	const { lines, reached } = watcher.push(encode(boot));
	t.deepEqual(lines, ['BdsDxe: loading Boot0001', '[    0.000000] Linux version 6.1.0 (x)', '[    1.0] ok']);
	t.deepEqual(reached, ['firmware', 'kernel', 'ready']);
	t.true(watcher.complete && !watcher.settled && !watcher.panicked);
	watcher.push(encode('root\r\n'));
	t.true(watcher.settled);
	t.is(watcher.seen[2]?.line, 'guest login: root');
});

test('milestones out of order do not count', (t) => {
	const watcher = new ConsoleWatcher(milestones);
	watcher.push(encode('guest login: \nLinux version 6\nBdsDxe: loading\n'));
	t.deepEqual(
		watcher.seen.map(({ name }) => name),
		['firmware'],
	);
	t.false(watcher.complete);
});

test('without milestones the watch is complete at once', (t) => {
	t.true(new ConsoleWatcher([]).complete);
	t.throws(() => new ConsoleWatcher([{ name: 'x', pattern: '(' }]), { instanceOf: SyntaxError });
});

const panics: readonly (readonly [text: string, panicked: boolean, ended: boolean])[] = [
	['[    1.9] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n', true, false],
	['[    1.9][    T1] Kernel panic - not syncing: Attempted to kill init!\n', true, false],
	['Kernel panic - not syncing: x', true, false],
	['[ 1.9] Kernel panic - not syncing: x\n[ 2.0] ---[ end Kernel panic - not syncing: x ]---\n', true, true],
	['[    1.9] audit: text="Kernel panic - not syncing"\n', false, false],
	['echo Kernel panic - not syncing\n', false, false],
];

for (const [text, panicked, ended] of panics) {
	test(`a panic in ${JSON.stringify(text)}: ${panicked}`, (t) => {
		const watcher = new ConsoleWatcher(milestones);
		watcher.push(encode(text));
		t.is(watcher.panicked, panicked);
		t.is(watcher.panicEnded, ended);
	});
}

test('however the bytes are cut, lines and milestones are the same', (t) => {
	const bytes = encode(`${boot}\r\n[ 2.0] naïve 你好\r\n`);
	const read = (pieces: readonly Uint8Array[]) => {
		const watcher = new ConsoleWatcher(milestones);
		const news = pieces.map((piece) => watcher.push(piece));
		return { lines: news.flatMap(({ lines }) => lines), reached: news.flatMap((one) => one.reached), seen: watcher.seen };
	};
	const whole = read([bytes]);
	fc.assert(
		fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
			const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
			t.deepEqual(read(edges.slice(1).map((end, n) => bytes.subarray(edges[n], end))), whole);
		}),
	);
});

test('random bytes give bounded, printable lines', (t) => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 4096 }), { maxLength: 8 }), (pieces) => {
			const watcher = new ConsoleWatcher(milestones);
			for (const { lines } of pieces.map((piece) => watcher.push(piece))) {
				t.true(lines.every((line) => line.length <= 2_048 && !/(?!\t)\p{Cc}/u.test(line)));
			}
		}),
	);
	const watcher = new ConsoleWatcher(milestones);
	for (let n = 0; n < 200; n++) {
		t.deepEqual(watcher.push(new Uint8Array(65_536).fill(0x1b)).lines, []);
	}
});
