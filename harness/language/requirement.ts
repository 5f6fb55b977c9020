// What a matrix can require of a package: exactly one engine, named.

import { z } from 'zod';
import { parseRequirement } from '../domain/version/requirement.ts';

const form = "Expected 'present', 'absent' or a range with its engine, for example { upstream: \">= 9.1.0\" }";

const range = (about: string) => z.string('Expected a version range').min(1, 'Expected a version range').describe(about);

/** The version engines have read the range, refused one that cannot fail, and will read it again in the same way. */
export const requirement = z
	.union(
		[
			z.enum(['present', 'absent'], form),
			z.strictObject({ upstream: range('A semver range of upstream versions, for example ">= 9.1.0"') }),
			z.strictObject({ evr: range('A range of epoch, version and release, for example ">= 2:9.1.0-1"') }),
			z.strictObject({ date: range('A range of days, for example ">= 20240813"') }),
			z.strictObject({ calver: range('A range of calendar versions, for example ">= 2025.08"') }),
		],
		form,
	)
	.superRefine((written, context) => {
		const parsed = parseRequirement(written);
		if (!parsed.ok) {
			const path = typeof written === 'string' ? [] : Object.keys(written);
			context.addIssue({ code: 'custom', message: parsed.message, path });
		}
	})
	.describe('What a package must be');

export type Requirement = z.infer<typeof requirement>;
