// rpmvercmp: how rpm orders two version strings (rpm-version(7); tests/rpmvercmp.at).
//
// A string is a sequence of tokens and the order is lexicographic over them. That is the whole rule once the tokens are
// ranked: '~' is older than the end of the string, '^' newer than the end but older than more text, letters older than digits.

export type Order = -1 | 0 | 1;

const SEPARATOR = 0;
const TILDE = 1;
const END = 2;
const CARET = 3;
const LETTERS = 4;
const DIGITS = 5;

/** A token as a slice of the text, so that nothing is copied: comparing stays linear for any input. */
interface Token {
	rank: number;
	start: number;
	end: number;
}

/** Ranks of ASCII characters; rpm treats all others as separators. */
const ranks = Uint8Array.from({ length: 128 }, (_, code) => rankOf(String.fromCharCode(code)));

function rankOf(character: string): number {
	if (/[0-9]/.test(character)) {
		return DIGITS;
	}
	if (/[A-Za-z]/.test(character)) {
		return LETTERS;
	}
	return character === '~' ? TILDE : character === '^' ? CARET : SEPARATOR;
}

function rankAt(text: string, index: number): number {
	return index < text.length ? (ranks[text.charCodeAt(index)] ?? SEPARATOR) : END;
}

/** Moves `token` on to the next token of `text`; separators between tokens do not count, nor how many there are. */
function advance(text: string, token: Token): void {
	let start = token.end;
	let rank = rankAt(text, start);
	while (rank === SEPARATOR) {
		start++;
		rank = rankAt(text, start);
	}
	let end = start;
	if (rank === LETTERS || rank === DIGITS) {
		while (rankAt(text, end) === rank) {
			end++;
		}
	} else if (rank !== END) {
		end++;
	}
	token.rank = rank;
	token.start = start;
	token.end = end;
}

function sign(difference: number): Order {
	return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

function compareText(a: string, one: Token, b: string, two: Token): Order {
	const shared = Math.min(one.end - one.start, two.end - two.start);
	for (let offset = 0; offset < shared; offset++) {
		const difference = a.charCodeAt(one.start + offset) - b.charCodeAt(two.start + offset);
		if (difference !== 0) {
			return sign(difference);
		}
	}
	return sign(one.end - one.start - (two.end - two.start));
}

function dropLeadingZeros(text: string, token: Token): void {
	while (token.start < token.end && text.charCodeAt(token.start) === 0x30) {
		token.start++;
	}
}

/** Numbers of any length, never as a JavaScript number: without leading zeros the longer one is the greater. */
function compareDigits(a: string, one: Token, b: string, two: Token): Order {
	dropLeadingZeros(a, one);
	dropLeadingZeros(b, two);
	return sign(one.end - one.start - (two.end - two.start)) || compareText(a, one, b, two);
}

/** -1, 0 or 1 as `a` is older than, equal to or newer than `b`. Any text is accepted; time is linear in its length. */
export function compareVersions(a: string, b: string): Order {
	if (a === b) {
		return 0;
	}
	const one: Token = { rank: END, start: 0, end: 0 };
	const two: Token = { rank: END, start: 0, end: 0 };
	for (;;) {
		advance(a, one);
		advance(b, two);
		if (one.rank !== two.rank) {
			return sign(one.rank - two.rank);
		}
		if (one.rank === END) {
			return 0;
		}
		const order = one.rank === DIGITS ? compareDigits(a, one, b, two) : one.rank === LETTERS ? compareText(a, one, b, two) : 0;
		if (order !== 0) {
			return order;
		}
	}
}
