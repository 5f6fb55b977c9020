// The status block of a terminal: how far the run is, what runs now, and the console's last line during a boot.

import { styleText } from 'node:util';
import type { RunEvent } from '../../run/events.ts';
import { cleanLine, formatDuration } from '../plain-text.ts';

interface Guest {
	readonly startedAt: number;
	readonly limitMs: number;
	milestone: string | null;
	console: string;
}

export interface Status {
	onEvent(event: RunEvent): void;
	/** Each shorter than `columns`; `sinceEventMs` is how long ago the last event was. */
	lines(sinceEventMs: number, columns: number, colour: boolean): readonly string[];
}

const mostShown = 3;

export function createStatus(total: number): Status {
	let of = total;
	let n = 0;
	let t = 0;
	const trouble = { failed: 0, error: 0 };
	const checks = new Map<string, string>();
	const guests = new Map<string, Guest>();

	const onEvent = (event: RunEvent) => {
		t = event.t;
		switch (event.event) {
			case 'run-start':
				of = event.checks;
				return;
			case 'check-start':
				checks.set(event.instance, event.title);
				return;
			case 'check-end':
				checks.delete(event.result.instance);
				({ n, of } = event);
				if (event.result.outcome === 'failed' || event.result.outcome === 'error') {
					trouble[event.result.outcome] += 1;
				}
				return;
			case 'guest-start':
				guests.set(event.guest, { startedAt: t, limitMs: event.limitMs, milestone: null, console: '' });
				return;
			case 'guest-milestone':
				update(guests.get(event.guest), (guest) => {
					guest.milestone = event.name;
				});
				return;
			case 'guest-console':
				update(guests.get(event.guest), (guest) => {
					guest.console = event.line;
				});
				return;
			case 'guest-end':
				guests.delete(event.guest);
				return;
			case 'note':
			case 'run-end':
				return;
		}
	};

	const lines = (sinceEventMs: number, columns: number, colour: boolean): readonly string[] => {
		const time = t + sinceEventMs;
		const troubles = [
			trouble.failed > 0 ? `${trouble.failed} failed` : '',
			trouble.error > 0 ? `${trouble.error} not found out` : '',
		];
		const head = [`${n} of ${of} checks`, formatClock(time), ...troubles.filter((text) => text !== '')].join(' · ');
		const running = [...checks].slice(0, mostShown).map(([instance, title]) => `  ▸ ${title} · ${instance}`);
		const rest = checks.size - running.length;
		const booting = [...guests].slice(0, mostShown).flatMap(([name, guest]) => {
			const reached = guest.milestone === null ? '' : `, reached '${guest.milestone}'`;
			const first = `  ◦ ${formatClock(time - guest.startedAt)} of at most ${formatDuration(guest.limitMs)}${reached} · guest ${name}`;
			return guest.console === '' ? [first] : [first, `    ${guest.console}`];
		});
		const plain = [head, ...running, ...(rest > 0 ? [`    and ${rest} more`] : []), ...booting];
		return plain.map((text, index) => {
			const line = cutToColumns(text, columns - 1);
			return !colour ? line : styleText(index === 0 ? 'bold' : 'dim', line, { validateStream: false });
		});
	};
	return { onEvent, lines };
}

function update(guest: Guest | undefined, change: (guest: Guest) => void): void {
	if (guest !== undefined) {
		change(guest);
	}
}

/** '0:07', '14:03', '2:00:00' */
function formatClock(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1_000));
	const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** From Hangul Jamo on, a character may be two columns wide; taking all of them so never makes a line too long. */
const firstWide = 0x1100;

/** Cuts to columns: a line that wraps would break the redrawing. The indent is kept, the rest is made harmless. */
function cutToColumns(line: string, columns: number): string {
	const indent = /^ */.exec(line)?.[0] ?? '';
	const text = indent + cleanLine(line.slice(indent.length), Math.max(1, columns));
	let width = 0;
	let kept = '';
	for (const character of text) {
		width += (character.codePointAt(0) ?? 0) >= firstWide && !narrow.has(character) ? 2 : 1;
		if (width > columns) {
			return kept;
		}
		kept += character;
	}
	return kept;
}

/** Our own marks, known to be narrow. */
const narrow = new Set(['▸', '◦', '…', '✗', '’']);
