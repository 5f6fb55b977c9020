// Text from hosts and guests is hostile (design section 8.7): made visible, bounded and free of terminal escapes here,
// before each format escapes its own special characters.

import { stripVTControlCharacters } from 'node:util';

/** Controls, formatting (bidirectional overrides, zero-width), lone surrogates, private and unassigned code points. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
const unseenInBlock = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu;

/** Escapes may be most of a text, so more of it is read than is kept; the rest is never looked at. */
const readFor = (longest: number) => longest * 4 + 256;

/** One line of at most `longest` UTF-16 units, ending in '…' when it was cut. */
export function cleanLine(text: string, longest: number): string {
	const read = text.slice(0, readFor(longest));
	const line = stripVTControlCharacters(read).replace(/\s+/g, ' ').replace(unseen, '').trim();
	return line.length <= longest && read.length === text.length ? line : `${wellCut(line, 0, longest - 1)}…`;
}

/** Lines of at most `longest` UTF-16 units together; cut in the middle, so that the beginning and the end are seen. */
export function cleanBlock(text: string, longest: number): string {
	if (text.length <= longest) {
		return cleanLines(text);
	}
	const half = Math.floor(longest / 2);
	const left = `${text.length - 2 * half} characters left out`;
	return `${cleanLines(wellCut(text, 0, half))}\n… ${left} …\n${cleanLines(wellCut(text, text.length - half, text.length))}`;
}

function cleanLines(text: string): string {
	return stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(unseenInBlock, '');
}

/** Cuts without leaving half of a surrogate pair. */
function wellCut(text: string, from: number, to: number): string {
	return text
		.slice(from, to)
		.replace(/^[\udc00-\udfff]/, '')
		.replace(/[\ud800-\udbff]$/, '');
}

/** '250 ms', '12 s', '14 min', '2 h 5 min'. */
export function formatDuration(ms: number): string {
	if (ms < 1_000) {
		return `${Math.round(ms)} ms`;
	}
	if (ms < 10_000) {
		return `${(ms / 1_000).toFixed(1)} s`;
	}
	const seconds = Math.round(ms / 1_000);
	const minutes = Math.round(seconds / 60);
	if (seconds < 120) {
		return `${seconds} s`;
	}
	return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
	return `${count} ${count === 1 ? one : many}`;
}
