// Each outcome has a shape besides its colour, drawn once and used by reference. A word always stands beside it.

import type { Outcome, Verdict } from '../../language/results.ts';
import { html, type Markup } from './markup.ts';

/** Disc with a tick, square with a cross, diamond with a question mark, ring with a bar, dashed ring. */
export const shapes: Markup = html`<svg class="defs" aria-hidden="true" focusable="false"><defs>
<symbol id="s-passed" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5" fill="currentColor"/><path d="M4.4 8.4 7 11l4.7-5.6" fill="none" stroke="var(--surface)" stroke-width="1.8"/></symbol>
<symbol id="s-failed" viewBox="0 0 16 16"><rect x=".8" y=".8" width="14.4" height="14.4" rx="2" fill="currentColor"/><path d="m4.8 4.8 6.4 6.4m0-6.4-6.4 6.4" fill="none" stroke="var(--surface)" stroke-width="1.8"/></symbol>
<symbol id="s-error" viewBox="0 0 16 16"><path d="m8 0 8 8-8 8-8-8z" fill="currentColor"/><path d="M6.2 6.5c0-2.5 3.7-2.4 3.7-.1 0 1.4-1.9 1.5-1.9 3.1m0 1.3v1.4" fill="none" stroke="var(--surface)" stroke-width="1.5"/></symbol>
<symbol id="s-blocked" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M3.6 12.4 12.4 3.6" fill="none" stroke="currentColor" stroke-width="1.8"/></symbol>
<symbol id="s-skipped" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2.4 1.9"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.6"/></symbol>
</defs></svg>`;

export function shape(outcome: Outcome): Markup {
	return html`<svg class="shape ${outcome}" aria-hidden="true" focusable="false"><use href="#s-${outcome}"/></svg>`;
}

export const verdictOutcomes: Readonly<Record<Verdict['verdict'], Outcome>> = {
	pass: 'passed',
	fail: 'failed',
	incomplete: 'error',
};
