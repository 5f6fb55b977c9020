// Everything that happens in a run, as one union. Reporters consume it; events.ndjson is it.

import type { Result } from '../language/results.ts';
import type { Reality } from '../language/run-info.ts';

export type RunEvent = { /** Milliseconds since the run started. */ readonly t: number } & (
	| {
			readonly event: 'run-start';
			readonly run: string;
			readonly checks: number;
			readonly host: string;
			readonly reality: Reality;
	  }
	| { readonly event: 'check-start'; readonly instance: string; readonly title: string }
	/** The result under the deciding profile; `n` of `of` checks are now settled. */
	| { readonly event: 'check-end'; readonly result: Result; readonly n: number; readonly of: number }
	| { readonly event: 'guest-start'; readonly guest: string; readonly limitMs: number }
	| { readonly event: 'guest-console'; readonly guest: string; readonly line: string }
	| { readonly event: 'guest-milestone'; readonly guest: string; readonly name: string; readonly ms: number }
	| { readonly event: 'guest-end'; readonly guest: string; readonly ended: string }
	| { readonly event: 'note'; readonly text: string }
	| { readonly event: 'run-end'; readonly ended: 'complete' | 'deadline' | 'interrupted' }
);

export type RunEventBody = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, 't'> : never) : never;

export type Emit = (event: RunEventBody) => void;
