// Verdicts to exit codes (design section 3).

import type { Results, Verdict } from '../language/results.ts';

const codes: Readonly<Record<Verdict['verdict'], number>> = { pass: 0, fail: 1, incomplete: 3 };

const interrupted = 4;

/** By the verdict of the deciding profile; an interruption is its own answer. */
export function exitCode(results: Results, ended: string): number {
	const [deciding] = results.verdicts;
	return ended === 'interrupted' ? interrupted : deciding === undefined ? codes.incomplete : codes[deciding.verdict];
}
