// OVMF images of any content, written: the table at their end and the SEV metadata that the caller wants. ovmf.ts reads what this
// writes; there is no program in them.

import { guidBytesMixedEndian } from '../guid.ts';

export interface ImagePlan {
	readonly pages: number;
	/** Bytes that are repeated from the start of the image; zeros when empty. */
	readonly fill: Uint8Array;
	/** Null for no metadata. */
	readonly sections: readonly (readonly [gpa: number, size: number, type: number])[] | null;
	readonly apResetEip: number | null;
	readonly hashArea: { readonly base: number; readonly size: number } | null;
}

export const imageGuids = {
	table: '96b582de-1fb2-45f7-baea-a366c55a082d',
	reset: '00f771de-1a7e-4fcb-890e-68c77e2fb44e',
	metadata: 'dc886566-984a-4798-a75e-5585a7bf67cc',
	hashTable: '7255371f-3a3b-4b04-927b-1da6efa8d454',
	secret: '4c2eb361-7d9b-4cc3-8081-127c90d3d294',
} as const;

/** What AmdSevX64 of edk2 has, but for the place of the firmware's own pages. */
export const amdSevPlan: ImagePlan = {
	pages: 2,
	fill: Buffer.from('snpgate'),
	sections: [
		[0x800000, 0x9000, 1],
		[0x80a000, 0x3000, 1],
		[0x80d000, 0x1000, 2],
		[0x80e000, 0x1000, 3],
		[0x80f000, 0x1000, 4],
		[0x810000, 0x1000, 0x10],
		[0x811000, 0xf000, 1],
	],
	apResetEip: 0x80b004,
	hashArea: { base: 0x810c00, size: 0x400 },
};

/** Bytes of one entry of the table: data, length, GUID. */
export function tableEntry(guid: string, data: Uint8Array, length = data.length + 18): Buffer {
	return Buffer.concat([data, u16(length), guidBytesMixedEndian(guid)]);
}

function u16(...values: readonly number[]): Buffer {
	return Buffer.from(Uint16Array.from(values).buffer);
}

export function u32(...values: readonly number[]): Buffer {
	return Buffer.from(Uint32Array.from(values).buffer);
}

/** Puts entries, the last one next to the end, and the table's own at the place where they belong. */
export function putTable(image: Buffer, entries: readonly Uint8Array[], length?: number): void {
	const body = Buffer.concat(entries);
	const table = Buffer.concat([body, tableEntry(imageGuids.table, Buffer.alloc(0), length ?? body.length + 18)]);
	image.set(table, image.length - 32 - table.length);
}

/** The metadata's bytes. */
export function metadataBytes(sections: readonly (readonly number[])[]): Buffer {
	return Buffer.concat([Buffer.from('ASEV'), u32(16 + 12 * sections.length, 1, sections.length, ...sections.flat())]);
}

/** Where `buildImage` puts the metadata, from the end of the image. */
export const metadataFromEnd = 2048;

export function buildImage(plan: ImagePlan): Buffer {
	const image = Buffer.alloc(plan.pages * 4096, plan.fill.length === 0 ? 0 : plan.fill);
	const { sections, apResetEip, hashArea } = plan;
	if (sections !== null) {
		image.set(metadataBytes(sections), image.length - metadataFromEnd);
	}
	putTable(image, [
		...(sections === null ? [] : [tableEntry(imageGuids.metadata, u32(metadataFromEnd))]),
		...(hashArea === null ? [] : [tableEntry(imageGuids.hashTable, u32(hashArea.base, hashArea.size))]),
		tableEntry(imageGuids.secret, u32(0x810000, 0xc00)),
		...(apResetEip === null ? [] : [tableEntry(imageGuids.reset, u32(apResetEip))]),
	]);
	return image;
}
