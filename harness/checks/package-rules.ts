// Which rules of a matrix hold for a package at one place, and how a rule is read and shown.

import { type ParsedRequirement, parseRequirement } from '../domain/version/requirement.ts';
import { Inconclusive, type Place } from '../language/kind.ts';
import type { PackageRule } from '../language/matrix.ts';
import type { Requirement } from '../language/requirement.ts';

/** Plain data, for the plan. */
export interface Rule {
	/** 'suite', 'feature', or the name of the profile. */
	readonly from: string;
	readonly requirement: Requirement;
}

/** `feature` holds under every profile; the profile's own rule comes on top of it. */
export function matrixRules(
	name: string,
	{ packages, profile, axes }: Place,
): { readonly rules: readonly Rule[]; readonly key: string } {
	const entry = ownValue(packages, name) ?? {};
	const rules = [...new Set(['feature', profile])].flatMap((from) => {
		const rule = ownValue(entry, from);
		const inForce = rule !== undefined && isByMilestone(rule) ? ownValue(rule, axes.milestone) : rule;
		return inForce === undefined ? [] : [{ from, requirement: inForce }];
	});
	const mine = ownValue(entry, profile);
	const key = ['packages', name, profile, ...(mine !== undefined && isByMilestone(mine) ? [axes.milestone] : [])].join('.');
	return { rules, key };
}

/** Names come from files, and 'constructor' is a name like any other. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
	return Object.hasOwn(record, key) ? record[key] : undefined;
}

type ByMilestone = Exclude<PackageRule[string], Requirement>;

function isByMilestone(rule: PackageRule[string]): rule is ByMilestone {
	return typeof rule === 'object' && !('upstream' in rule || 'evr' in rule || 'date' in rule || 'calver' in rule);
}

export interface ReadRule {
	readonly from: string;
	readonly requirement: ParsedRequirement;
}

/** The loader refuses what cannot be parsed; a bundle of another version of snpgate may still hold it. */
export function readRule({ from, requirement }: Rule): ReadRule {
	const parsing = parseRequirement(requirement);
	if (!parsing.ok) {
		throw new Inconclusive('no-requirement', parsing.message);
	}
	return { from, requirement: parsing.requirement };
}

export function ruleLine(name: string, rules: readonly ReadRule[]): string {
	return `${name} ${rules.map(({ from, requirement: { text: line } }) => `${line} (${from})`).join(', ')}`;
}
