// What every pasted text may carry around its words: terminal escapes, carriage returns, the time and sender of a log line.

import { stripTerminal } from '../../boot/console.ts';

/** Evidence is shown on one line. */
const longestEvidence = 240;

/** ISO 8601, wherever QEMU, libvirt or a container runtime puts it. */
const isoTime = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?:? ?/g;
/** journalctl's and syslog's time, host and sender. */
const journalPrefix = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} /;

/** The text without escapes and carriage returns. */
export function plainText(text: string): string {
	return text.includes('\u001b') || text.includes('\r') ? stripTerminal(text) : text;
}

/** One line as evidence: no time stamps, no control characters, and of a long line the part from `at` on. */
export function quoteLine(line: string, at = 0): string {
	const part = line.length > longestEvidence ? line.slice(at, at + 4 * longestEvidence) : line;
	return stripTerminal(part).replace(journalPrefix, '').replace(isoTime, '').trim().slice(0, longestEvidence);
}
