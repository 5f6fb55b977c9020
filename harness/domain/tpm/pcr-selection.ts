// TPML_PCR_SELECTION: which PCRs of which banks (Part 2, 10.6.2 and 10.9.7).

import { type HashName, hashId } from './algorithms.ts';
import { pcrCount } from './constants.ts';
import { concat, u8, u16, u32 } from './marshal.ts';
import type { TpmReader } from './reader.ts';

/** TPMS_PCR_SELECTION. `hash` is a TPM_ALG_ID, known here or not; `pcrs` ascend. */
export interface PcrSelection {
	readonly hash: number;
	readonly pcrs: readonly number[];
}

/** The largest implementation in use has 16 banks of 32 PCRs (tpm2-tss). */
const maxBanks = 16;
const maxSelect = 4;

/** The selection of one PCR in several banks. */
export function marshalPcrSelection(banks: readonly HashName[], pcr: number): Uint8Array {
	const bits = new Uint8Array(pcrCount / 8);
	bits[pcr >>> 3] = 1 << (pcr & 7);
	return concat(u32(banks.length), ...banks.map((bank) => concat(u16(hashId(bank)), u8(bits.length), bits)));
}

export function unmarshalPcrSelection(reader: TpmReader): readonly PcrSelection[] {
	const count = reader.count(maxBanks, 'TPML_PCR_SELECTION');
	return Array.from({ length: count }, () => unmarshalBank(reader));
}

function unmarshalBank(reader: TpmReader): PcrSelection {
	const structure = 'TPMS_PCR_SELECTION';
	const hash = reader.u16(structure);
	const size = reader.u8(structure);
	if (size < 1 || size > maxSelect) {
		throw reader.reject(structure, 1, `expected a sizeofSelect of 1 to ${maxSelect}, not ${size}`);
	}
	const pcrs = [...reader.take(size, structure)].flatMap((byte, index) =>
		[0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (1 << bit)) !== 0).map((bit) => index * 8 + bit),
	);
	return { hash, pcrs };
}
