// Text armour (RFC 7468, the strict form of it): one way to write the same bytes, so that no flipped bit goes unnoticed.

import { ParseError } from '../parse-error.ts';

export interface PemBlock {
	/** 'CERTIFICATE', 'X509 CRL' … */
	readonly label: string;
	readonly bytes: Uint8Array;
}

const begin = /^-----BEGIN ([A-Z0-9 ]{1,64})-----$/;
const body = /^[A-Za-z0-9+/]{1,1024}={0,2}$/;
/** Words may stand beside the blocks, such as openssl's; a line of this form is of a damaged block. */
const stray = /-----|BEGIN |END |^[A-Za-z0-9+/=]{40,}$/;

/** Whether a file is meant as PEM: its first line that is not empty begins with a dash, or a block begins somewhere. */
export function looksLikePem(text: string): boolean {
	return text.includes('-----BEGIN ') || text.includes('-----END ');
}

/** Every block of the text. @throws ParseError with the number of the line as its offset */
export function parsePem(text: string): readonly PemBlock[] {
	const blocks: PemBlock[] = [];
	let open: { readonly label: string; readonly lines: string[] } | null = null;
	const lines = text.split('\n');
	for (const [index, raw] of lines.entries()) {
		const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
		const number = index + 1;
		if (open === null) {
			const label = begin.exec(line)?.[1];
			if (label !== undefined) {
				open = { label, lines: [] };
			} else if (stray.test(line)) {
				throw new ParseError('PEM', number, `line ${number} is no beginning of a block and looks like a part of one`);
			}
			continue;
		}
		if (line === `-----END ${open.label}-----`) {
			blocks.push({ label: open.label, bytes: decode(open.lines.join(''), number) });
			open = null;
		} else if (body.test(line)) {
			open.lines.push(line);
		} else {
			throw new ParseError('PEM', number, `line ${number} is neither base64 nor the end of '${open.label}'`);
		}
	}
	if (open !== null) {
		throw new ParseError('PEM', lines.length, `'${open.label}' has no end`);
	}
	return blocks;
}

/** Base64 in its one form: padded, without bits that mean nothing. */
function decode(text: string, line: number): Uint8Array {
	const bytes = Buffer.from(text, 'base64');
	if (bytes.length === 0 || bytes.toString('base64') !== text) {
		throw new ParseError('PEM', line, `the base64 before line ${line} is damaged`);
	}
	return bytes;
}

/** A block as parsePem reads it: lines of 64 characters, with a line break behind the last. */
export function formatPem(label: string, bytes: Uint8Array): string {
	const lines =
		Buffer.from(bytes)
			.toString('base64')
			.match(/.{1,64}/g) ?? [];
	return `${[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')}\n`;
}
