// The frame of every response: tag, size, response code, and the password session's area (Part 1, 18.9; Part 3, 5).

import { headerSize, TPM_ST } from './constants.ts';
import { readTpm, type TpmReader } from './reader.ts';

/** A response of a TPM: what was asked for, or its response code (never 0). */
export type TpmResult<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: number };

/** Reads the frame of a command without sessions; `read` takes its parameters, all of them. */
export function readPlain<Value>(bytes: Uint8Array, read: (reader: TpmReader) => Value): TpmResult<Value> {
	const reader = readTpm(bytes);
	const code = readHeader(reader, bytes.length, TPM_ST.NO_SESSIONS);
	if (code !== 0) {
		return { ok: false, code };
	}
	const value = read(reader);
	reader.end('response');
	return { ok: true, value };
}

/** The answer to a command under a password session that returns no parameters. */
export function parseDone(bytes: Uint8Array): TpmResult<null> {
	const reader = readTpm(bytes);
	const code = readHeader(reader, bytes.length, TPM_ST.SESSIONS);
	if (code !== 0) {
		return { ok: false, code };
	}
	readEmpty(reader, 4, 'parameterSize');
	const structure = 'TPMS_AUTH_RESPONSE';
	// A password has no nonce and no HMAC to return, and continueSession is the one attribute that means something.
	readEmpty(reader, 2, structure);
	const attributes = reader.u8(structure);
	if ((attributes & ~0x01) !== 0) {
		throw reader.reject(structure, 1, `expected no attribute but continueSession, not 0x${attributes.toString(16)}`);
	}
	readEmpty(reader, 2, structure);
	reader.end('response');
	return { ok: true, value: null };
}

function readEmpty(reader: TpmReader, width: 2 | 4, structure: string): void {
	const size = width === 2 ? reader.u16(structure) : reader.u32(structure);
	if (size !== 0) {
		throw reader.reject(structure, width, `expected a size of 0, not ${size}`);
	}
}

function readHeader(reader: TpmReader, length: number, successTag: number): number {
	const tag = reader.u16('tag');
	const size = reader.u32('responseSize');
	if (size !== length) {
		throw reader.reject('responseSize', 4, `expected ${length}, the length of the response, not ${size}`);
	}
	const code = reader.u32('responseCode');
	if (code !== 0) {
		if (tag !== TPM_ST.NO_SESSIONS && tag !== TPM_ST.RSP_COMMAND) {
			throw reader.reject('tag', headerSize, `expected the tag of an error, not 0x${tag.toString(16)}`);
		}
		reader.end('response');
		return code;
	}
	if (tag !== successTag) {
		throw reader.reject('tag', headerSize, `expected 0x${successTag.toString(16)}, not 0x${tag.toString(16)}`);
	}
	return 0;
}
