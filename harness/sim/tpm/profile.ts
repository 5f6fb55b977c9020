// What a software TPM is made of, and two that exist.

import type { HashName } from '../../domain/tpm/algorithms.ts';

export interface TpmProfile {
	/** The banks that the TPM implements. One that is not active has no PCR allocated. */
	readonly banks: Readonly<Partial<Record<HashName, 'active' | 'inactive'>>>;
	readonly properties: TpmProperties;
}

/** The fixed properties by which one TPM differs from another. Texts are at most four ASCII characters, filled up with NULs. */
interface TpmProperties {
	readonly manufacturer: string;
	readonly vendorStrings: readonly [string, string, string, string];
	/** TPM_PT_FIRMWARE_VERSION_1 and _2. */
	readonly firmwareVersion: readonly [number, number];
	/** Of the Library Specification: 183 is version 1.83, with the date of its publication. */
	readonly revision: number;
	readonly dayOfYear: number;
	readonly year: number;
}

/**
 * COCONUT-SVSM v2025.10-devel and later (facts/svsm-vtpm-igvm.md 2.4). Revision and date follow from the firmware version,
 * which is the date of the specification; no capture of them has been seen.
 */
export const coconutTpm: TpmProfile = {
	banks: { sha1: 'inactive', sha256: 'active', sha384: 'active' },
	properties: {
		manufacturer: 'XYZ ',
		vendorStrings: ['xCG ', 'fTPM', '', ''],
		firmwareVersion: [0x2025_0320, 0],
		revision: 184,
		dayOfYear: 79,
		year: 2025,
	},
};

/** libtpms 0.10 under swtpm, all banks allocated as it manufactures itself; swtpm_setup of a distribution may leave fewer. */
export const swtpmTpm: TpmProfile = {
	banks: { sha1: 'active', sha256: 'active', sha384: 'active', sha512: 'active' },
	properties: {
		manufacturer: 'IBM',
		vendorStrings: ['SW  ', ' TPM', '', ''],
		firmwareVersion: [0x2024_0125, 0x0012_0000],
		revision: 183,
		dayOfYear: 25,
		year: 2024,
	},
};
