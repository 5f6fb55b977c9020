// Whether a recorded run was a simulation: by what run.json says, by who answered, and by whose roots were to vouch for reports.
// An edited word does not make a simulated machine real.

import type { Plan } from '../language/plan.ts';
import type { RunInfo } from '../language/run-info.ts';

/** What a bundle says of itself. `machines`: the names of all that answered. */
export interface Origin {
	readonly run: Pick<RunInfo, 'reality'>;
	readonly plan: Pick<Plan, 'cells'>;
	readonly machines: Iterable<string>;
}

export function isSimulated({ run, plan, machines }: Origin): boolean {
	return (
		run.reality === 'simulated' ||
		[...machines].some((machine) => machine === 'sim' || machine.startsWith('sim:')) ||
		plan.cells.some(({ checks }) =>
			checks.some(({ under }) => Object.values(under).some(({ expectation }) => trustsOthers(expectation))),
		)
	);
}

/** A check that believes another root than AMD's pinned ones says nothing of AMD's processors. */
function trustsOthers(expectation: unknown): boolean {
	const trust = typeof expectation === 'object' && expectation !== null && 'trust' in expectation ? expectation.trust : null;
	return typeof trust === 'object' && trust !== null && 'by' in trust && trust.by !== 'pins';
}
