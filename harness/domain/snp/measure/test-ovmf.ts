// For tests: any OVMF image.

import fc from 'fast-check';
import type { ImagePlan } from './build-ovmf.ts';

/** Sections one after the other with gaps; secrets, CPUID and kernel hashes take one page, as in every edk2. */
const anySections = fc
	.array(
		fc.record({
			gap: fc.nat(20),
			pages: fc.integer({ min: 1, max: 40 }),
			type: fc.constantFrom(1, 1, 1, 2, 3, 4, 0x10),
		}),
		{ maxLength: 12 },
	)
	.map((rows) => {
		let at = 0x80_0000;
		const sections = rows.map(({ gap, pages, type }): readonly [number, number, number] => {
			const gpa = at + gap * 4096;
			const size = (type === 1 || type === 4 ? pages : 1) * 4096;
			at = gpa + size;
			return [gpa, size, type];
		});
		return sections;
	})
	// In the table they stand in any order.
	.chain((sections) => fc.shuffledSubarray(sections, { minLength: sections.length }));

/** Images that QEMU launches. */
export const anyImagePlan: fc.Arbitrary<ImagePlan> = fc.record({
	pages: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 64 })),
	fill: fc.uint8Array({ maxLength: 600 }),
	sections: anySections,
	apResetEip: fc.integer({ min: 1, max: 0xffff_ffff }),
	hashArea: fc
		.record({
			page: fc.integer({ min: 1, max: 0xf_ffff }),
			offset: fc.integer({ min: 0, max: 4096 - 176 }),
			size: fc.integer({ min: 176, max: 4096 }),
		})
		.map(({ page, offset, size }) => ({ base: page * 4096 + offset, size })),
});
