// results.json from what finished: the deciding profile in full, the others where they differ. Pure.

import { unconfirmedNote } from '../domain/unconfirmed.ts';
import type { Reason } from '../language/kind.ts';
import type { Plan, PlannedCheck } from '../language/plan.ts';
import type { OtherResult, Outcome, Result, Results } from '../language/results.ts';
import { judgeGate } from './verdict.ts';

/** How one check ended under one profile, and what it rests on. */
export interface Ended {
	readonly outcome: Outcome;
	readonly reason: Reason | null;
	readonly expected: string | null;
	readonly actual: string | null;
	readonly rule: string | null;
	readonly notes: readonly string[];
}

export interface EndedCheck {
	readonly settled: ReadonlyMap<string, Ended>;
	readonly evidence: readonly string[];
	readonly durationMs: number;
}

/** One result in the form of results.json. */
export function makeResult(check: PlannedCheck, cell: string, profile: string, ended: EndedCheck): Result | null {
	const settled = ended.settled.get(profile);
	if (settled === undefined) {
		return null;
	}
	return {
		id: check.id,
		instance: check.instance,
		suite: check.suite,
		cell,
		target: check.target,
		profile,
		outcome: settled.outcome,
		reason: settled.reason,
		expected: settled.expected,
		actual: settled.actual,
		evidence: [...ended.evidence],
		rule: settled.rule,
		notes: [...settled.notes, ...leaningNotes(check, settled.outcome)],
		required: check.under[profile]?.required ?? false,
		durationMs: ended.durationMs,
	};
}

/** A verdict says what it leans on; where none was reached there is nothing to lean. */
function leaningNotes({ unconfirmed }: PlannedCheck, outcome: Outcome): readonly string[] {
	return outcome === 'passed' || outcome === 'failed' ? unconfirmed.map(unconfirmedNote) : [];
}

/** Results of every planned check that ended, in the order of the plan, with the verdict of each profile. */
export function makeResults(plan: Plan, ended: ReadonlyMap<string, EndedCheck>): Results {
	const [deciding = '', ...others] = plan.profiles;
	const under = (profile: string): readonly Result[] =>
		plan.cells.flatMap((cell) =>
			cell.checks.flatMap((check) => {
				const done = ended.get(check.instance);
				return (done === undefined ? null : makeResult(check, cell.id, profile, done)) ?? [];
			}),
		);
	const results = under(deciding);
	const byInstance = new Map(results.map((result) => [result.instance, result]));
	return {
		format: 'snpgate.results/1',
		verdicts: plan.profiles.map((profile) => judgeGate(plan, profile, profile === deciding ? results : under(profile))),
		results: [...results],
		otherProfiles: others.flatMap((profile) =>
			under(profile).flatMap((result) => (differs(result, byInstance.get(result.instance)) ? [brief(result)] : [])),
		),
	};
}

function differs(result: Result, deciding: Result | undefined): boolean {
	return (
		JSON.stringify(deciding === undefined ? null : brief({ ...deciding, profile: result.profile })) !==
		JSON.stringify(brief(result))
	);
}

function brief({ profile, instance, outcome, required, reason, expected, actual, notes }: Result): OtherResult {
	return { profile, instance, outcome, required, reason, expected, actual, notes };
}
