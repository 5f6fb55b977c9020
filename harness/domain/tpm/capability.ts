// Answers to TPM2_GetCapability: TPMS_CAPABILITY_DATA (Part 2, 10.10.2).

import { TPM_CAP } from './constants.ts';
import { type PcrSelection, unmarshalPcrSelection } from './pcr-selection.ts';
import type { TpmReader } from './reader.ts';
import { readPlain, type TpmResult } from './response.ts';

/** MAX_CAP_DATA / sizeof(TPMS_TAGGED_PROPERTY). */
const maxProperties = 127;

/** The PCRs that are allocated, bank by bank. A bank without any is implemented and not active. Each bank is there once. */
export function parsePcrBanks(bytes: Uint8Array): TpmResult<readonly PcrSelection[]> {
	return readPlain(bytes, (reader) => {
		readCapability(reader, TPM_CAP.PCRS);
		const banks = unmarshalPcrSelection(reader);
		if (new Set(banks.map(({ hash }) => hash)).size !== banks.length) {
			throw reader.reject('TPML_PCR_SELECTION', 0, 'expected each bank once');
		}
		return banks;
	});
}

/** TPM_PT to raw value. */
export function parseTpmProperties(bytes: Uint8Array): TpmResult<ReadonlyMap<number, number>> {
	return readPlain(bytes, (reader) => {
		readCapability(reader, TPM_CAP.TPM_PROPERTIES);
		const structure = 'TPML_TAGGED_TPM_PROPERTY';
		const count = reader.count(maxProperties, structure);
		return new Map(Array.from({ length: count }, () => [reader.u32(structure), reader.u32(structure)] as const));
	});
}

function readCapability(reader: TpmReader, wanted: number): void {
	const more = reader.u8('moreData');
	if (more > 1) {
		throw reader.reject('moreData', 1, `expected 0 or 1, not ${more}`);
	}
	const capability = reader.u32('TPMS_CAPABILITY_DATA');
	if (capability !== wanted) {
		throw reader.reject('TPMS_CAPABILITY_DATA', 4, `expected capability ${wanted}, not ${capability}`);
	}
}

/**
 * Four characters of a property such as TPM_PT_MANUFACTURER, without the NULs and blanks that fill them up.
 * What is not printable ASCII becomes '?': the text is the TPM's own and may be anything.
 */
export function propertyText(raw: number): string {
	const characters = [raw >>> 24, (raw >>> 16) & 0xff, (raw >>> 8) & 0xff, raw & 0xff];
	return String.fromCharCode(...characters)
		.replace(/[\0 ]+$/, '')
		.replace(/[^ -~]/g, '?');
}
