// Every reader of a text, and which of them a text is for.

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
import type { TextReader } from './reading.ts';

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
 * The reader that is surest of a text, or null: when it is empty or binary, when no reader knows it, or when two are
 * equally sure (a wrong claim is worse than none).
 */
export function recogniseText(text: string): TextReader | null {
	if (text.trim() === '' || isBinary(text)) {
		return null;
	}
	const scored = textReaders.map((reader) => ({ reader, score: reader.recognise(text) }));
	const best = Math.max(...scored.map(({ score }) => score));
	const [first, ...others] = scored.filter(({ score }) => score === best);
	return best === 0 || others.length > 0 ? null : (first?.reader ?? null);
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
