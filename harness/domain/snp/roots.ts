// AMD's root keys, pinned by the SHA-256 of their certificates (facts/attestation.md section 2.2). No certificate is built in.

import type { SnpProduct } from './product.ts';

/** SHA-256 of the DER, lower-case hexadecimal. */
export const pinnedRoots: Readonly<Record<SnpProduct, string>> = {
	Milan: '69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd',
	Genoa: '4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1',
	Turin: '1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a',
};

/** What a verifier trusts: AMD's pinned roots, or the certificates of somebody else's, which decide nothing about AMD's. */
export type Trust = { readonly by: 'pins' } | { readonly by: 'root'; readonly hashes: readonly string[] };
