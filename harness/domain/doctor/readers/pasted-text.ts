// What every pasted text may carry around its words: terminal escapes, carriage returns, the time and sender of a log line.

import { stripTerminal } from '../../boot/console.ts';
import { rememberLast } from '../../text/remember-last.ts';

/** Evidence is shown on one line. */
const longestEvidence = 240;

/** ISO 8601, wherever QEMU, libvirt or a container runtime puts it. */
const isoTime = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?:? ?/g;
/** journalctl's and syslog's time, host and sender. */
const journalPrefix = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} /;

/** The text without escapes and carriage returns. */
export const plainText = rememberLast(stripTerminal);

/** What only a program's text has around its messages: the call that prints them, or a place for a value. */
const sourceCode =
	/\b(?:error_(?:set|report|printf|prepend)\w*|warn_report\w*|info_report\w*|[fs]?n?printf|pr_\w{2,8}|dev_\w{2,8}|vir\w{1,32}|println!|bail!|anyhow!|format!)\s?\(|%(?:[-#0]?\d{0,2}(?:ll?|h)?[dsxuim]|"\s?PRI[dxu])/;

/** Whether a line is of the program that would print the message, and not the message. */
export function isSourceCode(line: string): boolean {
	return sourceCode.test(line);
}

/** One line as evidence: no time stamps, no control characters, and of a long line the part from `at` on. */
export function quoteLine(line: string, at = 0): string {
	const part = line.length > longestEvidence ? line.slice(at, at + 4 * longestEvidence) : line;
	return stripTerminal(part).replace(journalPrefix, '').replace(isoTime, '').trim().slice(0, longestEvidence);
}
