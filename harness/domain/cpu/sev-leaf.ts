// CPUID leaf 0x8000001F, Encrypted Memory Capabilities (AMD64 Architecture Programmer's Manual, volume 3, appendix E;
// facts/fedora-stack.md 4.4).

export const sevLeaf = 0x8000_001f;

/** EAX, EBX, ECX, EDX, each little-endian, as /dev/cpu/N/cpuid gives a leaf. */
const leafSize = 16;

export interface SevLeaf {
	readonly sme: boolean;
	readonly sev: boolean;
	readonly sevEs: boolean;
	readonly sevSnp: boolean;
	readonly vmpl: boolean;
	/** Position of the C-bit in a page table entry. */
	readonly cBit: number;
	/** Bits of physical address lost when memory encryption is on. */
	readonly reducedPhysicalBits: number;
	readonly vmpls: number;
	/** Number of encrypted guests at a time. */
	readonly maxGuests: number;
	/** Smallest ASID of a guest with SEV but without SEV-ES. */
	readonly minSevAsid: number;
}

/** Decodes the 16 bytes of the leaf; null when there are not exactly 16. */
export function parseSevLeaf(bytes: Uint8Array): SevLeaf | null {
	if (bytes.length !== leafSize) {
		return null;
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, leafSize);
	const eax = view.getUint32(0, true);
	const ebx = view.getUint32(4, true);
	const bit = (n: number) => ((eax >>> n) & 1) === 1;
	return {
		sme: bit(0),
		sev: bit(1),
		sevEs: bit(3),
		sevSnp: bit(4),
		vmpl: bit(5),
		cBit: ebx & 0x3f,
		reducedPhysicalBits: (ebx >>> 6) & 0x3f,
		vmpls: (ebx >>> 12) & 0xf,
		maxGuests: view.getUint32(8, true),
		minSevAsid: view.getUint32(12, true),
	};
}
