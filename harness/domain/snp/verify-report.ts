// What a report must be by itself to be genuine: its form, and a signing key that signs (facts/attestation.md 5, rows 1 and 2).

import type { Reasons } from './chain-given.ts';
import type { GenuineReason } from './reasons.ts';
import { knownVersions, type Report } from './report.ts';

/** SIGNATURE_ALGO of ECDSA P-384 with SHA-384, the only one. */
const ecdsaP384Sha384 = 1;
const highestVmpl = 3;

/** The hierarchy that KEY_INFO names, or null. */
export function signingHierarchy({
	keyInfo,
}: Report): { readonly leaf: 'VCEK' | 'VLEK'; readonly intermediate: 'ASK' | 'ASVK' } | null {
	return keyInfo.signingKey === 0
		? { leaf: 'VCEK', intermediate: 'ASK' }
		: keyInfo.signingKey === 1
			? { leaf: 'VLEK', intermediate: 'ASVK' }
			: null;
}

/** Everything that is wrong with the form of a report. */
export function checkForm(report: Report): Reasons {
	if (report.bytes.every((byte) => byte === 0)) {
		return [no('report-empty', 'all bytes of the report are zero', 'a report', 'zeros')];
	}
	const { version, keyInfo, policy, vmpl, signatureAlgorithm, reservedNotZero } = report;
	const isKnown = knownVersions.includes(version);
	const reasons: Reasons = [];
	if (!isKnown) {
		const message = `unknown report version ${version}`;
		reasons.push(no('report-version', message, knownVersions.join(', '), `${version}`));
	}
	if (signatureAlgorithm !== ecdsaP384Sha384) {
		const message = 'the report is signed with an unknown algorithm';
		reasons.push(no('signature-algorithm', message, `${ecdsaP384Sha384}`, `${signatureAlgorithm}`));
	}
	// What a version that is not known keeps for later is not known either.
	if (isKnown && reservedNotZero.length > 0) {
		reasons.push(
			no('reserved-not-zero', 'a reserved range of the report is not zero', 'zeros', `bytes ${reservedNotZero.join(', ')}`),
		);
	}
	if (isKnown && keyInfo.reserved !== 0) {
		reasons.push(no('reserved-not-zero', 'reserved bits of KEY_INFO are not zero', '0', `0x${keyInfo.reserved.toString(16)}`));
	}
	if (!policy.reservedBitIsOne) {
		reasons.push(no('policy-reserved-bit', 'bit 17 of the policy is not one', '1', '0'));
	}
	if (vmpl > highestVmpl) {
		reasons.push(no('vmpl-range', 'no guest asks for such a VMPL', '0 to 3', `${vmpl}`));
	}
	if (signingHierarchy(report) === null) {
		const names: Readonly<Record<number, string>> = { 7: '7 (none: the report is not signed)' };
		const actual = names[keyInfo.signingKey] ?? `${keyInfo.signingKey}`;
		reasons.push(no('signing-key', 'KEY_INFO names no key that signs reports', '0 (VCEK) or 1 (VLEK)', actual));
	}
	if (keyInfo.chipKeyMasked) {
		reasons.push(no('chip-key-masked', 'the firmware was told to sign nothing (MASK_CHIP_KEY)', '0', '1'));
	}
	return reasons;
}

function no(code: GenuineReason, message: string, expected: string, actual: string): Reasons[number] {
	return { code, message, expected, actual, decides: 'no' };
}
