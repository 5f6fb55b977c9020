// Checks that wait for each other. A control is waited for like a need.

import type { Problem } from './problems.ts';
import { type Path, type Source, wordsAt } from './source.ts';
import type { Check } from './suite.ts';

/** A check with its path in the file of its suite. */
export interface LocatedCheck {
	readonly check: Check;
	readonly path: Path;
	readonly locate: Source;
}

interface Visit {
	readonly id: string;
	/** What it waits for and was not looked at yet, the next one last. */
	readonly waits: string[];
}

/** One problem for each need that closes a cycle, at that need. */
export function findNeedCycles(checks: readonly LocatedCheck[]): readonly Problem[] {
	const byId = new Map(checks.map((located) => [located.check.id, located]));
	const done = new Set<string>();
	const problems: Problem[] = [];
	for (const { check } of checks) {
		const trail: Visit[] = done.has(check.id) ? [] : [visit(check.id, byId)];
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
	const check = byId.get(id)?.check;
	const waits = check === undefined ? [] : [...check.needs, ...(check.control === null ? [] : [check.control])];
	return { id, waits: waits.reverse() };
}

/** `cycle` begins and ends with the same id; `last` is the check before the end. */
function tell(cycle: readonly string[], last: LocatedCheck | undefined): readonly Problem[] {
	if (last === undefined) {
		return [];
	}
	const [start, ...rest] = cycle.map((id) => `'${id}'`);
	return [
		last.locate.problem(
			needPath(last.path, cycle.at(-1), last.locate),
			`Checks that wait for each other: ${start} needs ${rest.join(', which needs ')}`,
		),
	];
}

/** Where the check says it, or else where its suite says it for all. */
function needPath(check: Path, id: string | undefined, locate: Source): Path {
	const lists: readonly Path[] = [[...check, 'needs'], [...check, 'control'], ['needs']];
	return lists.flatMap((list) => wordsAt(locate, list)).find(({ word }) => word === id)?.path ?? check;
}
