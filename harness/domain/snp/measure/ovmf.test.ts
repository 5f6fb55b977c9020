// The parser of OVMF images: what it reads, what it refuses and in which words, and that nothing else ever comes out of it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { threadTime } from '../../../test-time.ts';
import { ParseError } from '../../parse-error.ts';
import { amdSevPlan, buildImage, imageGuids, metadataBytes, metadataFromEnd, putTable, tableEntry, u32 } from './build-ovmf.ts';
import { largestOvmf, parseOvmf } from './ovmf.ts';
import { anyImagePlan } from './test-ovmf.ts';

const directory = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'measure');
const corpus = existsSync(join(directory, 'index.txt')) ? test : test.skip;

const amdSev = buildImage(amdSevPlan);

test('an image by its facts', (t) => {
	const { image, ...facts } = parseOvmf(amdSev);
	t.deepEqual(image, amdSev);
	t.deepEqual(facts, {
		loadAddress: 0xffff_e000,
		apResetEip: 0x80b004,
		hashTableArea: { base: 0x810c00, size: 0x400 },
		sections: [
			{ type: 'SNP_SEC_MEM', gpa: 0x800000, size: 0x9000 },
			{ type: 'SNP_SEC_MEM', gpa: 0x80a000, size: 0x3000 },
			{ type: 'SNP_SECRETS', gpa: 0x80d000, size: 0x1000 },
			{ type: 'CPUID', gpa: 0x80e000, size: 0x1000 },
			{ type: 'SVSM_CAA', gpa: 0x80f000, size: 0x1000 },
			{ type: 'SNP_KERNEL_HASHES', gpa: 0x810000, size: 0x1000 },
			{ type: 'SNP_SEC_MEM', gpa: 0x811000, size: 0xf000 },
		],
		hasSvsmCallingArea: true,
	});
});

test('what an image does not have is null', (t) => {
	const image = buildImage({ ...amdSevPlan, sections: null, apResetEip: null, hashArea: null });
	t.like(parseOvmf(image), { apResetEip: null, hashTableArea: null, sections: null, hasSvsmCallingArea: false });
	t.like(parseOvmf(buildImage({ ...amdSevPlan, sections: [] })), { sections: [] });
});

corpus('[corpus] both images decode to what facts/attestation.md 6.3 lists', (t) => {
	const read = (name: string) => {
		const { sections, hashTableArea, apResetEip } = parseOvmf(readFileSync(join(directory, name)));
		return { sections: sections?.map(({ gpa, size, type }) => [gpa, size, type]), hashTableArea, apResetEip };
	};
	const both = [
		[0x800000, 0x9000, 'SNP_SEC_MEM'],
		[0x80a000, 0x3000, 'SNP_SEC_MEM'],
		[0x80d000, 0x1000, 'SNP_SECRETS'],
		[0x80e000, 0x1000, 'CPUID'],
		[0x80f000, 0x1000, 'SVSM_CAA'],
	];
	t.deepEqual(read('ovmf_AmdSev_suffix.bin'), {
		sections: [...both, [0x810000, 0x1000, 'SNP_KERNEL_HASHES'], [0x811000, 0xf000, 'SNP_SEC_MEM']],
		hashTableArea: { base: 0x810c00, size: 0x400 },
		apResetEip: 0x80b004,
	});
	t.deepEqual(read('ovmf_OvmfX64_suffix.bin'), {
		sections: [...both, [0x810000, 0x10000, 'SNP_SEC_MEM']],
		hashTableArea: { base: 0, size: 0 },
		apResetEip: 0x80b004,
	});
});

/** A page with these entries. */
function withTable(entries: readonly Uint8Array[], length?: number): Buffer {
	const image = Buffer.alloc(4096);
	putTable(image, entries, length);
	return image;
}

/** The good image with some of its metadata written over. */
function withMetadata(bytes: Uint8Array, at = 0): Buffer {
	const image = Buffer.from(amdSev);
	image.set(bytes, image.length - metadataFromEnd + at);
	return image;
}

const withSections = (...sections: readonly (readonly [number, number, number])[]) => buildImage({ ...amdSevPlan, sections });
const reset = tableEntry(imageGuids.reset, u32(0x80b004));

