// From judgement to outcome: skips, needs and controls decide before the judge is asked (design section 3). Pure.

import type { Ended } from '../gate/results.ts';
import { type CheckKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import type { PlannedCheck } from '../language/plan.ts';

/** How an instance ended under a profile, once it has. */
export type Lookup = (instance: string, profile: string) => Ended | undefined;

const nothing = { reason: null, expected: null, actual: null, rule: null, notes: [] } as const;

/** What the plan and the needs already decide; null when the check is to be observed and judged under this profile. */
export function settleWithoutJudging(check: PlannedCheck, profile: string, lookUp: Lookup): Ended | null {
	const own = check.under[profile]?.skip ?? null;
	if (own !== null) {
		return { ...nothing, outcome: 'skipped', reason: { code: 'skipped', message: own.because }, rule: own.rule };
	}
	const needs = check.needs.map((instance) => ({ instance, settled: lookUp(instance, profile) }));
	const skipped = needs.find(({ settled }) => settled?.outcome === 'skipped');
	if (skipped?.settled !== undefined) {
		return { ...nothing, outcome: 'skipped', reason: skipped.settled.reason, rule: skipped.settled.rule };
	}
	const broken = needs.find(({ settled }) => settled?.outcome !== 'passed');
	if (broken !== undefined) {
		const how = { failed: 'failed', error: 'could not be found out', blocked: 'is itself blocked' } as const;
		const outcome = broken.settled?.outcome;
		const word = outcome === 'failed' || outcome === 'error' || outcome === 'blocked' ? how[outcome] : 'was not run';
		return { ...nothing, outcome: 'blocked', reason: { code: 'blocked', message: `needs '${broken.instance}', which ${word}` } };
	}
	return null;
}

/** Judges what was observed. A judge that cannot find out, for whatever reason, makes an error and never a pass. */
export function settleByJudging(
	kind: CheckKind,
	check: PlannedCheck,
	profile: string,
	observations: Observations,
	lookUp: Lookup,
): Ended {
	const control = check.control === null ? undefined : lookUp(check.control, profile);
	if (check.control !== null && control?.outcome !== 'passed') {
		const message = `the control '${check.control}' did not pass, so a refusal here would prove nothing`;
		return { ...nothing, outcome: 'error', reason: { code: 'control-failed', message } };
	}
	const judged = judge(kind, check.under[profile]?.expectation, observations);
	return {
		outcome: judged.outcome,
		reason: judged.outcome === 'passed' ? null : judged.reason,
		expected: judged.expected ?? null,
		actual: judged.actual ?? null,
		rule: null,
		notes: judged.notes ?? [],
	};
}

function judge(kind: CheckKind, expectation: unknown, observations: Observations): Judgement {
	try {
		return kind.judge(observations, expectation);
	} catch (error) {
		if (error instanceof Inconclusive) {
			return { outcome: 'error', reason: error.reason };
		}
		const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
		return { outcome: 'error', reason: { code: 'judge-broke', message: `the judge of '${kind.kind}' broke: ${message}` } };
	}
}

/** The kind's generator broke: a defect of snpgate, said as such. */
export function settleBroken(kind: string, why: string): Ended {
	return { ...nothing, outcome: 'error', reason: { code: 'observer-broke', message: `the observer of '${kind}' broke: ${why}` } };
}

/** What the end of the run cut off. */
export function settleCutOff(why: 'deadline' | 'interrupted'): Ended {
	const message =
		why === 'deadline'
			? 'the deadline of the run passed before this was found out'
			: 'the run was interrupted before this was found out';
	return { ...nothing, outcome: 'error', reason: { code: why, message } };
}
