// GUIDs in AMD's, OVMF's and the SVSM's tables. The same 16 bytes mean two GUIDs: each table says which order it has.

/** As RFC 4122 prints it: bytes in the order of the digits. The certificate table of an extended report is written so. */
export function guidBigEndian(bytes: Uint8Array): string {
	return dashed(Buffer.from(bytes).toString('hex'));
}

/** The 16 bytes of a GUID in the order of its digits. */
export function guidBytesBigEndian(guid: string): Uint8Array {
	return Buffer.from(guid.replaceAll('-', ''), 'hex');
}

/** UEFI's order: the first three groups are little-endian. OVMF's tables and the SVSM's manifests are written so. */
export function guidMixedEndian(bytes: Uint8Array): string {
	const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
	return dashed(Buffer.from(order.map((index) => bytes[index] ?? 0)).toString('hex'));
}

/** The 16 bytes of a GUID in UEFI's order. */
export function guidBytesMixedEndian(guid: string): Uint8Array {
	const bytes = guidBytesBigEndian(guid);
	const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
	return Uint8Array.from(order, (index) => bytes[index] ?? 0);
}

function dashed(hex: string): string {
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
