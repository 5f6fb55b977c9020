// What every ending begins with: the verdict or that there is none, on what, and how real it was.

import { styleText } from 'node:util';
import type { Verdict } from '../language/results.ts';
import { cleanLine } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { factInWords, hostInWords, profileInWords, realityWords, selectionInWords } from './words.ts';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Lines below the first one start under the verdict. */
export const indent = '      ';

export const verdictStyles = {
	pass: ['bold', 'green'],
	fail: ['bold', 'red'],
	incomplete: ['bold', 'yellow'],
} as const satisfies Record<Verdict['verdict'], Style>;

export function createPaint(colour: boolean): Paint {
	return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** One line for the matrix, two for a selection, without a newline at the end. */
export function renderHeadline(report: RunReport, verdict: Verdict, { colour }: { readonly colour: boolean }): string {
	const paint = createPaint(colour);
	const { run } = report;
	const style = verdictStyles[verdict.verdict];
	const what = `${cleanLine(run.matrix.title, 60)} ${profileInWords(verdict.profile)}`;
	const about = `${what} · host ${hostInWords(run)} · kernel ${factInWords(run.host.kernel, 60)}`;
	const selection = selectionInWords(report, verdict.verdict);
	const reality = run.reality === 'hardware' ? '' : ` ${realityWords[run.reality]}.`;
	return selection === null
		? `${paint('bold', 'GATE')}  ${paint(style, verdict.verdict)}   ${about}`
		: `${paint(style, selection)}${reality}\n${indent}${about}`;
}
