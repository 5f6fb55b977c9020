// Whether each promise of the Change was kept, under the deciding profile. Pure.

import type { Plan } from '../language/plan.ts';
import type { Result } from '../language/results.ts';

export interface JudgedPromise {
	readonly id: string;
	readonly title: string;
	/** Null when nothing of it was judged: every check of it was skipped, blocked, in error or never run. */
	readonly kept: boolean | null;
	/** Instances, in the order of the plan. */
	readonly checks: readonly string[];
}

/** A promise is kept when all its required checks passed, those skipped aside; what was only in part found out is not kept. */
export function judgePromises(plan: Plan, results: readonly Result[]): readonly JudgedPromise[] {
	const byInstance = new Map(results.map((result) => [result.instance, result]));
	const required = new Set(
		plan.cells.flatMap(({ checks }) => checks.filter((check) => check.required).map(({ instance }) => instance)),
	);
	return plan.promises.map(({ id, title, checks }) => {
		const outcomes = checks
			.filter((instance) => required.has(instance))
			.map((instance) => byInstance.get(instance)?.outcome)
			.filter((outcome) => outcome !== 'skipped');
		const judged = outcomes.some((outcome) => outcome === 'passed' || outcome === 'failed');
		return { id, title, kept: judged ? outcomes.every((outcome) => outcome === 'passed') : null, checks };
	});
}
