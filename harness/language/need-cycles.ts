// Checks that wait for each other. A control is waited for like a need.

import { type LocatedCheck, needPath } from './located-check.ts';
import type { Problem } from './problems.ts';

interface Visit {
	readonly id: string;
	/** What it waits for and was not looked at yet, the next one last. */
	readonly waits: string[];
}

/** One problem for each need that closes a cycle, at that need. */
export function findNeedCycles(checks: readonly LocatedCheck[]): readonly Problem[] {
	const byId = new Map(checks.map((located) => [located.id, located]));
	const done = new Set<string>();
	const problems: Problem[] = [];
	for (const { id: start } of checks) {
		const trail: Visit[] = done.has(start) ? [] : [visit(start, byId)];
		const onTrail = new Set(trail.map(({ id }) => id));
		for (let here = trail.at(-1); here !== undefined; here = trail.at(-1)) {
			const next = here.waits.pop();
			if (next === undefined) {
				done.add(here.id);
				onTrail.delete(here.id);
				trail.pop();
			} else if (onTrail.has(next)) {
				const cycle = trail.slice(trail.findIndex(({ id }) => id === next)).map(({ id }) => id);
				problems.push(...tell([...cycle, next], byId.get(here.id)));
			} else if (!done.has(next) && byId.has(next)) {
				trail.push(visit(next, byId));
				onTrail.add(next);
			}
		}
	}
	return problems;
}

function visit(id: string, byId: ReadonlyMap<string, LocatedCheck>): Visit {
	const check = byId.get(id);
	const waits = check === undefined ? [] : [...check.needs, ...(check.control === null ? [] : [check.control])];
	return { id, waits: waits.reverse() };
}

/** `cycle` begins and ends with the same id; `last` is the check before the end. */
function tell(cycle: readonly string[], last: LocatedCheck | undefined): readonly Problem[] {
	const end = cycle.at(-1);
	if (last === undefined || end === undefined) {
		return [];
	}
	const [start, ...rest] = cycle.map((id) => `'${id}'`);
	const message = `Checks that wait for each other: ${start} needs ${rest.join(', which needs ')}`;
	return [last.locate.problem(needPath(last, end), message)];
}
