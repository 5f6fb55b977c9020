// Ends a process with all that came from it, by the process table in /proc (proc(5)).

import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that names the session a process was started in, through however many children. */
export const sessionVariable = 'SNPGATE_SESSION';

interface Row {
	readonly pid: number;
	readonly parent: number;
	readonly session: number;
	/** Clock ticks from the machine's boot to the start of the process: with the pid, an identity. */
	readonly started: string;
}

function readProcesses(): Row[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((name) => readProcess(Number(name)))
		.filter((row) => row !== null);
}

/** A row of the process table, null when there is no such process. */
export function readProcess(pid: number): Row | null {
	try {
		// The fields after the command's name, which is in parentheses and may hold anything: state (3), ppid, pgrp, session.
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return { pid, parent: Number(fields[1]), session: Number(fields[3]), started: fields[19] ?? '' };
	} catch {
		// It ended in the meantime.
		return null;
	}
}

/** Whether the process got this name of a session in its environment; false where we may not look. */
function isOf(pid: number, name: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${sessionVariable}=${name}`);
	} catch {
		return false;
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
 * Kills the session that `leader` leads or led, the descendants of its processes, the sessions that those lead, and whatever
 * else was started under the session's `name`. Call it while the leader lives or right after it ended: later its number may
 * be another's.
 */
export function killSession(leader: number, name: string): void {
	const doomed = new Set<number>();
	const linked = (row: Row) => row.session === leader || doomed.has(row.pid) || doomed.has(row.parent) || doomed.has(row.session);
	const belongs = (row: Row) => linked(row) || isOf(row.pid, name);
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
		for (const row of rows.filter((row) => doomed.has(row.pid))) {
			// First all are stopped, so that no link of a parent to its child is lost while we look.
			signal(row.pid, 'SIGSTOP');
		}
	}
	for (const pid of doomed) {
		signal(pid, 'SIGKILL');
	}
}
