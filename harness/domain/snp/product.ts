// Which product's keys and layouts belong to a processor (facts/attestation.md section 3).

import { findProduct, type Generation } from '../cpu/generation.ts';

/** Products by the names that AMD's key service and certificates use; Bergamo and Siena are Genoa there. */
export const snpProducts = ['Milan', 'Genoa', 'Turin'] as const;
export type SnpProduct = (typeof snpProducts)[number];

/** CPUID Fn0000_0001: family and model with their extensions, and the stepping. */
export interface CpuidIdentity {
	readonly family: number;
	readonly model: number;
	readonly stepping: number;
}

const products: Readonly<Record<Generation, SnpProduct | null>> = { milan: 'Milan', genoa: 'Genoa', turin: 'Turin', other: null };

/** The product whose keys sign for such a processor, or null for one that is not known here. */
export function productOf({ family, model }: CpuidIdentity): SnpProduct | null {
	return products[findProduct('AuthenticAMD', family, model).generation];
}

/** Length of a chip's identifier in bytes, as the key service and the extension hwID have it. */
export function hwidLength(product: SnpProduct): 8 | 64 {
	return product === 'Turin' ? 8 : 64;
}
