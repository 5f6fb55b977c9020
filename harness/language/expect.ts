// What is expected of an attestation report, as a file: everything may be left out, and what is left out is not judged.

import { z } from 'zod';
import { platformBits } from '../domain/snp/platform-info.ts';
import { policyBits } from '../domain/snp/policy.ts';
import { snpProducts } from '../domain/snp/product.ts';
import { hex, text } from './scalars.ts';

const bytes = (length: number, what: string) =>
	hex.refine((digits) => digits.length === 2 * length, `Expected ${length} bytes, ${2 * length} hex digits`).describe(what);

/** A number in hex, in quotes: YAML would turn it into another text. */
const number = (what: string) =>
	z
		.string(`Expected a number in hex and in quotes, for example "0x30000"`)
		.regex(/^(?:0[xX])?[0-9a-fA-F]{1,16}$/, 'Expected a number of at most 16 hex digits, for example "0x30000"')
		// Text again, since an expectation is written into the plan of a run.
		.transform((digits) => `0x${digits.replace(/^0[xX]/, '').toLowerCase()}`)
		.describe(what);

const level = z.int().min(0).max(255);
const tcb = z
	.strictObject({
		fmc: level.optional(),
		bl: level.optional(),
		tee: level.optional(),
		snp: level.optional(),
		ucode: level.optional(),
	})
	.refine((floor) => Object.keys(floor).length > 0, 'Expected at least one of fmc, bl, tee, snp and ucode')
	.describe('Least level of each component');

const camelToDash = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** Names of bits, as people write them, to whether the bit must be one. */
const bits = (names: Readonly<Record<string, number>>, what: string) =>
	z
		.strictObject(Object.fromEntries(Object.keys(names).map((name) => [camelToDash(name), z.boolean().optional()])))
		.describe(what);

const keys = z
	.union(
		[
			z.literal('required'),
			z
				.strictObject({
					digests: z.array(bytes(48, "SHA-384 of the key in AMD's form")).min(1).optional(),
					files: z.array(text).min(1).optional().describe('P-384 public keys or certificates in PEM, beside this file'),
				})
				.refine((keys) => Object.keys(keys).length > 0, "Expected 'digests' or 'files'; 'required' alone accepts any key"),
		],
		"Expected 'required', or digests or files of the keys that are trusted",
	)
	.describe('Whose key signed the ID block');

const guid = z
	.string()
	.regex(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'Expected a GUID')
	.transform((value) => value.toLowerCase());

export const expectSchema = z
	.strictObject({
		'report-data': bytes(64, 'The whole of REPORT_DATA').optional(),
		'report-data-prefix': hex.refine((digits) => digits.length <= 128, 'Expected at most 64 bytes').optional(),
		measurement: z.union([bytes(48, 'MEASUREMENT'), z.array(bytes(48, 'One launch digest')).min(1)]).optional(),
		'host-data': bytes(32, 'HOST_DATA').optional(),
		'report-id': bytes(32, 'REPORT_ID').optional(),
		'report-id-ma': bytes(32, 'REPORT_ID_MA').optional(),
		'chip-id': bytes(64, 'CHIP_ID').optional(),
		'family-id': bytes(16, 'FAMILY_ID').optional(),
		'image-id': bytes(16, 'IMAGE_ID').optional(),
		'signing-key': z.enum(['vcek', 'vlek']).optional().describe('The only kind of key that is accepted'),
		product: z.array(z.enum(snpProducts)).min(1).optional().describe('Products that are accepted'),
		'min-report-version': z.int().min(2).optional(),
		vmpl: z.int().min(0).max(3).optional(),
		policy: number('The whole policy, every bit of it').optional(),
		'policy-bits': bits(policyBits, 'Bits of the policy that must be one (true) or zero (false)').optional(),
		'min-abi': z
			.string('Expected a version in quotes, for example "1.55"')
			.regex(/^\d{1,3}\.\d{1,3}$/, 'Expected MAJOR.MINOR, for example "1.55"')
			.optional()
			.describe('Least firmware ABI that the policy must demand'),
		'min-tcb': z
			.strictObject({ reported: tcb.optional(), committed: tcb.optional(), launch: tcb.optional(), current: tcb.optional() })
			.optional(),
		'min-firmware': z
			.string('Expected a version in quotes, for example "1.55.29"')
			.regex(/^\d{1,3}\.\d{1,3}(?:\.\d{1,3})?$/, 'Expected MAJOR.MINOR or MAJOR.MINOR.BUILD, for example "1.55.29"')
			.optional()
			.describe('Least version of the firmware that runs'),
		provisional: z.literal('allowed').optional().describe('Firmware that is not committed is accepted'),
		'committed-version': z
			.literal('required')
			.optional()
			.describe("The version of the firmware that runs is the committed one's"),
		debug: z.literal('allowed').optional().describe('A policy that lets the host read the guest is accepted'),
		'migration-agent': z.literal('allowed').optional(),
		'masked-chip-id': z.literal('allowed').optional().describe('A report that is bound to no chip is accepted'),
		platform: bits(platformBits, 'Bits of PLATFORM_INFO that must be one (true) or zero (false)').optional(),
		'unknown-platform-bits': z.literal('refused').optional(),
		'min-guest-svn': z.int().min(0).optional(),
		'id-key': keys.optional(),
		'author-key': keys.optional(),
		mitigations: z
			.strictObject({
				launch: number('Bits of LAUNCH_MIT_VECTOR').optional(),
				current: number('Bits of CURRENT_MIT_VECTOR').optional(),
			})
			.optional()
			.describe('Bits that must be set'),
		'certificate-table': z.array(guid).min(1).optional().describe('GUIDs that the certificate table must have'),
	})
	.refine((expect) => expect['report-data'] === undefined || expect['report-data-prefix'] === undefined, {
		message: "Expected 'report-data' or 'report-data-prefix', not both",
	});

export type Expect = z.infer<typeof expectSchema>;