const refused: readonly (readonly [string, Uint8Array, string, RegExp])[] = [
	['nothing', Buffer.alloc(0), 'OVMF image', /^expected 4096 to 16777216 bytes, a multiple of 4096, found 0$/],
	['half a page more', Buffer.alloc(6144), 'OVMF image', /found 6144$/],
	['more than 16 MiB', Buffer.alloc(largestOvmf + 4096), 'OVMF image', /found 16781312$/],
	['zeros', Buffer.alloc(4096), 'OVMF table', /^expected the GUID 96b582de-.*, found 00000000-.*no OVMF/],
	['a table longer than the image', withTable([], 4080), 'OVMF table', /^expected a length of 18 to 4064, found 4080$/],
	['a table shorter than its end', withTable([], 17), 'OVMF table', /^expected a length of 18 to 4064, found 17$/],
	['an entry of no length', withTable([tableEntry(imageGuids.secret, u32(1), 0)]), 'OVMF table', /to 22, found 0$/],
	['an entry longer than the table', withTable([tableEntry(imageGuids.secret, u32(1), 23)]), 'OVMF table', /found 23$/],
	['bytes left over', withTable([Buffer.alloc(3), reset]), 'OVMF table', /^expected an entry .*, found 3 left over$/],
	['an entry twice', withTable([reset, reset]), 'OVMF table', /^expected each GUID once, found 00f771de-.* again$/],
	[
		'a short entry',
		withTable([tableEntry(imageGuids.hashTable, u32(1))]),
		'OVMF table',
		/^expected at least 8 bytes in the entry 7255371f-.*, found 4$/,
	],
	['metadata before the image', withTable([tableEntry(imageGuids.metadata, u32(4097))]), 'OVMF SEV metadata', /within the image/],
	['metadata behind the image', withTable([tableEntry(imageGuids.metadata, u32(15))]), 'OVMF SEV metadata', /within the image/],
	['no signature', withMetadata(Buffer.from('ASEW')), 'OVMF SEV metadata', /'ASEV', found the bytes 41534557$/],
	['another version', withMetadata(u32(2), 8), 'OVMF SEV metadata', /^expected version 1, found 2$/],
	['less than its sections need', withMetadata(u32(99), 4), 'OVMF SEV metadata', /from 100, as 7 sections need, .*found 99$/],
	['metadata past the end', withMetadata(u32(2049), 4), 'OVMF SEV metadata', /to 2048, found 2049$/],
	['four thousand million sections', withMetadata(u32(0xffff_ffff), 12), 'OVMF SEV metadata', /4294967295 sections/],
	['an unknown type', withSections([0x1000, 0x1000, 5]), 'OVMF SEV metadata', /of type 1, 2, 3, 4, 16, found 5$/],
	['half a page of address', withSections([0x1800, 0x1000, 1]), 'OVMF SEV metadata', /as address of SNP_SEC_MEM, found 0x1800$/],
	['half a page of size', withSections([0x1000, 0x1800, 1]), 'OVMF SEV metadata', /as size of SNP_SEC_MEM, found 0x1800$/],
	['an empty section', withSections([0x1000, 0, 2]), 'OVMF SEV metadata', /positive multiple .* SNP_SECRETS, found 0x0$/],
	['a page twice', withSections([0x2000, 0x1000, 2], [0x1000, 0x2000, 1]), 'OVMF SEV metadata', /SNP_SEC_MEM up to 0x3000 and/],
	['a page of the image', withSections([0xffff_d000, 0x2000, 1]), 'OVMF SEV metadata', /and the image from 0xffffe000$/],
	['past 4 GiB', withSections([0xffff_f000, 0x2000, 1]), 'OVMF SEV metadata', /up to 0x100001000 and the image/],
	['65 MiB', withSections([0x10_0000, 0x410_0000, 1]), 'OVMF SEV metadata', /^expected at most 16384 pages .*, found 16640$/],
];

for (const [title, image, structure, problem] of refused) {
	test(`refused: ${title}`, (t) => {
		const error = t.throws(() => parseOvmf(image), { instanceOf: ParseError });
		t.is(error?.structure, structure);
		t.regex(error?.problem ?? '', problem);
		t.true((error?.offset ?? -1) >= 0);
	});
}

test('sections that touch each other, in any order, are good', (t) => {
	const image = withSections([0x2000, 0x1000, 2], [0x1000, 0x1000, 1], [0xffff_d000, 0x1000, 1]);
	t.deepEqual(
		parseOvmf(image).sections?.map(({ gpa }) => gpa),
		[0x2000, 0x1000, 0xffff_d000],
	);
});

test('whatever the bytes, an image comes out or a ParseError', (t) => {
	const parses = (image: Uint8Array) => {
		try {
			parseOvmf(image);
			return true;
		} catch (error) {
			return error instanceof ParseError;
		}
	};
	const page = fc.uint8Array({ minLength: 0, maxLength: 300 }).map((end) => {
		const image = Buffer.alloc(4096);
		image.set(end, 4096 - end.length);
		return image;
	});
	// The footer's GUID is kept, or nearly nothing would get past it.
	const mutated = fc
		.record({
			plan: anyImagePlan,
			changes: fc.array(fc.record({ fromEnd: fc.nat(2100), value: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
		})
		.map(({ plan, changes }) => {
			const image = buildImage(plan);
			for (const { fromEnd, value } of changes) {
				const at = image.length - 1 - fromEnd;
				if (fromEnd >= 48 || fromEnd < 32) {
					image[at] = value;
				}
			}
			return image;
		});
	t.notThrows(() => fc.assert(fc.property(page, parses), { numRuns: 500 }));
	t.notThrows(() => fc.assert(fc.property(mutated, parses), { numRuns: 2000 }));
	t.notThrows(() => fc.assert(fc.property(anyImagePlan, (plan) => parseOvmf(buildImage(plan)).sections !== null)));
});

test('the largest table and the most sections are read in no time', (t) => {
	const image = Buffer.alloc(largestOvmf);
	// As many entries as fit, each with a GUID of its own.
	const entries = Array.from({ length: 2_500 }, (_, index) =>
		tableEntry(`00000000-0000-0000-0000-${index.toString(16).padStart(12, '0')}`, u32(index)),
	);
	const sections = Array.from({ length: 16_384 }, (_, index) => [index * 4096, 4096, 1]);
	const metadata = metadataBytes(sections);
	image.set(metadata, 0);
	putTable(image, [...entries, tableEntry(imageGuids.metadata, u32(image.length))]);
	const from = threadTime();
	t.is(parseOvmf(image).sections?.length, 16_384);
	const spent = threadTime() - from;
	t.log(`${spent.toFixed(1)} ms`);
	t.true(spent < 200, `${spent} ms`);
});
