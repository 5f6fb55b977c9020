// Constants of the TPM 2.0 Library Specification, Part 2, under the names it gives them.

/** TPM_ST: the tag of a command or a response. */
export const TPM_ST = {
	/** Of a response to a tag that is no tag; the same value in TPM 1.2. */
	RSP_COMMAND: 0x00c4,
	NO_SESSIONS: 0x8001,
	SESSIONS: 0x8002,
} as const;

/** TPM_CC: the commands that are spoken here. */
export const TPM_CC = {
	PCR_Reset: 0x0000_013d,
	GetCapability: 0x0000_017a,
	PCR_Read: 0x0000_017e,
	PCR_Extend: 0x0000_0182,
} as const;

export const TPM_CAP = {
	ALGS: 0,
	HANDLES: 1,
	COMMANDS: 2,
	PCRS: 5,
	TPM_PROPERTIES: 6,
} as const;

/** TPM_PT: tags of the group PT_FIXED. */
export const TPM_PT = {
	FAMILY_INDICATOR: 0x100,
	LEVEL: 0x101,
	REVISION: 0x102,
	DAY_OF_YEAR: 0x103,
	YEAR: 0x104,
	MANUFACTURER: 0x105,
	VENDOR_STRING_1: 0x106,
	VENDOR_STRING_2: 0x107,
	VENDOR_STRING_3: 0x108,
	VENDOR_STRING_4: 0x109,
	VENDOR_TPM_TYPE: 0x10a,
	FIRMWARE_VERSION_1: 0x10b,
	FIRMWARE_VERSION_2: 0x10c,
	PCR_COUNT: 0x112,
	PCR_SELECT_MIN: 0x113,
	MAX_COMMAND_SIZE: 0x11e,
	MAX_RESPONSE_SIZE: 0x11f,
	MAX_DIGEST: 0x120,
	TOTAL_COMMANDS: 0x129,
	LIBRARY_COMMANDS: 0x12a,
	VENDOR_COMMANDS: 0x12b,
} as const;

/** Permanent handles: TPM_RH, and TPM_RS for the password session. */
export const TPM_RH = {
	OWNER: 0x4000_0001,
	NULL: 0x4000_0007,
	PW: 0x4000_0009,
	LOCKOUT: 0x4000_000a,
	ENDORSEMENT: 0x4000_000b,
	PLATFORM: 0x4000_000c,
	PLATFORM_NV: 0x4000_000d,
} as const;

/** Bytes of tag, size and code, with which each command and response begins. */
export const headerSize = 10;

/** PCRs of a PC Client TPM; a TPML_PCR_SELECTION has 3 bytes of bits for them. */
export const pcrCount = 24;

/** Digests that a TPML_DIGEST can carry. */
export const maxDigests = 8;
