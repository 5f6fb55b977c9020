// Signatures in AMD's form: R and S little-endian in 72 bytes each, zeros up to 512 (facts/attestation.md section 1.5).

/** Bytes of a P-384 number. */
const width = 48;
const field = 72;

/** R and S as IEEE P1363 writes them, 96 bytes big-endian; null when anything else is not zero. Their range is the library's to check. */
export function toP1363(signature: Uint8Array): Uint8Array | null {
	const number = (from: number) => signature.subarray(from, from + width).toReversed();
	const rest = [signature.subarray(width, field), signature.subarray(field + width, 2 * field), signature.subarray(2 * field)];
	return rest.every((bytes) => bytes.every((byte) => byte === 0)) ? Buffer.concat([number(0), number(field)]) : null;
}

/** The other way round, 512 bytes. */
export function fromP1363(signature: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(512);
	bytes.set(signature.subarray(0, width).toReversed(), 0);
	bytes.set(signature.subarray(width, 2 * width).toReversed(), field);
	return bytes;
}
