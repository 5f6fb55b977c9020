// The PCRs and the rules of the PC Client Platform TPM Profile for them, as they hold at locality 0.

import { digestSize, extendDigest, type HashName } from '../../domain/tpm/algorithms.ts';
import { pcrCount } from '../../domain/tpm/constants.ts';

/** The dynamic PCRs start with all bits set. */
const startsWithOnes = range(17, 22);
/** The debug PCR and the application PCR. */
const resettable = new Set([16, 23]);
const notExtendable = range(17, 22);
/** TPM_PT_PCR_NO_INCREMENT: a change of these does not raise pcrUpdateCounter. */
const uncounted = new Set([16, ...range(21, 23)]);

export interface PcrBanks {
	readonly active: readonly HashName[];
	/** pcrUpdateCounter. */
	updates(): number;
	/** Null for a bank that is not active. */
	value(bank: HashName, pcr: number): Uint8Array | null;
	mayExtend(pcr: number): boolean;
	mayReset(pcr: number): boolean;
	/** Does nothing in a bank that is not active. */
	extend(bank: HashName, pcr: number, digest: Uint8Array): void;
	/** Zeros in every active bank. */
	reset(pcr: number): void;
}

/** PCRs as TPM2_Startup(CLEAR) leaves them. */
export function startPcrBanks(active: readonly HashName[]): PcrBanks {
	const banks = new Map<HashName, Uint8Array[]>(
		active.map((bank) => [
			bank,
			Array.from({ length: pcrCount }, (_, pcr) => new Uint8Array(digestSize(bank)).fill(startsWithOnes.has(pcr) ? 0xff : 0)),
		]),
	);
	// Startup sets each PCR once, and that counts.
	let updates = pcrCount - uncounted.size;

	return {
		active,
		updates: () => updates,
		value: (bank, pcr) => banks.get(bank)?.[pcr] ?? null,
		mayExtend: (pcr) => !notExtendable.has(pcr),
		mayReset: (pcr) => resettable.has(pcr),
		extend(bank, pcr, digest) {
			const values = banks.get(bank);
			const old = values?.[pcr];
			if (values !== undefined && old !== undefined) {
				values[pcr] = extendDigest(bank, old, digest);
				updates += uncounted.has(pcr) ? 0 : 1;
			}
		},
		reset(pcr) {
			for (const [bank, values] of banks) {
				values[pcr] = new Uint8Array(digestSize(bank));
			}
		},
	};
}

function range(first: number, last: number): ReadonlySet<number> {
	return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
