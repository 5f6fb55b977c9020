// The messages of a pasted kernel log, and how signs are found in them.

import { hasBeginning, withoutLogPrefix } from '../../logs/kernel-log.ts';
import { rememberLast } from '../../text/remember-last.ts';
import { logLines } from './log-lines.ts';

const longestEvidence = 240;
const banner = 'Linux version ';
/** What a kernel says soon after its first words. */
const soonAfter =
	/^(?:Command line: |Kernel |KERNEL |BIOS-|x86|DMI: |Hypervisor |Booting |Memory Encryption |AMD|SEV|ccp |kvm|smp|tsc: |efi: |ACPI: |random: |secureboot: |microcode: |NX |tdx: |Hyper-V: )/;
/** So many lines of other commands may come between a command and what it prints. */
const commandsBefore = 3;

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
 * no evidence of how the machine is now. A kernel's first words are among them only at a log's beginning, as the first.
 */
export const kernelMessages = rememberLast((text: string): readonly string[] => {
	const lines = logLines(text);
	const messages = lines.map((line) => {
		const message = withoutLogPrefix(line);
		return message === line ? line : message.trim();
	});
	const beginning = lastBeginning(lines, messages);
	const ofBoot = beginning > 0 ? messages.slice(beginning) : messages;
	return ofBoot.filter((message, index) => message !== '' && (!message.startsWith(banner) || (index === 0 && beginning !== -1)));
});

/** Where the last log in the text begins, or -1. `/proc/version` has the same words, and people paste it beside a log. */
function lastBeginning(lines: readonly string[], messages: readonly string[]): number {
	const isPrefixed = (index: number) => lines[index] !== messages[index];
	const isBanner = (message: string) => message.startsWith(banner);
	const firstPrefixed = messages.some(isBanner) ? lines.findIndex((_, index) => isPrefixed(index)) : -1;
	return messages.findLastIndex((message, index) => {
		if (!isBanner(message) || isPrefixed(index)) {
			return isBanner(message);
		}
		const next = messages[index + 1] ?? '';
		const asked = lines.slice(Math.max(index - commandsBefore, 0), index).some((line) => line.includes('/proc/version'));
		const prefixedBefore = firstPrefixed !== -1 && firstPrefixed < index;
		return !asked && !isPrefixed(index + 1) && soonAfter.test(next) && (!prefixedBefore || next.startsWith('Command line: '));
	});
}

/** A place for a number, which somebody is to find there. */
const place = '(?:\\b0x(?:\\.{2}|\u2026|[xX_?]{2}|<)|\\(ASIDs [^\\d ])';
const anyPlace = new RegExp(place);
const placeInMessage = new RegExp(`^(?:SEV|AMD-Vi|ccp|kvm_amd)\\b.*${place}`);

/** Whether the text is a document on what such a kernel says. */
export function hasPlaceholders(text: string): boolean {
	return anyPlace.test(text) && kernelMessages(text).some((line) => placeInMessage.test(line));
}

const leastHints = 0.05;
const leastStamped = 0.5;

/** Whether so many hints are a log's, and not quotations of a manual: it has its beginning, hardly else, or time stamps. */
export function areOfLog(hints: number, text: string): boolean {
	const messages = kernelMessages(text);
	if (hints === 0 || hasBeginning(messages) || hints >= messages.length * leastHints) {
		return hints > 0;
	}
	const lines = logLines(text);
	return lines.filter((line) => withoutLogPrefix(line) !== line).length >= lines.length * leastStamped;
}

/** The same messages in their places, with those left empty that none of these speakers said. */
export function saidBy(messages: readonly string[], speaker: RegExp): readonly string[] {
	return messages.map((line) => (speaker.test(line) ? line : ''));
}

/** One pattern for all of these, which is much faster than one after the other. */
export function anyOf(patterns: readonly RegExp[]): RegExp {
	return new RegExp(patterns.map(({ source }) => source).join('|'));
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
	for (let index = messages.length - 1; index >= 0; index--) {
		const line = messages[index] ?? '';
		const match = line === '' ? null : pattern.exec(line);
		if (match !== null) {
			return { index, line, groups: match.slice(1) };
		}
	}
	return null;
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
