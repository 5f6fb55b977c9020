// The first screen: how real it was, the verdict and why, what failed first, and the next step.

import type { Result, Verdict } from '../../language/results.ts';
import { nextStep } from '../next-step.ts';
import { cleanLine, plural } from '../plain-text.ts';
import type { RunReport } from '../report.ts';
import type { Summary } from '../summary.ts';
import { brokenOffInWords, countParts, runDuration } from '../summary-words.ts';
import { factInWords, hostInWords, outcomeWords, profileInWords, realityWords, selectionInWords } from '../words.ts';
import { expectedAndActual, reasonOf, shortId, titleOf } from './check.ts';
import type { Contents } from './contents.ts';
import { html, type Markup, nothing } from './markup.ts';
import { shape, verdictOutcomes } from './shapes.ts';

const realitySentences = {
	emulated: 'The guest ran under emulation on a machine without SEV-SNP.',
	simulated: 'A program stood in for the EPYC machine.',
} as const;

/** A loud line across the page when the machine was not real, and one when the run did not end well. */
export function banners(report: RunReport, summary: Summary): Markup {
	const { reality, counterfactual } = report.run;
	const brokenOff = brokenOffInWords(report, summary);
	const madeUp = counterfactual.length;
	return html`${
		reality === 'hardware'
			? nothing
			: html`<div class="reality ${reality}" role="note" aria-label="Reality"><div class="page"><strong>${realityWords[reality]}: decides no gate</strong><span>${
					realitySentences[reality]
				}${madeUp === 0 ? nothing : html` <a href="#made-up">${plural(madeUp, 'part')} of its world never existed</a>`}</span></div></div>`
	}${brokenOff === null ? nothing : html`<div class="broken-off" role="note" aria-label="Broken off"><div class="page"><strong>${brokenOff}</strong><span>What was not reached is no pass and no fail.</span></div></div>`}`;
}

export function firstScreen(report: RunReport, summary: Summary, contents: Contents): Markup {
	const [deciding, ...others] = report.results.verdicts;
	const duration = runDuration(report);
	const { host } = report.run;
	const facts: readonly (readonly [string, string])[] = [
		['Host', hostInWords(report.run)],
		['CPU', factInWords(host.cpu, 120)],
		['System', factInWords(host.os, 120)],
		['Kernel', factInWords(host.kernel, 120)],
		...(duration === null ? [] : [['Took', duration] as const]),
	];
	return html`<div class="lead">
<div class="gist">${verdictOf(report, deciding)}${bar(summary)}${leftOutOf(summary)}</div>
${firstTrouble(summary, contents)}
${next(report, summary)}
<div class="side">${others.map((other) => otherVerdict(report, summary, contents, other))}<dl class="facts">${facts.map(
		([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
	)}</dl></div>
</div>`;
}

function verdictOf(report: RunReport, deciding: Verdict | undefined): Markup {
	const verdict = deciding?.verdict ?? 'incomplete';
	const outcome = verdictOutcomes[verdict];
	const selection = selectionInWords(report, verdict);
	const title = `${selection === null ? '' : 'A selection of '}${cleanLine(report.run.matrix.title, 100)}`;
	const word = selection === null || outcome === 'error' ? verdict : outcome;
	return html`<h1 id="verdict">${title} ${profileInWords(deciding?.profile ?? '')}<span class="muted">:</span> <span class="verdict ${outcome}">${shape(
		outcome,
	)}${word}</span></h1>${selection === null ? nothing : html`<p class="not-gate">${selection}</p>`}<p class="why">${headline(report, deciding)}</p>`;
}

/** The first reason, without the cells' ids, which the page shows where they matter. */
function headline({ plan }: RunReport, verdict: Verdict | undefined): string {
	const reason = cleanLine(verdict?.reasons[0] ?? '', 400);
	return plan.cells.reduce((text, { id }) => text.replaceAll(`${id}/`, ''), reason);
}

