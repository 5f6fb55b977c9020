// One check in full: what was wanted and seen, why it matters, and the evidence it rests on.

import type { OtherResult, Outcome, Result } from '../../language/results.ts';
import { cleanLine, formatDuration } from '../plain-text.ts';
import type { Summary } from '../summary.ts';
import { outcomeWords, profileInWords, shortInstance } from '../words.ts';
import { html, type Markup, nothing } from './markup.ts';
import { shape } from './shapes.ts';

const longest = { title: 160, why: 400, value: 600, message: 500, note: 300, id: 120 };
const mostNotes = 8;
const mostProfiles = 4;

/** Words for a single check, where a list says 'could not be found out'. */
const singular: Readonly<Record<Outcome, string>> = { ...outcomeWords, error: 'error' };

export function expectedAndActual({ outcome, expected, actual }: Pick<Result, 'outcome' | 'expected' | 'actual'>): Markup {
	if (expected === null && actual === null) {
		return nothing;
	}
	const value = (text: string | null) =>
		text === null ? html`<span class="muted">not known</span>` : cleanLine(text, longest.value);
	return html`<dl class="pair"><div><dt>Expected</dt><dd>${value(expected)}</dd></div><div${
		outcome === 'failed' ? html` class="bad"` : nothing
	}><dt>Actual</dt><dd>${value(actual)}</dd></div></dl>`;
}

export function reasonOf({ reason }: Pick<Result, 'reason'>): Markup {
	return reason === null
		? nothing
		: html`<p class="because"><code>${cleanLine(reason.code, longest.id)}</code> ${cleanLine(reason.message, longest.message)}</p>`;
}

/** Everything under a check's heading; `evidence` was chosen before, as the page has a bound. */
export function checkBody(result: Result, { planned, differing }: Summary, evidence: Markup): Markup {
	const check = planned.get(result.instance);
	const differences = differing.get(result.instance) ?? [];
	return html`${check === undefined ? nothing : html`<p class="muted">${cleanLine(check.why, longest.why)}</p>`}${expectedAndActual(result)}${reasonOf(
		result,
	)}${notesOf(result.notes)}${differences.slice(0, mostProfiles).map(otherProfile)}<p class="meta">${metaOf(
		result,
		check?.source,
		check?.kind,
	).map((text) => html`<span>${text}</span>`)}</p>${evidence}`;
}

function notesOf(notes: readonly string[]): Markup {
	if (notes.length === 0) {
		return nothing;
	}
	const more = notes.length > mostNotes ? [html`<li>… and ${notes.length - mostNotes} more in results.json</li>`] : [];
	return html`<ul class="notes">${notes.slice(0, mostNotes).map((note) => html`<li>${cleanLine(note, longest.note)}</li>`)}${more}</ul>`;
}

function otherProfile(other: OtherResult): Markup {
	const { outcome, expected, actual, reason, notes } = other;
	const said =
		expected === null && actual === null
			? cleanLine(reason?.message ?? '', longest.note)
			: `expected ${cleanLine(expected ?? 'not known', longest.note)}, actual ${cleanLine(actual ?? 'not known', longest.note)}`;
	const required = other.required ? '' : ', informational';
	return html`<p class="because">${shape(outcome)} <b class="${outcome}">${singular[outcome]}</b> ${profileInWords(other.profile)}${required}${
		said === '' ? '' : `: ${said}`
	}</p>${notesOf(notes)}`;
}

function metaOf(result: Result, source: string | undefined, kind: string | undefined): readonly Markup[] {
	return [
		...(source === undefined ? [] : [html`<code>${cleanLine(source, longest.id)}</code>`]),
		...(kind === undefined ? [] : [html`kind ${cleanLine(kind, 60)}`]),
		html`on the ${result.target}`,
		html`${result.required ? 'required' : 'informational'}`,
		html`${formatDuration(result.durationMs)}`,
	];
}

/** The instance without its cell, which stands above it. */
export function shortId(result: Pick<Result, 'instance' | 'cell'>): string {
	return shortInstance(result, longest.id);
}

export function titleOf({ instance, id }: Pick<Result, 'instance' | 'id'>, { planned }: Summary): string {
	return cleanLine(planned.get(instance)?.title ?? id, longest.title);
}

/** 'failed as shipped', for profiles under which this check would count against the release. */
export function badges({ instance, outcome, required }: Result, { differing }: Summary): readonly Markup[] {
	const others = (differing.get(instance) ?? [])
		.filter((other) => other.required && other.outcome !== outcome)
		.slice(0, mostProfiles);
	return [
		...(required ? [] : [html`<span class="badge muted">informational</span>`]),
		...others.map(
			(other) => html`<span class="badge ${other.outcome}">${singular[other.outcome]} ${profileInWords(other.profile)}</span>`,
		),
	];
}
