// What a reporter of a finished (or broken off) run gets: the content of the bundle's three JSON files and its evidence.

import type { ExchangeView } from '../evidence/view.ts';
import type { Plan } from '../language/plan.ts';
import type { Results } from '../language/results.ts';
import type { RunInfo } from '../language/run-info.ts';

export interface RunReport {
	readonly run: RunInfo;
	readonly plan: Plan;
	readonly results: Results;
	/** False when the bundle is not sealed (interrupted, or still being written). */
	readonly complete: boolean;
	evidence(id: string): ExchangeView | null;
}
