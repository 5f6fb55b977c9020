// The end of a run, in ten seconds (design section 3): verdict, counts, what to look at, what to do.

import type { Result, Verdict } from '../language/results.ts';
import { createPaint, indent, type Paint, renderHeadline, verdictStyles } from './headline.ts';
import { nextStep } from './next-step.ts';
import { cleanLine, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { type Summary, summarise } from './summary.ts';
import { brokenOffInWords, countsInWords, leftOutInWords, promisesInWords, runDuration } from './summary-words.ts';
import { profileInWords, shortInstance } from './words.ts';

const mostRows = 10;
const widestId = 40;
/** A longer value stands for itself, and does not push the others' columns apart. */
const widestExpected = 40;

/** Lines for a terminal, each ended by a newline. */
export function renderEnding(report: RunReport, { colour }: { readonly colour: boolean }): string {
	const paint = createPaint(colour);
	const summary = summarise(report);
	const [deciding = undecided(report), ...others] = report.results.verdicts;
	const brokenOff = brokenOffInWords(report, summary);
	const promises = promisesInWords(report, summary);
	const duration = runDuration(report);
	const next = nextStep(report, summary);
	const lines = [
		renderHeadline(report, deciding, { colour }),
		...others.map((other) => `${indent}${profileInWords(other.profile)}: ${paint(verdictStyles[other.verdict], other.verdict)}`),
		...(brokenOff === null ? [] : [`${indent}${paint(['bold', 'yellow'], brokenOff)}`]),
		`${indent}${countsInWords(summary)}${duration === null ? '' : `   (${duration})`}`,
		...leftOutInWords(summary).map((text) => `${indent}not applicable: ${text}`),
		...(promises === null ? [] : [`${indent}${promises}`]),
		...troubleRows(summary, paint),
		`Next: ${next.why}: ${paint('bold', next.command)}`,
	];
	return `${lines.join('\n')}\n`;
}

/** Results without a verdict are those of a run that never came to one. */
function undecided({ run }: RunReport): Verdict {
	return { profile: run.profiles[0] ?? '', verdict: 'incomplete', retryable: false, reasons: [] };
}

/** The same trouble in several cells is one row. */
interface Row {
	readonly result: Result;
	readonly cells: number;
}

function troubleRows({ troubles, planned }: Summary, paint: Paint): readonly string[] {
	const rows = mergeCells(troubles);
	const shown = rows.slice(0, mostRows);
	const idWidth = Math.max(0, ...shown.map(({ result }) => shortInstance(result, widestId).length));
	const expectedWidth = Math.min(widestExpected, Math.max(0, ...shown.map(({ result }) => expectedOf(result).length)));
	const lines = shown.map(({ result, cells }) => {
		const mark = result.outcome === 'failed' ? paint('red', '✗') : paint('yellow', '?');
		const id = shortInstance(result, widestId).padEnd(idWidth);
		const said =
			result.outcome === 'failed'
				? `${expectedOf(result).padEnd(expectedWidth)}   actual ${cleanLine(result.actual ?? 'nothing', 60)}`
				: cleanLine(result.reason?.message ?? 'it could not be found out', 120);
		const aside = [
			...(cells > 1 ? [`in ${cells} cells`] : []),
			...(result.required ? [] : ['informational']),
			cleanLine(planned.get(result.instance)?.source ?? '', 80),
		].filter((text) => text !== '');
		return `  ${mark} ${id}   ${said}   ${paint('dim', aside.join(' · '))}`.trimEnd();
	});
	return rows.length <= mostRows ? lines : [...lines, `    … and ${plural(rows.length - mostRows, 'more row')} in report.html`];
}

function mergeCells(troubles: readonly Result[]): readonly Row[] {
	const same = Map.groupBy(troubles, ({ instance, cell, outcome, required, reason, expected, actual }) =>
		JSON.stringify([instance.replace(`${cell}/`, ''), outcome, required, reason?.message, expected, actual]),
	);
	return [...same.values()].flatMap((results) =>
		results[0] === undefined ? [] : [{ result: results[0], cells: results.length }],
	);
}

function expectedOf({ outcome, expected }: Result): string {
	return outcome === 'failed' ? `expected ${cleanLine(expected ?? 'something else', 60)}` : '';
}
