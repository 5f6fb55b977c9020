// The launch digest (MEASUREMENT) of a guest with plain OVMF under QEMU and KVM: the pages of the firmware, then its sections, then
// the vCPUs (facts/attestation.md section 6.2; QEMU target/i386/sev.c, snp_populate_metadata_pages).

import { hash } from 'node:crypto';
import { type DigestChain, pageSize, startDigest } from './digest-chain.ts';
import { hashTable, hashTableSize, type KernelHashes } from './kernel-hashes.ts';
import type { Ovmf } from './ovmf.ts';
import type { OvmfSection } from './ovmf-metadata.ts';
import { resetVector, vmsaGpa, vmsaPage } from './vmsa.ts';

/** Most vCPUs of a q35 machine since QEMU 9.1. */
export const mostVcpus = 4096;

export interface Launch {
	readonly ovmf: Ovmf;
	/** 1 to `mostVcpus`. */
	readonly vcpus: number;
	/** CPUID Fn0000_0001 EAX of the guest's CPU model, 32 bits. */
	readonly vcpuSignature: number;
	/** SEV_FEATURES of the VMSA, 64 bits; bit 0 is SEV-SNP itself. */
	readonly guestFeatures: bigint;
	/** Null without a kernel, or with 'kernel-hashes=off'. */
	readonly kernel: KernelHashes | null;
}

/** SHA-384 each, 48 bytes in lower-case hex. Each of the first three includes the one below it. */
export interface LaunchDigest {
	readonly digest: string;
	/** After the sections of the SEV metadata, before any vCPU. */
	readonly beforeVmsaDigest: string;
	/** After the pages of the image. */
	readonly firmwareDigest: string;
	/** Of the page of the first vCPU and of every other one; the latter also when there is no other, as it tells a wrong address. */
	readonly vmsa: { readonly bsp: string; readonly ap: string };
}

/** QEMU or KVM would refuse to launch this. One sentence. */
export class LaunchError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'LaunchError';
	}
}

/** @throws LaunchError */
export function measureLaunch({ ovmf, vcpus, vcpuSignature, guestFeatures, kernel }: Launch): LaunchDigest {
	if (!Number.isInteger(vcpus) || vcpus < 1 || vcpus > mostVcpus) {
		throw new LaunchError(`Expected 1 to ${mostVcpus} vCPUs, found ${vcpus}.`);
	}
	if (ovmf.sections === null) {
		throw new LaunchError('The firmware has no SEV metadata: expected an OVMF built for SEV-SNP.');
	}
	if (ovmf.apResetEip === null || ovmf.apResetEip === 0) {
		throw new LaunchError('The firmware names no reset address for the other vCPUs: expected an OVMF built for SEV-ES.');
	}
	const table = kernel === null ? null : placeTable(ovmf, ovmf.sections, kernel);
	const page = (eip: number) => vmsaPage({ eip, signature: vcpuSignature, features: guestFeatures });
	const bsp = page(resetVector);
	const ap = page(ovmf.apResetEip);
	const chain = startDigest();
	chain.add('normal', ovmf.loadAddress, ovmf.image);
	const firmwareDigest = chain.digest();
	for (const section of ovmf.sections) {
		addSection(chain, section, table);
	}
	const beforeVmsaDigest = chain.digest();
	for (let vcpu = 0; vcpu < vcpus; vcpu++) {
		chain.add('vmsa', vmsaGpa, vcpu === 0 ? bsp : ap);
	}
	return {
		digest: chain.digest(),
		firmwareDigest,
		beforeVmsaDigest,
		vmsa: { bsp: hash('sha384', bsp), ap: hash('sha384', ap) },
	};
}

interface PlacedTable {
	readonly bytes: Buffer;
	/** From the start of the section, in bytes. */
	readonly offset: number;
}

/** QEMU takes the place within the page from the area in OVMF's table, and the page from the section. */
function placeTable(ovmf: Ovmf, sections: readonly OvmfSection[], kernel: KernelHashes): PlacedTable {
	const homes = sections.filter(({ type }) => type === 'SNP_KERNEL_HASHES');
	if (homes.length === 0) {
		throw new LaunchError(
			"A kernel is given, but the firmware's SEV metadata has no SNP_KERNEL_HASHES section: expected an OVMF built from AmdSevX64.",
		);
	}
	const { base, size } = ovmf.hashTableArea ?? { base: 0, size: 0 };
	if (base === 0 || size < hashTableSize) {
		const found = ovmf.hashTableArea === null ? 'none' : `base 0x${base.toString(16)}, size 0x${size.toString(16)}`;
		throw new LaunchError(
			`A kernel is given, but the firmware has no room for its hashes: expected an area of ${hashTableSize} bytes, found ${found}.`,
		);
	}
	const offset = base % pageSize;
	const small = homes.find((home) => offset + hashTableSize > home.size);
	if (small !== undefined) {
		throw new LaunchError(
			`The table of kernel hashes does not fit: expected at most ${small.size - hashTableSize} as its offset, found ${offset}.`,
		);
	}
	return { bytes: hashTable(kernel), offset };
}

/** QEMU hands every section over whole, so one of several pages is as many updates, whatever its type. */
function addSection(chain: DigestChain, { type, gpa, size }: OvmfSection, table: PlacedTable | null): void {
	switch (type) {
		case 'SNP_SECRETS':
			chain.skip('secrets', gpa, size);
			break;
		case 'CPUID':
			chain.skip('cpuid', gpa, size);
			break;
		case 'SNP_KERNEL_HASHES':
			if (table !== null) {
				const pages = Buffer.alloc(size);
				pages.set(table.bytes, table.offset);
				chain.add('normal', gpa, pages);
				break;
			}
			chain.skip('zero', gpa, size);
			break;
		case 'SNP_SEC_MEM':
		case 'SVSM_CAA':
			chain.skip('zero', gpa, size);
			break;
	}
}
