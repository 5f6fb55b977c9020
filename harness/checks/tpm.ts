// What a TPM says it is: family, manufacturer and PCR banks. Any host can fake the names, so they are a hint, never a proof.

import { z } from 'zod';
import { hashNameOf, hashNames } from '../domain/tpm/algorithms.ts';
import { parsePcrBanks, parseTpmProperties, propertyText } from '../domain/tpm/capability.ts';
import { getPcrBanks, getTpmProperties } from '../domain/tpm/commands.ts';
import { TPM_PT } from '../domain/tpm/constants.ts';
import { defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { listBanks, tpmCommand, tpmDevice, tpmValue } from './tpm-answer.ts';

/** Why it can fail. */
export const tpmReasons = ['wrong-family', 'wrong-manufacturer', 'bank-missing', 'bank-present'] as const;
type ReasonCode = (typeof tpmReasons)[number];

const bankNames = z.array(z.enum(hashNames)).min(1, 'Expected at least one bank');

const banks = z
	.strictObject({
		must: bankNames.optional().describe('Banks that must be active'),
		'must-not': bankNames.optional().describe('Banks that must not be active'),
	})
	.refine((rule) => rule.must !== undefined || rule['must-not'] !== undefined, {
		message: "Expected 'must' or 'must-not': without them nothing is asserted",
	})
	.refine((rule) => !rule.must?.some((bank) => rule['must-not']?.includes(bank)), {
		message: "Expected a bank under 'must' or under 'must-not', not both: no TPM can pass",
	});

const propertyValue = (example: string) =>
	z
		.string(`Expected text in quotes, for example "${example}"`)
		.regex(/^[!-~][ -~]{0,3}$/, `Expected one to four ASCII characters, for example "${example}"`)
		.optional();

/** One assertion: what is wanted, what is there, and the reason if they differ. */
interface Finding {
	readonly expected: string;
	readonly actual: string;
	readonly failure: { readonly code: ReasonCode; readonly message: string } | null;
}

export const tpm = defineKind({
	kind: 'tpm',
	summary: 'A TPM 2.0 answers, and is of this family, manufacturer and set of PCR banks',
	target: 'guest',
	params: z
		.strictObject({
			family: propertyValue('2.0').describe('TPM_PT_FAMILY_INDICATOR'),
			manufacturer: propertyValue('IBM').describe('TPM_PT_MANUFACTURER'),
			banks: banks.optional().describe('PCR banks that are, or are not, active'),
			device: tpmDevice,
		})
		.refine((params) => params.family !== undefined || params.manufacturer !== undefined || params.banks !== undefined, {
			message: "Expected 'family', 'manufacturer' or 'banks': without them nothing is asserted",
		}),
	expectation: ({ family, manufacturer, banks }) => ({
		family: family?.trimEnd() ?? null,
		// "XYZ " is what tools show, with the blank that fills up the four characters.
		manufacturer: manufacturer?.trimEnd() ?? null,
		must: banks?.must ?? [],
		mustNot: banks?.['must-not'] ?? [],
	}),
	*observe({ device }) {
		const first = TPM_PT.FAMILY_INDICATOR;
		yield {
			properties: tpmCommand(device, getTpmProperties(first, TPM_PT.FIRMWARE_VERSION_2 - first + 1)),
			banks: tpmCommand(device, getPcrBanks()),
		};
	},
	judge(observations, { family, manufacturer, must, mustNot }) {
		const findings = [
			...(family === null ? [] : [judgeProperty(observations, 'family', TPM_PT.FAMILY_INDICATOR, family, 'wrong-family')]),
			...(manufacturer === null
				? []
				: [judgeProperty(observations, 'manufacturer', TPM_PT.MANUFACTURER, manufacturer, 'wrong-manufacturer')]),
			...(must.length + mustNot.length === 0 ? [] : [judgeBanks(observations, must, mustNot)]),
		];
		return conclude(findings);
	},
});

function judgeProperty(observations: Observations, name: string, tag: number, wanted: string, code: ReasonCode): Finding {
	const raw = tpmValue(observations, 'properties', parseTpmProperties).get(tag);
	if (raw === undefined) {
		throw new Inconclusive('unrecognised-output', `The TPM's answer does not have property 0x${tag.toString(16)} (${name})`);
	}
	const text = propertyText(raw);
	return {
		expected: `${name} ${wanted}`,
		actual: `${name} ${text} (0x${raw.toString(16).padStart(8, '0')})`,
		failure: text === wanted ? null : { code, message: `The TPM's ${name} is '${text}', not '${wanted}'` },
	};
}

function judgeBanks(observations: Observations, must: readonly string[], mustNot: readonly string[]): Finding {
	const active = tpmValue(observations, 'banks', parsePcrBanks)
		.filter(({ pcrs }) => pcrs.length > 0)
		.map(({ hash }) => hashNameOf(hash) ?? `0x${hash.toString(16).padStart(4, '0')}`);
	const missing = must.filter((bank) => !active.includes(bank));
	const present = mustNot.filter((bank) => active.includes(bank));
	return {
		expected: [...(must.length > 0 ? [`active banks ${listBanks(must)}`] : []), ...mustNot.map((bank) => `no ${bank}`)].join(
			', ',
		),
		actual: `active banks ${listBanks(active)}`,
		failure:
			missing.length > 0
				? { code: 'bank-missing', message: `The TPM has no active bank ${listBanks(missing)}` }
				: present.length > 0
					? { code: 'bank-present', message: `The TPM has an active bank ${listBanks(present)}, which must not be` }
					: null,
	};
}

function conclude(findings: readonly Finding[]): Judgement {
	const wrong = findings.find(({ failure }) => failure !== null);
	if (wrong?.failure != null) {
		return { outcome: 'failed', reason: wrong.failure, expected: wrong.expected, actual: wrong.actual };
	}
	const expected = findings.map((finding) => finding.expected).join(', ');
	return { outcome: 'passed', expected, actual: findings.map((finding) => finding.actual).join(', ') };
}
