// Whether each promise of the Change was kept, under the deciding profile. Pure.

import type { Plan } from '../language/plan.ts';
import type { Result } from '../language/results.ts';

export interface JudgedPromise {
	readonly id: string;
	readonly title: string;
	/** Null when it could not be found out: all of it was skipped, or some of it was an error, never run, or blocked by such. */
	readonly kept: boolean | null;
	/** Instances, in the order of the plan. */
	readonly checks: readonly string[];
}

/**
 * A promise is kept when all its required checks passed, those skipped aside, and broken when one of them failed or is
 * blocked by a failure. What was only in part found out is neither.
 */
export function judgePromises(plan: Plan, results: readonly Result[]): readonly JudgedPromise[] {
	const byInstance = new Map(results.map((result) => [result.instance, result]));
	const underFailure = findUnderFailure(plan, results);
	const required = new Set(
		plan.cells.flatMap(({ checks }) => checks.filter((check) => check.required).map(({ instance }) => instance)),
	);
	return plan.promises.map(({ id, title, checks }) => {
		const counting = checks.filter((instance) => required.has(instance) && byInstance.get(instance)?.outcome !== 'skipped');
		const outcomes = counting.map((instance) => byInstance.get(instance)?.outcome);
		const broken = outcomes.includes('failed') || counting.some((instance) => underFailure.has(instance));
		const whole = outcomes.length > 0 && outcomes.every((outcome) => outcome === 'passed');
		return { id, title, kept: broken ? false : whole ? true : null, checks };
	});
}

/** The blocked checks that a failed one keeps from passing, directly or not, whatever else blocks them. */
function findUnderFailure(plan: Plan, results: readonly Result[]): ReadonlySet<string> {
	const blocked = new Set(results.filter(({ outcome }) => outcome === 'blocked').map(({ instance }) => instance));
	const needs = plan.cells.flatMap(({ checks }) =>
		checks
			.filter(({ instance }) => blocked.has(instance))
			.flatMap((check) => check.needs.map((need) => ({ need, instance: check.instance }))),
	);
	const neededBy = Map.groupBy(needs, ({ need }) => need);
	const found = new Set<string>();
	const queue = results.filter(({ outcome }) => outcome === 'failed').map(({ instance }) => instance);
	for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
		for (const { instance } of neededBy.get(at) ?? []) {
			if (!found.has(instance)) {
				found.add(instance);
				queue.push(instance);
			}
		}
	}
	return found;
}
