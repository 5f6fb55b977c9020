// Watches a console for milestones: each pattern is looked for only after the one before it was seen.

import type { BootAnswer, GuestNews, GuestSpec, Milestone } from '../ports.ts';
import type { ConsoleLine } from './console.ts';

interface Watched {
	readonly ended: Extract<BootAnswer['ended'], 'milestones' | 'limit'>;
	readonly milestones: readonly Milestone[];
	/** Everything said until the watch ended. */
	readonly seen: readonly ConsoleLine[];
}

/** Tells each line and milestone until the last milestone was seen or the limit passed; a silent console waits for the limit. */
export function watchConsole(lines: readonly ConsoleLine[], spec: GuestSpec, tell: (news: GuestNews) => void): Watched {
	const wanted = spec.milestones.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern) }));
	const reached: Milestone[] = [];
	const seen: ConsoleLine[] = [];
	for (const line of lines) {
		if (line.ms > spec.limitMs) {
			break;
		}
		seen.push(line);
		tell({ news: 'console', line: line.text });
		const next = wanted[reached.length];
		if (next?.pattern.test(line.text)) {
			reached.push({ name: next.name, ms: line.ms, line: line.text });
			tell({ news: 'milestone', name: next.name, ms: line.ms });
		}
		if (wanted.length > 0 && reached.length === wanted.length) {
			break;
		}
	}
	const missed = wanted.slice(reached.length).map(({ name }) => ({ name, ms: null, line: null }));
	return { ended: missed.length === 0 ? 'milestones' : 'limit', milestones: [...reached, ...missed], seen };
}
