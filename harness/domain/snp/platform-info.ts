// PLATFORM_INFO: what the firmware says of the platform it runs on (facts/attestation.md section 1.2).

import { setBits } from './policy.ts';

export const platformBits = {
	smt: 0,
	tsme: 1,
	ecc: 2,
	raplDisabled: 3,
	ciphertextHidingDram: 4,
	aliasCheckComplete: 5,
	tio: 7,
} as const;
export type PlatformBit = keyof typeof platformBits;

export interface PlatformInfo {
	readonly raw: bigint;
	readonly bits: Readonly<Record<PlatformBit, boolean>>;
	/** Numbers of the other bits that are set. Turin sets bit 6, which no public specification here names. */
	readonly unknownBits: readonly number[];
}

export function decodePlatformInfo(raw: bigint): PlatformInfo {
	const names = Object.entries(platformBits) as readonly (readonly [PlatformBit, number])[];
	const known = new Set<number>(names.map(([, index]) => index));
	return {
		raw,
		bits: Object.fromEntries(names.map(([name, index]) => [name, ((raw >> BigInt(index)) & 1n) === 1n])) as Record<
			PlatformBit,
			boolean
		>,
		unknownBits: setBits(raw, 0n).filter((index) => !known.has(index)),
	};
}
