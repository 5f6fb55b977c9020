// Progress lines that stay: every settled check in a log file, only what needs a look on a terminal.

import { styleText } from 'node:util';
import type { Outcome, Result } from '../../language/results.ts';
import type { RunEvent } from '../../run/events.ts';
import { cleanLine, formatDuration, plural } from '../plain-text.ts';
import { shortInstance } from '../words.ts';

const words: Readonly<Record<Outcome, string>> = {
	passed: 'passed ',
	failed: 'FAILED ',
	error: 'ERROR  ',
	blocked: 'blocked',
	skipped: 'skipped',
};

/** One line for this event, or null. `every` asks for the lines of a log, else only troubles and notes have one. */
export function appendedLine(
	event: RunEvent,
	{ every, colour }: { readonly every: boolean; readonly colour: boolean },
): string | null {
	switch (event.event) {
		case 'check-end':
			if (event.result.outcome === 'failed' || event.result.outcome === 'error') {
				return paintTrouble(troubleLine(event, every), event.result.outcome, colour);
			}
			// What a rule leaves out is in the counts and in the report; a line each would drown what was seen.
			return every && event.result.outcome !== 'skipped' ? settledLine(event) : null;
		case 'note':
			return `  note: ${cleanLine(event.text, 300)}`;
		case 'run-start':
			return every || event.reality !== 'hardware' ? startLine(event) : null;
		case 'guest-start':
			return every ? `  guest ${cleanLine(event.guest, 80)}: starting, at most ${formatDuration(event.limitMs)}` : null;
		case 'guest-milestone':
			return every
				? `  guest ${cleanLine(event.guest, 80)}: '${cleanLine(event.name, 60)}' after ${formatDuration(event.ms)}`
				: null;
		case 'guest-end':
			return every ? `  guest ${cleanLine(event.guest, 80)}: ended by '${cleanLine(event.ended, 120)}'` : null;
		case 'run-end':
			return every && event.ended !== 'complete'
				? `the run ended by ${event.ended === 'deadline' ? 'its deadline' : 'a signal'}`
				: null;
		case 'check-start':
		case 'guest-console':
			return null;
	}
}

function startLine({ checks, host, run, reality }: Extract<RunEvent, { event: 'run-start' }>): string {
	const loud = reality === 'hardware' ? '' : `${reality.toUpperCase()}: `;
	return `${loud}${plural(checks, 'check')} on host ${cleanLine(host, 80)}, run ${cleanLine(run, 60)}`;
}

type CheckEnd = Extract<RunEvent, { event: 'check-end' }>;

function troubleLine({ result, n, of }: CheckEnd, every: boolean): string {
	const said =
		result.outcome === 'failed'
			? `expected ${cleanLine(result.expected ?? 'something else', 100)}, actual ${cleanLine(result.actual ?? 'nothing', 100)}`
			: cleanLine(result.reason?.message ?? '', 200);
	const mark = result.outcome === 'failed' ? '✗' : '?';
	const start = every ? `${count(n, of)} ${words[result.outcome]} ` : `  ${mark} `;
	return `${start}${cleanLine(result.instance, 120)}: ${said}`;
}

function settledLine({ result, n, of }: CheckEnd): string {
	const why = result.outcome === 'passed' ? timeOf(result) : `: ${cleanLine(result.reason?.message ?? result.rule ?? '', 200)}`;
	return `${count(n, of)} ${words[result.outcome]} ${shortInstance(result, 120)}${why}`;
}

function timeOf({ durationMs }: Result): string {
	return durationMs < 1_000 ? '' : ` (${formatDuration(durationMs)})`;
}

/** '[ 7/84]' */
export function count(n: number, of: number): string {
	return `[${String(n).padStart(String(of).length)}/${of}]`;
}

function paintTrouble(line: string, outcome: 'failed' | 'error', colour: boolean): string {
	return colour ? styleText(outcome === 'failed' ? 'red' : 'yellow', line, { validateStream: false }) : line;
}
