// The gate of one profile (design section 3): any required failed -> fail; else any required error, blocked or missing ->
// incomplete; else pass. Pure.

import type { Plan } from '../language/plan.ts';
import type { OtherResult, Result, Verdict } from '../language/results.ts';

/** Reasons that may be gone when the same run is made again. */
const passing = new Set(['unreachable', 'timeout', 'deadline', 'interrupted', 'kds-unavailable', 'kds-throttled']);

type Judged = Omit<OtherResult, 'profile'>;

/** The verdict over the results of one profile; a planned check without a result is missing, never passed. */
export function judgeGate(plan: Plan, profile: string, results: readonly Judged[]): Verdict {
	const done = new Map(results.map((result) => [result.instance, result]));
	const required = results.filter((result) => result.required);
	const failed = required.filter(({ outcome }) => outcome === 'failed');
	const errors = required.filter(({ outcome }) => outcome === 'error');
	const blocked = required.filter(({ outcome }) => outcome === 'blocked');
	const missing = plan.cells
		.flatMap(({ checks }) => checks)
		.filter((check) => check.under[profile]?.required === true && !done.has(check.instance));
	const verdict = failed.length > 0 ? 'fail' : errors.length + blocked.length + missing.length > 0 ? 'incomplete' : 'pass';
	const passed = required.filter(({ outcome }) => outcome === 'passed');
	return {
		profile,
		verdict: verdict === 'pass' && passed.length === 0 ? 'incomplete' : verdict,
		retryable: failed.length === 0 && errors.some(({ reason }) => passing.has(reason?.code ?? '')),
		reasons: [
			...sentence(failed, 'failed'),
			...sentence(errors, 'could not be found out'),
			...sentence(blocked, 'blocked'),
			...sentence(missing, 'planned and never run'),
			...(verdict === 'pass' && passed.length === 0 ? ['No required check was judged under this profile.'] : []),
			...(verdict === 'pass' && passed.length > 0
				? [passed.length === 1 ? 'The one required check passed.' : `All ${passed.length} required checks passed.`]
				: []),
		],
	};
}

const named = 6;

function sentence(checks: readonly { readonly instance: string }[], what: string): readonly string[] {
	if (checks.length === 0) {
		return [];
	}
	const names = checks.slice(0, named).map(({ instance }) => instance);
	const more = checks.length > named ? `, and ${checks.length - named} more` : '';
	return [`${checks.length} required ${checks.length === 1 ? 'check' : 'checks'} ${what}: ${names.join(', ')}${more}.`];
}

/** The results of a profile from a bundle: those of the deciding one, with the differences laid over them. */
export function resultsUnder(
	profile: string,
	deciding: string,
	results: readonly Result[],
	others: readonly OtherResult[],
): readonly Judged[] {
	if (profile === deciding) {
		return results;
	}
	const differing = new Map(others.filter((other) => other.profile === profile).map((other) => [other.instance, other]));
	return results.map((result) => differing.get(result.instance) ?? result);
}
