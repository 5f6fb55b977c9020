// The guest policy of SEV-SNP (SEV Secure Nested Paging Firmware ABI, 'guest policy').

/** A number as XML, QMP and command lines write it, or null. */
export function parsePolicy(text: string): bigint | null {
	const digits = text.trim();
	return /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(digits) ? BigInt(digits) : null;
}

export function policyText(policy: bigint | null): string | null {
	return policy === null ? null : `0x${policy.toString(16)}`;
}

/** Bit 17 is reserved and must be one; KVM refuses a launch without it. */
export function hasReservedBit(policy: bigint): boolean {
	return (policy & (1n << 17n)) !== 0n;
}

/** Bit 19 lets the host read and change the guest's memory. */
export function allowsDebug(policy: bigint): boolean {
	return (policy & (1n << 19n)) !== 0n;
}
