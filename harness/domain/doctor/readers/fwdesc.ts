// Firmware descriptors as text: one file, or several printed one after the other.

import type { Fact, Sign, TextReader } from '../reading.ts';
import { type FirmwareDescriptor, firmwareDescriptor } from './firmware-descriptor.ts';
import { isObject, type JsonObject, jsonObjects } from './json-objects.ts';
import { plainText, quoteLine } from './pasted-text.ts';
import { isWritten } from './written-text.ts';

const members = ['description', 'interface-types', 'mapping', 'targets', 'features', 'tags'];
/** A word first: most texts are spared the parsing. */
const word = /"(?:mapping|interface-types|nvram-template|firmware)"/;
/** A descriptor that is cut off does not parse, but nothing else has these members; in a schema they are in comments. */
const cutOff = /^[^#*/'\n]{0,512}"(?:interface-types|nvram-template)"\s{0,8}:/m;

export const fwdesc: TextReader = {
	kind: 'fwdesc',
	recognise(text) {
		const plain = plainText(text);
		if (!word.test(plain)) {
			return 0;
		}
		const objects = jsonObjects(plain);
		const isCut = cutOff.test(plain);
		const score = isCut && plain.includes('"mapping"') ? 3 : isCut || objects.some(meansDescriptor) ? 2 : 1;
		return isWritten(plain) || (score === 1 && !objects.some(meansFirmware)) ? 0 : score;
	},
	read(text) {
		const objects = jsonObjects(plainText(text)).filter((value) => meansDescriptor(value) || meansFirmware(value));
		const descriptors = objects.map(firmwareDescriptor);
		const facts = descriptors.map(descriptorFacts);
		const [only = { valid: false }] = facts;
		return {
			kind: 'fwdesc',
			// A descriptor says what a file is for, not what the machine can do.
			snp: 'unknown',
			facts: facts.length > 1 ? { descriptors: facts } : only,
			signs: descriptors.length === 0 ? [invalid] : descriptors.flatMap(descriptorSigns),
			unconfirmed: descriptors.some((one) => one?.device === 'memory') ? ['descriptor-in-memory'] : [],
		};
	},
};

const invalid: Sign = { code: 'firmware-descriptor-invalid', evidence: 'not a firmware descriptor, or only a part of one' };

function meansDescriptor(value: JsonObject): boolean {
	return ('mapping' in value || 'interface-types' in value) && members.filter((name) => name in value).length >= 2;
}

/** Nothing of a descriptor's but the claim to be about firmware. */
function meansFirmware(value: JsonObject): boolean {
	return isObject(value.firmware) && Object.keys(value).length === 1;
}

function descriptorFacts(descriptor: FirmwareDescriptor | null): { readonly [name: string]: Fact } {
	if (descriptor === null) {
		return { valid: false };
	}
	const { features } = descriptor;
	return { valid: true, snp: features.includes('amd-sev-snp'), sev: features.includes('amd-sev'), ...descriptor };
}

function descriptorSigns(descriptor: FirmwareDescriptor | null): readonly Sign[] {
	if (descriptor === null) {
		return [invalid];
	}
	if (!descriptor.features.includes('amd-sev-snp') || descriptor.device !== 'flash') {
		return [];
	}
	return [
		{ code: 'snp-firmware-as-flash', evidence: quoteLine(`amd-sev-snp firmware with "device": "flash": ${descriptor.filename}`) },
	];
}