function otherVerdict(report: RunReport, summary: Summary, contents: Contents, verdict: Verdict): Markup {
	const outcome = verdictOutcomes[verdict.verdict];
	const against = report.results.otherProfiles.filter(
		({ profile, required, outcome: other }) =>
			profile === verdict.profile && required && (other === 'failed' || other === 'error'),
	);
	const links = against.slice(0, 4).flatMap(({ instance }) => {
		const anchor = contents.anchorOf(instance);
		const check = summary.planned.get(instance);
		return anchor === null || check === undefined
			? []
			: [html` <a href="#${anchor}"><code>${cleanLine(check.id, 80)}</code></a>`];
	});
	return html`<div class="also"><h2>${capital(profileInWords(verdict.profile))}</h2><b class="${outcome}">${shape(outcome)}${verdict.verdict}</b><p>${headline(
		report,
		verdict,
	)}</p>${links.length === 0 ? nothing : html`<p>Differs in${links}</p>`}</div>`;
}

function capital(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** How the outcomes share the run. The bar repeats what the list under it says. */
function bar(summary: Summary): Markup {
	const parts = countParts(summary);
	return html`<div class="bar" aria-hidden="true">${parts.map(
		({ count, outcome }) => html`<span class="${outcome ?? 'skipped'}" style="flex-grow:${count}"></span>`,
	)}</div><ul class="counts">${parts.map(
		({ count, words, outcome }) =>
			html`<li class="${outcome ?? 'skipped'}">${shape(outcome ?? 'skipped')}<b>${count}</b> <span class="word">${words}</span></li>`,
	)}</ul>`;
}

/** Where rules left out everything there is nothing to look at but the rules. */
function leftOutOf({ leftOut }: Summary): Markup {
	return html`${leftOut
		.slice(0, mostListed)
		.map(
			({ rule, because }) =>
				html`<p class="because">Not applicable: ${cleanLine(because, 300)} (rule <code>${cleanLine(rule, 80)}</code>)</p>`,
		)}`;
}

function firstTrouble(summary: Summary, contents: Contents): Markup {
	const [first] = summary.troubles;
	if (first === undefined) {
		return nothing;
	}
	const blocked = summary.blockedBy.get(first.instance)?.length ?? 0;
	const anchor = contents.anchorOf(first.instance);
	return html`<section class="panel first ${first.outcome}" aria-labelledby="first"><h2>${
		first.outcome === 'failed' ? 'Failed first' : 'Could not be found out first'
	}</h2><h3 id="first">${titleOf(first, summary)}</h3><p class="muted"><code>${shortId(first)}</code> in <code>${cleanLine(first.cell, 120)}</code>${
		blocked === 0 ? '' : `, blocks ${plural(blocked, 'check')}`
	}</p>${expectedAndActual(first)}${reasonOf(first)}${anchor === null ? nothing : html`<p class="meta"><a href="#${anchor}">Why it matters, and the evidence</a></p>`}</section>`;
}

function next(report: RunReport, summary: Summary): Markup {
	const { why, command } = nextStep(report, summary);
	// Each word is kept whole: a line break after '--' would read as another option.
	const words = command.split(' ').map((word, index) => html`${index === 0 ? '' : ' '}<span>${word}</span>`);
	return html`<section class="next" aria-labelledby="next"><h2 id="next">Next</h2><p>${why}:</p><code>${words}</code></section>`;
}

const mostListed = 20;

/** All that needs a look, in one list with links; the first one alone needs no list. */
export function lookPart(summary: Summary, contents: Contents): Markup {
	const { troubles, planned, blockedBy } = summary;
	if (troubles.length < 2) {
		return nothing;
	}
	const item = (result: Result): Markup => {
		const anchor = contents.anchorOf(result.instance);
		const title = titleOf(result, summary);
		const blocked = blockedBy.get(result.instance)?.length ?? 0;
		const said = [
			shortId(result),
			result.cell,
			planned.get(result.instance)?.source ?? '',
			blocked === 0 ? '' : `blocks ${plural(blocked, 'check')}`,
		].filter((text) => text !== '');
		return html`<li>${shape(result.outcome)}<span>${anchor === null ? title : html`<a href="#${anchor}">${title}</a>`} <b class="${result.outcome}">${
			outcomeWords[result.outcome]
		}</b>${result.required ? '' : ', informational'}</span><span class="said">${cleanLine(said.join(' · '), 300)}</span></li>`;
	};
	const rest = troubles.length - mostListed;
	return html`<section class="part" id="look" aria-labelledby="look-title"><h2 id="look-title">What to look at</h2><ul class="look">${troubles
		.slice(0, mostListed)
		.map(item)}${rest > 0 ? html`<li><span></span><span>… and ${rest} more below</span></li>` : nothing}</ul></section>`;
}
