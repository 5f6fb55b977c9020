// The launch digest by its parts: known answers of the facts, what each digest depends on, and what is refused.

import { createHash, hash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { amdSevPlan, buildImage, type ImagePlan } from './build-ovmf.ts';
import { cpuSignatures } from './cpu-signatures.ts';
import { startDigest } from './digest-chain.ts';
import { hashCommandLine, hashNothing, hashTable, type KernelHashes } from './kernel-hashes.ts';
import { type Launch, LaunchError, measureLaunch } from './launch-digest.ts';
import { parseOvmf } from './ovmf.ts';
import { anyImagePlan } from './test-ovmf.ts';
import { resetVector, vmsaPage } from './vmsa.ts';

const sha384 = (bytes: Uint8Array) => hash('sha384', bytes);
const emptyKernel = (append: string): KernelHashes => ({
	kernel: hashNothing(),
	initrd: hashNothing(),
	cmdline: hashCommandLine(append),
});
const launch = (plan: ImagePlan, rest: Partial<Launch> = {}): Launch => ({
	ovmf: parseOvmf(buildImage(plan)),
	vcpus: 1,
	vcpuSignature: 0x800f12,
	guestFeatures: 1n,
	kernel: null,
	...rest,
});
const measure = (plan: ImagePlan, rest: Partial<Launch> = {}) => measureLaunch(launch(plan, rest));

test('VMSA pages have the digests of corpus/measure/index.txt', (t) => {
	const page = (eip: number) => vmsaPage({ eip, signature: 0x800f12, features: 1n });
	t.is(
		sha384(page(resetVector)),
		'77920c4c629ff47e90c0e174fc1ad0eb6fa664f88cd4739488058a8c6cb1a77b3856f55378e9518d0da99452d51c553a',
	);
	t.is(
		sha384(page(0x80b004)),
		'8413b852790765a310d95867a8b00bfca3a802b5a80830044b45e253fe96222657e11e53fcf63eb0e0afd722385bf7b4',
	);
});

test('a VMSA has its own values where the facts put them, at their full width', (t) => {
	const page = vmsaPage({ eip: 0xffff_abcd, signature: 0xffff_ffff, features: 0xffff_ffff_ffff_ffffn });
	t.is(page.readBigUInt64LE(0x18), 0xffff_0000n, 'base of CS');
	t.is(page.readBigUInt64LE(0x178), 0xabcdn, 'RIP');
	t.is(page.readBigUInt64LE(0x310), 0xffff_ffffn, 'RDX');
	t.is(page.readBigUInt64LE(0x3b0), 0xffff_ffff_ffff_ffffn, 'SEV_FEATURES');
});

test('pages of kernel hashes have the digests of corpus/measure/index.txt', (t) => {
	const page = (append: string) => {
		const bytes = Buffer.alloc(4096);
		bytes.set(hashTable(emptyKernel(append)), 0xc00);
		return bytes;
	};
	t.is(
		sha384(page('console=ttyS0 loglevel=7')),
		'adbef9bc7385f7a6dcb8774523cf024b403f193a47962309b277c4109aa70b4ba0355d1657b50e9625d5bd1129e7fd27',
	);
	t.is(sha384(page('')), '7b581a6e6bc2ae2e8a0e875bd21d19d8b0cc96f035a9c8fb1d127d3ec75e21edbb830e1f1b5c47bf7644d7f3561bece3');
});

test('a command line is hashed in UTF-8 and with its zero byte', (t) => {
	t.deepEqual(hashCommandLine(''), createHash('sha256').update(Buffer.alloc(1)).digest());
	t.deepEqual(
		hashCommandLine('ä'),
		createHash('sha256')
			.update(Buffer.from([0xc3, 0xa4, 0]))
			.digest(),
	);
});

const signatures: readonly (readonly [string, number])[] = [
	['EPYC', 0x800f12],
	['EPYC-v1', 0x800f12],
	['EPYC-v4', 0x800f12],
	['EPYC-IBPB', 0x800f12],
	['EPYC-Rome', 0x830f10],
	['EPYC-Rome-v4', 0x830f10],
	['EPYC-Milan', 0xa00f11],
	['EPYC-Milan-v2', 0xa00f11],
	['EPYC-Genoa', 0xa10f10],
	['EPYC-Genoa-v1', 0xa10f10],
	['EPYC-Turin', 0xb00f00],
	['EPYC-Turin-v1', 0xb00f00],
];
for (const [name, signature] of signatures) {
	test(`${name} is 0x${signature.toString(16)}`, (t) => t.is(cpuSignatures.get(name), signature));
}

test('each digest depends on what it says and on nothing else', (t) => {
	const parts = (plan: ImagePlan, rest: Partial<Launch> = {}) => {
		const { digest, firmwareDigest, beforeVmsaDigest, vmsa } = measure(plan, rest);
		return { digest, firmwareDigest, beforeVmsaDigest, bsp: vmsa.bsp, ap: vmsa.ap };
	};
	const base = parts(amdSevPlan);
	const changed = (plan: ImagePlan, rest: Partial<Launch> = {}) => {
		const now: Readonly<Record<string, string>> = parts(plan, rest);
		return Object.entries(base)
			.filter(([name, value]) => now[name] !== value)
			.map(([name]) => name);
	};
	const moved = amdSevPlan.sections?.map(([gpa, size, type]) => [gpa + 0x100_0000, size, type] as const) ?? [];
	t.deepEqual(changed(amdSevPlan), []);
	t.deepEqual(changed({ ...amdSevPlan, fill: Buffer.from('x') }), ['digest', 'firmwareDigest', 'beforeVmsaDigest']);
	t.deepEqual(changed({ ...amdSevPlan, sections: moved }), ['digest', 'firmwareDigest', 'beforeVmsaDigest']);
	t.deepEqual(changed({ ...amdSevPlan, apResetEip: 1 }), ['digest', 'firmwareDigest', 'beforeVmsaDigest', 'ap']);
	t.deepEqual(changed(amdSevPlan, { vcpus: 2 }), ['digest']);
	t.deepEqual(changed(amdSevPlan, { vcpuSignature: 0xa10f11 }), ['digest', 'bsp', 'ap']);
	t.deepEqual(changed(amdSevPlan, { guestFeatures: 0x21n }), ['digest', 'bsp', 'ap']);
	t.deepEqual(changed(amdSevPlan, { kernel: emptyKernel('') }), ['digest', 'beforeVmsaDigest']);
});

test('every bit of the hashes and every page counts', (t) => {
	const measured = new Set<string>();
	const hashes = emptyKernel('quiet');
	for (const name of ['kernel', 'initrd', 'cmdline'] as const) {
		for (let bit = 0; bit < 256; bit++) {
			const one = Buffer.from(hashes[name]);
			one[bit >> 3] = (one[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			measured.add(measure(amdSevPlan, { kernel: { ...hashes, [name]: one } }).digest);
		}
	}
	t.is(measured.size, 3 * 256);
	const vcpus = new Set(Array.from({ length: 8 }, (_, index) => measure(amdSevPlan, { vcpus: index + 1 }).digest));
	t.is(vcpus.size, 8);
});

/** Section by section as QEMU's target/i386/sev.c hands it over, written a second time and without the code under test. */
function byHand({ ovmf, vcpus, vcpuSignature, guestFeatures, kernel }: Launch): string {
	let digest = Buffer.alloc(48);
	const update = (type: number, gpa: number, page: Uint8Array | null) => {
		const tail = Buffer.alloc(16);
		tail.writeUInt16LE(0x70, 0);
		tail[2] = type;
		tail.writeBigUInt64LE(BigInt(gpa), 8);
		const contents = page === null ? Buffer.alloc(48) : createHash('sha384').update(page).digest();
		digest = createHash('sha384').update(digest).update(contents).update(tail).digest();
	};
	for (let at = 0; at < ovmf.image.length; at += 4096) {
		update(1, 2 ** 32 - ovmf.image.length + at, ovmf.image.subarray(at, at + 4096));
	}
	for (const { type, gpa, size } of ovmf.sections ?? []) {
		for (let at = 0; at < size; at += 4096) {
			if (type === 'SNP_KERNEL_HASHES' && kernel !== null) {
				const page = Buffer.alloc(4096);
				if (at === 0) {
					page.set(hashTable(kernel), (ovmf.hashTableArea?.base ?? 0) & 0xfff);
				}
				update(1, gpa + at, page);
			} else {
				update({ SNP_SEC_MEM: 3, SNP_SECRETS: 5, CPUID: 6, SVSM_CAA: 3, SNP_KERNEL_HASHES: 3 }[type], gpa + at, null);
			}
		}
	}
	for (let vcpu = 0; vcpu < vcpus; vcpu++) {
		const eip = vcpu === 0 ? 0xffff_fff0 : (ovmf.apResetEip ?? 0);
		update(2, 0xffff_ffff_f000, vmsaPage({ eip, signature: vcpuSignature, features: guestFeatures }));
	}
	return digest.toString('hex');
}

test('any launch has the digest of the steps taken by hand', (t) => {
	const options = fc.record({
		plan: anyImagePlan,
		vcpus: fc.integer({ min: 1, max: 8 }),
		vcpuSignature: fc.integer({ min: 0, max: 0xffff_ffff }),
		guestFeatures: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
		withKernel: fc.boolean(),
		append: fc.string({ unit: 'binary' }),
	});
	t.notThrows(() =>
		fc.assert(
			fc.property(options, ({ plan, withKernel, append, ...rest }) => {
				const hasHome = plan.sections?.some(([, , type]) => type === 0x10) === true;
				const given = launch(plan, { ...rest, kernel: withKernel && hasHome ? emptyKernel(append) : null });
				return measureLaunch(given).digest === byHand(given);
			}),
			{ numRuns: 60 },
		),
	);
});

test('a section of several pages is as many updates, kernel hashes and all', (t) => {
	const sections = [
		[0x1000, 0x3000, 2],
		[0x8000, 0x2000, 3],
		[0x10000, 0x3000, 0x10],
	] as const;
	for (const kernel of [null, emptyKernel('')]) {
		const given = launch({ ...amdSevPlan, sections }, { kernel });
		t.is(measureLaunch(given).digest, byHand(given));
	}
	const across = { ...amdSevPlan, sections, hashArea: { base: 0x10ff8, size: 0x400 } };
	t.notThrows(() => measure(across, { kernel: emptyKernel('') }), 'the table may reach into the second page');
});

const withoutHome = { ...amdSevPlan, sections: [[0x1000, 0x1000, 1]] as const };
const refused: readonly (readonly [string, ImagePlan, Partial<Launch>, RegExp])[] = [
	['no vCPU', amdSevPlan, { vcpus: 0 }, /^Expected 1 to 4096 vCPUs, found 0\.$/],
	['half a vCPU', amdSevPlan, { vcpus: 1.5 }, /found 1\.5\.$/],
	['too many vCPUs', amdSevPlan, { vcpus: 4097 }, /found 4097\.$/],
	['no metadata', { ...amdSevPlan, sections: null }, {}, /no SEV metadata: expected an OVMF built for SEV-SNP/],
	['no reset address', { ...amdSevPlan, apResetEip: null }, {}, /names no reset address/],
	['reset address 0', { ...amdSevPlan, apResetEip: 0 }, {}, /names no reset address/],
	['a kernel without a section', withoutHome, { kernel: emptyKernel('') }, /no SNP_KERNEL_HASHES section/],
	['a kernel without an area', { ...amdSevPlan, hashArea: null }, { kernel: emptyKernel('') }, /no room .*176 bytes, found none/],
	[
		'a kernel with an area at 0',
		{ ...amdSevPlan, hashArea: { base: 0, size: 0x400 } },
		{ kernel: emptyKernel('') },
		/found base 0x0, size 0x400/,
	],
	[
		'a kernel with a small area',
		{ ...amdSevPlan, hashArea: { base: 0x810c00, size: 175 } },
		{ kernel: emptyKernel('') },
		/size 0xaf/,
	],
	[
		'a table over the end of its page',
		{ ...amdSevPlan, hashArea: { base: 0x810f51, size: 0x400 } },
		{ kernel: emptyKernel('') },
		/does not fit: expected at most 3920 as its offset, found 3921/,
	],
];
for (const [title, plan, rest, message] of refused) {
	test(`refused: ${title}`, (t) => {
		t.throws(() => measure(plan, rest), { instanceOf: LaunchError, message });
	});
}

test('a chain takes whole pages only', (t) => {
	const chain = startDigest();
	t.throws(() => chain.add('normal', 0, Buffer.alloc(4095)), { instanceOf: RangeError, message: /found 4095 bytes/ });
	t.throws(() => chain.skip('zero', 0, 1), { instanceOf: RangeError });
	t.is(chain.digest(), '0'.repeat(96));
});
