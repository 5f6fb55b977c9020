// A vCPU's save area (VMSA) as KVM measures it for QEMU: the processor after reset, 4096 bytes, little-endian, zero where nothing
// is said (AMD64 APM volume 2, appendix B, 'VMSA Layout'; facts/attestation.md section 6.5). MXCSR and X87_FCW are those of host
// kernels since 6.9 or 6.10; older ones left them zero.

import { pageSize } from './digest-chain.ts';

/** Where every x86 processor starts, 16 bytes below 4 GiB. */
export const resetVector = 0xffff_fff0;

/** KVM gives every VMSA this guest-physical address: all ones, cut to whole pages and 48 bits. */
export const vmsaGpa = 0xffff_ffff_f000;

export interface InitialState {
	/** First instruction, a linear address of 32 bits. */
	readonly eip: number;
	/** CPUID Fn0000_0001 EAX of the guest's CPU model, 32 bits; the processor has it in EDX after reset. */
	readonly signature: number;
	/** SEV_FEATURES, 64 bits. */
	readonly features: bigint;
}

/** A segment: offset, selector, attributes, limit. Its base is zero but for CS. */
const segments: readonly (readonly [number, number, number, number])[] = [
	[0x00, 0, 0x93, 0xffff], // ES
	[0x10, 0xf000, 0x9b, 0xffff], // CS
	[0x20, 0, 0x93, 0xffff], // SS
	[0x30, 0, 0x93, 0xffff], // DS
	[0x40, 0, 0x93, 0xffff], // FS
	[0x50, 0, 0x93, 0xffff], // GS
	[0x60, 0, 0, 0xffff], // GDTR
	[0x70, 0, 0x82, 0xffff], // LDTR
	[0x80, 0, 0, 0xffff], // IDTR
	[0x90, 0, 0x8b, 0xffff], // TR
];

/** Registers of 64 bits that are the same in every guest. */
const registers: readonly (readonly [number, bigint])[] = [
	[0x0d0, 0x1000n], // EFER: SVME, by KVM
	[0x148, 0x40n], // CR4: MCE, by KVM
	[0x158, 0x10n], // CR0: ET
	[0x160, 0x400n], // DR7
	[0x168, 0xffff_0ff0n], // DR6
	[0x170, 0x2n], // RFLAGS
	[0x268, 0x0007_0406_0007_0406n], // G_PAT
	[0x3e8, 0x1n], // XCR0
];

/** The page of one vCPU. */
export function vmsaPage({ eip, signature, features }: InitialState): Buffer {
	const page = Buffer.alloc(pageSize);
	for (const [offset, selector, attributes, limit] of segments) {
		page.writeUInt16LE(selector, offset);
		page.writeUInt16LE(attributes, offset + 2);
		page.writeUInt32LE(limit, offset + 4);
	}
	for (const [offset, value] of registers) {
		page.writeBigUInt64LE(value, offset);
	}
	// Real mode: the base of CS and a 16-bit RIP make the address.
	page.writeUInt32LE((eip & 0xffff_0000) >>> 0, 0x18);
	page.writeUInt32LE(eip & 0xffff, 0x178);
	page.writeUInt32LE(signature, 0x310); // RDX
	page.writeBigUInt64LE(features, 0x3b0);
	page.writeUInt32LE(0x1f80, 0x408); // MXCSR
	page.writeUInt16LE(0x37f, 0x410); // X87_FCW
	return page;
}
