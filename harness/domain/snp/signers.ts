// Signatures as AMD's keys and the processor make them, over a private key that is given. Salt and nonce are random by
// definition: what is signed twice differs in its signature only.

import { constants, type KeyObject, sign } from 'node:crypto';
import type { Signer } from '../x509/build.ts';

/** RSASSA-PSS with SHA-384 and 48 bytes of salt: certificates and revocation lists. */
export function authoritySigner(key: KeyObject): Signer {
	return (bytes) => sign('sha384', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 });
}

/** ECDSA on P-384 with SHA-384, 96 bytes as IEEE P1363 writes them: attestation reports. */
export function reportSigner(key: KeyObject): Signer {
	return (bytes) => sign('sha384', bytes, { key, dsaEncoding: 'ieee-p1363' });
}
