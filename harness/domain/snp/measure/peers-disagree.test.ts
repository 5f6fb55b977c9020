// Where sev-snp-measure gives another answer: who is right and why. Only with SNPGATE_PEERS=1.

import { amdSevPlan } from './build-ovmf.ts';
import { ask, filesOf, type Input, ours, peers, question, scratch } from './test-peer.ts';

const base: Input = {
	plan: amdSevPlan,
	vcpus: 2,
	signature: 0x800f12,
	features: 1n,
	kernel: Buffer.from('kernel'),
	initrd: null,
	append: null,
};
const withSections = (...sections: readonly (readonly [number, number, number])[]): Input => ({
	...base,
	plan: { ...amdSevPlan, sections },
	kernel: null,
});
const home = [0x810000, 0x1000, 0x10] as const;

/** Who is right, by the sources of QEMU 9.1 (target/i386/sev.c, hw/i386/pc_sysfw_ovmf.c) and of KVM (arch/x86/kvm/svm/sev.c). */
const disagreements: readonly (readonly [string, Input, ours: RegExp, theirs: RegExp])[] = [
	[
		'a firmware without SEV metadata: QEMU ends with "Failed to locate SEV metadata header", so there is no digest to give',
		{ ...base, kernel: null, plan: { ...amdSevPlan, sections: null } },
		/^refused: The firmware has no SEV metadata/,
		/^[0-9a-f]{96}$/,
	],
	[
		'a reset address of 0: QEMU ends with "SEV-ES reset address is zero"',
		{ ...base, vcpus: 1, plan: { ...amdSevPlan, apResetEip: 0 } },
		/^refused: The firmware names no reset address/,
		/^[0-9a-f]{96}$/,
	],
	[
		'an area for kernel hashes at 0: QEMU ends with "guest firmware hashes table area is invalid"',
		{ ...base, plan: { ...amdSevPlan, hashArea: { base: 0, size: 0x400 } } },
		/^refused: A kernel is given, but the firmware has no room/,
		/^[0-9a-f]{96}$/,
	],
	[
		'an area for kernel hashes that is too small: the same',
		{ ...base, plan: { ...amdSevPlan, hashArea: { base: 0x810c00, size: 168 } } },
		/^refused: A kernel is given, but the firmware has no room/,
		/^[0-9a-f]{96}$/,
	],
	[
		'secrets on two pages: QEMU hands the whole section over and KVM updates page by page; sev-snp-measure counts one page',
		withSections([0x1000, 0x2000, 2]),
		/^[0-9a-f]{96}$/,
		/^[0-9a-f]{96}$/,
	],
	['CPUID on two pages: the same', withSections([0x1000, 0x2000, 3]), /^[0-9a-f]{96}$/, /^[0-9a-f]{96}$/],
	[
		'kernel hashes on two pages: QEMU fills the rest with zeros and measures it as NORMAL; sev-snp-measure gives up',
		{ ...withSections([0x810000, 0x2000, 0x10]), kernel: base.kernel },
		/^[0-9a-f]{96}$/,
		/^AssertionError/,
	],
	[
		'a page in two sections: KVM refuses the second update with EEXIST',
		withSections([0x1000, 0x2000, 1], [0x2000, 0x1000, 2]),
		/^refused: .*expected sections apart from each other/,
		/^[0-9a-f]{96}$/,
	],
	[
		'a section over the image: QEMU has given those pages before',
		withSections([0xffff_e000, 0x1000, 1]),
		/^refused: .*below the image/,
		/^[0-9a-f]{96}$/,
	],
	[
		'an empty section: QEMU ends with "SNP_LAUNCH_UPDATE called with invalid address / length"',
		withSections([0x1000, 0, 1]),
		/^refused: .*positive multiple/,
		/^[0-9a-f]{96}$/,
	],
	[
		'an address within a page: QEMU rounds it down, so neither address nor page is what the firmware meant',
		withSections([0x1800, 0x1000, 1]),
		/^refused: .*multiple of 4096 as address/,
		/^[0-9a-f]{96}$/,
	],
	[
		'more vCPUs than QEMU has',
		{ ...withSections([...home]), vcpus: 4097 },
		/^refused: Expected 1 to 4096 vCPUs/,
		/^[0-9a-f]{96}$/,
	],
];

peers('[peers] sev-snp-measure: every disagreement is known, and it is snpgate that does what QEMU and KVM do', async (t) => {
	const directory = scratch(t);
	const answers = await ask(
		t,
		disagreements.map(([, input], index) => question(input, filesOf(directory, index, input))),
	);
	for (const [index, [title, input, mine, theirs]] of disagreements.entries()) {
		const { digest, error } = answers[index] ?? {};
		t.regex(ours(input), mine, title);
		t.regex(digest ?? error ?? '', theirs, title);
		t.not(ours(input), digest, title);
	}
});
