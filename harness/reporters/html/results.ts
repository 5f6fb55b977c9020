// The results by cell and suite: what needs a look open and first, what is blocked under its root, the rest folded.

import type { PlannedCell } from '../../language/plan.ts';
import type { Outcome, Result } from '../../language/results.ts';
import { cleanLine, formatDuration, plural } from '../plain-text.ts';
import type { RunReport } from '../report.ts';
import { isCutOff, type Missing, type Summary } from '../summary.ts';
import { cellInWords, outcomeWords } from '../words.ts';
import { badges, shortId, titleOf } from './check.ts';
import { type Contents, rowOf } from './contents.ts';
import { html, type Markup, nothing } from './markup.ts';
import { shape } from './shapes.ts';

interface Shown {
	readonly summary: Summary;
	readonly contents: Contents;
}

export function resultsPart({ run, plan, results }: RunReport, shown: Shown): Markup {
	const byCell = Map.groupBy(results.results, ({ cell }) => cell);
	const missing = Map.groupBy(shown.summary.missing, ({ cell }) => cell);
	const cells = plan.cells.map((cell) => ({
		cell,
		results: byCell.get(cell.id) ?? [],
		missing: missing.get(cell.id) ?? [],
		trouble: (byCell.get(cell.id) ?? []).some(isTrouble),
	}));
	const ordered = cells.toSorted((a, b) => Number(b.trouble) - Number(a.trouble));
	return html`<section class="part" id="results" aria-labelledby="results-title"><h2 id="results-title">Results</h2>${ordered.map(
		(each) =>
			cellOf(each.cell, cellInWords(each.cell, run), each.results, each.missing, each.trouble || cells.length === 1, shown),
	)}</section>`;
}

function isTrouble(result: Result): boolean {
	return (result.outcome === 'failed' || result.outcome === 'error') && !isCutOff(result);
}

function cellOf(
	cell: PlannedCell,
	words: string,
	results: readonly Result[],
	missing: readonly Missing[],
	open: boolean,
	shown: Shown,
): Markup {
	const suites = Map.groupBy(results, ({ suite }) => suite);
	const missingOf = Map.groupBy(missing, ({ check }) => check.suite);
	const troubled = (name: string) => suites.get(name)?.some(isTrouble) === true;
	const names = [...new Set([...suites.keys(), ...missingOf.keys()])].toSorted(
		(a, b) => Number(troubled(b)) - Number(troubled(a)),
	);
	return html`<details class="cell"${open ? html` open` : nothing}><summary><h3>${words}</h3><code class="id">${cleanLine(
		cell.id,
		120,
	)}</code>${tally(results)}</summary>${cell.skip === null ? nothing : html`<p class="suite">${cleanLine(cell.skip.because, 300)}</p>`}${names.map(
		(name) => suiteOf(name, suites.get(name) ?? [], missingOf.get(name) ?? [], shown),
	)}</details>\n`;
}

const order: readonly Outcome[] = ['failed', 'error', 'blocked', 'skipped', 'passed'];

export function tally(results: readonly Result[]): Markup {
	const counts = Map.groupBy(results, ({ outcome }) => outcome);
	const parts = order.flatMap((outcome) => {
		const count = counts.get(outcome)?.length ?? 0;
		return count === 0 ? [] : [html`<span class="${outcome}">${shape(outcome)} ${count} ${outcomeWords[outcome]}</span>`];
	});
	return html`<span class="tally">${parts}</span>`;
}

function suiteOf(name: string, results: readonly Result[], missing: readonly Missing[], shown: Shown): Markup {
	const { summary, contents } = shown;
	const troubles = results.filter(isTrouble);
	const full = troubles.filter((result) => contents.bodyOf(result) !== null);
	const rest = troubles.filter((result) => contents.bodyOf(result) === null);
	const has = (outcome: Outcome) => results.filter((result) => result.outcome === outcome);
	const cutOff = results.filter(isCutOff);
	return html`<div class="suite"><h4>${cleanLine(name, 80)}</h4>${full.map((result) => trouble(result, shown))}${[
		rowsFold('failed', `${rest.length} more failed or in error, read on in results.json`, rest, summary),
		rowsFold('error', `${cutOff.length} cut off by the end of the run`, cutOff, summary),
		rowsFold(
			'error',
			`${missing.length} never run`,
			missing.map(({ check, cell }) => ({ instance: check.instance, id: check.id, cell })),
			summary,
		),
		blockedElsewhere(has('blocked'), shown),
		skippedFold(has('skipped'), summary),
		passedFold(has('passed'), shown),
	]}</div>`;
}

