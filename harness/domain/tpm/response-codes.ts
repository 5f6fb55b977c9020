// TPM_RC: what a response code says (Part 2, 6.6; the bit fields are in Part 1, 39.4).

const rmLayer = 11;

/** Values without the number of the parameter, handle or session that a format-one code adds. */
export const TPM_RC = {
	SUCCESS: 0x000,
	BAD_TAG: 0x01e,

	INITIALIZE: 0x100,
	FAILURE: 0x101,
	SEQUENCE: 0x103,
	PRIVATE: 0x10b,
	HMAC: 0x119,
	DISABLED: 0x120,
	EXCLUSIVE: 0x121,
	AUTH_TYPE: 0x124,
	AUTH_MISSING: 0x125,
	POLICY: 0x126,
	PCR: 0x127,
	PCR_CHANGED: 0x128,
	UPGRADE: 0x12d,
	TOO_MANY_CONTEXTS: 0x12e,
	AUTH_UNAVAILABLE: 0x12f,
	REBOOT: 0x130,
	UNBALANCED: 0x131,
	COMMAND_SIZE: 0x142,
	COMMAND_CODE: 0x143,
	AUTHSIZE: 0x144,
	AUTH_CONTEXT: 0x145,
	NV_RANGE: 0x146,
	NV_SIZE: 0x147,
	NV_LOCKED: 0x148,
	NV_AUTHORIZATION: 0x149,
	NV_UNINITIALIZED: 0x14a,
	NV_SPACE: 0x14b,
	NV_DEFINED: 0x14c,
	BAD_CONTEXT: 0x150,
	CPHASH: 0x151,
	PARENT: 0x152,
	NEEDS_TEST: 0x153,
	NO_RESULT: 0x154,
	SENSITIVE: 0x155,

	ASYMMETRIC: 0x081,
	ATTRIBUTES: 0x082,
	HASH: 0x083,
	VALUE: 0x084,
	HIERARCHY: 0x085,
	KEY_SIZE: 0x087,
	MGF: 0x088,
	MODE: 0x089,
	TYPE: 0x08a,
	HANDLE: 0x08b,
	KDF: 0x08c,
	RANGE: 0x08d,
	AUTH_FAIL: 0x08e,
	NONCE: 0x08f,
	PP: 0x090,
	SCHEME: 0x092,
	SIZE: 0x095,
	SYMMETRIC: 0x096,
	TAG: 0x097,
	SELECTOR: 0x098,
	INSUFFICIENT: 0x09a,
	SIGNATURE: 0x09b,
	KEY: 0x09c,
	POLICY_FAIL: 0x09d,
	INTEGRITY: 0x09f,
	TICKET: 0x0a0,
	RESERVED_BITS: 0x0a1,
	BAD_AUTH: 0x0a2,
	EXPIRED: 0x0a3,
	POLICY_CC: 0x0a4,
	BINDING: 0x0a5,
	CURVE: 0x0a6,
	ECC_POINT: 0x0a7,

	CONTEXT_GAP: 0x901,
	OBJECT_MEMORY: 0x902,
	SESSION_MEMORY: 0x903,
	MEMORY: 0x904,
	SESSION_HANDLES: 0x905,
	OBJECT_HANDLES: 0x906,
	LOCALITY: 0x907,
	YIELDED: 0x908,
	CANCELED: 0x909,
	TESTING: 0x90a,
	REFERENCE_H0: 0x910,
	REFERENCE_H1: 0x911,
	REFERENCE_H2: 0x912,
	REFERENCE_S0: 0x918,
	REFERENCE_S1: 0x919,
	REFERENCE_S2: 0x91a,
	NV_RATE: 0x920,
	LOCKOUT: 0x921,
	RETRY: 0x922,
	NV_UNAVAILABLE: 0x923,
} as const;

const names: ReadonlyMap<number, string> = new Map(Object.entries(TPM_RC).map(([name, code]) => [code, `TPM_RC_${name}`]));

/** 'TPM_RC_VALUE of parameter 1 (0x1c4)': a response code in the words of the specification, known or not. */
export function describeResponseCode(code: number): string {
	const raw = `0x${code.toString(16).padStart(3, '0')}`;
	const layer = code >>> 16;
	// The kernel's resource manager answers in the TPM's place, for example to a command the TPM does not list (tpm2-space.c).
	if (layer === rmLayer) {
		return `${nameOf(code & 0xffff) ?? 'an unknown code'} of the resource manager (${raw})`;
	}
	const name = layer === 0 ? nameOf(code) : null;
	return name === null ? `unknown response code ${raw}` : `${name} (${raw})`;
}

function nameOf(code: number): string | null {
	if ((code & 0x080) === 0) {
		return names.get(code) ?? null;
	}
	if (code > 0xfff) {
		return null;
	}
	const name = names.get(code & 0x0bf);
	return name === undefined ? null : `${name}${subjectOf(code)}`;
}

/** What a format-one code is about: bit 6 is set for a parameter, bit 11 for a session, neither for a handle. */
function subjectOf(code: number): string {
	const number = (code >>> 8) & 0xf;
	if ((code & 0x040) !== 0) {
		return ` of parameter ${number}`;
	}
	if (number === 0) {
		return '';
	}
	return number >= 8 ? ` of session ${number - 8}` : ` of handle ${number}`;
}

const transient: ReadonlySet<number> = new Set([TPM_RC.YIELDED, TPM_RC.TESTING, TPM_RC.NV_RATE, TPM_RC.RETRY]);

/** The TPM did nothing and asks for the command again: neither a refusal nor an answer. */
export function asksForRetry(code: number): boolean {
	return transient.has(code);
}
