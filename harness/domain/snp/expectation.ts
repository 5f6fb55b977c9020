// What somebody expects of a report: every field may be asked for, and what is left out is not judged. Plain facts only.

import type { PlatformBit } from './platform-info.ts';
import type { PolicyBit } from './policy.ts';
import type { SnpProduct } from './product.ts';
import type { Tcb } from './tcb.ts';

export interface TrustedKeys {
	/** SHA-384 of the key in AMD's form, 48 bytes each; empty: any key will do, but there must be one. */
	readonly digests: readonly Uint8Array[];
}

export interface Expectation {
	/** The whole 64 bytes, or as many of them as are given from the first on. */
	readonly reportData?: Uint8Array;
	/** Any of these launch digests, 48 bytes each. */
	readonly measurements?: readonly Uint8Array[];
	readonly hostData?: Uint8Array;
	readonly reportId?: Uint8Array;
	readonly reportIdMa?: Uint8Array;
	readonly chipId?: Uint8Array;
	readonly signingKey?: 'VCEK' | 'VLEK';
	readonly products?: readonly SnpProduct[];
	readonly minVersion?: number;
	readonly vmpl?: number;
	/** The policy, bit by bit equal. */
	readonly policy?: bigint;
	readonly policyBits?: Readonly<Partial<Record<PolicyBit, boolean>>>;
	readonly minAbi?: { readonly major: number; readonly minor: number };
	readonly minTcb?: Readonly<Partial<Record<'reported' | 'committed' | 'launch' | 'current', Partial<Tcb>>>>;
	readonly minFirmware?: { readonly major: number; readonly minor: number; readonly build: number };
	readonly allowProvisional: boolean;
	/** The firmware's version, and not its TCB alone, must be the committed one. */
	readonly committedVersion?: boolean;
	readonly allowDebug: boolean;
	readonly allowMigrationAgent: boolean;
	readonly platformBits?: Readonly<Partial<Record<PlatformBit, boolean>>>;
	/** Bits of PLATFORM_INFO that are not known here are refused. */
	readonly refuseUnknownPlatformBits?: boolean;
	readonly minGuestSvn?: number;
	readonly familyId?: Uint8Array;
	readonly imageId?: Uint8Array;
	readonly idKey?: TrustedKeys;
	readonly authorKey?: TrustedKeys;
	/** Bits that must be set; other bits may be. */
	readonly mitigations?: { readonly launch?: bigint; readonly current?: bigint };
	/** GUIDs that the certificate table must have. */
	readonly certificateTable?: readonly string[];
}

/** What is expected where nobody says anything: no debugging, no migration agent, firmware that cannot be rolled back. */
export const defaultExpectation: Expectation = { allowProvisional: false, allowDebug: false, allowMigrationAgent: false };