function trouble(result: Result, { summary, contents }: Shown): Markup {
	const { instance, outcome } = result;
	const blocked = summary.blockedBy.get(instance) ?? [];
	return html`<article class="trouble" id="${contents.anchorOf(instance) ?? ''}"><h5>${shape(outcome)}<span>${titleOf(
		result,
		summary,
	)}</span></h5><p class="head"><b class="${outcome}">${outcomeWords[outcome]}</b> <code>${shortId(result)}</code> ${badges(
		result,
		summary,
	)}</p>${contents.bodyOf(result) ?? nothing}${rowsFold('blocked', `${plural(blocked.length, 'check')} blocked by this`, blocked, summary)}</article>`;
}

type Row = Pick<Result, 'instance' | 'cell' | 'id'>;

function rowsFold(outcome: Outcome, words: string, rows: readonly Row[], summary: Summary): Markup {
	return rows.length === 0
		? nothing
		: fold(outcome, words, html`<ul class="rows">${rows.map((row) => rowOf(row, summary))}</ul>`);
}

function fold(outcome: Outcome, words: string, content: Markup): Markup {
	return html`<details class="fold"><summary>${shape(outcome)} ${words}</summary>${content}</details>`;
}

/** Each blocked check stands under the article of its root; where that is not on the page, it stands here. */
function blockedElsewhere(blocked: readonly Result[], { summary, contents }: Shown): Markup {
	const byRoot = Map.groupBy(blocked, ({ instance }) => summary.rootOf.get(instance) ?? '');
	const groups = [...byRoot].map(([root, results]) => {
		const anchor = contents.anchorOf(root);
		const id = cleanLine(root, 160);
		return anchor === null || !summary.blockedBy.has(root)
			? rowsFold('blocked', `${results.length} blocked${root === '' ? '' : ` by ${id}`}`, results, summary)
			: html`<p class="fold">${shape('blocked')} ${results.length} blocked by <a href="#${anchor}"><code>${id}</code></a></p>`;
	});
	return html`${groups}`;
}

function skippedFold(skipped: readonly Result[], summary: Summary): Markup {
	if (skipped.length === 0) {
		return nothing;
	}
	const rules = [...Map.groupBy(skipped, ({ rule, reason }) => JSON.stringify([rule, reason?.message]))].map(([, results]) => {
		const [first] = results;
		return html`<div class="rule"><p>${cleanLine(first?.reason?.message ?? 'The matrix says so', 300)} <span class="muted">(rule <code>${cleanLine(
			first?.rule ?? 'none',
			80,
		)}</code>)</span></p><ul class="rows">${results.map((result) => rowOf(result, summary))}</ul></div>`;
	});
	return fold('skipped', `${skipped.length} ${outcomeWords.skipped}`, html`${rules}`);
}

function passedFold(passed: readonly Result[], { summary, contents }: Shown): Markup {
	const rows = passed.map((result) => {
		const body = contents.bodyOf(result);
		return body === null
			? rowOf(result, summary)
			: html`<li><details class="row" id="${contents.anchorOf(result.instance) ?? ''}"><summary>${titleOf(result, summary)} <code>${shortId(
					result,
				)}</code> ${result.durationMs < 1_000 ? nothing : html`<span class="muted">${formatDuration(result.durationMs)}</span>`} ${badges(
					result,
					summary,
				)}</summary><div class="shown">${body}</div></details></li>\n`;
	});
	return passed.length === 0
		? nothing
		: fold('passed', `${passed.length} ${outcomeWords.passed}`, html`<ul class="rows">${rows}</ul>`);
}
