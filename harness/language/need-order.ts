// Needs that the order of a run cannot serve: a guest that nobody boots, and what is looked at before what it needs.

import { type LocatedCheck, needPath } from './located-check.ts';
import type { Problem } from './problems.ts';

/** The kind that boots a guest. */
const bootKind = 'guest-boot';

/** Checks that look into a guest and need, also through others, none that boots it. */
export function findUnbootedGuests(checks: readonly LocatedCheck[]): readonly Problem[] {
	const ids = new Set(checks.map(({ id }) => id));
	const boots = checks.filter(({ check }) => check?.kind === bootKind);
	// What they need may be misspelt, which is told already.
	const unclear = checks.filter(({ check, needs }) => check === null || !needs.every((need) => ids.has(need)));
	const isServed = findDependents([...boots, ...unclear], checks);
	const hint =
		boots[0] === undefined ? `Add a check of the kind '${bootKind}', and its id under 'needs'` : `Add 'needs: [${boots[0].id}]'`;
	return checks
		.filter(({ id, check }) => check?.target === 'guest' && !isServed.has(id))
		.map(({ path, locate }) =>
			locate.problem([...path, 'id'], 'This check looks into a guest, so it needs a check that boots it', hint),
		);
}

/** The ids of these checks and of all that need one of them, directly or through others. */
function findDependents(roots: readonly LocatedCheck[], checks: readonly LocatedCheck[]): ReadonlySet<string> {
	const dependents = Map.groupBy(
		checks.flatMap(({ id, needs }) => needs.map((need) => ({ id, need }))),
		({ need }) => need,
	);
	const found = new Set(roots.map(({ id }) => id));
	// A set that grows while it is walked is walked to its new end.
	for (const id of found) {
		for (const dependent of dependents.get(id) ?? []) {
			found.add(dependent.id);
		}
	}
	return found;
}

/** Checks that look first and need one that looks last: each would wait for the other. */
export function findEarlyNeeds(checks: readonly LocatedCheck[]): readonly Problem[] {
	const last = new Set(checks.filter(({ check }) => check?.last === true).map(({ id }) => id));
	return checks
		.filter(({ check }) => check?.last === false)
		.flatMap((located) => {
			const waits = [...located.needs, ...(located.control === null ? [] : [located.control])];
			return [...new Set(waits)]
				.filter((id) => last.has(id))
				.map((id) => {
					const message = `'${located.id}' looks first, so it cannot need '${id}', which looks last`;
					return located.locate.problem(needPath(located, id), message, "Add 'last: true' to it, or remove it there");
				});
		});
}
