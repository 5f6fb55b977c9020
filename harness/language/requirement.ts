// What a matrix can require of a package: exactly one engine, named.

import { z } from 'zod';
import { type ParsedRequirement, parseRequirement } from '../domain/version/requirement.ts';

const form = "Expected 'present', 'absent' or a range with its engine, for example { upstream: \">= 9.1.0\" }";

const range = (about: string) => z.string('Expected a version range').min(1, 'Expected a version range').describe(about);

/** The first and the last version that an engine can read; 'upstream' and 'evr' see by themselves what admits every version. */
const ends = { date: ['19000101', '29991231'], calver: ['2000.01~rc0', '2999.12.999999999'] } as const;

/** Ranges leave no holes: what admits both ends admits all between. */
function admitsAll({ engine, meets }: ParsedRequirement): boolean {
	const probe = { name: '', epoch: '0', release: '1', arch: 'x86_64' };
	return (engine === 'date' || engine === 'calver') && ends[engine].every((version) => meets({ ...probe, version }) === true);
}

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
		} else if (admitsAll(parsed.requirement)) {
			const message = `'${parsed.requirement.text}' admits every version and so cannot fail: raise the lower bound`;
			context.addIssue({ code: 'custom', message, path: [parsed.requirement.engine] });
		}
	})
	.describe('What a package must be');

export type Requirement = z.infer<typeof requirement>;
