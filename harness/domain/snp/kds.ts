// AMD's key distribution service (KDS): what it has, and where (facts/attestation.md section 2.4; AMD 57230, chapter 4).

import { hwidLength, productOf, type SnpProduct } from './product.ts';
import type { Report } from './report.ts';
import { decodeTcb, type Tcb, type TcbComponent, tcbText } from './tcb.ts';

/** The public service. */
export const amdKeyService = 'https://kdsintf.amd.com';

/** Keys of chips, or keys of cloud providers. */
export type Hierarchy = 'vcek' | 'vlek';

/** The one in ports.ts, written out: domain imports nothing. A VLEK is not among them: only its provider gets it. */
export type KeyRequest =
	| {
			readonly want: 'vcek';
			readonly product: SnpProduct;
			/** Lower-case hexadecimal: 128 digits, of Turin 16. */
			readonly hwid: string;
			readonly tcb: Tcb;
	  }
	| { readonly want: 'chain' | 'crl'; readonly product: SnpProduct; readonly hierarchy: Hierarchy };

/** In the order in which AMD's text and tools have them. */
const levels: readonly (readonly [name: string, component: TcbComponent])[] = [
	['fmcSPL', 'fmc'],
	['blSPL', 'bootloader'],
	['teeSPL', 'tee'],
	['snpSPL', 'snp'],
	['ucodeSPL', 'microcode'],
];

/** Path and query below the service's address. Turin's chips are asked for by 16 digits: with all 128 the answer is 404. */
export function keyPath(request: KeyRequest): string {
	if (request.want !== 'vcek') {
		const name = request.want === 'chain' ? 'cert_chain' : 'crl';
		return `/${request.hierarchy}/v1/${request.product}/${name}`;
	}
	const { product, hwid, tcb } = request;
	const query = levels.flatMap(([name, component]) => {
		const level = tcb[component];
		return level === null ? [] : [`${name}=${level.toString().padStart(2, '0')}`];
	});
	return `/vcek/v1/${product}/${hwid}?${query.join('&')}`;
}

/** The hierarchy that something belongs to. */
export function hierarchyOf(request: KeyRequest): Hierarchy {
	return request.want === 'vcek' ? 'vcek' : request.hierarchy;
}

/** For people: 'the VCEK of Milan chip 0123456789abcdef… at bootloader 4, …'. */
export function keyText(request: KeyRequest): string {
	if (request.want === 'vcek') {
		return `the VCEK of ${request.product} chip ${shortChip(request.hwid)} at ${tcbText(request.tcb)}`;
	}
	const what = request.want === 'chain' ? 'the certificates above the' : 'the revocation list of the';
	return `${what} ${request.hierarchy.toUpperCase()}s of ${request.product}`;
}

/** A chip's identifier as it is shown: its first 16 digits, which are all of Turin's. */
function shortChip(hwid: string): string {
	return hwid.length > 16 ? `${hwid.slice(0, 16)}…` : hwid;
}

/** What a verifier of this report needs of the service. `leaf` is null under a VLEK, which comes with the report or not at all. */
export interface NeededKeys {
	readonly leaf: KeyRequest | null;
	readonly chain: KeyRequest;
	readonly crl: KeyRequest;
}

export function neededKeys({ keyInfo, chipId, reportedTcb }: Report, product: SnpProduct): NeededKeys {
	const hierarchy = keyInfo.signingKey === 1 ? 'vlek' : 'vcek';
	const hwid = Buffer.from(chipId.subarray(0, hwidLength(product))).toString('hex');
	return {
		leaf: hierarchy === 'vlek' ? null : { want: 'vcek', product, hwid, tcb: decodeTcb(reportedTcb, product) },
		chain: { want: 'chain', product, hierarchy },
		crl: { want: 'crl', product, hierarchy },
	};
}

/** Products that a report can be of: more than one only for version 2, which does not name its processor; none that is not known here. */
export function possibleProducts({ cpuid, chipId }: Report): readonly SnpProduct[] {
	if (cpuid !== null) {
		const product = productOf(cpuid);
		return product === null ? [] : [product];
	}
	const isTurin = chipId.some((byte) => byte !== 0) && chipId.subarray(hwidLength('Turin')).every((byte) => byte === 0);
	return isTurin ? ['Turin'] : ['Milan', 'Genoa'];
}
