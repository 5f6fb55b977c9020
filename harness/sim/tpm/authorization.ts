// The authorisation area of a command (Part 1, 18.6; Part 3, 5.5): password sessions only, the one kind that a stateless
// client can use. HMAC and policy sessions are answered as a TPM answers those that were never started.

import { TPM_RH } from '../../domain/tpm/constants.ts';
import { TPM_RC } from '../../domain/tpm/response-codes.ts';
import { ofSession, Refusal } from './refusal.ts';
import { type RequestReader, readRequest } from './request-reader.ts';

const maxSessions = 3;
/** Handle, empty nonce, attributes, empty password. */
const smallestSession = 9;
/** TPMA_SESSION: bits 3 and 4 are reserved; of the others, continueSession alone goes with a password. */
const reservedAttributes = 0x18;
const continueSession = 0x01;
/** Handle types of HMAC and policy sessions, and how many of each the handle's low bits can name. */
const sessionTypes: ReadonlySet<number> = new Set([0x02, 0x03]);
const maxActiveSessions = 64;
/** Longest nonce or password: sizeof(TPMU_HA) of a TPM with SHA-512. */
const maxBuffer = 64;

/** Takes the area and checks it for a command whose handle needs authorisation, or has none that does. PCRs have the EmptyAuth. */
export function authorize(request: RequestReader, needed: boolean): void {
	const size = request.u32(TPM_RC.INSUFFICIENT);
	if (size < smallestSession || size > request.left()) {
		throw new Refusal(TPM_RC.SIZE);
	}
	const passwords = readPasswords(readRequest(request.take(size, TPM_RC.SIZE)));
	if (!needed) {
		throw new Refusal(ofSession(TPM_RC.HANDLE, 1));
	}
	if (passwords.length > 1) {
		throw new Refusal(ofSession(TPM_RC.HANDLE, 2));
	}
	// Trailing zeros of an authValue do not count (Part 1, 19.6.4.3).
	if (passwords.some((password) => password.some((byte) => byte !== 0))) {
		throw new Refusal(ofSession(TPM_RC.BAD_AUTH, 1));
	}
}

function readPasswords(area: RequestReader): readonly Uint8Array[] {
	const passwords: Uint8Array[] = [];
	while (area.left() > 0) {
		if (passwords.length === maxSessions) {
			throw new Refusal(TPM_RC.SIZE);
		}
		passwords.push(readPassword(area, passwords.length + 1));
	}
	return passwords;
}

function readPassword(area: RequestReader, number: number): Uint8Array {
	const short = ofSession(TPM_RC.INSUFFICIENT, number);
	const handle = area.u32(short);
	if (sessionTypes.has(handle >>> 24) && (handle & 0xff_ffff) < maxActiveSessions) {
		throw new Refusal(TPM_RC.REFERENCE_S0 + number - 1);
	}
	if (handle !== TPM_RH.PW) {
		throw new Refusal(ofSession(TPM_RC.VALUE, number));
	}
	const nonce = readBuffer(area, number);
	const attributes = area.u8(short);
	if ((attributes & reservedAttributes) !== 0) {
		throw new Refusal(ofSession(TPM_RC.RESERVED_BITS, number));
	}
	const password = readBuffer(area, number);
	if ((attributes & ~continueSession) !== 0) {
		throw new Refusal(ofSession(TPM_RC.ATTRIBUTES, number));
	}
	if (nonce.length > 0) {
		throw new Refusal(ofSession(TPM_RC.NONCE, number));
	}
	return password;
}

/** TPM2B_NONCE or TPM2B_AUTH. */
function readBuffer(area: RequestReader, number: number): Uint8Array {
	const short = ofSession(TPM_RC.INSUFFICIENT, number);
	const size = area.u16(short);
	if (size > maxBuffer) {
		throw new Refusal(ofSession(TPM_RC.SIZE, number));
	}
	return area.take(size, short);
}
