// TPM2_PCR_Read, TPM2_PCR_Extend and TPM2_PCR_Reset (Part 3, 22). Parameters come from the request, results go into the response.

import { digestSize, type HashName, hashId, hashNameOf } from '../../domain/tpm/algorithms.ts';
import { maxDigests, pcrCount, TPM_RH } from '../../domain/tpm/constants.ts';
import { concat, u8, u16, u32 } from '../../domain/tpm/marshal.ts';
import { TPM_RC } from '../../domain/tpm/response-codes.ts';
import type { PcrBanks } from './pcr-banks.ts';
import { ofParameter, Refusal } from './refusal.ts';
import type { RequestReader } from './request-reader.ts';

const selectSize = pcrCount / 8;
const short = ofParameter(TPM_RC.INSUFFICIENT, 1);
const done = new Uint8Array(0);

/** Fills one TPML_DIGEST and clears the bits of what did not fit or is not allocated, so that the caller can ask again. */
export function readPcrs(request: RequestReader, pcrs: PcrBanks, implemented: readonly HashName[]): Uint8Array {
	const selections = readList(request, implemented, (bank) => {
		if (request.u8(short) !== selectSize) {
			throw new Refusal(ofParameter(TPM_RC.VALUE, 1));
		}
		return { bank, bits: request.take(selectSize, short) };
	});
	request.end();
	const digests: Uint8Array[] = [];
	const returned = selections.map(({ bank, bits }) => {
		const given = new Uint8Array(selectSize);
		for (let pcr = 0; pcr < pcrCount; pcr += 1) {
			const value = isSelected(bits, pcr) && digests.length < maxDigests ? pcrs.value(bank, pcr) : null;
			if (value !== null) {
				digests.push(concat(u16(value.length), value));
				given[pcr >>> 3] = (given[pcr >>> 3] ?? 0) | (1 << (pcr & 7));
			}
		}
		return concat(u16(hashId(bank)), u8(selectSize), given);
	});
	return concat(u32(pcrs.updates()), u32(returned.length), ...returned, u32(digests.length), ...digests);
}

function isSelected(bits: Uint8Array, pcr: number): boolean {
	return ((bits[pcr >>> 3] ?? 0) & (1 << (pcr & 7))) !== 0;
}

/** TPMI_DH_PCR with TPM_RH_NULL, which extends nothing and is no error. */
export function isExtendHandle(handle: number): boolean {
	return isPcrHandle(handle) || handle === TPM_RH.NULL;
}

/** TPMI_DH_PCR. */
export function isPcrHandle(handle: number): boolean {
	return handle < pcrCount;
}

export function extendPcr(request: RequestReader, pcrs: PcrBanks, implemented: readonly HashName[], handle: number): Uint8Array {
	const values = readList(request, implemented, (bank) => ({ bank, digest: request.take(digestSize(bank), short) }));
	request.end();
	if (handle === TPM_RH.NULL) {
		return done;
	}
	if (!pcrs.mayExtend(handle)) {
		throw new Refusal(TPM_RC.LOCALITY);
	}
	for (const { bank, digest } of values) {
		pcrs.extend(bank, handle, digest);
	}
	return done;
}

export function resetPcr(request: RequestReader, pcrs: PcrBanks, handle: number): Uint8Array {
	request.end();
	if (!pcrs.mayReset(handle)) {
		throw new Refusal(TPM_RC.LOCALITY);
	}
	pcrs.reset(handle);
	return done;
}

/** A list of at most HASH_COUNT elements, each led by the TPM_ALG_ID of an implemented hash. */
function readList<Item>(
	request: RequestReader,
	implemented: readonly HashName[],
	item: (bank: HashName) => Item,
): readonly Item[] {
	const count = request.u32(short);
	if (count > implemented.length) {
		throw new Refusal(ofParameter(TPM_RC.SIZE, 1));
	}
	return Array.from({ length: count }, () => {
		const bank = hashNameOf(request.u16(short));
		if (bank === null || !implemented.includes(bank)) {
			throw new Refusal(ofParameter(TPM_RC.HASH, 1));
		}
		return item(bank);
	});
}
