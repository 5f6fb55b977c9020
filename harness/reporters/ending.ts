// The end of a run, in ten seconds (design section 3): verdict, counts, what to look at, what to do.

import { styleText } from 'node:util';
import type { Result } from '../language/results.ts';
import { nextStep } from './next-step.ts';
import { cleanLine, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { brokenOffInWords, countsInWords, promisesInWords, runDuration, type Summary, summarise } from './summary.ts';
import { hostInWords, profileInWords, realityWords, selectionInWords } from './words.ts';

const mostRows = 10;
const indent = '      ';
/** A longer value stands for itself, and does not push the others' columns apart. */
const widestExpected = 40;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const verdictStyles = {
	pass: ['bold', 'green'],
	fail: ['bold', 'red'],
	incomplete: ['bold', 'yellow'],
} as const satisfies Record<string, Style>;

/** Lines for a terminal, each ended by a newline. */
export function renderEnding(report: RunReport, { colour }: { readonly colour: boolean }): string {
	const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
	const summary = summarise(report);
	const brokenOff = brokenOffInWords(report, summary);
	const promises = promisesInWords(report, summary);
	const duration = runDuration(report);
	const next = nextStep(report, summary);
	const lines = [
		...headLines(report, paint),
		...(brokenOff === null ? [] : [`${indent}${paint(['bold', 'yellow'], brokenOff)}`]),
		`${indent}${countsInWords(summary)}${duration === null ? '' : `   (${duration})`}`,
		...(promises === null ? [] : [`${indent}${promises}`]),
		...troubleRows(summary, paint),
		`Next: ${next.why}: ${paint('bold', next.command)}`,
	];
	return `${lines.join('\n')}\n`;
}

function headLines(report: RunReport, paint: Paint): readonly string[] {
	const { run, results } = report;
	const [deciding, ...others] = results.verdicts;
	const verdict = deciding?.verdict ?? 'incomplete';
	const profile = profileInWords(deciding?.profile ?? run.profiles[0] ?? '');
	const about = `${cleanLine(run.matrix.title, 60)} ${profile} · host ${hostInWords(run)} · kernel ${cleanLine(run.host.kernel, 60)}`;
	const selection = selectionInWords(report);
	const reality = run.reality === 'hardware' ? '' : ` ${realityWords[run.reality]}.`;
	const head =
		selection === null
			? [`${paint('bold', 'GATE')}  ${paint(verdictStyles[verdict], verdict)}   ${about}`]
			: [`${paint(verdictStyles[verdict], selection)}${reality}`, `${indent}${about}`];
	return [
		...head,
		...others.map((other) => `${indent}${profileInWords(other.profile)}: ${paint(verdictStyles[other.verdict], other.verdict)}`),
	];
}

/** The same trouble in several cells is one row. */
interface Row {
	readonly result: Result;
	readonly cells: number;
}

function troubleRows({ troubles, planned }: Summary, paint: Paint): readonly string[] {
	const rows = mergeCells(troubles);
	const shown = rows.slice(0, mostRows);
	const idWidth = Math.max(0, ...shown.map(({ result }) => shortId(result).length));
	const expectedWidth = Math.min(widestExpected, Math.max(0, ...shown.map(({ result }) => expectedOf(result).length)));
	const lines = shown.map(({ result, cells }) => {
		const mark = result.outcome === 'failed' ? paint('red', '✗') : paint('yellow', '?');
		const id = shortId(result).padEnd(idWidth);
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

/** The instance without its cell: a check of several subjects keeps its number. */
function shortId({ instance, cell }: Result): string {
	return cleanLine(instance.replace(`${cell}/`, ''), 40);
}

function expectedOf({ outcome, expected }: Result): string {
	return outcome === 'failed' ? `expected ${cleanLine(expected ?? 'something else', 60)}` : '';
}
