// The words that every report for people uses, in one place so that they say the same thing.

import type { PlannedCell } from '../language/plan.ts';
import type { Outcome, Verdict } from '../language/results.ts';
import type { Reality, RunInfo } from '../language/run-info.ts';
import { cleanLine } from './plain-text.ts';
import type { RunReport } from './report.ts';

/** In capitals when the machine was not real, so that it is never overlooked. */
export const realityWords: Readonly<Record<Reality, string>> = {
	hardware: 'real hardware',
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

/** 'as promised' for 'change'; a profile without words of its own is named. */
export function profileInWords(profile: string): string {
	return profileWords.get(profile) ?? `under the profile '${cleanLine(profile, 40)}'`;
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
export function cellInWords({ axes }: PlannedCell): string {
	const words = [axes.milestone, axes.generation, axes.tee, axes.boot].map(axisInWords);
	return [...words, `guest ${cleanLine(axes['guest-os'], 40)}`].join('\u00a0· ');
}

function axisInWords(value: string): string {
	return axisWords.get(value) ?? cleanLine(value, 40);
}

/** 'epyc7 (Genoa, real hardware)' */
export function hostInWords({ host, reality }: RunInfo): string {
	return `${cleanLine(host.name, 60)} (${axisInWords(host.generation)}, ${realityWords[reality]})`;
}

const selectionWords: Readonly<Record<Verdict['verdict'], string>> = { pass: 'PASSED', fail: 'FAILED', incomplete: 'INCOMPLETE' };

/** 'SELECTION PASSED: 3 of 118 checks. Not a gate verdict.', or null when the whole matrix ran. */
export function selectionInWords({ plan, results }: RunReport): string | null {
	if (plan.scope === 'matrix') {
		return null;
	}
	const selected = plan.cells.flatMap(({ checks }) => checks.filter((check) => check.selected)).length;
	const verdict = selectionWords[results.verdicts[0]?.verdict ?? 'incomplete'];
	// `--set` can select cells that the whole matrix does not have on this host.
	const count =
		selected <= plan.checksInMatrix
			? `${selected} of ${plan.checksInMatrix} checks`
			: `${selected} checks, more than the matrix's own`;
	return `SELECTION ${verdict}: ${count}. Not a gate verdict.`;
}
