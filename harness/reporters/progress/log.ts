// The lines of a log: each cell is named when it changes, and what no line was written for is counted where a count jumps.

import type { RunEvent } from '../../run/events.ts';
import { cleanLine } from '../plain-text.ts';
import { appendedLine, count } from './lines.ts';

/** Turns the events of one run, in their order, into the lines to append. */
export function createLog(): (event: RunEvent) => readonly string[] {
	let cell: string | null = null;
	let skipped = 0;
	let last = '';

	const takeSkipped = (): readonly string[] => {
		const line = `${last} ${skipped} not applicable`;
		const lines = skipped === 0 ? [] : [line];
		skipped = 0;
		return lines;
	};

	return (event) => {
		if (event.event === 'check-end' && event.result.outcome === 'skipped') {
			skipped += 1;
			last = count(event.n, event.of);
			return [];
		}
		const line = appendedLine(event, { every: true, colour: false });
		const lines = line === null ? [] : [line];
		if (event.event === 'run-end') {
			return [...takeSkipped(), ...lines];
		}
		if (event.event !== 'check-end') {
			return lines;
		}
		const heading = event.result.cell === cell ? [] : [cleanLine(event.result.cell, 120)];
		({ cell } = event.result);
		return [...takeSkipped(), ...heading, ...lines];
	};
}
