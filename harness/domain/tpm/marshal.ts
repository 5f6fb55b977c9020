// Integers of the TPM's canonical form: big endian, unsigned, without padding (Part 1, 11).

export function u8(value: number): Uint8Array {
	return Uint8Array.of(value);
}

export function u16(value: number): Uint8Array {
	return Uint8Array.of(value >>> 8, value);
}

export function u32(value: number): Uint8Array {
	return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** Lower case, without prefix: the form of `hex` in a transceive request. */
export function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('hex');
}
