// How a command ends early: the response code that it is answered with.

/** Thrown inside the software TPM only; `transceive` turns it into an error response. */
export class Refusal extends Error {
	readonly code: number;

	constructor(code: number) {
		super(`TPM_RC 0x${code.toString(16)}`);
		this.name = 'Refusal';
		this.code = code;
	}
}

/** Format-one codes say which parameter, handle or session (from 1) they mean: bit 6, bits 8 to 10, bit 11. */
export function ofParameter(code: number, number: number): number {
	return code + 0x040 + number * 0x100;
}

export function ofHandle(code: number, number: number): number {
	return code + number * 0x100;
}

export function ofSession(code: number, number: number): number {
	return code + 0x800 + number * 0x100;
}
