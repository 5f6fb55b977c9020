// The hash algorithms of PCR banks (TPM 2.0 Part 2, TPM_ALG_ID), and what a PCR does with a digest.

import { createHash } from 'node:crypto';

export const hashNames = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export type HashName = (typeof hashNames)[number];

const hashes: Readonly<Record<HashName, { readonly id: number; readonly size: number }>> = {
	sha1: { id: 0x0004, size: 20 },
	sha256: { id: 0x000b, size: 32 },
	sha384: { id: 0x000c, size: 48 },
	sha512: { id: 0x000d, size: 64 },
};

const names: ReadonlyMap<number, HashName> = new Map(hashNames.map((name) => [hashes[name].id, name]));

/** TPM_ALG_ID of a hash. */
export function hashId(name: HashName): number {
	return hashes[name].id;
}

/** Bytes of a digest. */
export function digestSize(name: HashName): number {
	return hashes[name].size;
}

/** The hash of a TPM_ALG_ID, or null when it is none of the four (SM3 and SHA-3 are not judged). */
export function hashNameOf(id: number): HashName | null {
	return names.get(id) ?? null;
}

export function hashOf(name: HashName, bytes: Uint8Array): Uint8Array {
	return new Uint8Array(createHash(name).update(bytes).digest());
}

/** The value of a PCR after TPM2_PCR_Extend: H(old ‖ digest) (Part 1, 17.2). Both are as long as the hash's digest. */
export function extendDigest(name: HashName, old: Uint8Array, digest: Uint8Array): Uint8Array {
	return new Uint8Array(createHash(name).update(old).update(digest).digest());
}
