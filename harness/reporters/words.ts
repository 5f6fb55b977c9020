// The words that every report for people uses, in one place so that they say the same thing.

import type { PlannedCell } from '../language/plan.ts';
import type { Outcome, Result, Verdict } from '../language/results.ts';
import type { Reality, RunInfo } from '../language/run-info.ts';
import { cleanLine, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';

/** In capitals when the machine was not real, so that it is never overlooked. */
export const realityWords: Readonly<Record<Reality, string>> = {
	hardware: 'real machine',
	emulated: 'EMULATED',
	simulated: 'SIMULATED',
};

/** One word each, in the order in which a person wants to see them. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
	failed: 'failed',
	error: 'could not be found out',
	blocked: 'blocked',
	skipped: 'not applicable',
	passed: 'passed',
};

const profileWords = new Map([
	['change', 'as promised'],
	['shipped', 'as shipped'],
	['svsm', 'with the COPR SVSM stack'],
	['dev', 'with a development build, NOT A RELEASE BUILD'],
]);

/** 'as promised' for 'change', 'as nightly' for a profile without words of its own. */
export function profileInWords(profile: string): string {
	return profileWords.get(profile) ?? `as ${cleanLine(profile, 40)}`;
}

const axisWords = new Map([
	['beta', 'Beta'],
	['ga', 'GA'],
	['updates', 'with updates'],
	['milan', 'Milan'],
	['genoa', 'Genoa'],
	['turin', 'Turin'],
	['other', 'another CPU'],
	['snp', 'SEV-SNP'],
	['sev-es', 'SEV-ES'],
	['sev', 'SEV'],
	['none', 'plain guest'],
	['disk', 'disk boot'],
	['direct', 'direct kernel boot'],
	['svsm', 'SVSM boot'],
]);

/** 'GA · Genoa · SEV-SNP · disk boot · guest f41' */
export function cellInWords({ axes }: PlannedCell, { host }: RunInfo): string {
	const generation = generationInWords(axes.generation, host);
	const words = [axisInWords(axes.milestone), generation, axisInWords(axes.tee), axisInWords(axes.boot)];
	return [...words, `guest ${cleanLine(axes['guest-os'], 40)}`].join('\u00a0· ');
}

function axisInWords(value: string): string {
	return axisWords.get(value) ?? cleanLine(value, 40);
}

/** What the host's facts say where the host did not: a fact that nobody found out is none. */
const notFoundOut: ReadonlySet<string> = new Set(['unknown CPU', 'unknown kernel', 'unknown system', '']);

/** A CPU, kernel or system as the host gave it, at most `longest` long, or that it was not found out. */
export function factInWords(fact: string, longest: number): string {
	return notFoundOut.has(fact) ? 'not found out' : cleanLine(fact, longest);
}

function generationInWords(generation: string, { cpu }: RunInfo['host']): string {
	return generation === 'other' && notFoundOut.has(cpu) ? 'CPU not found out' : axisInWords(generation);
}

/** 'epyc7 (Genoa, real machine)' */
export function hostInWords({ host, reality }: RunInfo): string {
	return `${cleanLine(host.name, 60)} (${generationInWords(host.generation, host)}, ${realityWords[reality]})`;
}

/** The instance without its cell, as one line: a check of several subjects keeps its number. */
export function shortInstance({ instance, cell }: Pick<Result, 'instance' | 'cell'>, longest: number): string {
	return cleanLine(instance.startsWith(`${cell}/`) ? instance.slice(cell.length + 1) : instance, longest);
}

const selectionWords: Readonly<Record<Verdict['verdict'], string>> = { pass: 'PASSED', fail: 'FAILED', incomplete: 'INCOMPLETE' };

/** 'SELECTION PASSED: 3 of 118 checks. Not a gate verdict.', or null when the whole matrix ran. */
export function selectionInWords({ plan }: RunReport, verdict: Verdict['verdict']): string | null {
	if (plan.scope === 'matrix') {
		return null;
	}
	const selected = plan.cells.flatMap(({ checks }) => checks.filter((check) => check.selected)).length;
	// `--set` can select cells that the whole matrix does not have on this host.
	const count =
		selected <= plan.checksInMatrix
			? `${selected} of ${plural(plan.checksInMatrix, 'check')}`
			: `${plural(selected, 'check')}, more than the matrix's own`;
	return `SELECTION ${selectionWords[verdict]}: ${count}. Not a gate verdict.`;
}
