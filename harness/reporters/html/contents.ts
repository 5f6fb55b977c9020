// What of a run is shown in full. A page stays under 1 MB: what needs a look comes first, and what no longer fits is a row
// that says where to read on.

import type { Result } from '../../language/results.ts';
import { cleanLine } from '../plain-text.ts';
import type { RunReport } from '../report.ts';
import type { Summary } from '../summary.ts';
import { checkBody, shortId, titleOf } from './check.ts';
import { exchange, exchangeLink, streamLimits } from './evidence.ts';
import { html, type Markup, nothing, sizeOf } from './markup.ts';

/** Bytes for everything that grows with the run; head, style and first screen need the rest of the megabyte. */
const pageBudget = 850_000;
/** However many rows there are, this much is kept for what needs a look. */
const leastDetail = 150_000;
const evidenceShare = 0.4;
const mostExchanges = 12;

export interface Contents {
	/** Null when there was no room for it. */
	bodyOf(result: Result): Markup | null;
	/** A place on the page that can be linked to; null when it has none. */
	anchorOf(instance: string): string | null;
}

export function chooseContents(report: RunReport, summary: Summary): Contents {
	const { results } = report.results;
	const index = new Map(results.map((result, position) => [result.instance, position]));
	const rows = results.reduce((sum, result) => sum + sizeOf(rowOf(result, summary)), 0);
	const room = Math.max(leastDetail, pageBudget - rows);
	const evidence = createEvidence(report, room * evidenceShare);
	let left = room * (1 - evidenceShare);
	const bodies = new Map<string, Markup>();
	for (const result of [...summary.troubles, ...results.filter(({ outcome }) => outcome === 'passed')]) {
		const bare = checkBody(result, summary, nothing);
		left -= sizeOf(bare);
		if (left < 0) {
			break;
		}
		bodies.set(result.instance, checkBody(result, summary, evidence(result)));
	}
	return {
		bodyOf: ({ instance }) => bodies.get(instance) ?? null,
		anchorOf: (instance) => (bodies.has(instance) ? `c${index.get(instance)}` : null),
	};
}

/** The least that is said of a check. */
export function rowOf(result: Pick<Result, 'instance' | 'cell' | 'id'>, summary: Summary): Markup {
	return html`<li>${cleanLine(titleOf(result, summary), 90)} <code>${cleanLine(shortId(result), 90)}</code></li>`;
}

function createEvidence(report: RunReport, budget: number): (result: Result) => Markup {
	const anchors = new Map<string, string>();
	let left = budget;
	const show = (id: string, longest: number): Markup => {
		const view = report.evidence(id);
		if (view === null) {
			return nothing;
		}
		const known = anchors.get(id);
		const shown = known === undefined ? exchange(view, `e${anchors.size}`, longest) : exchangeLink(view, known);
		if (sizeOf(shown) > left) {
			return html`<p class="meta">exchange ${cleanLine(id, 80)}: in evidence/observations.ndjson, left out here to keep the page small</p>`;
		}
		left -= sizeOf(shown);
		if (known === undefined) {
			anchors.set(id, `e${anchors.size}`);
		}
		return shown;
	};
	return ({ outcome, evidence }) => {
		if (left <= 0 || evidence.length === 0) {
			return nothing;
		}
		const longest = outcome === 'passed' ? streamLimits.passed : streamLimits.trouble;
		const shown = evidence.slice(0, mostExchanges).map((id) => show(id, longest));
		const more = evidence.length - mostExchanges;
		return html`<h6 class="label">Evidence</h6>${shown}${more > 0 ? html`<p class="meta">and ${more} more exchanges in results.json</p>` : nothing}`;
	};
}
