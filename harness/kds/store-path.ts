// Names in the store: vcek/<product>/<hwid>/<fmc-bl-tee-snp-ucode>.der, chain/<product>/<vcek|vlek>.pem, crl/<product>/<vcek|vlek>.der

import { join } from 'node:path';
import type { KeyRequest } from '../domain/snp/kds.ts';
import { hwidLength, snpProducts } from '../domain/snp/product.ts';

/** What products without an FMC have in its place. */
const noFmc = 'none';

/** Path of an entry below the store's directory. The request is sound: requestFault() had nothing against it. */
export function entryPath(request: KeyRequest): string {
	if (request.want !== 'vcek') {
		return join(request.want, request.product, `${request.hierarchy}.${request.want === 'chain' ? 'pem' : 'der'}`);
	}
	const { fmc, bootloader, tee, snp, microcode } = request.tcb;
	return join('vcek', request.product, request.hwid, `${[fmc ?? noFmc, bootloader, tee, snp, microcode].join('-')}.der`);
}

/** The request whose entry has this path; null for any other file. */
export function entryRequest(path: string): KeyRequest | null {
	const [want = '', name = '', ...rest] = path.split(/[\\/]/);
	const product = snpProducts.find((one) => one === name);
	if (product === undefined) {
		return null;
	}
	if (want === 'chain' || want === 'crl') {
		const hierarchy = (['vcek', 'vlek'] as const).find((one) => rest[0]?.startsWith(one));
		return hierarchy === undefined ? null : ifPath(path, { want, product, hierarchy });
	}
	const [hwid = '', file = ''] = rest;
	const [, fmc = '', bootloader, tee, snp, microcode] =
		/^(none|\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.der$/.exec(file) ?? [];
	if (want !== 'vcek' || !/^[0-9a-f]+$/.test(hwid) || hwid.length !== 2 * hwidLength(product) || microcode === undefined) {
		return null;
	}
	const tcb = {
		fmc: fmc === noFmc ? null : Number(fmc),
		bootloader: Number(bootloader),
		tee: Number(tee),
		snp: Number(snp),
		microcode: Number(microcode),
	};
	return ifPath(path, { want, product, hwid, tcb });
}

/** A number may be written in more ways than one; an entry has one name. */
function ifPath(path: string, request: KeyRequest): KeyRequest | null {
	return entryPath(request) === path ? request : null;
}
