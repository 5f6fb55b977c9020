// Every reason for which a report is not believed or not accepted: a closed list, each with its meaning.

/** Why a report is not genuine, or not known to be (facts/attestation.md section 5, rows 1 to 9). */
export const genuineReasons = {
	'report-length': 'The bytes are not as many as a report has.',
	'report-empty': 'All bytes are zero: no firmware wrote this report.',
	'report-version': 'The version of the report is none whose layout is published.',
	'signature-algorithm': 'SIGNATURE_ALGO is not ECDSA P-384 with SHA-384.',
	'reserved-not-zero': 'Something stands in a range that is reserved.',
	'policy-reserved-bit': 'Bit 17 of the policy is not one.',
	'vmpl-range': 'VMPL is not 0 to 3.',
	'signing-key': 'KEY_INFO names no key that signs reports.',
	'chip-key-masked': 'The firmware was told to sign nothing (MASK_CHIP_KEY).',
	'product-unknown': 'The processor or the certificate is of a product whose keys are not known here.',
	'certificate-malformed': 'A certificate is not strict DER, or its text armour is damaged.',
	'certificate-name': "A certificate has not the names of AMD's.",
	'wrong-key-kind': 'A certificate is of the other hierarchy than KEY_INFO names (VCEK with ASK, VLEK with ASVK).',
	'signature-scheme': 'A certificate is not signed with RSASSA-PSS, SHA-384 and 48 bytes of salt.',
	'certificate-not-yet-valid': 'A certificate was not valid yet at the time of verification.',
	'certificate-expired': 'A certificate was not valid any more at the time of verification.',
	'root-not-pinned': 'The root certificate is none that is trusted.',
	'root-signature': 'The root certificate does not sign itself.',
	'intermediate-signature': 'The intermediate certificate is not signed by the root.',
	'vek-signature': 'The certificate of the signing key is not signed by the intermediate.',
	'not-a-ca': 'A root or intermediate certificate may not sign certificates.',
	'leaf-is-ca': 'The certificate of the signing key claims to be an authority.',
	'critical-extension': 'A certificate has a critical extension that is not known here.',
	'vek-key': 'The signing key is not on P-384.',
	'vek-extensions': 'The extensions of the signing key are not exactly those of its kind and product.',
	'struct-version': 'structVersion does not fit the product.',
	'product-mismatch': 'Report, certificates and chain are not of one product.',
	'tcb-mismatch': 'The certificate is for another TCB than the report reports.',
	'chip-id-mismatch': "The certificate is another chip's.",
	'chip-id-masked': 'The firmware masked CHIP_ID, so the report is bound to no chip.',
	'report-signature': 'The signature over the report is wrong.',
	'crl-malformed': 'A revocation list is not strict DER, or its text armour is damaged.',
	'crl-signature': 'A revocation list is not signed by the root.',
	'crl-not-understood': 'A revocation list has a critical extension that is not known here, so that it proves nothing.',
	'crl-stale': 'The revocation list is past its next update, or not of this time yet.',
	'crl-unavailable': "There is no revocation list of this chain's root.",
	'intermediate-revoked': 'The revocation list names the intermediate certificate.',
	'vek-missing': 'There is no certificate of the key that signed the report.',
	'intermediate-missing': 'There is no intermediate certificate.',
	'root-missing': 'There is no root certificate.',
	'kds-masked-chip': "AMD's key service cannot be asked: CHIP_ID is masked.",
	'kds-unknown-chip': "AMD's key service knows no such chip and TCB.",
	'kds-throttled': "AMD's key service refused for now (429).",
	'kds-unavailable': "AMD's key service did not give a usable answer.",
} as const;

/** Why a report is not acceptable to who asked for it (rows 10 to 18). */
export const acceptableReasons = {
	'report-data': 'REPORT_DATA is not what was asked for: another nonce, or an old report.',
	measurement: 'MEASUREMENT is none of the expected launch digests.',
	'host-data': 'HOST_DATA is not what the host was to give.',
	'report-id': 'REPORT_ID is not that of the guest that is meant.',
	'report-id-ma': 'REPORT_ID_MA is not the expected one.',
	'chip-id': 'CHIP_ID is not that of the chip that is meant.',
	'signing-key-kind': 'The report is signed by another kind of key than is accepted.',
	'report-version-floor': 'The report is of an older version than is accepted.',
	product: 'The report is of another product than is accepted.',
	vmpl: 'VMPL is not the expected one.',
	policy: 'The policy is not the expected one.',
	'policy-bit': 'A bit of the policy is not as it must be.',
	'policy-abi': 'The least ABI of the policy is too low.',
	'policy-unknown-bit': 'The policy has bits that are not known here.',
	'debug-allowed': 'The policy lets the host read the guest (DEBUG).',
	'migration-allowed': 'The policy lets a migration agent move the guest, or one is bound to it.',
	'tcb-floor': 'A TCB is below its floor.',
	'tcb-order': 'Reported, committed and current TCB or firmware version are not in that order.',
	'provisional-firmware': 'The firmware that runs is not committed: it can be rolled back.',
	'firmware-floor': 'The firmware is older than is accepted.',
	'platform-bit': 'A bit of PLATFORM_INFO is not as it must be.',
	'guest-svn': 'GUEST_SVN is below its floor.',
	'family-id': 'FAMILY_ID is not the expected one.',
	'image-id': 'IMAGE_ID is not the expected one.',
	'id-key': 'The ID key is none of those that are trusted, or there is no ID block.',
	'author-key': 'The author key is none of those that are trusted, or there is none.',
	'mitigation-vector': 'A mitigation vector lacks bits that must be there.',
	'certificate-table': 'The certificate table lacks an entry that must be there.',
} as const;

export type GenuineReason = keyof typeof genuineReasons;
export type AcceptableReason = keyof typeof acceptableReasons;

/** One reason. `decides`: it makes the answer no, or merely unknown. */
export interface AttestationReason<Code extends string = GenuineReason | AcceptableReason> {
	readonly code: Code;
	readonly message: string;
	readonly expected: string | null;
	readonly actual: string | null;
	readonly decides: 'no' | 'unknown';
}

/** False when any reason says no, null when any leaves it unknown, else true. */
export function conclude(reasons: readonly AttestationReason<string>[]): boolean | null {
	return reasons.some(({ decides }) => decides === 'no') ? false : reasons.length > 0 ? null : true;
}

export type Refusals = AttestationReason<AcceptableReason>[];

export function refuse(code: AcceptableReason, message: string, expected: string, actual: string): Refusals[number] {
	return { code, message, expected, actual, decides: 'no' };
}
