// The matrix's rules about single checks: what is skipped, and what does not count for the gate.

import type { Matrix } from '../language/matrix.ts';
import type { Check } from '../language/suite.ts';
import { type Cell, matchesWhere } from './cells.ts';

export interface Skip {
	readonly rule: string;
	readonly because: string;
}

type Rule = Matrix['informational'][number];

function applies(rule: Rule, suite: string, check: Check, cell: Cell, profile: string): boolean {
	return (
		matchesWhere(cell.axes, rule.where) &&
		(rule.checks === undefined || rule.checks.includes(check.id)) &&
		(rule.suites === undefined || rule.suites.includes(suite)) &&
		(rule.profiles === undefined || rule.profiles.includes(profile))
	);
}

/** The first rule of the matrix that skips this check here under this profile. */
export function skipRule(matrix: Matrix, suite: string, check: Check, cell: Cell, profile: string): Skip | null {
	const found = matrix.skip.find((rule) => applies(rule, suite, check, cell, profile));
	return found === undefined ? null : { rule: found.rule, because: found.because };
}

/** Whether the check counts for the gate here under this profile. */
export function isRequired(matrix: Matrix, suite: string, check: Check, cell: Cell, profile: string): boolean {
	const wanted = typeof check.required === 'boolean' ? check.required : check.required.includes(profile);
	return wanted && !matrix.informational.some((rule) => applies(rule, suite, check, cell, profile));
}
