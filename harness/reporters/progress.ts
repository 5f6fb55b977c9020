// Live progress of a run: a redrawn block on a terminal, appended lines anywhere else.

import type { RunEvent } from '../run/events.ts';
import { appendedLine } from './progress/lines.ts';
import { createLog } from './progress/log.ts';
import { createStatus, type Status } from './progress/status.ts';

export interface ProgressOptions {
	write(text: string): unknown;
	/** False for a file or a pipe: no cursor codes and no colours are written. */
	readonly tty: boolean;
	readonly columns: number;
	/** How many checks there are, when it is known before the run starts. */
	readonly total?: number;
	/** Colours on a terminal; the default is yes. */
	readonly colour?: boolean;
	/** Milliseconds; only for the time that passes between events. */
	readonly now?: () => number;
}

export interface Progress {
	onEvent(event: RunEvent): void;
	/** Removes the status block. Nothing is written afterwards. */
	end(): void;
}

export function createProgress(options: ProgressOptions): Progress {
	return options.tty ? createTerminalProgress(options) : createPlainProgress(options);
}

function createPlainProgress({ write }: ProgressOptions): Progress {
	const linesOf = createLog();
	let ended = false;
	return {
		onEvent: (event) => {
			for (const line of ended ? [] : linesOf(event)) {
				write(`${line}\n`);
			}
		},
		end: () => {
			ended = true;
		},
	};
}

/** A console can write thousands of lines a second; a person sees ten changes of them. */
const redrawEveryMs = 100;
const tickMs = 1_000;
const narrowest = 20;
const usual = 80;
const eraseToEnd = '\u001b[J';
const up = (lines: number) => (lines === 0 ? '' : `\u001b[${lines}A`);

function createTerminalProgress({
	write,
	columns,
	total = 0,
	colour = true,
	now = () => performance.now(),
}: ProgressOptions): Progress {
	const status: Status = createStatus(total);
	// A pseudo-terminal that nobody sized says 0.
	const width = columns >= narrowest ? columns : usual;
	let drawnLines = 0;
	let drawnAt = Number.NEGATIVE_INFINITY;
	let eventAt = now();
	let ended = false;

	/** One write, so that a terminal never shows a half-drawn block. */
	const redraw = (above: string | null) => {
		const block = status.lines(now() - eventAt, width, colour);
		const text = [...(above === null ? [] : [above]), ...block].map((line) => `${line}\n`).join('');
		write(`\r${up(drawnLines)}${eraseToEnd}${text}`);
		drawnLines = block.length;
		drawnAt = now();
	};

	const timer = setInterval(() => redraw(null), tickMs);
	timer.unref();
	return {
		onEvent: (event) => {
			if (ended) {
				return;
			}
			status.onEvent(event);
			eventAt = now();
			const above = appendedLine(event, { every: false, colour });
			if (above !== null || event.event !== 'guest-console' || now() - drawnAt >= redrawEveryMs) {
				redraw(above);
			}
		},
		end: () => {
			clearInterval(timer);
			if (!ended && drawnLines > 0) {
				write(`\r${up(drawnLines)}${eraseToEnd}`);
			}
			ended = true;
		},
	};
}
