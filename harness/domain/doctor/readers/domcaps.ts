// `virsh domcapabilities`: what libvirt believes that this host and this QEMU can do.

import type { Reading, Sign, SnpState, TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { isWritten } from './written-text.ts';
import { findElements, isXml, ownElement, scanXml, type XmlElement } from './xml-elements.ts';

const wholeDocument = '<domainCapabilities\\b';
const fragment = '<(?:sev|launchSecurity)\\s{1,8}supported\\s{0,4}=|<enum\\s{1,8}name\\s{0,4}=\\s{0,4}["\']sectype["\']';
const ownDocument = ownElement(wholeDocument);
const ownFragment = ownElement(fragment);
const anyDocument = new RegExp(wholeDocument);
const anyFragment = new RegExp(fragment);
/** What somebody left out of the middle. */
const elision = /^[ \t]{0,64}(?:\.\.\.|…)[ \t]{0,8}$/m;

export const domcaps: TextReader = {
	kind: 'domcaps',
	recognise(text) {
		const plain = plainText(text);
		const [document, part] = isXml(plain) ? [anyDocument, anyFragment] : [ownDocument, ownFragment];
		const score = document.test(plain) ? 3 : part.test(plain) ? 2 : 0;
		return score > 0 && isWritten(plain) ? 0 : score;
	},
	read(text) {
		const plain = plainText(text);
		return readDomcaps(scanXml(plain), elision.test(plain));
	},
};

function readDomcaps(elements: readonly XmlElement[], elided: boolean): Reading {
	const one = (path: string) => findElements(elements, path)[0];
	const sev = supported(one('sev'));
	const launchSecurity = supported(one('launchSecurity'));
	const sectypeEnum = findElements(elements, 'enum').find((element) => element.attributes.get('name') === 'sectype');
	const listed = elements.filter((element) => element.name === 'value' && element.parent === sectypeEnum);
	// Null where the text does not say: a fragment without launchSecurity is no claim.
	const sectypes = sectypeEnum !== undefined ? listed.map((element) => element.text) : launchSecurity === false ? [] : null;
	const complete = !elided && one('domainCapabilities/features')?.closed === true;
	const snp = judge({ sectypes, listComplete: sectypeEnum?.closed === true, launchSecurity, sev, complete });
	return {
		kind: 'domcaps',
		snp,
		facts: {
			sectypes,
			launchSecurity,
			sev,
			machine: one('domainCapabilities/machine')?.text ?? null,
			cbitpos: number(one('sev/cbitpos')),
			reducedPhysBits: number(one('sev/reducedPhysBits')),
			maxGuests: number(one('sev/maxGuests')),
			maxESGuests: number(one('sev/maxESGuests')),
			tdx: supported(one('tdx')),
			firmwareEfi: firmwareEfi(elements),
		},
		signs: snp === 'unusable' ? [sign(one('launchSecurity'), sev)] : [],
	};
}

interface Said {
	readonly sectypes: readonly string[] | null;
	readonly listComplete: boolean;
	readonly launchSecurity: boolean | null;
	readonly sev: boolean | null;
	readonly complete: boolean;
}

/** Without SEV there is no SNP; a complete document that does not know launchSecurity is of a libvirt before 10.5. */
function judge(said: Said): SnpState {
	if (said.sectypes?.includes('sev-snp')) {
		return 'usable';
	}
	const denied = said.launchSecurity === false || said.sev === false || (said.sectypes !== null && said.listComplete);
	return denied || (said.complete && said.launchSecurity === null && said.sev !== null) ? 'unusable' : 'unknown';
}

function sign(launchSecurity: XmlElement | undefined, sev: boolean | null): Sign {
	if (launchSecurity === undefined && sev === true) {
		return { code: 'libvirt-without-snp', evidence: 'domain capabilities have no launchSecurity element' };
	}
	return sev === false
		? { code: 'domcaps-without-sev', evidence: "<sev supported='no'/>" }
		: { code: 'domcaps-without-snp', evidence: "launchSecurity does not list 'sev-snp' as sectype" };
}

function supported(element: XmlElement | undefined): boolean | null {
	const value = element?.attributes.get('supported');
	return value === 'yes' ? true : value === 'no' ? false : null;
}

function number(element: XmlElement | undefined): number | null {
	return element !== undefined && /^\d{1,9}$/.test(element.text) ? Number(element.text) : null;
}

function firmwareEfi(elements: readonly XmlElement[]): boolean | null {
	const firmware = findElements(elements, 'os/enum').find((element) => element.attributes.get('name') === 'firmware');
	if (firmware === undefined) {
		return null;
	}
	const efi = elements.some((element) => element.parent === firmware && element.text === 'efi');
	return efi ? true : firmware.closed ? false : null;
}
