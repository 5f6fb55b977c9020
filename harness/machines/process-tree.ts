// Ends a process with all that came from it, by the process table in /proc (proc(5)).

import { readdirSync, readFileSync } from 'node:fs';

interface Row {
	readonly pid: number;
	readonly parent: number;
	readonly session: number;
}

function readProcesses(): Row[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((name) => readRow(Number(name)))
		.filter((row) => row !== null);
}

/** The fields after the command's name, which is in parentheses and may hold anything: state, ppid, pgrp, session. */
function readRow(pid: number): Row | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return { pid, parent: Number(parent), session: Number(session) };
	} catch {
		// It ended in the meantime.
		return null;
	}
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It ended in the meantime.
	}
}

/**
 * Kills the session that `leader` leads or led, the descendants of its processes, and the sessions that those lead.
 * Call it while the leader lives or right after it ended: later its number may be another's.
 */
export function killSession(leader: number): void {
	const doomed = new Set<number>();
	const belongs = (row: Row) =>
		row.session === leader || doomed.has(row.pid) || doomed.has(row.parent) || doomed.has(row.session);
	// What forks while we look is found in the next round, by the parent or the session that is known by then.
	for (let before = -1; before < doomed.size; ) {
		before = doomed.size;
		const rows = readProcesses();
		for (let known = -1; known < doomed.size; ) {
			known = doomed.size;
			for (const row of rows.filter(belongs)) {
				doomed.add(row.pid);
			}
		}
		for (const row of rows.filter(belongs)) {
			// First all are stopped, so that no link of a parent to its child is lost while we look.
			signal(row.pid, 'SIGSTOP');
		}
	}
	for (const pid of doomed) {
		signal(pid, 'SIGKILL');
	}
}
