// What a tool printed, as lines: without what a terminal, a journal or a careless paste put around the words.

import { stripTerminal } from '../../boot/console.ts';
import { rememberLast } from '../../text/remember-last.ts';
import type { Sign } from '../reading.ts';

/** Longest line that is looked at; no tool here says more on one. */
const longestLine = 2_048;
const longestEvidence = 240;

/** Colours whose escape character was lost, or became visible, on the way through a clipboard. */
const bareColour = /(?:\^\[|␛)?\[\d{1,3}(?:;\d{1,3}){0,4}m/;
const bareColours = new RegExp(bareColour, 'g');
/** syslog's form of journalctl, `Mon dd hh:mm:ss host unit[pid]: `, or ISO 8601 with --output=short-iso. */
const journalPrefix =
	/^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ ]{0,16}) [\w.-]{1,64} [\w./@-]{1,64}(?:\[\d{1,7}\])?: /;

/** The lines of a text, indentation kept, empty ones left out. */
export const toolLines = rememberLast((text: string): readonly string[] => {
	const lines: string[] = [];
	const clean = stripTerminal(text.includes('\r') ? text.replaceAll('\r', '\n') : text);
	const isColoured = bareColour.test(clean);
	for (const raw of clean.split('\n')) {
		const bounded = raw.length > longestLine ? raw.slice(0, longestLine) : raw;
		const plain = isColoured ? bounded.replace(bareColours, '') : bounded;
		const line = (plain.includes(': ') ? plain.replace(journalPrefix, '') : plain).trimEnd();
		if (line !== '') {
			lines.push(line);
		}
	}
	return lines;
});

/** A sign with its line as evidence. */
export function sign(code: string, line: string): Sign {
	return { code, evidence: line.trim().slice(0, longestEvidence) };
}

/** The same code is said once, by the first line that shows it. */
export function firstOfEach(signs: readonly Sign[]): readonly Sign[] {
	return [...new Map(signs.toReversed().map((one) => [one.code, one])).values()].toReversed();
}
