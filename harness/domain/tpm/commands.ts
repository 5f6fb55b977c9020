// Commands as a TPM reads them (Part 3). Each is a whole command, ready for one write to the device.

import { digestSize, type HashName, hashId } from './algorithms.ts';
import { headerSize, TPM_CAP, TPM_CC, TPM_RH, TPM_ST } from './constants.ts';
import { concat, u8, u16, u32 } from './marshal.ts';
import { marshalPcrSelection } from './pcr-selection.ts';

/** TPM2_GetCapability of TPM_CAP_PCRS: all banks that the TPM implements, in one answer. */
export function getPcrBanks(): Uint8Array {
	return getCapability(TPM_CAP.PCRS, 0, 1);
}

/** TPM2_GetCapability of TPM_CAP_TPM_PROPERTIES: `count` properties from the tag `first` on. */
export function getTpmProperties(first: number, count: number): Uint8Array {
	return getCapability(TPM_CAP.TPM_PROPERTIES, first, count);
}

function getCapability(capability: number, property: number, count: number): Uint8Array {
	return command(TPM_ST.NO_SESSIONS, TPM_CC.GetCapability, u32(capability), u32(property), u32(count));
}

/** TPM2_PCR_Read of one PCR in up to eight banks, so that one answer holds every value. */
export function pcrRead(banks: readonly HashName[], pcr: number): Uint8Array {
	return command(TPM_ST.NO_SESSIONS, TPM_CC.PCR_Read, marshalPcrSelection(banks, pcr));
}

/** TPM2_PCR_Extend; each digest is as long as its hash's. */
export function pcrExtend(pcr: number, digests: ReadonlyMap<HashName, Uint8Array>): Uint8Array {
	const values = [...digests].map(([hash, digest]) => {
		if (digest.length !== digestSize(hash)) {
			throw new RangeError(`Expected a ${hash} digest of ${digestSize(hash)} bytes, not ${digest.length}`);
		}
		return concat(u16(hashId(hash)), digest);
	});
	return command(TPM_ST.SESSIONS, TPM_CC.PCR_Extend, u32(pcr), emptyPassword, u32(values.length), ...values);
}

/** TPM2_PCR_Reset. */
export function pcrReset(pcr: number): Uint8Array {
	return command(TPM_ST.SESSIONS, TPM_CC.PCR_Reset, u32(pcr), emptyPassword);
}

/** Authorisation area of one password session with the EmptyAuth, which PCRs have: size, TPMS_AUTH_COMMAND (Part 2, 10.13.2). */
const emptyPassword = sized(concat(u32(TPM_RH.PW), u16(0), u8(0), u16(0)));

function sized(area: Uint8Array): Uint8Array {
	return concat(u32(area.length), area);
}

function command(tag: number, code: number, ...areas: readonly Uint8Array[]): Uint8Array {
	const body = concat(...areas);
	return concat(u16(tag), u32(headerSize + body.length), u32(code), body);
}
