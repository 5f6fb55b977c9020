// The answer to TPM2_PCR_Read (Part 3, 22.4).

import { digestSize, hashNameOf } from './algorithms.ts';
import { maxDigests } from './constants.ts';
import { type PcrSelection, unmarshalPcrSelection } from './pcr-selection.ts';
import type { TpmReader } from './reader.ts';
import { readPlain, type TpmResult } from './response.ts';

/** One PCR of one bank; `hash` is a TPM_ALG_ID. */
export interface PcrValue {
	readonly hash: number;
	readonly pcr: number;
	readonly digest: Uint8Array;
}

/** The values in the order of the selection that the TPM returned; it may be less than was asked for. */
export function parsePcrRead(bytes: Uint8Array): TpmResult<readonly PcrValue[]> {
	return readPlain(bytes, (reader) => {
		// pcrUpdateCounter: PCRs 16 and 21 to 23 never raise it, so it says nothing here.
		reader.u32('pcrUpdateCounter');
		return readDigests(reader, unmarshalPcrSelection(reader));
	});
}

function readDigests(reader: TpmReader, selections: readonly PcrSelection[]): readonly PcrValue[] {
	const structure = 'TPML_DIGEST';
	const selected = selections.flatMap(({ hash, pcrs }) => pcrs.map((pcr) => ({ hash, pcr })));
	const count = reader.count(maxDigests, structure);
	if (count !== selected.length) {
		throw reader.reject(structure, 4, `expected ${selected.length} digests, as selected, not ${count}`);
	}
	return selected.map(({ hash, pcr }) => ({ hash, pcr, digest: readDigest(reader, hash) }));
}

function readDigest(reader: TpmReader, hash: number): Uint8Array {
	const structure = 'TPM2B_DIGEST';
	const size = reader.u16(structure);
	const name = hashNameOf(hash);
	if (name !== null && size !== digestSize(name)) {
		throw reader.reject(structure, 2, `expected ${digestSize(name)} bytes for ${name}, not ${size}`);
	}
	return reader.take(size, structure);
}
