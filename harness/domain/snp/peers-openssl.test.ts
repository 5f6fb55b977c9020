// The same chains and revocation lists to snpgate and to `openssl verify`, and where they disagree: who is right and why.
// Only with SNPGATE_PEERS=1.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { formatPem } from '../x509/pem.ts';
import { peers, scratch } from './measure/test-peer.ts';
import { parseReport } from './report.ts';
import {
	type Answer,
	compare,
	corpusCases,
	type Difference,
	eachOf,
	flipped,
	genuine,
	given,
	type PeerCase,
} from './test-peer-case.ts';
import { chainFaults } from './test-peer-chains.ts';
import { leafFaults } from './test-peer-faults.ts';
import { type ListCase, listFaults } from './test-peer-lists.ts';
import { verifyReport } from './verify.ts';

/** What binds a leaf to its report, and is none of a chain's matters. */
const ofReports = new Set(['report-signature', 'tcb-mismatch', 'chip-id-mismatch']);

const without = (why: string) => why.split(' ').filter((code) => code !== '' && !ofReports.has(code));

/** snpgate on the chain alone. */
function ofChain(one: PeerCase): Answer {
	const codes = without(genuine(one).why);
	return { taken: codes.length === 0, why: codes.join(' ') };
}

/** snpgate on chain and list, which must be there. */
function ofList({ report, at, trust, list, ...chain }: ListCase): Answer {
	const evidence = {
		report: parseReport(report),
		certificates: given(chain),
		revocationLists: list === null ? [] : [{ source: 'list', der: list }],
	};
	const { reasons } = verifyReport(evidence, { at, trust, requireCrl: true, allowMaskedChip: false });
	const codes = without(reasons.map(({ code }) => code).join(' '));
	return { taken: codes.length === 0, why: codes.join(' ') };
}

/** Puts the certificates of a case, in text armour, into a directory of its own. */
function filesOf(directory: string, index: number, { leaf, intermediate, root }: PeerCase) {
	const place = join(directory, `${index}`);
	mkdirSync(place);
	const file = (name: string, der: Uint8Array, label = 'CERTIFICATE') => {
		writeFileSync(join(place, name), formatPem(label, der));
		return join(place, name);
	};
	return { file, leaf: file('leaf', leaf), intermediate: file('intermediate', intermediate), root: file('root', root) };
}

/** A process a case: the leaf below the root that is given, which is trusted, and nothing of the system's. */
function ask(t: ExecutionContext, cases: readonly PeerCase[], options: readonly string[] = []): Promise<readonly Answer[]> {
	const directory = scratch(t);
	return eachOf(cases, (one, index) => {
		const { leaf, intermediate, root } = filesOf(directory, index, one);
		return run(one.at, [...options, '-CAfile', root, '-untrusted', intermediate, leaf]);
	});
}

/** The intermediate below the root, by a list of the root's. */
function askLists(t: ExecutionContext, cases: readonly ListCase[]): Promise<readonly Answer[]> {
	const directory = scratch(t);
	return eachOf(cases, (one, index) => {
		const { file, intermediate, root } = filesOf(directory, index, one);
		const list = one.list === null ? [] : ['-CRLfile', file('list', one.list, 'X509 CRL')];
		return run(one.at, ['-crl_check', '-extended_crl', '-CAfile', root, ...list, intermediate]);
	});
}

async function run(at: number, args: readonly string[]): Promise<Answer> {
	const fixed = ['verify', '-no-CApath', '-no-CAstore', '-attime', `${Math.floor(at / 1000)}`];
	const { exitCode, stderr } = await execa('openssl', [...fixed, ...args], { reject: false });
	const why = stderr
		.split('\n')
		.filter((line) => /^error |unable to load|Could not/i.test(line))
		.map((line) => line.replace(/^error \d+ at (\d) depth lookup: */, '$1: ').replaceAll(/(from )?\/\S+/g, ''))
		.join('; ');
	return { taken: exitCode === 0, why: why === '' ? `exit ${exitCode}` : why };
}

const taken = /^taken$/;

