// The lines of a pasted log, without what mail, Markdown, scripts, grep and pagers put around each of them.

import { stripTerminal } from '../../boot/console.ts';
import { rememberLast } from '../../text/remember-last.ts';

/** A quoted mail, perhaps quoted again. */
const quotation = /^[> \t]+/;

interface Wrapping {
	/** Without one of them somewhere in the text, no line need be looked at; a search for a string is the cheapest there is. */
	readonly marks: readonly string[];
	readonly pattern: RegExp;
	readonly inside?: string;
	/** So many of the lines must have it; where it is hardly anything else, one is enough. */
	readonly least: number;
	/** Not in a text that begins with it. */
	readonly notAfter?: RegExp;
}

const fileEnd = '(?:\\.(?:log|txt|out)|\\bdmesg|/(?:messages|syslog|console))(?:\\.\\d{1,3})?|\\(standard input\\)';

/** The outer ones first. */
const wrappings: readonly Wrapping[] = [
	{ marks: ['<'], pattern: /^(?:<\/?(?:pre|code|p|br|div|span)\b[^<>]{0,120}>)+\s*/i, least: 0 },
	// One line as code, perhaps as an item of a list.
	{ marks: ['`'], pattern: /^(?:[-*+] )?`([^`]+)`$/, inside: '$1', least: 0.5 },
	// A line drawn at the left; at the right as well, it is a table.
	{ marks: ['|', '\u2502', '\u2503'], pattern: /^[|\u2502\u2503][> \t]*(?=.*[^|\u2502\u2503]$)/, least: 0.5 },
	// `grep -H` in a log; in a document or a program it finds no log.
	{
		marks: ['.log', '.txt', '.out', 'dmesg', '/messages', '/syslog', '/console', '(standard input)'],
		pattern: new RegExp(`^(?:[\\w./~+-]{0,200}(?:${fileEnd}))[:-](?=\\S)[> \\t]*`),
		least: 0,
	},
	// `grep -n` with its context, `cat -n`. A number and a dash is also how a date begins.
	{ marks: [''], pattern: /^\d{1,7}(?::|-(?!\d)|\t| {1,8}(?=\[))[> \t]*/, least: 0 },
	// A number sign, but not that of the kernel's own '#PF: '. A script's comments are of the script.
	{ marks: ['#'], pattern: /^#+(?!PF: )[> \t]*/, least: 0.8, notAfter: /^#!/ },
];

/** What a shell shows before a command; root's is a number sign. */
const prompt =
	/^(?:\[[^\]]{1,80}\]|[\w.-]{1,64}@[^#$%]{1,140}|[\w.-]{1,64}:[~/][^#$%]{0,80}|(?:ba)?sh-[\d.]{1,8})?[#$%\u276f\u279c] +\S/;
const command = /^(?:sudo +)?(?:dmesg|journalctl|cat|uname)(?: |$)|\b[ef]?grep\b/;

/** The lines that are not empty. */
export const logLines = rememberLast((text: string): readonly string[] => {
	const spaced = text.includes('\u00a0') ? text.replaceAll('\u00a0', ' ') : text;
	const plain = stripTerminal(spaced.includes('\r') ? spaced.replace(/\r\n?/g, '\n') : spaced);
	const lines: string[] = [];
	for (const raw of plain.split('\n')) {
		const trimmed = raw.trim();
		const line = trimmed.startsWith('>') ? trimmed.replace(quotation, '') : trimmed;
		if (line !== '') {
			lines.push(line);
		}
	}
	return wrappings.filter(({ marks }) => marks.some((mark) => plain.includes(mark))).reduce(unwrapped, lines);
});

function unwrapped(lines: readonly string[], { pattern, inside = '', least, notAfter }: Wrapping): readonly string[] {
	const wrapped = lines.filter((line) => pattern.test(line)).length;
	const [first = ''] = lines;
	return wrapped === 0 || wrapped < lines.length * least || notAfter?.test(first) === true
		? lines
		: lines.map((line) => line.replace(pattern, inside));
}

/** Whether somebody typed the line into a shell, so that what follows may be less than everything. */
export function isCommand(line: string): boolean {
	return prompt.test(line) || command.test(line);
}
