// The same questions to snpgate and to sev-snp-measure, an independent program; where they disagree is in
// peers-disagree.test.ts. Only with SNPGATE_PEERS=1.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { amdKeyDigest } from '../amd-key.ts';
import type { ImagePlan } from './build-ovmf.ts';
import { cpuSignatures } from './cpu-signatures.ts';
import { parseIdAuth, verifyIdAuth } from './id-auth.ts';
import { buildIdBlock } from './id-block.ts';
import { anyImagePlan } from './test-ovmf.ts';
import { ask, cli, filesOf, type Input, ours, peers, question, scratch } from './test-peer.ts';

const anyFile = fc.oneof(fc.constant(Buffer.alloc(0)), fc.uint8Array({ maxLength: 5000 }));
const anyAppend = fc.oneof(
	fc.constant(''),
	fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !/[\0\ufffd]/.test(text)),
);
const anyInput: fc.Arbitrary<Input> = fc
	.record({
		plan: anyImagePlan,
		vcpus: fc.integer({ min: 1, max: 8 }),
		signature: fc.oneof(fc.constantFrom(...cpuSignatures.values()), fc.integer({ min: 0, max: 0xffff_ffff })),
		features: fc.oneof(fc.constantFrom(1n, 0x21n, 0x201n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
		kernel: fc.option(anyFile),
		initrd: fc.option(anyFile),
		append: fc.option(anyAppend),
		mayLackHome: fc.nat(9),
	})
	// A kernel without a section for its hashes is refused, which is seldom worth a question.
	.map(({ plan, mayLackHome, ...rest }) => ({
		plan: rest.kernel === null || mayLackHome === 0 ? plan : withHome(plan),
		...rest,
	}));

function withHome(plan: ImagePlan): ImagePlan {
	const sections = plan.sections ?? [];
	const end = Math.max(0x1000, ...sections.map(([gpa, size]) => gpa + size));
	return sections.some(([, , type]) => type === 0x10) ? plan : { ...plan, sections: [...sections, [end, 0x1000, 0x10]] };
}

peers('[peers] sev-snp-measure: 260 random launches have the same digest, or are refused by both', async (t) => {
	const directory = scratch(t);
	const seed = Date.now() & 0x7fff_ffff;
	t.log(`seed ${seed}`);
	const inputs = fc.sample(anyInput, { numRuns: 260, seed });
	const files = inputs.map((input, index) => filesOf(directory, index, input));
	const answers = await ask(
		t,
		inputs.map((input, index) => question(input, files[index] ?? filesOf(directory, index, input))),
	);
	let refused = 0;
	for (const [index, input] of inputs.entries()) {
		const mine = ours(input);
		const { digest, error } = answers[index] ?? {};
		if (mine.startsWith('refused')) {
			refused += 1;
			t.regex(mine, /SNP_KERNEL_HASHES/);
			t.regex(error ?? `${digest}`, /SNP_KERNEL_HASHES/, `input ${index}: ${mine}`);
		} else {
			t.is(digest ?? error, mine, `input ${index}`);
		}
	}
	t.is(answers.length, inputs.length);
	t.true(inputs.length - refused >= 200, `${refused} of ${inputs.length} refused: too few digests compared`);
	t.log(`${inputs.length - refused} digests are the same, ${refused} launches are refused by both`);
	// The same inputs as somebody would type them.
	for (const [index, input] of [...inputs.entries()].slice(0, 6)) {
		const { image, kernel, initrd } = files[index] ?? {};
		const { stdout, stderr } = await execa(
			process.execPath,
			[
				...[cli, 'measure', 'ovmf', `${image}`, '--json', '--vcpus', `${input.vcpus}`],
				...['--vcpu-signature', input.signature.toString(16), '--guest-features', `0x${input.features.toString(16)}`],
				...(kernel === null ? [] : ['--kernel', `${kernel}`, ...(initrd === null ? [] : ['--initrd', `${initrd}`])]),
				...(kernel === null || input.append === null ? [] : [`--append=${input.append}`]),
			],
			{ reject: false },
		);
		t.is(stdout === '' ? `refused: ${stderr}` : JSON.parse(stdout).digest, answers[index]?.digest ?? `refused: ${stderr}`);
	}
});

peers('[peers] sev-snp-measure: an ID block is the same bytes, and its signatures and digests of keys hold here', async (t) => {
	const directory = scratch(t);
	const keys = {
		id: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
		author: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
	};
	const file = (name: keyof typeof keys) => {
		writeFileSync(join(directory, name), keys[name].privateKey.export({ type: 'pkcs8', format: 'pem' }));
		return join(directory, name);
	};
	const launchDigest = Buffer.alloc(48, 0xa5);
	const [answer] = await ask(t, [
		{ 'id-block': { measurement: launchDigest.toString('hex'), idKey: file('id'), authorKey: file('author') } },
	]);
	const said = /^id-block=(\S+),id-auth=(\S+)\nid_key_hash: (\S+)\nauthor_key: (\S+)$/.exec(answer?.text ?? '');
	const [, block = '', auth = '', idDigest = '', authorDigest = ''] = said ?? [];
	const zeros = Buffer.alloc(16);
	const mine = buildIdBlock({ launchDigest, familyId: zeros, imageId: zeros, guestSvn: 0, policy: 0x30000n });
	t.is(block, mine.toString('base64'));
	t.deepEqual(verifyIdAuth(mine, parseIdAuth(Buffer.from(auth, 'base64'))), { block: true, author: true });
	const digest = (name: keyof typeof keys) => Buffer.from(amdKeyDigest(keys[name].publicKey) ?? []).toString('base64');
	t.is(idDigest, digest('id'));
	t.is(authorDigest, digest('author'));
});
