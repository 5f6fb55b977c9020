// Certificates of AMD's two hierarchies: which one it is, and what its extensions bind it to (facts/attestation.md 2.1, 2.3).

import { derTag, readDer } from '../der/der.ts';
import { derSmallInteger, derText } from '../der/values.ts';
import { ParseError } from '../parse-error.ts';
import type { Certificate, Extension } from '../x509/certificate.ts';
import { hwidLength, type SnpProduct, snpProducts } from './product.ts';
import type { Tcb } from './tcb.ts';

/** ARK: root. ASK and ASVK: intermediates of chip and cloud provider keys. VCEK and VLEK: the keys that sign reports. */
export type Role = 'ARK' | 'ASK' | 'ASVK' | 'VCEK' | 'VLEK';

export interface Identity {
	readonly role: Role;
	/** By the subject, of a leaf by the issuer; null for a product that is not known here. */
	readonly product: SnpProduct | null;
}

/** What every name of AMD's begins with, in this order. */
export const amdOrganisation: readonly (readonly [string, string])[] = [
	['OU', 'Engineering'],
	['C', 'US'],
	['L', 'Santa Clara'],
	['ST', 'CA'],
	['O', 'Advanced Micro Devices'],
];

/** What a certificate is by its names, or null when they are not AMD's. Its product is null where the name is not known. */
export function identify({ subject, issuer }: Certificate): Identity | null {
	if (![subject, issuer].every(({ parts }) => isAmd(parts))) {
		return null;
	}
	const name = subject.commonName;
	if (name === 'SEV-VCEK' || name === 'SEV-VLEK') {
		const role = name === 'SEV-VCEK' ? 'VCEK' : 'VLEK';
		const parent = issuer.commonName.slice(role === 'VCEK' ? 'SEV-'.length : 'SEV-VLEK-'.length);
		return { role, product: asProduct(parent) };
	}
	const [, role = '', product = ''] = /^(ARK|SEV-VLEK|SEV)-(\w+)$/.exec(name) ?? [];
	const roles: Readonly<Record<string, Role>> = { ARK: 'ARK', SEV: 'ASK', 'SEV-VLEK': 'ASVK' };
	const known = roles[role];
	return known === undefined ? null : { role: known, product: asProduct(product) };
}

function isAmd(parts: readonly (readonly [string, string])[]): boolean {
	return (
		parts.length === amdOrganisation.length + 1 &&
		amdOrganisation.every(([attribute, value]) => parts.some((part) => part[0] === attribute && part[1] === value))
	);
}

function asProduct(name: string): SnpProduct | null {
	return snpProducts.find((product) => product === name) ?? null;
}

/** The common name that the issuer of a certificate of this role and product has. */
export function issuerName(role: Role, product: SnpProduct): string {
	const names: Readonly<Record<Role, string>> = {
		ARK: `ARK-${product}`,
		ASK: `ARK-${product}`,
		ASVK: `ARK-${product}`,
		VCEK: `SEV-${product}`,
		VLEK: `SEV-VLEK-${product}`,
	};
	return names[role];
}

const arc = '1.3.6.1.4.1.3704.1';
/** Extensions by the last numbers of their identifiers. */
export const vekExtensions = {
	structVersion: `${arc}.1`,
	productName: `${arc}.2`,
	blSPL: `${arc}.3.1`,
	teeSPL: `${arc}.3.2`,
	snpSPL: `${arc}.3.3`,
	spl4: `${arc}.3.4`,
	spl5: `${arc}.3.5`,
	spl6: `${arc}.3.6`,
	spl7: `${arc}.3.7`,
	ucodeSPL: `${arc}.3.8`,
	fmcSPL: `${arc}.3.9`,
	hwID: `${arc}.4`,
	cspID: `${arc}.5`,
} as const;
type VekExtension = keyof typeof vekExtensions;

const always: readonly VekExtension[] = [
	'structVersion',
	'productName',
	'blSPL',
	'teeSPL',
	'snpSPL',
	'spl5',
	'spl6',
	'spl7',
	'ucodeSPL',
];

/** Exactly the extensions that a leaf of this role and product has. */
export function requiredExtensions(role: 'VCEK' | 'VLEK', product: SnpProduct): readonly VekExtension[] {
	return [...always, product === 'Turin' ? 'fmcSPL' : 'spl4', role === 'VCEK' ? 'hwID' : 'cspID'];
}

/** What a leaf says of itself. */
export interface VekFacts {
	readonly structVersion: number;
	/** The part before a dash; a stepping behind it is known to be wrong in real certificates. */
	readonly productName: string;
	readonly tcb: Tcb;
	/** Levels that no product uses yet and that are not zero, by name. */
	readonly reservedSpls: readonly string[];
	/** 64 bytes of Milan and Genoa, 8 of Turin; null in a VLEK. */
	readonly hwid: Uint8Array | null;
	/** Who the key is for; null in a VCEK. */
	readonly cspId: string | null;
}

/** Reads the extensions that are there; those that must be are the caller's to demand. @throws ParseError */
export function readVek({ extensions }: Certificate): VekFacts {
	const extension = (name: VekExtension) => extensions.get(vekExtensions[name]);
	const spl = (name: VekExtension) => {
		const found = extension(name);
		return found === undefined ? 0 : smallInteger(found, name);
	};
	const text = (name: VekExtension) => {
		const found = extension(name);
		return found === undefined ? null : ia5Text(found, name);
	};
	const hwid = extension('hwID');
	const reserved = (['spl4', 'spl5', 'spl6', 'spl7'] as const).filter((name) => spl(name) !== 0);
	return {
		structVersion: spl('structVersion'),
		productName: text('productName')?.split('-')[0] ?? '',
		tcb: {
			fmc: extension('fmcSPL') === undefined ? null : spl('fmcSPL'),
			bootloader: spl('blSPL'),
			tee: spl('teeSPL'),
			snp: spl('snpSPL'),
			microcode: spl('ucodeSPL'),
		},
		reservedSpls: reserved,
		// Bytes without a tag: a chip whose identifier begins like a DER header is no DER (virtee/snpguest issue 38).
		hwid: hwid === undefined ? null : hwid.value,
		cspId: text('cspID'),
	};
}

/** Whether the identifier has the length that this product's chips have. */
export function hasChipLength(hwid: Uint8Array, product: SnpProduct): boolean {
	return hwid.length === hwidLength(product);
}

function smallInteger({ value, offset }: Extension, structure: string): number {
	const reader = readDer(value, offset);
	const number = derSmallInteger(reader, structure, 0, 255);
	reader.end(structure);
	return number;
}

function ia5Text({ value, offset }: Extension, structure: string): string {
	const reader = readDer(value, offset);
	const found = reader.next(derTag.ia5String, structure);
	reader.end(structure);
	const text = derText(found, structure);
	if (text.length > 256) {
		throw new ParseError(structure, offset, 'longer than 256 characters');
	}
	return text;
}
