// Requests as shell text for the far half (prelude.ts). Words are single-quoted; the whole batch crosses the wire as base64
// with its checksum, so that no byte of it can mean anything on the way and a damaged one is never run.

import type { Fault, MachineRequest } from '../ports.ts';
import { posixChecksum } from './cksum.ts';

/** Limit of every file, and of a command where neither it nor the caller names one. */
const defaultLimitMs = 30_000;
const lineLength = 960;

/** One word of shell text that stands for exactly these characters. */
function quote(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A here-document: ':' ends it, which is no letter of base64 and, met on its own, a command that does nothing. */
function document(bytes: Buffer): string {
	const base64 = bytes.toString('base64');
	const lines = Array.from({ length: Math.ceil(base64.length / lineLength) }, (_, n) =>
		base64.slice(n * lineLength, (n + 1) * lineLength),
	);
	return [" <<':'", ...lines, ':', ''].join('\n');
}

/** How long the request may take. */
export function limitOf(request: MachineRequest): number {
	const named = 'timeoutMs' in request ? request.timeoutMs : undefined;
	return Math.max(1, named ?? defaultLimitMs);
}

/** Why a request cannot be put into words for the shell, or null. */
export function unsayable(request: MachineRequest): Fault | null {
	const words = request.do === 'exec' ? request.argv : [request.do === 'transceive' ? request.device : request.path];
	const message = words.some((word) => word.includes('\0'))
		? `A word of '${request.do}' holds a NUL character, which no argument or path can carry; take it out of the suite.`
		: words.length === 0 || words[0] === ''
			? `'${request.do}' names nothing to run or open; give it at least one non-empty word.`
			: 'hex' in request && !/^(?:[0-9a-f]{2})+$/.test(request.hex)
				? `'${request.hex.slice(0, 80)}' is not lower-case hexadecimal, an even number of digits.`
				: null;
	return message === null ? null : { kind: 'fault', code: 'protocol', message };
}

/** Shell text that performs one request and says its frames with this sequence number. */
function performing(request: MachineRequest, seq: number, limitMs: number): string {
	const limit = (limitMs / 1000).toFixed(3);
	switch (request.do) {
		case 'exec': {
			const argv = request.argv.map(quote).join(' ');
			return request.stdin === undefined
				? `snp_exec ${seq} ${limit} /dev/null ${argv}\n`
				: `snp_input${document(Buffer.from(request.stdin))}snp_exec ${seq} ${limit} "$snp_dir/i" ${argv}\n`;
		}
		case 'read-file':
			return `snp_read ${seq} ${limit} ${quote(request.path)}\n`;
		case 'write-file':
			return `snp_input${document('text' in request ? Buffer.from(request.text) : Buffer.from(request.hex, 'hex'))}snp_write ${seq} ${limit} ${quote(request.path)}\n`;
		case 'transceive':
			return `snp_input${document(Buffer.from(request.hex, 'hex'))}snp_device ${seq} ${limit} ${quote(request.device)}\n`;
	}
}

/** What is written onto the wire for requests that can be said, numbered from `first`. */
export function batchScript(requests: readonly MachineRequest[], first: number): string {
	const texts = requests.map((request, n) => performing(request, first + n, limitOf(request)));
	const script = Buffer.from(texts.join(''));
	return `snp_batch ${first} ${posixChecksum(script)} ${script.length}${document(script)}`;
}
