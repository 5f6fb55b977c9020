// Distinguished names as far as certificates of AMD use them: one attribute in each part.

import { type DerReader, derTag, inside } from '../der/der.ts';
import { derOid, derText } from '../der/values.ts';

const attributes: Readonly<Record<string, string>> = {
	'2.5.4.3': 'CN',
	'2.5.4.6': 'C',
	'2.5.4.7': 'L',
	'2.5.4.8': 'ST',
	'2.5.4.10': 'O',
	'2.5.4.11': 'OU',
};

/** The other way round: dotted identifiers by short name. */
export const attributeOids: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(attributes).map(([oid, name]) => [name, oid]),
);

export interface DistinguishedName {
	/** Short name (or the dotted identifier) and value, in the order of the certificate. */
	readonly parts: readonly (readonly [attribute: string, value: string])[];
	/** The DER of the whole Name: two names are the same when these bytes are. */
	readonly raw: Uint8Array;
	/** The last common name, '' without one. */
	readonly commonName: string;
}

/** A Name (RFC 5280 section 4.1.2.4). */
export function parseName(reader: DerReader, structure: string): DistinguishedName {
	const value = reader.next(derTag.sequence, structure);
	const parts: (readonly [string, string])[] = [];
	const sets = inside(value);
	while (sets.more) {
		const set = sets.into(derTag.set, structure);
		const pair = set.into(derTag.sequence, structure);
		const oid = derOid(pair, structure);
		parts.push([attributes[oid] ?? oid, derText(pair.any(structure), structure)]);
		pair.end(structure);
		set.end(structure);
	}
	return { parts, raw: value.raw, commonName: parts.findLast(([attribute]) => attribute === 'CN')?.[1] ?? '' };
}

/** For people: `OU=…, C=…, CN=…`. */
export function nameText({ parts }: DistinguishedName): string {
	return parts.map(([attribute, value]) => `${attribute}=${value}`).join(', ');
}
