// Why the key service gave nothing, and what to do about it. Never a judgement of the host whose report is in question.

import { type KeyRequest, keyText } from './kds.ts';
import { hwidLength } from './product.ts';

export type KdsFaultCode = 'kds-unavailable' | 'kds-throttled' | 'kds-unknown-chip' | 'kds-masked-chip' | 'offline';

/** Has the form of a Fault of ports.ts. */
export interface KdsFault {
	readonly kind: 'fault';
	readonly code: KdsFaultCode;
	/** One sentence with what was expected and what came. */
	readonly message: string;
	readonly next: string;
}

export function kdsFault(code: KdsFaultCode, message: string, next: string): KdsFault {
	return { kind: 'fault', code, message, next };
}

/** Why a request need not be sent at all: the service can have no answer to it. */
export function requestFault(request: KeyRequest): KdsFault | null {
	if (request.want !== 'vcek') {
		return null;
	}
	const { product, hwid, tcb } = request;
	if (/^0+$/.test(hwid)) {
		return kdsFault(
			'kds-masked-chip',
			"CHIP_ID is all zero: the firmware was told to mask it (MASK_CHIP_ID), and AMD's key service knows keys by chip.",
			"Unmask it on the host (bit 0 of the MASK in 'snphost config set'), or give the VCEK with '--certs'.",
		);
	}
	const digits = hwidLength(product) * 2;
	if (!/^[0-9a-f]*$/.test(hwid) || hwid.length !== digits) {
		const found = /^[0-9a-f]*$/.test(hwid) ? `${hwid.length}` : 'other characters';
		return kdsFault(
			'kds-unknown-chip',
			`AMD's key service cannot be asked for such a chip: expected ${digits} lower-case hexadecimal digits for ${product}, found ${found}.`,
			'Compare the product with the processor that the report names.',
		);
	}
	const isTurin = product === 'Turin';
	const wrong = Object.entries(tcb).find(([name, level]) =>
		name === 'fmc' && !isTurin ? level !== null : !Number.isInteger(level) || level < 0 || level > 255,
	);
	return wrong === undefined
		? null
		: kdsFault(
				'kds-unknown-chip',
				`AMD's key service cannot be asked at such a TCB: expected ${isTurin ? 'fmc and' : 'no fmc, and'} levels of 0 to 255 for ${product}, found ${wrong[0]} ${wrong[1]}.`,
				'Compare the product with the processor that the report names.',
			);
}

/** The service may not be asked; `found` says what is in the store instead. */
export function offlineFault(request: KeyRequest, found: string): KdsFault {
	const how = request.want === 'vcek' ? '--report F' : `--product ${request.product}`;
	return kdsFault(
		'offline',
		`${capital(keyText(request))} must come from the store, since the network is not to be used (offline), and ${found}.`,
		`Where there is a network: snpgate kds prefetch ${how}`,
	);
}

export function capital(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
