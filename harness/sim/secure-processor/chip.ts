// A simulated chip: its keys, which follow from the seed, its identifier and the TCB as AMD's follow from fuses (VCEK) or from a
// provider's secret (VLEK), its certificates, and the reports that it signs.

import { createECDH, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { buildLeaf, leafExtensions } from '../../domain/snp/build-chain.ts';
import { buildReport, type ReportParts } from '../../domain/snp/build-report.ts';
import type { SnpProduct } from '../../domain/snp/product.ts';
import { reportSigner } from '../../domain/snp/signers.ts';
import { encodeTcb, type Tcb } from '../../domain/snp/tcb.ts';
import type { Authorities } from './authorities.ts';

export interface ChipParts {
	readonly product: SnpProduct;
	/** 64 bytes, of Turin 8. */
	readonly hwid: Uint8Array;
	readonly authorities: Authorities;
	/** Who has the VLEK that the chip may have been given. */
	readonly cspId: string;
}

export interface Chip {
	readonly product: SnpProduct;
	readonly hwid: Uint8Array;
	/** DER, for a year (VLEK) or seven (VCEK) from this day on: each one that is asked for is new. */
	certificate(key: 'VCEK' | 'VLEK', tcb: Tcb, now: number): Uint8Array;
	/** Signed with the key of the reported TCB, whatever the report says of chip and product. */
	report(parts: Omit<ReportParts, 'product' | 'hwid'> & Partial<ReportParts>): Uint8Array;
}

const day = 24 * 3600 * 1000;
const years = { VCEK: 7, VLEK: 1 } as const;

export function createChip({ product, hwid, authorities, cspId }: ChipParts): Chip {
	const keyOf = (key: 'VCEK' | 'VLEK', tcb: Tcb): KeyObject => {
		const owner = key === 'VCEK' ? Buffer.from(hwid) : Buffer.from(cspId);
		return p384Key(authorities.seed, Buffer.concat([Buffer.from(key), owner, encodeTcb(tcb, product)]));
	};
	return {
		product,
		hwid,
		certificate: (key, tcb, now) => {
			const today = now - (now % day);
			return buildLeaf(key === 'VCEK' ? authorities.ASK : authorities.ASVK, {
				publicKeyInfo: createPublicKey(keyOf(key, tcb)).export({ format: 'der', type: 'spki' }),
				validity: { notBefore: today, notAfter: today + years[key] * 365 * day },
				extensions: leafExtensions(product, tcb, key === 'VCEK' ? { hwid } : { cspId }),
			});
		},
		report: (parts) => {
			const key = keyOf(parts.signedWith, parts.tcb.reported ?? parts.tcb.current);
			// Under a VLEK the chip is nobody's business.
			const shown = parts.signedWith === 'VLEK' ? null : hwid;
			return buildReport({ product, hwid: shown, ...parts }, reportSigner(key));
		},
	};
}

/** 48 bytes of HKDF are a private key of P-384 but for one case in 2^190. */
function p384Key(seed: Uint8Array, info: Uint8Array): KeyObject {
	const secret = Buffer.from(hkdfSync('sha384', seed, 'snpgate simulated chip', info, 48));
	const ecdh = createECDH('secp384r1');
	ecdh.setPrivateKey(secret);
	const point = ecdh.getPublicKey();
	const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
	const jwk = { kty: 'EC', crv: 'P-384', d: text(secret), x: text(point.subarray(1, 49)), y: text(point.subarray(49)) };
	return createPrivateKey({ key: jwk, format: 'jwk' });
}
