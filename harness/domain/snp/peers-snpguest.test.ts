// The same reports to snpgate and to snpguest, an independent verifier, and where they disagree: who is right and why.
// Only with SNPGATE_PEERS=1. Its habits are in facts/attestation.md 4.6.

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { peers, scratch } from './measure/test-peer.ts';
import {
	type Answer,
	compare,
	corpusCases,
	type Difference,
	eachOf,
	genuine,
	type PeerCase,
	peerCase,
} from './test-peer-case.ts';
import { chainFaults } from './test-peer-chains.ts';
import { damaged, goodReports, leafFaults, reportFaults, swappedLeaves } from './test-peer-faults.ts';

const strangeKey = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const program = resolve(import.meta.dirname, '..', '..', '..', 'ci', 'peers', 'out', 'snpguest');

/** What it says of a chain and of a report under a leaf: it looks at each without the other. */
interface Said {
	readonly certs: Answer;
	readonly attestation: Answer;
}

/** Two processes a case; what was asked before is not asked again. */
async function ask(t: ExecutionContext, cases: readonly PeerCase[]): Promise<readonly Said[]> {
	if (!existsSync(program)) {
		t.fail("'ci/peers/out/snpguest' is not there: run 'ci/peers/prepare'");
	}
	const directory = scratch(t);
	const known = new Map<string, Promise<Answer>>();
	const once = (parts: readonly Uint8Array[], args: readonly string[]) => {
		const key = [...args.slice(0, 2), ...parts.map((bytes) => Buffer.from(bytes).toString('base64'))].join(' ');
		const answer = known.get(key) ?? run(args);
		known.set(key, answer);
		return answer;
	};
	return eachOf(cases, async ({ report, leaf, intermediate, root, product, hierarchy }, index) => {
		const place = join(directory, `${index}`);
		mkdirSync(place);
		const file = (name: string, bytes: Uint8Array) => writeFileSync(join(place, name), bytes);
		file('ark.der', root);
		file(hierarchy === 'vcek' ? 'ask.der' : 'asvk.der', intermediate);
		file(`${hierarchy}.der`, leaf);
		file('report', report);
		// A report of version 2 does not say enough.
		const model = report[0] === 2 ? ['--processor-model', product.toLowerCase()] : [];
		return {
			certs: await once([leaf, intermediate, root], ['verify', 'certs', place]),
			attestation: await once([leaf, report], ['verify', 'attestation', place, join(place, 'report'), ...model]),
		};
	});
}

async function run(args: readonly string[]): Promise<Answer> {
	// Traces of its errors cost more than its answers.
	const { exitCode, stderr } = await execa(program, args, { reject: false, env: { RUST_BACKTRACE: '0' } });
	const why = stderr
		.split('\n')
		.filter((line) => /^(ERROR|because): |panicked/.test(line))
		.join('; ');
	return { taken: exitCode === 0, why: why === '' ? `exit ${exitCode}` : why };
}

function both({ certs, attestation }: Said): Answer {
	const why = [certs, attestation].flatMap((one) => (one.taken ? [] : [one.why]));
	return { taken: why.length === 0, why: why.join('; ') };
}

const taken = /^taken$/;

