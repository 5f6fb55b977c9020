// What a reporter of a finished (or broken off) run gets: the content of the bundle's three JSON files and its evidence.

import type { Plan } from '../language/plan.ts';
import type { Results } from '../language/results.ts';
import type { RunInfo } from '../language/run-info.ts';

/** One exchange in a form fit for a page: streams cut to what a person reads. */
export interface EvidenceView {
	readonly id: string;
	/** 'host: rpm -q …', one line. */
	readonly request: string;
	readonly machine: string;
	/** 'exit 0', 'ENOENT', 'timeout' … */
	readonly answer: string;
	readonly stdout: string;
	readonly stderr: string;
	readonly durationMs: number;
}

export interface RunReport {
	readonly run: RunInfo;
	readonly plan: Plan;
	readonly results: Results;
	/** False when the bundle is not sealed (interrupted, or still being written). */
	readonly complete: boolean;
	evidence(id: string): EvidenceView | null;
}
