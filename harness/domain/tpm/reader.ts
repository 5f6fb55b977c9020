// A cursor over bytes that a TPM sent. Nothing past the end, nothing left over.

/** The bytes are not the structure that they should be. */
export class TpmParseError extends Error {
	/** Name of the specification, for example 'TPML_DIGEST'. */
	readonly structure: string;
	/** Where in the response it went wrong, in bytes. */
	readonly offset: number;

	constructor(structure: string, offset: number, problem: string) {
		super(`'${structure}' at byte ${offset}: ${problem}`);
		this.name = 'TpmParseError';
		this.structure = structure;
		this.offset = offset;
	}
}

/** Each method names the structure it reads for; all throw TpmParseError and nothing else. */
export interface TpmReader {
	u8(structure: string): number;
	u16(structure: string): number;
	u32(structure: string): number;
	take(length: number, structure: string): Uint8Array;
	/** A u32 that counts elements, at most `max`. */
	count(max: number, structure: string): number;
	end(structure: string): void;
	/** Says that what was read last, `width` bytes of it, is wrong. */
	reject(structure: string, width: number, problem: string): TpmParseError;
}

export function readTpm(bytes: Uint8Array): TpmReader {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let offset = 0;

	function advance(length: number, structure: string): number {
		const left = bytes.length - offset;
		if (length > left) {
			throw new TpmParseError(structure, offset, `expected ${length} more bytes, ${left} are left`);
		}
		const start = offset;
		offset += length;
		return start;
	}

	const reader: TpmReader = {
		u8: (structure) => view.getUint8(advance(1, structure)),
		u16: (structure) => view.getUint16(advance(2, structure)),
		u32: (structure) => view.getUint32(advance(4, structure)),
		take(length, structure) {
			const start = advance(length, structure);
			return bytes.slice(start, start + length);
		},
		count(max, structure) {
			const count = reader.u32(structure);
			if (count > max) {
				throw reader.reject(structure, 4, `expected at most ${max} elements, it counts ${count}`);
			}
			return count;
		},
		end(structure) {
			const left = bytes.length - offset;
			if (left > 0) {
				throw new TpmParseError(structure, offset, `expected the end, ${left} bytes are left over`);
			}
		},
		reject: (structure, width, problem) => new TpmParseError(structure, offset - width, problem),
	};
	return reader;
}