/** The tool's own words are from version 0.11.0. */
const differences: readonly Difference[] = [
	{
		kinds: ['a flipped bit in the reserved part of a TCB'],
		ours: /^reserved-not-zero report-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'The bytes are not those that were signed. It hashes the report as it writes it again, with zeros there.',
	},
	{
		kinds: ['something behind S'],
		ours: /^report-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'R and S are followed by zeros. It does not look at what follows them.',
	},
	{
		kinds: ['good, version 2'],
		where: ({ hierarchy }) => hierarchy === 'vlek',
		ours: taken,
		theirs: /MASK_CHIP_ID is enabled, preventing the identification of the CPU generation/,
		right: 'snpgate',
		why: 'Under a VLEK CHIP_ID is zero, and the certificate tells the product. It gives up before it looks at it.',
	},
	{
		kinds: ['good, version 2'],
		where: ({ product, hierarchy }) => product === 'Turin' && hierarchy === 'vcek',
		ours: taken,
		theirs: /^ERROR: Turin Attestation is not supported in version 2 of the report\.$/,
		right: 'either',
		why: 'No real report of Turin and version 2 is known; chip and certificate of this one leave no doubt.',
	},
	{
		kinds: [
			...['bit 17 of the policy', 'another algorithm', 'version 6', 'version 2^24', 'VMPL 4', 'VMPL 2^32 - 1'],
			...['a reserved signing key', 'no signing key', 'a reserved bit of KEY_INFO', 'a masked chip key'],
		],
		ours: /^(policy-reserved-bit|signature-algorithm|report-version|vmpl-range|signing-key|reserved-not-zero|chip-key-masked)$/,
		theirs: taken,
		right: 'snpgate',
		why: 'No firmware writes such a report, and a version that is not known may have another layout. It looks at none of these.',
	},
	{
		kinds: ['the other signing key'],
		ours: /^wrong-key-kind wrong-key-kind intermediate-missing vek-missing$/,
		theirs: taken,
		right: 'snpgate',
		why: 'KEY_INFO says which of the two keys signed. It goes by the names of the files.',
	},
	{
		kinds: ["another chip's leaf", 'a masked chip', 'something behind the chip', 'a leaf without a chip', 'a chip in DER armour'],
		ours: /^(chip-id-mismatch|chip-id-masked|vek-extensions chip-id-mismatch)$/,
		theirs: taken,
		right: 'snpgate',
		why: "A VCEK is one chip's. It takes every leaf for an ASK, as its name contains 'sev', and compares no chip (its PR 159).",
	},
	{
		kinds: [
			...['a leaf without a level', 'a leaf without another extension', 'a leaf of chip and provider', 'a reserved level'],
			...['another structVersion', 'structVersion 7', "another product's name", "no product's name"],
			...["another extension of AMD's", 'a VLEK without a provider'],
		],
		ours: /^(vek-extensions|tcb-mismatch|struct-version|product-mismatch)( (tcb-mismatch|struct-version|product-mismatch))?$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A leaf has exactly the extensions of its kind and product. It compares the levels that are there, and asks for none.',
	},
	{
		kinds: ['a name in UTF-8', 'a level that is not minimal', 'a level that is negative', 'a level with more behind it'],
		ours: /^certificate-malformed$/,
		theirs: taken,
		right: 'snpgate',
		why: 'DER has one form of a number. It compares the last byte of an extension.',
	},
	{
		kinds: ['a key on P-256'],
		ours: /^vek-key report-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'The keys are on P-384. It takes any curve.',
	},
	{
		kinds: ['model 0xaf'],
		ours: taken,
		theirs: /^ERROR: Processor model not supported$/,
		right: 'snpgate',
		why: 'Bergamo and Siena are models 0xa0 to 0xaf. Its range ends before the last.',
	},
	{
		kinds: ['the processor of a product with the same TCB'],
		ours: /^product-mismatch certificate-name /,
		theirs: taken,
		right: 'snpgate',
		why: "A report of Genoa is signed by Genoa's keys. It does not compare the processor with the chain.",
	},
	{
		kinds: ["a chain of AMD's names that AMD did not make"],
		ours: /^root-not-pinned$/,
		theirs: taken,
		right: 'snpgate',
		why: "Anybody can make such a chain. It trusts whatever lies in the directory as 'ark'.",
	},
	{
		kinds: [
			...['a second before the leaf', 'a second after the leaf', 'before everything', 'after everything'],
			...['an intermediate that is over', 'an intermediate that is not yet', 'a root that is over'],
		],
		ours: /^(certificate-(expired|not-yet-valid) ?)+$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A certificate ends; a VLEK does after a year. It has no time.',
	},
	{
		kinds: [
			...['an intermediate that is no authority', 'an intermediate that may have others below it', 'a root that is no authority'],
			...['an intermediate that may not sign certificates', 'an intermediate that does not say what it may sign'],
			...['a leaf that is an authority', "a critical extension that is not AMD's"],
			...['a critical extension that is not known', 'a critical extension that is not known in the root'],
		],
		ours: /^(not-a-ca|leaf-is-ca|critical-extension)$/,
		theirs: taken,
		right: 'snpgate',
		why: 'RFC 5280 section 6.1. It checks three signatures, and nothing that the certificates say.',
	},
	{
		kinds: [
			...['a leaf of another name', 'an intermediate of another name', 'a root of another name'],
			...['an issuer that is not the one above', "a leaf of the other hierarchy's issuer, both given"],
		],
		ours: /certificate-name|vek-missing/,
		theirs: taken,
		right: 'snpgate',
		why: 'Names are what makes a chain of these certificates (RFC 5280 section 6.1.3). It compares none.',
	},
	{
		kinds: ['PKCS #1 v1.5', 'PSS with SHA-256', 'PSS with 32 bytes of salt'].flatMap((scheme) => [
			`an intermediate signed with ${scheme}`,
			`a leaf signed with ${scheme}`,
		]),
		ours: /^signature-scheme (intermediate|vek)-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'AMD signs with RSASSA-PSS, SHA-384 and 48 bytes of salt. It takes what OpenSSL takes.',
	},
	{
		kinds: ['a byte behind a certificate'],
		ours: /^certificate-malformed (intermediate|vek)-missing$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A file of one certificate ends with it. It does not look at what follows.',
	},
];