/** Of version 3.0. */
const differences: readonly Difference[] = [
	{
		kinds: ["a chain of AMD's names that AMD did not make"],
		ours: /^root-not-pinned$/,
		theirs: taken,
		right: 'snpgate',
		why: "It trusts the root that it is told to trust. snpgate knows the hashes of AMD's.",
	},
	{
		kinds: ['at the last second of the leaf'],
		ours: taken,
		theirs: /^0: certificate has expired/,
		right: 'snpgate',
		why: 'Both ends belong to the time of validity (RFC 5280 section 4.1.2.5). X509_cmp_time has no answer for equal times.',
	},
	{
		kinds: ["a flipped bit of the root's signature"],
		ours: /^root-signature$/,
		theirs: taken,
		right: 'either',
		why: 'What is trusted needs no signature. With -check_ss_sig it looks, and refuses; see below.',
	},
	{
		kinds: ["a leaf of the other hierarchy's issuer, both given"],
		ours: /^wrong-key-kind product-mismatch certificate-name intermediate-missing$/,
		theirs: taken,
		right: 'snpgate',
		why: "An ASK signs VCEKs and an ASVK signs VLEKs. That is a rule of AMD's, not of X.509.",
	},
	{
		kinds: ['a leaf of another name', 'an intermediate of another name', 'a root of another name'],
		ours: /vek-missing|certificate-name/,
		theirs: taken,
		right: 'snpgate',
		why: 'It compares issuer and subject; snpgate also knows what they are called.',
	},
	{
		kinds: ['an intermediate that may have others below it', 'an intermediate that does not say what it may sign'],
		ours: /^not-a-ca$/,
		theirs: taken,
		right: 'snpgate',
		why: "AMD's intermediates have path length 0 and a key usage, which RFC 5280 section 4.2.1.3 demands.",
	},
	{
		kinds: ['a root that is no authority'],
		ours: /^not-a-ca$/,
		theirs: taken,
		right: 'snpgate',
		why: "RFC 5280 leaves what a trust anchor says to the verifier; a root of AMD's says that it is an authority.",
	},
	{
		kinds: ['a byte behind a certificate'],
		ours: /^certificate-malformed (intermediate|vek)-missing$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A PEM block holds one certificate (RFC 7468 section 5). It does not look at what follows.',
	},
	{
		kinds: ['PKCS #1 v1.5', 'PSS with SHA-256', 'PSS with 32 bytes of salt'].flatMap((scheme) => [
			`an intermediate signed with ${scheme}`,
			`a leaf signed with ${scheme}`,
		]),
		ours: /^signature-scheme (intermediate|vek)-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'AMD signs with RSASSA-PSS, SHA-384 and 48 bytes of salt. It takes every good signature.',
	},
	{
		kinds: [
			...['a leaf without a level', 'a leaf without another extension', 'a leaf without a chip', 'a leaf of chip and provider'],
			...['another structVersion', 'structVersion 7', "another product's name", "no product's name"],
			...["another extension of AMD's", 'a VLEK without a provider'],
		],
		ours: /^(vek-extensions|struct-version|product-mismatch)( (struct-version|product-mismatch))?$/,
		theirs: taken,
		right: 'snpgate',
		why: "It knows none of AMD's extensions, and none of them is critical.",
	},
	{
		kinds: ['a name in UTF-8', 'a level that is not minimal', 'a level that is negative', 'a level with more behind it'],
		ours: /^certificate-malformed$/,
		theirs: taken,
		right: 'snpgate',
		why: "It does not read AMD's extensions.",
	},
	{
		kinds: ['an extension twice'],
		ours: /^certificate-malformed vek-missing$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A certificate has an extension once (RFC 5280 section 4.2). It looks at those that it knows.',
	},
	{
		kinds: ['a leaf that is an authority'],
		ours: /^leaf-is-ca$/,
		theirs: taken,
		right: 'snpgate',
		why: 'Whoever has the key of such a leaf could sign more. Path length 0 allows an authority as the last of a chain.',
	},
	{
		kinds: ['a key on P-256'],
		ours: /^vek-key$/,
		theirs: taken,
		right: 'snpgate',
		why: 'The keys that sign reports are on P-384. X.509 has no opinion.',
	},
];

peers('[peers] openssl: chains good and damaged, and every disagreement is known', async (t) => {
	const cases = [...corpusCases('pins'), ...chainFaults(), ...leafFaults()];
	compare(t, cases, ofChain, await ask(t, cases), differences);
});

peers('[peers] openssl: the signature of a root, when it is told to look', async (t) => {
	const cases = [...corpusCases('pins'), ...chainFaults().filter(({ kind }) => kind === "a flipped bit of the root's signature")];
	compare(t, cases, ofChain, await ask(t, cases, ['-check_ss_sig']), []);
});

peers('[peers] openssl: flipped bits in the certificates of the corpus', async (t) => {
	const step = 601;
	const cases = corpusCases('pins').flatMap((one) =>
		(['leaf', 'intermediate', 'root'] as const).flatMap((name) => {
			const first = name === 'leaf' ? 0 : name === 'intermediate' ? 200 : 400;
			const bits = Array.from({ length: Math.floor((8 * one[name].length - first) / step) }, (_, index) => first + index * step);
			return bits.map((bit) => ({
				...one,
				kind: `a flipped bit in the ${name}`,
				title: `bit ${bit} of the ${name}: ${one.title}`,
				[name]: flipped(one[name], bit >> 3, bit & 7),
			}));
		}),
	);
	compare(t, cases, ofChain, await ask(t, cases, ['-check_ss_sig']), []);
});

const listDifferences: readonly Difference[] = [
	{
		kinds: ['a list in its last second'],
		ours: taken,
		theirs: /^0: CRL has expired/,
		right: 'either',
		why: 'By that time there is another list (RFC 5280 section 5.1.2.5). X509_cmp_time has no answer for equal times.',
	},
	{
		kinds: ['a byte behind a list'],
		ours: /^crl-malformed crl-unavailable$/,
		theirs: taken,
		right: 'snpgate',
		why: 'A PEM block holds one list (RFC 7468 section 6). It does not look at what follows.',
	},
	{
		kinds: ['a list signed with PKCS #1 v1.5'],
		ours: /^crl-signature$/,
		theirs: taken,
		right: 'snpgate',
		why: 'AMD signs with RSASSA-PSS and SHA-384. It takes every good signature.',
	},
];

peers('[peers] openssl: revocation lists good and damaged, and every disagreement is known', async (t) => {
	const cases = listFaults();
	compare(t, cases, ofList, await askLists(t, cases), listDifferences);
});

peers('[peers] openssl: misses a list of the intermediate when it is to look up every certificate; AMD has none', async (t) => {
	const cases = listFaults().filter(({ kind }) => kind === 'an empty list');
	const directory = scratch(t);
	for (const [index, one] of cases.entries()) {
		const { file, leaf, intermediate, root } = filesOf(directory, index, one);
		const chain = ['-CAfile', root, '-untrusted', intermediate, '-CRLfile', file('list', one.list ?? t.fail(), 'X509 CRL')];
		t.regex((await run(one.at, ['-crl_check_all', ...chain, leaf])).why, /^0: unable to get certificate CRL/, one.title);
		// The lists of a root name intermediates; a leaf ends with its TCB (facts/attestation.md 2.5).
		t.deepEqual(ofList(one), { taken: true, why: '' }, one.title);
	}
});
