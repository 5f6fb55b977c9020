// What a tool printed, as lines: without what a terminal, a journal or a careless paste put around the words.

import { rememberLast } from '../../text/remember-last.ts';
import type { Sign } from '../reading.ts';
import { plainText } from './pasted-text.ts';

/** Longest line that is looked at; no tool here says more on one. */
const longestLine = 2_048;
const longestEvidence = 240;

/** Colours whose escape character was lost, or became visible, on the way through a clipboard. */
const bareColour = /(?:\^\[|␛)?\[\d{1,3}(?:;\d{1,3}){0,4}m/;
const bareColours = new RegExp(bareColour, 'g');
/** syslog's form of journalctl, `Mon dd hh:mm:ss host unit[pid]: `, or ISO 8601 with --output=short-iso. */
const journalPrefix =
	/^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ ]{0,16}) [\w.-]{1,64} [\w./@-]{1,64}(?:\[\d{1,7}\])?: /;
const anyJournalPrefix = new RegExp(journalPrefix, 'm');
const trailingBlank = /[^\S\n](?:\n|$)/;
/** Deepest indentation that is taken for somebody's, and not for the tool's own. */
const deepest = 40;
const blank = 0x20;
const tab = 0x09;
/** As nearly all lines of a text have it: a sentence before a block of code has not. */
const nearlyAll = 0.8;

/** The lines of a text, empty ones left out; of the indentation what is more than that of (nearly) all lines. */
export const toolLines = rememberLast((text: string): readonly string[] => {
	const lines: string[] = [];
	const clean = plainText(text);
	// Most texts have none of these, and are spared the work on each line.
	const isColoured = bareColour.test(clean);
	const isJournal = anyJournalPrefix.test(clean);
	const isPadded = trailingBlank.test(clean);
	for (const raw of clean.split('\n')) {
		if (raw === '') {
			continue;
		}
		let line = raw.length > longestLine ? raw.slice(0, longestLine) : raw;
		line = isColoured ? line.replace(bareColours, '') : line;
		line = isJournal ? line.replace(journalPrefix, '') : line;
		line = isPadded || isColoured || isJournal ? line.trimEnd() : line;
		if (line !== '') {
			lines.push(line);
		}
	}
	return withoutIndentation(lines);
});

function withoutIndentation(lines: readonly string[]): readonly string[] {
	const having = new Uint32Array(deepest + 1);
	for (const line of lines) {
		const own = indentation(line);
		having[own] = (having[own] ?? 0) + 1;
	}
	let common = deepest;
	for (let deeper = having[common] ?? 0; common > 0 && deeper < lines.length * nearlyAll; deeper += having[common] ?? 0) {
		common--;
	}
	return common === 0 ? lines : lines.map((line) => line.slice(Math.min(common, indentation(line))));
}

function indentation(line: string): number {
	let at = 0;
	for (let code = line.charCodeAt(0); at < deepest && (code === blank || code === tab); code = line.charCodeAt(at)) {
		at++;
	}
	return at;
}

/** A shell's, or a wrapper's, words for a program that is not installed, alone on their line: in a sentence they are a remark. */
export function notFound(programs: string): RegExp {
	return new RegExp(
		`^\\s{0,64}(?:-?[\\w./+-]{0,128}(?:sh|sudo|doas|env)(?:\\[\\d+\\])?: )?(?:(?:line )?\\d{1,6}: )?(?:sudo: )?(?:[\\w./-]{0,128}/)?(?:(?:${programs}): (?:command )?not found|command not found: (?:${programs}))\\.{0,3}$`,
	);
}

/** A sign with its line as evidence. */
export function sign(code: string, line: string): Sign {
	return { code, evidence: line.trim().slice(0, longestEvidence) };
}

/** The same code is said once, by the first line that shows it. */
export function firstOfEach(signs: readonly Sign[]): readonly Sign[] {
	return [...new Map(signs.toReversed().map((one) => [one.code, one])).values()].toReversed();
}
