// ATTESTATION_REPORT, 1184 bytes (SEV-SNP firmware ABI, 'ATTESTATION_REPORT Structure'; facts/attestation.md section 1).
// All numbers are little-endian. Nothing is re-encoded: a verifier hashes the bytes that came.

import { ParseError } from '../parse-error.ts';
import { decodePlatformInfo, type PlatformInfo } from './platform-info.ts';
import { decodePolicy, type GuestPolicy } from './policy.ts';
import type { CpuidIdentity } from './product.ts';

export const reportLength = 0x4a0;
/** The signature covers everything before it. */
export const signedLength = 0x2a0;
/** Versions whose layout is known here. Version 4 was never published; it is read as version 3. */
export const knownVersions: readonly number[] = [2, 3, 4, 5];

/** Field: offset and length in bytes. */
export const reportFields = {
	VERSION: [0x000, 4],
	GUEST_SVN: [0x004, 4],
	POLICY: [0x008, 8],
	FAMILY_ID: [0x010, 16],
	IMAGE_ID: [0x020, 16],
	VMPL: [0x030, 4],
	SIGNATURE_ALGO: [0x034, 4],
	CURRENT_TCB: [0x038, 8],
	PLATFORM_INFO: [0x040, 8],
	KEY_INFO: [0x048, 4],
	REPORT_DATA: [0x050, 64],
	MEASUREMENT: [0x090, 48],
	HOST_DATA: [0x0c0, 32],
	ID_KEY_DIGEST: [0x0e0, 48],
	AUTHOR_KEY_DIGEST: [0x110, 48],
	REPORT_ID: [0x140, 32],
	REPORT_ID_MA: [0x160, 32],
	REPORTED_TCB: [0x180, 8],
	CPUID_FAM_ID: [0x188, 1],
	CPUID_MOD_ID: [0x189, 1],
	CPUID_STEP: [0x18a, 1],
	CHIP_ID: [0x1a0, 64],
	COMMITTED_TCB: [0x1e0, 8],
	CURRENT_BUILD: [0x1e8, 1],
	CURRENT_MINOR: [0x1e9, 1],
	CURRENT_MAJOR: [0x1ea, 1],
	COMMITTED_BUILD: [0x1ec, 1],
	COMMITTED_MINOR: [0x1ed, 1],
	COMMITTED_MAJOR: [0x1ee, 1],
	LAUNCH_TCB: [0x1f0, 8],
	LAUNCH_MIT_VECTOR: [0x1f8, 8],
	CURRENT_MIT_VECTOR: [0x200, 8],
	SIGNATURE: [0x2a0, 512],
} as const;
export type ReportField = keyof typeof reportFields;

export interface FirmwareVersion {
	readonly major: number;
	readonly minor: number;
	readonly build: number;
}

/** KEY_INFO: who signs (facts/attestation.md section 1.3). */
interface KeyInfo {
	readonly raw: number;
	readonly authorKeyEnabled: boolean;
	/** The firmware wrote zeros where the signature belongs. */
	readonly chipKeyMasked: boolean;
	/** SIGNING_KEY, 0 to 7. */
	readonly signingKey: number;
	/** Bits 31:5, which are zero in every known version. */
	readonly reserved: number;
}

export interface Report {
	/** The 1184 bytes as they came. */
	readonly bytes: Uint8Array;
	readonly version: number;
	readonly guestSvn: number;
	readonly policy: GuestPolicy;
	readonly familyId: Uint8Array;
	readonly imageId: Uint8Array;
	/** 0 to 3; another number is not one that a guest can have asked for. */
	readonly vmpl: number;
	readonly signatureAlgorithm: number;
	readonly platformInfo: PlatformInfo;
	readonly keyInfo: KeyInfo;
	readonly reportData: Uint8Array;
	readonly measurement: Uint8Array;
	readonly hostData: Uint8Array;
	readonly idKeyDigest: Uint8Array;
	readonly authorKeyDigest: Uint8Array;
	readonly reportId: Uint8Array;
	readonly reportIdMa: Uint8Array;
	/** Eight bytes each; what they mean depends on the product. */
	readonly currentTcb: Uint8Array;
	readonly reportedTcb: Uint8Array;
	readonly committedTcb: Uint8Array;
	readonly launchTcb: Uint8Array;
	/** Null before version 3. */
	readonly cpuid: CpuidIdentity | null;
	readonly chipId: Uint8Array;
	readonly currentVersion: FirmwareVersion;
	readonly committedVersion: FirmwareVersion;
	/** Null before version 5. */
	readonly launchMitigations: bigint | null;
	readonly currentMitigations: bigint | null;
	/** Names of the reserved ranges in which something is not zero. */
	readonly reservedNotZero: readonly string[];
	readonly signature: Uint8Array;
}

