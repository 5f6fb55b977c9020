// A cursor over a command. A value that is not there is refused with the code its place asks for.

import { TPM_RC } from '../../domain/tpm/response-codes.ts';
import { Refusal } from './refusal.ts';

export interface RequestReader {
	/** Bytes that are left. */
	left(): number;
	/** Unsigned, big endian; `short` is the response code when the command ends before it. */
	u8(short: number): number;
	u16(short: number): number;
	u32(short: number): number;
	take(length: number, short: number): Uint8Array;
	/** Commands carry nothing after their last parameter. */
	end(): void;
}

export function readRequest(bytes: Uint8Array): RequestReader {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let offset = 0;

	function advance(length: number, short: number): number {
		if (length > bytes.length - offset) {
			throw new Refusal(short);
		}
		const start = offset;
		offset += length;
		return start;
	}

	return {
		left: () => bytes.length - offset,
		u8: (short) => view.getUint8(advance(1, short)),
		u16: (short) => view.getUint16(advance(2, short)),
		u32: (short) => view.getUint32(advance(4, short)),
		take(length, short) {
			const start = advance(length, short);
			return bytes.subarray(start, start + length);
		},
		end() {
			if (offset < bytes.length) {
				throw new Refusal(TPM_RC.SIZE);
			}
		},
	};
}
