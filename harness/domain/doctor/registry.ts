// Every reader of a text, which of them a text is for, and what the text says.

import { isDocument, showsSamples } from './document.ts';
import { avc } from './readers/avc.ts';
import { domcaps } from './readers/domcaps.ts';
import { fwdesc } from './readers/fwdesc.ts';
import { guestKernel } from './readers/guest-kernel.ts';
import { hostKernel } from './readers/host-kernel.ts';
import { libvirt } from './readers/libvirt.ts';
import { qemu } from './readers/qemu.ts';
import { qmp } from './readers/qmp.ts';
import { rpm } from './readers/rpm.ts';
import { snpguest } from './readers/snpguest.ts';
import { snphost } from './readers/snphost.ts';
import { svsm } from './readers/svsm.ts';
import { tpm } from './readers/tpm.ts';
import { vhv } from './readers/vhv.ts';
import type { Reading, SnpState, TextKind, TextReader } from './reading.ts';

export const textReaders: readonly TextReader[] = [
	hostKernel,
	guestKernel,
	snphost,
	domcaps,
	fwdesc,
	libvirt,
	vhv,
	qmp,
	qemu,
	snpguest,
	tpm,
	avc,
	rpm,
	svsm,
];

/**
 * The readers that a text is for, the one that names it first. None when it is empty, binary or a document with samples, when
 * no reader knows it, or when several have no more than a hint of it. Several when somebody pasted more than one kind of text
 * into one: each that knows its own form there.
 */
export function recogniseText(text: string): readonly TextReader[] {
	if (text.trim() === '' || isBinary(text) || showsSamples(text)) {
		return [];
	}
	const scored = textReaders.map((reader) => ({ reader, score: reader.recognise(text) }));
	const best = Math.max(...scored.map(({ score }) => score));
	const surest = scored.filter(({ score }) => score === best);
	if (best === 0 || (surest.length > 1 && (best === 1 || isDocument(text)))) {
		return [];
	}
	// A kernel log has SELinux's denials among its lines, which is no more than a hint that it is a list of them.
	const others = scored.filter(({ reader, score }) => score < best && (score === 2 || (score === 1 && reader === avc)));
	return [...surest, ...others].map(({ reader }) => reader);
}

const nothing: Reading = { kind: 'unknown', snp: 'unknown', facts: {}, signs: [] };

/** What a text says, whatever it is: `unknown` when no reader takes it. */
export function readText(text: string): Reading {
	const [first, ...others] = recogniseText(text).map((reader) => reader.read(text));
	return first === undefined ? nothing : others.length === 0 ? first : together(first, others);
}

const ofGuests: readonly TextKind[] = ['guest-kernel', 'snpguest'];

/** Several kinds in one paste: the first gives it its name, and each adds what it says. */
function together(first: Reading, others: readonly Reading[]): Reading {
	const all = [first, ...others];
	const side = (guests: boolean) => vote(all.filter(({ kind }) => ofGuests.includes(kind) === guests));
	const [host, guest] = [side(false), side(true)];
	const contradict = host !== 'unknown' && guest !== 'unknown' && host !== guest;
	return {
		kind: first.kind,
		// What a guest is says nothing of what the host could do, and the other way round.
		snp: contradict ? 'unknown' : vote(all),
		facts: { ...first.facts, also: Object.fromEntries(others.map(({ kind, facts }) => [kind, facts])) },
		signs: all.flatMap(({ signs }) => signs),
		unconfirmed: all.flatMap(({ unconfirmed = [] }) => unconfirmed),
	};
}

/** One that says no outweighs a yes; who says nothing does not vote. */
function vote(readings: readonly Reading[]): SnpState {
	const said = readings.map(({ snp }) => snp);
	return said.includes('unusable') ? 'unusable' : said.includes('usable') ? 'usable' : 'unknown';
}

/** Enough to know a binary file by. */
const sample = 65_536;
/** A journal after a crash and a serial console hold a few such characters; a binary file is full of them. */
const mostStrange = 0.1;
// Controls that no text has (white space, backspaces and escapes are of terminals), and bytes that were no UTF-8.
const esc = '\u001b';
const strange = new RegExp(`(?![\\s\\b${esc}])\\p{Cc}|\ufffd`, 'gu');

function isBinary(text: string): boolean {
	const start = text.slice(0, sample);
	return (start.match(strange)?.length ?? 0) > start.length * mostStrange;
}