/** Reads the fields of a report of any version; of a version that is not known only what all known ones share means anything. @throws ParseError */
export function parseReport(bytes: Uint8Array): Report {
	if (bytes.length !== reportLength) {
		throw new ParseError('ATTESTATION_REPORT', bytes.length, `expected ${reportLength} bytes, found ${bytes.length}`);
	}
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const u8 = (field: ReportField) => buffer.readUInt8(reportFields[field][0]);
	const u32 = (field: ReportField) => buffer.readUInt32LE(reportFields[field][0]);
	const u64 = (field: ReportField) => buffer.readBigUInt64LE(reportFields[field][0]);
	const range = (field: ReportField) => buffer.subarray(reportFields[field][0], reportFields[field][0] + reportFields[field][1]);
	const version = u32('VERSION');
	return {
		bytes: buffer,
		version,
		guestSvn: u32('GUEST_SVN'),
		policy: decodePolicy(u64('POLICY')),
		familyId: range('FAMILY_ID'),
		imageId: range('IMAGE_ID'),
		vmpl: u32('VMPL'),
		signatureAlgorithm: u32('SIGNATURE_ALGO'),
		platformInfo: decodePlatformInfo(u64('PLATFORM_INFO')),
		keyInfo: decodeKeyInfo(u32('KEY_INFO')),
		reportData: range('REPORT_DATA'),
		measurement: range('MEASUREMENT'),
		hostData: range('HOST_DATA'),
		idKeyDigest: range('ID_KEY_DIGEST'),
		authorKeyDigest: range('AUTHOR_KEY_DIGEST'),
		reportId: range('REPORT_ID'),
		reportIdMa: range('REPORT_ID_MA'),
		currentTcb: range('CURRENT_TCB'),
		reportedTcb: range('REPORTED_TCB'),
		committedTcb: range('COMMITTED_TCB'),
		launchTcb: range('LAUNCH_TCB'),
		cpuid: version >= 3 ? { family: u8('CPUID_FAM_ID'), model: u8('CPUID_MOD_ID'), stepping: u8('CPUID_STEP') } : null,
		chipId: range('CHIP_ID'),
		currentVersion: { major: u8('CURRENT_MAJOR'), minor: u8('CURRENT_MINOR'), build: u8('CURRENT_BUILD') },
		committedVersion: { major: u8('COMMITTED_MAJOR'), minor: u8('COMMITTED_MINOR'), build: u8('COMMITTED_BUILD') },
		launchMitigations: version >= 5 ? u64('LAUNCH_MIT_VECTOR') : null,
		currentMitigations: version >= 5 ? u64('CURRENT_MIT_VECTOR') : null,
		reservedNotZero: reservedNotZero(buffer, version),
		signature: range('SIGNATURE'),
	};
}

function decodeKeyInfo(raw: number): KeyInfo {
	return {
		raw,
		authorKeyEnabled: (raw & 1) === 1,
		chipKeyMasked: ((raw >>> 1) & 1) === 1,
		signingKey: (raw >>> 2) & 7,
		reserved: raw >>> 5,
	};
}

/** Reserved ranges, first byte and the one behind the last. */
function reservedNotZero(buffer: Buffer, version: number): readonly string[] {
	const ranges: readonly (readonly [number, number])[] = [
		[0x04c, 0x050],
		version >= 3 ? [0x18b, 0x1a0] : [0x188, 0x1a0],
		[0x1eb, 0x1ec],
		[0x1ef, 0x1f0],
		version >= 5 ? [0x208, 0x2a0] : [0x1f8, 0x2a0],
	];
	return ranges.flatMap(([from, to]) =>
		buffer.subarray(from, to).some((byte) => byte !== 0) ? [`0x${from.toString(16)} to 0x${(to - 1).toString(16)}`] : [],
	);
}
