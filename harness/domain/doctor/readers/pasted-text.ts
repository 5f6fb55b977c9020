// What every pasted text may carry around its words: terminal escapes, carriage returns, a mail's quotation marks, the time
// and sender of a log line.

import { stripTerminal } from '../../boot/console.ts';
import { rememberLast } from '../../text/remember-last.ts';

/** Evidence is shown on one line. */
const longestEvidence = 240;

/** ISO 8601, wherever QEMU, libvirt or a container runtime puts it. */
const isoTime = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?:? ?/g;
/** journalctl's and syslog's time, host and sender. */
const journalPrefix = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} /;

const byteOrderMark = '\ufeff';
const hardBlank = '\u00a0';
const hardBlanks = /\u00a0/g;
/** A line that starts with '>' and goes on is quoted; alone it may be the end of a tag. */
const quotation = /^[ \t]{0,8}(?:> ?){1,16}(?=[^\n])/gm;
const isQuoted = /^[ \t]{0,8}>/m;
/** A forum's mark of code around a whole line; around a part of one it is of a sentence. */
const wholeLineOfCode = /^([ \t]{0,16})`([^`\n]{1,2048})`[ \t]{0,16}$/gm;
/** A page's marks of code, which lines are pasted with when its source is. */
const codeTags = /<\/?(?:pre|code)>/g;
/** Numbers of lines, as `cat -n` and `grep -n` print them, or a rule, before every line; the first of them decides. */
const firstMargin = /^[ \t]{0,8}(?:[1-9]\d{0,6}(?:\t|:(?!\d))|\| )/;
const margin = /^[ \t]{0,8}(?:\d{1,7}[\t:]|\| ?)/;
const margins = new RegExp(margin, 'gm');
const nearlyAll = 0.9;

/**
 * The text as the programs printed it: one way of ending a line, and no escapes, byte order mark, marks of quotation or
 * blanks that a browser made of others.
 */
export const plainText = rememberLast((text: string): string => {
	let plain = text.startsWith(byteOrderMark) ? text.slice(1) : text;
	plain = plain.includes('\r') ? plain.replace(/\r+\n?/g, '\n') : plain;
	plain = stripTerminal(plain);
	plain = plain.includes(hardBlank) ? plain.replace(hardBlanks, ' ') : plain;
	plain = plain.includes('>') && isQuoted.test(plain) ? plain.replace(quotation, '') : plain;
	plain = plain.includes('<pre>') || plain.includes('<code>') ? plain.replace(codeTags, '') : plain;
	plain = plain.includes('`') ? plain.replace(wholeLineOfCode, '$1$2') : plain;
	return withoutMargin(plain);
});

function withoutMargin(plain: string): string {
	if (!firstMargin.test(plain.slice(plain.search(/[^\n]/)))) {
		return plain;
	}
	const lines = plain.split('\n').filter((line) => line.trim() !== '');
	const having = lines.filter((line) => margin.test(line)).length;
	return having >= lines.length * nearlyAll ? plain.replace(margins, '') : plain;
}

/** What only a program's text has around its messages: the call that prints them, or a place for a value. */
const sourceCode =
	/\b(?:error_(?:set|report|printf|prepend)\w*|warn_report\w*|info_report\w*|[fs]?n?printf|pr_\w{2,8}|dev_\w{2,8}|vir\w{1,32}|e?println!|bail!|anyhow!|format!|panic!|writeln!|assert\w{0,3}!|expect|_)\s?\(|%(?:[-#0]?\d{0,2}(?:ll?|h)?[dsxuim]|"\s?PRI[dxu])/;

/** Whether a line is of the program that would print the message, and not the message. */
export function isSourceCode(line: string): boolean {
	return sourceCode.test(line);
}

/** One line as evidence: no time stamps, no control characters, and of a long line the part from `at` on. */
export function quoteLine(line: string, at = 0): string {
	const part = line.length > longestEvidence ? line.slice(at, at + 4 * longestEvidence) : line;
	return stripTerminal(part).replace(journalPrefix, '').replace(isoTime, '').trim().slice(0, longestEvidence);
}
