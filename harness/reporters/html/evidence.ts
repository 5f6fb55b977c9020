// Exchanges as they are shown: request, answer, streams, all bounded.

import type { ExchangeView } from '../../evidence/view.ts';
import { cleanBlock, cleanLine, formatDuration } from '../plain-text.ts';
import { html, type Markup, nothing } from './markup.ts';

/** More is shown of what a failure rests on. */
export const streamLimits = { trouble: 4_000, passed: 1_200 };

export function exchange(view: ExchangeView, anchor: string, longest: number): Markup {
	const request = cleanLine(view.request, 400);
	const answer = `${cleanLine(view.answer, 200)} · ${formatDuration(view.durationMs)}`;
	return html`<details class="fold evidence" id="${anchor}"><summary><code>${cleanLine(view.machine, 60)}: ${request}</code> <span class="answer">${answer}</span></summary><div class="shown">${stream(
		'Standard output',
		view.stdout,
		longest,
	)}${stream('Standard error', view.stderr, longest)}${view.stdout === '' && view.stderr === '' ? html`<p class="muted">It wrote nothing.</p>` : nothing}<p class="meta">exchange <code>${cleanLine(
		view.id,
		80,
	)}</code></p></div></details>`;
}

function stream(name: string, text: string, longest: number): Markup {
	return text === '' ? nothing : html`<h6>${name}</h6><pre>${cleanBlock(text, longest)}</pre>`;
}

/** The same exchange was shown with an earlier check. */
export function exchangeLink(view: ExchangeView, anchor: string): Markup {
	return html`<p class="meta">also rests on <a href="#${anchor}"><code>${cleanLine(view.request, 120)}</code></a></p>`;
}
