// The messages of a pasted kernel log, and how signs are found in them.

import { stripTerminal } from '../../boot/console.ts';
import { parseKernelLog } from '../../logs/kernel-log.ts';
import { rememberLast } from '../../text/remember-last.ts';

const longestEvidence = 240;
/** Indentation, a quoted mail, or a log that was kept as comments of a script. */
const quotation = /^[\ufeff \t>#]+/gm;
const isQuoted = /^[\ufeff \t>#]/m;

/** A message that matched, and where. */
export interface Found {
	readonly index: number;
	readonly line: string;
	readonly groups: readonly (string | undefined)[];
}

/** A cause that a message shows. `blocks`: while it lasts, this kernel runs no SEV-SNP guest. */
export interface Finding {
	readonly code: string;
	readonly index: number;
	readonly line: string;
	readonly blocks: boolean;
}

/**
 * The messages of the last boot in the text, without prefixes, escapes and quotation marks. What an earlier boot said is
 * no evidence of how the machine is now.
 */
export const kernelMessages = rememberLast((text: string): readonly string[] => {
	const plain = stripTerminal(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);
	const messages = parseKernelLog(isQuoted.test(plain) ? plain.replace(quotation, '') : plain).map((message) => message.trim());
	const start = messages.findLastIndex((message) => message.startsWith('Linux version '));
	return start > 0 ? messages.slice(start) : messages;
});

/** The same messages in their places, with those left empty that none of these speakers said. */
export function saidBy(messages: readonly string[], speaker: RegExp): readonly string[] {
	return messages.map((line) => (speaker.test(line) ? line : ''));
}

/** All matches, in the order of the text. */
export function findAll(messages: readonly string[], pattern: RegExp): readonly Found[] {
	const found: Found[] = [];
	for (let index = 0; index < messages.length; index++) {
		const line = messages[index] ?? '';
		const match = line === '' ? null : pattern.exec(line);
		if (match !== null) {
			found.push({ index, line, groups: match.slice(1) });
		}
	}
	return found;
}

/** The last match: after a module was loaded again, what it said last counts. */
export function findLast(messages: readonly string[], pattern: RegExp): Found | null {
	return findAll(messages, pattern).at(-1) ?? null;
}

/** The finding that a message shows. */
export function finding(
	code: string,
	{ index, line }: { readonly index: number; readonly line: string },
	blocks = true,
): Finding {
	return { code, index, line, blocks };
}

/** Findings as signs: in the order of the text, each code once. */
export function toSigns(findings: readonly Finding[]): readonly { readonly code: string; readonly evidence: string }[] {
	const inOrder = findings.toSorted((a, b) => a.index - b.index);
	return inOrder
		.filter(({ code }, place) => inOrder.findIndex((other) => other.code === code) === place)
		.map(({ code, line }) => ({ code, evidence: line.slice(0, longestEvidence) }));
}
