// Which alternative of a union was meant, so that the message speaks of that one.

import { nearestWord } from '../domain/text/nearest.ts';
import { alternatives, type Issue } from './wording.ts';
import type { Tree } from './yaml-tree.ts';

type UnionIssue = Issue & { readonly code: 'invalid_union' };
type StrayKeys = Issue & { readonly code: 'unrecognized_keys' };

type Choice =
	| { readonly is: 'branch'; readonly issues: readonly Issue[] }
	/** A key of one alternative beside a key of another. */
	| { readonly is: 'mixture'; readonly key: string; readonly beside: string }
	/** The value has the form of none of them; `takesText` when any text would have had one. */
	| { readonly is: 'none'; readonly message: string; readonly takesText: boolean };

/** `tree` is what stands where the union was expected. */
export function chooseBranch(union: UnionIssue, tree: Tree | null): Choice {
	const branches = flatten(union);
	const [meant, other] = branches
		.filter((issues) => !issues.some((issue) => isOtherForm(issue, tree)))
		.map((issues) => ({ issues, changes: countChanges(issues, tree) }))
		.sort((a, b) => a.changes - b.changes || a.issues.length - b.issues.length);
	const isEmpty = tree?.kind === 'map' && tree.entries.size === 0;
	const isTie = meant !== undefined && meant.changes > 0 && meant.changes === other?.changes;
	if (meant === undefined || (isTie && isEmpty)) {
		return noBranch(branches, tree);
	}
	const stray = meant.issues.find(isStray);
	if (stray === undefined) {
		return { is: 'branch', issues: meant.issues };
	}
	const known = [...new Set(branches.flatMap((issues) => issues.flatMap((issue) => issue.known ?? [])))];
	const mixed = stray.keys.find((key) => known.includes(key));
	const beside = tree?.kind === 'map' ? [...tree.entries.keys()].find((key) => !stray.keys.includes(key)) : undefined;
	if (mixed !== undefined && beside !== undefined) {
		return { is: 'mixture', key: mixed, beside };
	}
	// A misspelt key may be one of any alternative; where that leaves open which, what a single one lacks says nothing.
	const told = isTie ? [stray] : meant.issues;
	return { is: 'branch', issues: told.map((issue) => (issue === stray ? { ...issue, known } : issue)) };
}

function noBranch(branches: readonly (readonly Issue[])[], tree: Tree | null): Choice {
	const others = branches.flatMap((issues) => issues.filter((issue) => isOtherForm(issue, tree)));
	const forms = [...new Set(others.map(({ message }) => message.replace(/^Expected /, '')))];
	const takesText = others.some((issue) => issue.code === 'invalid_type' && issue.expected === 'string');
	return { is: 'none', message: `Expected ${alternatives(forms)}`, takesText };
}

/** The alternatives of a union within this union are alternatives of this one. */
function flatten(union: UnionIssue): readonly (readonly Issue[])[] {
	return union.errors.flatMap((issues) => {
		const [only] = issues;
		return issues.length === 1 && only?.code === 'invalid_union' && only.path.length === 0 ? flatten(only) : [issues];
	});
}

/** The value is not even of the alternative's form: a list where text belongs, a number where one of some words does. */
function isOtherForm(issue: Issue, tree: Tree | null): boolean {
	if (issue.path.length > 0) {
		return false;
	}
	return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof tree?.value !== 'string');
}

function isStray(issue: Issue): issue is StrayKeys {
	return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}

/**
 * How many keys must be added or removed; to correct the spelling of one is half a change. The alternative that needs the
 * fewest changes is the one that was meant.
 */
function countChanges(issues: readonly Issue[], tree: Tree | null): number {
	const strays = issues.filter(isStray).flatMap(({ keys, known }) => keys.map((key) => nearestWord(key, known ?? [])));
	const corrected = strays.filter((near) => near !== null);
	const missing = issues.filter(({ path }) => {
		const key = String(path[0]);
		return path.length === 1 && tree?.kind === 'map' && !tree.entries.has(key) && !corrected.includes(key);
	});
	return strays.length - corrected.length / 2 + missing.length;
}
