// The certificate table of an extended report (GHCB specification, MSG_REPORT_REQ; facts/attestation.md section 4.3):
// entries of GUID, offset and length, ended by one of zeros, then the data. GUIDs are in the order of their digits.

import { ParseError } from '../parse-error.ts';
import { guidBigEndian, guidBytesBigEndian } from './guid.ts';

export interface TableEntry {
	readonly guid: string;
	/** What AMD calls the entry; ASK stands for ASK and ASVK. Null for a GUID that is not known here. */
	readonly role: 'ARK' | 'ASK' | 'VCEK' | 'VLEK' | 'CRL' | null;
	/** DER. */
	readonly data: Uint8Array;
}

const roles: Readonly<Record<string, TableEntry['role']>> = {
	'63da758d-e664-4564-adc5-f4b93be8accd': 'VCEK',
	'a8074bc2-a25a-483e-aae6-39c045a0b8a1': 'VLEK',
	'4ab7b379-bbac-4fe4-a02f-05aef327c782': 'ASK',
	'c0b406a4-a803-4952-9743-3fb6014cd0ae': 'ARK',
	'92f81bc3-5811-4d3d-97ff-d19f88dc67ea': 'CRL',
};

const entryLength = 24;
const mostEntries = 64;

/** The entries with data, in their order; none for an empty table, which is what most hosts give. @throws ParseError */
export function parseCertificateTable(bytes: Uint8Array): readonly TableEntry[] {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const rows: { readonly guid: string; readonly from: number; readonly length: number; readonly at: number }[] = [];
	if (bytes.length === 0) {
		return [];
	}
	for (let at = 0; ; at += entryLength) {
		if (at + entryLength > buffer.length || rows.length > mostEntries) {
			throw new ParseError('CertificateTable', at, 'the entry of zeros that ends the table is missing');
		}
		const entry = buffer.subarray(at, at + entryLength);
		if (entry.every((byte) => byte === 0)) {
			break;
		}
		rows.push({ guid: guidBigEndian(entry.subarray(0, 16)), from: entry.readUInt32LE(16), length: entry.readUInt32LE(20), at });
	}
	const header = (rows.length + 1) * entryLength;
	const seen = new Set<string>();
	return rows.flatMap(({ guid, from, length, at }) => {
		if (seen.has(guid)) {
			throw new ParseError('CertificateTable', at, `${guid} is there twice`);
		}
		seen.add(guid);
		// Numbers of JavaScript: the sum of two u32 does not wrap.
		if (length > 0 && (from < header || from + length > buffer.length)) {
			throw new ParseError('CertificateTable', at, `${guid} is at ${from} with ${length} bytes, outside of the data`);
		}
		return length === 0 ? [] : [{ guid, role: roles[guid] ?? null, data: buffer.subarray(from, from + length) }];
	});
}

/** A table of these entries, in this order. */
export function buildCertificateTable(
	entries: readonly { readonly role: NonNullable<TableEntry['role']>; readonly data: Uint8Array }[],
): Uint8Array {
	const guids = new Map(Object.entries(roles).map(([guid, role]) => [role, guid]));
	const header = Buffer.alloc((entries.length + 1) * entryLength);
	let from = header.length;
	for (const [index, { role, data }] of entries.entries()) {
		const at = index * entryLength;
		header.set(guidBytesBigEndian(guids.get(role) ?? ''), at);
		header.writeUInt32LE(from, at + 16);
		header.writeUInt32LE(data.length, at + 20);
		from += data.length;
	}
	return Buffer.concat([header, ...entries.map(({ data }) => data)]);
}
