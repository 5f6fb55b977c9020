import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../test-time.ts';
import { cleanBlock, cleanLine, formatDuration } from './plain-text.ts';

const lines: readonly (readonly [string, string, string])[] = [
	['colours', '\u001b[31mred\u001b[0m', 'red'],
	['a window title', '\u001b]0;owned\u0007text', 'text'],
	['a hyperlink', '\u001b]8;;http://evil/\u001b\\click\u001b]8;;\u001b\\', 'click'],
	['control characters', 'a\u0000b\u0007c\u009bd', 'abcd'],
	['line breaks', 'a\r\nb\n\n\tc', 'a b c'],
	['bidirectional overrides', 'safe\u202eexe.txt\u2066', 'safeexe.txt'],
	['zero-width and byte order marks', 'a\u200bb\ufeffc\u00add', 'ab cd'],
	['lone surrogates', 'a\ud800b\udc00c', 'abc'],
	['line separators', 'a\u2028b\u2029c', 'a b c'],
	['other scripts', 'Prüfung 検査 ✓', 'Prüfung 検査 ✓'],
];

for (const [name, given, expected] of lines) {
	test(`cleanLine: ${name}`, (t) => {
		t.is(cleanLine(given, 80), expected);
	});
}

test('cleanLine cuts, says so, and does not split a character', (t) => {
	t.is(cleanLine('abcdef', 6), 'abcdef');
	t.is(cleanLine('abcdefg', 6), 'abcde…');
	t.is(cleanLine('abcd😀😀😀', 6), 'abcd…');
	t.is(cleanLine(`${' '.repeat(10_000)}x`, 6), '…');
});

test('cleanBlock keeps lines and tabs, and cuts in the middle', (t) => {
	t.is(cleanBlock('a\tb\r\nc\rd\u001b[1me', 80), 'a\tb\nc\nde');
	t.is(
		cleanBlock(`${'a'.repeat(1_000)}${'z'.repeat(1_000)}`, 20),
		`${'a'.repeat(10)}\n… 1980 characters left out …\n${'z'.repeat(10)}`,
	);
});

test('a megabyte of unfinished escapes is read in no time', (t) => {
	const hostile = ['\u001b[', '\u001b]8;;', '\u001b[0;', ' ', '\n', '\u001b[38;2;1;1;1', '\u009b'].map((text) =>
		text.repeat(Math.ceil(1_048_576 / text.length)),
	);
	const start = threadTime();
	for (const text of hostile) {
		t.true(cleanLine(text, 200).length <= 200);
		t.true(cleanBlock(text, 4_000).length <= 4_100);
	}
	t.true(threadTime() - start < 1_000);
});

test('no text yields a control, an escape or more than it may', (t) => {
	const text = fc.string({ unit: 'binary', maxLength: 400 });
	fc.assert(
		fc.property(text, fc.integer({ min: 1, max: 60 }), (given, longest) => {
			const line = cleanLine(given, longest);
			t.true(line.length <= longest);
			t.notRegex(line, /[\p{Cc}\p{Cf}\p{Cs}]/u);
			t.notRegex(cleanBlock(given, 100), /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u);
		}),
	);
});

const durations: readonly (readonly [number, string])[] = [
	[0, '0 ms'],
	[999, '999 ms'],
	[1_000, '1.0 s'],
	[21_400, '21 s'],
	[850_000, '14 min'],
	[7_500_000, '2 h 5 min'],
];

for (const [ms, expected] of durations) {
	test(`formatDuration: ${ms}`, (t) => {
		t.is(formatDuration(ms), expected);
	});
}
