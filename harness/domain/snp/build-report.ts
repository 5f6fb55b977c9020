// ATTESTATION_REPORT, written: the 1184 bytes that the firmware of a processor would give (facts/attestation.md section 1).
// Who signs is given; report.ts reads what this writes.

import type { Signer } from '../x509/build.ts';
import { type CpuidIdentity, hwidLength, type SnpProduct } from './product.ts';
import { type FirmwareVersion, type ReportField, reportFields, reportLength, signedLength } from './report.ts';
import { fromP1363 } from './signature.ts';
import { encodeTcb, type Tcb } from './tcb.ts';

export interface ReportParts {
	readonly version: 2 | 3 | 4 | 5;
	readonly product: SnpProduct;
	/** Without it that of the product's first server processor. Not written before version 3. */
	readonly cpuid?: CpuidIdentity;
	/** The chip's identifier, 64 bytes or of Turin 8; null for a masked one, as under a VLEK. */
	readonly hwid: Uint8Array | null;
	readonly signedWith: 'VCEK' | 'VLEK';
	readonly policy: bigint;
	readonly platformInfo: bigint;
	readonly vmpl: number;
	/** At most as long as their fields, which are zero behind them; without them all zero. */
	readonly reportData?: Uint8Array;
	readonly measurement?: Uint8Array;
	readonly hostData?: Uint8Array;
	readonly reportId?: Uint8Array;
	readonly familyId?: Uint8Array;
	readonly imageId?: Uint8Array;
	readonly idKeyDigest?: Uint8Array;
	readonly authorKeyDigest?: Uint8Array;
	readonly guestSvn?: number;
	/** Those that are not given are as the current one. */
	readonly tcb: { readonly current: Tcb; readonly reported?: Tcb; readonly committed?: Tcb; readonly launch?: Tcb };
	readonly firmware: { readonly current: FirmwareVersion; readonly committed?: FirmwareVersion };
	/** Not written before version 5. */
	readonly mitigations?: { readonly launch: bigint; readonly current: bigint };
}

/** CPUID of one processor of each product, as genuine reports show it. */
const firstProcessors: Readonly<Record<SnpProduct, CpuidIdentity>> = {
	Milan: { family: 0x19, model: 0x01, stepping: 1 },
	Genoa: { family: 0x19, model: 0x11, stepping: 1 },
	Turin: { family: 0x1a, model: 0x02, stepping: 1 },
};
const ecdsaP384Sha384 = 1;
const authorKeyEnabled = 1;
const signingKeys = { VCEK: 0, VLEK: 1 } as const;

/** A signed report. `sign` gives 96 bytes (IEEE P1363) over the first 672. */
export function buildReport(parts: ReportParts, sign: Signer): Uint8Array {
	const report = Buffer.alloc(reportLength);
	const put = (field: ReportField, bytes: Uint8Array | undefined) => {
		const [offset, length] = reportFields[field];
		if (bytes !== undefined && bytes.length > length) {
			throw new RangeError(`${field} has ${length} bytes, ${bytes.length} were given`);
		}
		report.set(bytes ?? [], offset);
	};
	const number = (field: ReportField, value: number | bigint) => put(field, littleEndian(value, reportFields[field][1]));
	const { version, product, tcb, firmware } = parts;
	number('VERSION', version);
	number('GUEST_SVN', parts.guestSvn ?? 0);
	number('POLICY', parts.policy);
	put('FAMILY_ID', parts.familyId);
	put('IMAGE_ID', parts.imageId);
	number('VMPL', parts.vmpl);
	number('SIGNATURE_ALGO', ecdsaP384Sha384);
	number('PLATFORM_INFO', parts.platformInfo);
	number('KEY_INFO', (signingKeys[parts.signedWith] << 2) | (parts.authorKeyDigest === undefined ? 0 : authorKeyEnabled));
	put('REPORT_DATA', parts.reportData);
	put('MEASUREMENT', parts.measurement);
	put('HOST_DATA', parts.hostData);
	put('ID_KEY_DIGEST', parts.idKeyDigest);
	put('AUTHOR_KEY_DIGEST', parts.authorKeyDigest);
	put('REPORT_ID', parts.reportId);
	// All ones: no migration agent is bound to the guest.
	put('REPORT_ID_MA', new Uint8Array(32).fill(0xff));
	put('CHIP_ID', parts.hwid?.subarray(0, hwidLength(product)));
	put('CURRENT_TCB', encodeTcb(tcb.current, product));
	put('REPORTED_TCB', encodeTcb(tcb.reported ?? tcb.current, product));
	put('COMMITTED_TCB', encodeTcb(tcb.committed ?? tcb.current, product));
	put('LAUNCH_TCB', encodeTcb(tcb.launch ?? tcb.current, product));
	for (const [when, { build, minor, major }] of [
		['CURRENT', firmware.current],
		['COMMITTED', firmware.committed ?? firmware.current],
	] as const) {
		number(`${when}_BUILD`, build);
		number(`${when}_MINOR`, minor);
		number(`${when}_MAJOR`, major);
	}
	if (version >= 3) {
		const { family, model, stepping } = parts.cpuid ?? firstProcessors[product];
		number('CPUID_FAM_ID', family);
		number('CPUID_MOD_ID', model);
		number('CPUID_STEP', stepping);
	}
	if (version >= 5) {
		number('LAUNCH_MIT_VECTOR', parts.mitigations?.launch ?? 0);
		number('CURRENT_MIT_VECTOR', parts.mitigations?.current ?? 0);
	}
	put('SIGNATURE', fromP1363(sign(report.subarray(0, signedLength))));
	return report;
}

function littleEndian(value: number | bigint, length: number): Uint8Array {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes.subarray(0, length);
}
