// The checksum of POSIX cksum(1): CRC-32 of IEEE 802.3, most significant bit first, over the bytes and then their count.

const polynomial = 0x04c11db7;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
	let remainder = byte << 24;
	for (let bit = 0; bit < 8; bit++) {
		remainder = remainder & 0x8000_0000 ? (remainder << 1) ^ polynomial : remainder << 1;
	}
	return remainder >>> 0;
});

function step(crc: number, byte: number): number {
	return (crc << 8) ^ (table[(crc >>> 24) ^ byte] ?? 0);
}

/** What `cksum` prints as its first number, an unsigned 32-bit integer. */
export function posixChecksum(bytes: Uint8Array): number {
	let crc = 0;
	for (const byte of bytes) {
		crc = step(crc, byte);
	}
	// The count follows least significant byte first, without leading zero bytes.
	for (let count = bytes.length; count > 0; count = Math.floor(count / 256)) {
		crc = step(crc, count % 256);
	}
	return ~crc >>> 0;
}
