// What a pcr-extend check does in which banks, worked out of the TPM's banks and snpgate's random bytes.

import { digestSize, extendDigest, type HashName, hashNameOf, hashNames, hashOf } from '../domain/tpm/algorithms.ts';
import { parsePcrBanks } from '../domain/tpm/capability.ts';
import { parsePcrRead } from '../domain/tpm/pcr-values.ts';
import type { Observations } from '../language/kind.ts';
import { rawBytes } from '../language/observations.ts';
import { tpmValue } from './tpm-answer.ts';

/** Why pcr-extend can fail. */
export const pcrExtendReasons = [
	'bank-not-active',
	'no-active-bank',
	'reset-refused',
	'pcr-not-zero-after-reset',
	'extend-refused',
	'pcr-unchanged',
	'pcr-wrong-value',
	'other-bank-changed',
	'pcr-not-left-reset',
] as const;
export type PcrExtendReason = (typeof pcrExtendReasons)[number];

export interface Extension {
	/** Banks that are extended. */
	readonly chosen: readonly HashName[];
	/** Active banks that are only watched: an extension must not touch them. */
	readonly others: readonly HashName[];
	/** Banks that were asked for and do not hold the PCR. */
	readonly missing: readonly HashName[];
	/** TPM_ALG_ID of active banks whose hash is not known here. */
	readonly unknown: readonly string[];
	/** What the PCR is extended with: H(random) in each chosen bank. */
	readonly digests: ReadonlyMap<HashName, Uint8Array>;
}

/** Reads the observations 'banks' and 'random'; Inconclusive when they are not there or make no sense. */
export function planExtension(observations: Observations, pcr: number, wanted: 'active' | readonly HashName[]): Extension {
	const holding = tpmValue(observations, 'banks', parsePcrBanks).filter(({ pcrs }) => pcrs.includes(pcr));
	const random = rawBytes(observations, 'random');
	const active = hashNames.filter((name) => holding.some(({ hash }) => hashNameOf(hash) === name));
	const chosen = active.filter((name) => wanted === 'active' || wanted.includes(name));
	return {
		chosen,
		others: active.filter((name) => !chosen.includes(name)),
		missing: wanted === 'active' ? [] : wanted.filter((name) => !active.includes(name)),
		unknown: holding.filter(({ hash }) => hashNameOf(hash) === null).map(({ hash }) => `0x${hash.toString(16).padStart(4, '0')}`),
		digests: new Map(chosen.map((name) => [name, hashOf(name, random)])),
	};
}

/** What the PCR must hold after this many extensions since it was reset; a bank that is not chosen stays at zeros. */
export function valueAfter({ digests }: Extension, bank: HashName, times: number): Uint8Array {
	const digest = digests.get(bank);
	const zeros = new Uint8Array(digestSize(bank));
	return digest === undefined
		? zeros
		: Array.from({ length: times }).reduce<Uint8Array>((old) => extendDigest(bank, old, digest), zeros);
}

/** The values of this PCR in the answer to a TPM2_PCR_Read, by bank. */
export function valuesRead(observations: Observations, name: string, pcr: number): ReadonlyMap<HashName, Uint8Array> {
	return new Map(
		tpmValue(observations, name, parsePcrRead).flatMap((value) => {
			const bank = value.pcr === pcr ? hashNameOf(value.hash) : null;
			return bank === null ? [] : [[bank, value.digest] as const];
		}),
	);
}
