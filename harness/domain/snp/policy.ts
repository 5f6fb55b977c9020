// GUEST_POLICY: what the guest's owner lets the platform do (SEV-SNP firmware ABI, 'Guest Policy'; facts/attestation.md 1.1).

/** Bits by their names in the specification. Where it names none the bit is reserved. */
export const policyBits = {
	smt: 16,
	migrationAgent: 18,
	debug: 19,
	singleSocket: 20,
	cxl: 21,
	memAes256Xts: 22,
	raplDisabled: 23,
	ciphertextHidingDram: 24,
	pageSwapDisabled: 25,
} as const;
export type PolicyBit = keyof typeof policyBits;

/** Bit 17 is reserved and must be one. */
const policyReservedOne = 17n;
const firstReserved = 26n;

export interface GuestPolicy {
	readonly raw: bigint;
	/** Least firmware ABI. */
	readonly abiMajor: number;
	readonly abiMinor: number;
	readonly bits: Readonly<Record<PolicyBit, boolean>>;
	readonly reservedBitIsOne: boolean;
	/** Numbers of the bits above the known ones that are set. */
	readonly unknownBits: readonly number[];
}

export function decodePolicy(raw: bigint): GuestPolicy {
	const bit = (index: number | bigint) => ((raw >> BigInt(index)) & 1n) === 1n;
	const names = Object.entries(policyBits) as readonly (readonly [PolicyBit, number])[];
	return {
		raw,
		abiMajor: Number((raw >> 8n) & 0xffn),
		abiMinor: Number(raw & 0xffn),
		bits: Object.fromEntries(names.map(([name, index]) => [name, bit(index)])) as Record<PolicyBit, boolean>,
		reservedBitIsOne: bit(policyReservedOne),
		unknownBits: setBits(raw, firstReserved),
	};
}

/** Numbers of the bits from `from` on that are set in 64 bits. */
export function setBits(raw: bigint, from: bigint): readonly number[] {
	const found: number[] = [];
	for (let index = from; index < 64n; index++) {
		if (((raw >> index) & 1n) === 1n) {
			found.push(Number(index));
		}
	}
	return found;
}