peers('[peers] snpguest: reports good and damaged, and every disagreement is known', async (t) => {
	const corpus = corpusCases('pins');
	const cases = [
		...corpus,
		...damaged(corpus),
		...swappedLeaves(),
		...goodReports(),
		...reportFaults(),
		...leafFaults(),
		...chainFaults(),
	];
	compare(t, cases, genuine, (await ask(t, cases)).map(both), differences);
});

peers('[peers] snpguest: neither of its two commands is enough by itself', async (t) => {
	const of = (kind: string) => chainFaults().filter((one) => one.kind === kind);
	const leaves = of("a stranger's leaf");
	const [good] = corpusCases('pins');
	const [swapped] = swappedLeaves();
	const said = await ask(t, [...leaves, swapped ?? t.fail()]);
	for (const [index, { title }] of leaves.entries()) {
		t.deepEqual([said[index]?.certs.taken, said[index]?.attestation.taken], [false, true], title);
	}
	t.deepEqual([said.at(-1)?.certs.taken, said.at(-1)?.attestation.taken], [true, false], good?.title);
});

peers('[peers] snpguest: does not find out the product of a report of version 2; snpgate asks the certificate', async (t) => {
	const one = peerCase({ kind: 'good, version 2', product: 'Genoa', report: { version: 2 } });
	const place = scratch(t);
	writeFileSync(join(place, 'vcek.der'), one.leaf);
	writeFileSync(join(place, 'report'), one.report);
	t.regex((await run(['verify', 'attestation', place, join(place, 'report')])).why, /could be either Milan or Genoa/);
	t.deepEqual(genuine(one), { taken: true, why: '' });
});

peers('[peers] snpguest: takes a VLEK where one lies, whoever signed; snpgate goes by KEY_INFO', async (t) => {
	const [chip, provider] = [
		peerCase({ kind: 'good', product: 'Milan' }),
		peerCase({ kind: 'good', product: 'Milan', signedWith: 'VLEK' }),
	];
	const place = scratch(t);
	writeFileSync(join(place, 'vcek.der'), chip.leaf);
	writeFileSync(join(place, 'report'), chip.report);
	const args = ['verify', 'attestation', place, join(place, 'report')];
	t.true((await run(args)).taken);
	// A key of its own, so that it is not the same one.
	const { leaf } = peerCase({ kind: 'good', product: 'Milan', signedWith: 'VLEK', key: strangeKey });
	writeFileSync(join(place, 'vlek.der'), leaf);
	t.regex((await run(args)).why, /VEK did NOT sign the Attestation Report/);
	t.deepEqual([genuine(chip).taken, genuine(provider).taken], [true, true]);
});
