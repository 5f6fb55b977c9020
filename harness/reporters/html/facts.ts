// The tables: promises, cells, and the facts of the run.

import type { Outcome } from '../../language/results.ts';
import { shellCommand } from '../command-line.ts';
import { cleanLine } from '../plain-text.ts';
import type { RunReport } from '../report.ts';
import type { Summary } from '../summary.ts';
import { promisesInWords } from '../summary-words.ts';
import { cellInWords, realityWords } from '../words.ts';
import { html, type Markup, nothing } from './markup.ts';
import { tally } from './results.ts';
import { shape } from './shapes.ts';

/** Nothing for a selection: a part of a promise's checks does not say whether it was kept. */
export function promisesPart(report: RunReport, summary: Summary): Markup {
	const caption = promisesInWords(report, summary);
	if (caption === null) {
		return nothing;
	}
	const outcomeOf = new Map(report.results.results.map(({ instance, outcome }) => [instance, outcome]));
	const state = (kept: boolean | null): readonly [Outcome, string] =>
		kept === null ? ['error', 'not judged'] : kept ? ['passed', 'kept'] : ['failed', 'not kept'];
	const rows = summary.promises.map(({ title, kept, checks }) => {
		const [outcome, word] = state(kept);
		const applicable = checks.filter((instance) => outcomeOf.get(instance) !== 'skipped');
		const passed = applicable.filter((instance) => outcomeOf.get(instance) === 'passed').length;
		return html`<tr><th scope="row">${cleanLine(title, 200)}</th><td><span class="state ${outcome}">${shape(
			outcome,
		)}${word}</span></td><td class="number">${passed} of ${applicable.length}</td></tr>`;
	});
	return html`<section class="part" id="promises" aria-labelledby="promises-title"><h2 id="promises-title">Promises</h2><div class="table"><table><caption>${
		caption
	}</caption><thead><tr><th scope="col">Promise of the Change</th><th scope="col">State</th><th scope="col" class="number">Checks passed</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

export function cellsPart({ run, plan, results }: RunReport): Markup {
	const byCell = Map.groupBy(results.results, ({ cell }) => cell);
	const rows = plan.cells.map(
		(cell) =>
			html`<tr><th scope="row"><code>${cleanLine(cell.id, 120)}</code></th><td>${cellInWords(cell, run)}${
				cell.skip === null ? '' : `. ${cleanLine(cell.skip.because, 200)}`
			}</td><td>${tally(byCell.get(cell.id) ?? [])}</td></tr>`,
	);
	return html`<section class="part" id="cells" aria-labelledby="cells-title"><h2 id="cells-title">Cells</h2><div class="table" role="region" aria-label="Cells" tabindex="0"><table><caption>One value of each axis: the unit in which guests are started</caption><thead><tr><th scope="col">Cell</th><th scope="col">What it is</th><th scope="col">Outcomes</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

export function madeUpPart({ run }: RunReport): Markup {
	return run.counterfactual.length === 0
		? nothing
		: html`<section class="part" id="made-up" aria-labelledby="made-up-title"><h2 id="made-up-title">What this world makes up</h2><p>No real release had these parts; they are here so that the promise can be tried.</p><ul class="made-up">${run.counterfactual
				.slice(0, mostListed)
				.map((part) => html`<li>${cleanLine(part, 300)}</li>`)}</ul></section>`;
}

const mostListed = 50;

export function runPart({ run, plan }: RunReport): Markup {
	const facts: readonly (readonly [string, Markup])[] = [
		['Run', html`<code>${cleanLine(run.id, 80)}</code>`],
		['Reality', html`${realityWords[run.reality]}`],
		['Command', html`<code>${shellCommand(run.argv)}</code>`],
		['Selection', html`${run.selection === null ? 'the whole matrix' : cleanLine(run.selection, 400)}`],
		['Profiles', html`${cleanLine(plan.profiles.join(', '), 200)}; the first one decides`],
		['Started', html`${moment(run.startedAt)}`],
		['Ended', html`${run.endedAt === null ? 'not' : `${moment(run.endedAt)}, ${run.ended}`}`],
		['Matrix', html`<code>${cleanLine(run.matrix.path, 200)}</code>`],
		['snpgate', html`${cleanLine(run.snpgate, 40)}`],
		...Object.entries(run.bootIds)
			.slice(0, mostListed)
			.map(([machine, id]) => [`Boot id of ${cleanLine(machine, 60)}`, html`<code>${cleanLine(id, 80)}</code>`] as const),
		...run.sources
			.slice(0, mostListed)
			.map(({ path, sha256 }) => [`SHA-256 of ${cleanLine(path, 120)}`, html`<code>${cleanLine(sha256, 64)}</code>`] as const),
	];
	return html`<section class="part" id="run" aria-labelledby="run-title"><h2 id="run-title">The run</h2><dl class="facts long">${facts.map(
		([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
	)}</dl></section>`;
}

/** '2026-03-10 14:12:00 UTC' */
export function moment(iso: string): string {
	const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
	return match === null ? cleanLine(iso, 40) : `${match[1]} ${match[2]} UTC`;
}
