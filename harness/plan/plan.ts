// The planner: suites + matrix + what the host is -> what is observed where, judged under which profiles, and why not.
// Pure: the same input gives the same plan.

import type { Trust } from '../domain/snp/roots.ts';
import type { CheckKind } from '../language/kind.ts';
import type { AxisName, Matrix } from '../language/matrix.ts';
import type { Plan, PlannedCell, PlannedCheck } from '../language/plan.ts';
import type { Check, Suite } from '../language/suite.ts';
import { axisValues, type Cell, makeCells, matchesWhere } from './cells.ts';
import { planGuests } from './guests.ts';
import { isRequired, type Skip, skipRule } from './rules.ts';
import { everything, isWholeMatrix, type Selection } from './selection.ts';

export interface PlanInput {
	/** Every suite that is known: those asked for and those that prerequisites may come from. */
	readonly suites: readonly Suite[];
	readonly matrix: Matrix;
	readonly matrixDirectory: string;
	readonly kinds: readonly CheckKind[];
	readonly profiles: readonly string[];
	readonly host: { readonly name: string; readonly generation: string };
	readonly selection: Selection;
	/** AMD's pinned roots, but for a simulated host. */
	readonly trust: Trust;
}

/** A check in the cell where it is observed, before it is known whether it is selected. */
interface Instance {
	readonly key: string;
	readonly suite: Suite;
	readonly check: Check;
	readonly cell: Cell;
}

/** The plan, or one sentence that says why the selection is empty or impossible. */
export function makePlan(input: PlanInput): Plan | { readonly problem: string } {
	const universe = findInstances(input, input.selection.set);
	const selected = select(input, universe);
	if ('problem' in selected) {
		return selected;
	}
	const wanted = withPrerequisites(universe, selected.instances);
	const planned = [...universe.instances.values()].filter(({ key }) => wanted.has(key));
	const cells = universe.cells
		.map((cell): PlannedCell => {
			const skip = unfitHost(cell, input.host);
			const checks = planned.filter((instance) => instance.cell === cell);
			return {
				id: cell.id,
				axes: { ...cell.axes },
				host: input.host.name,
				skip,
				guests: checks.some(({ check }) => check.target === 'guest')
					? [...planGuests(input.matrix, input.matrixDirectory, cell)]
					: [],
				checks: checks.map((instance) => planCheck(input, universe, instance, selected.instances.has(instance.key), skip)),
			};
		})
		.filter(({ checks }) => checks.length > 0);
	return {
		format: 'snpgate.plan/1',
		profiles: [...input.profiles],
		scope: isWholeMatrix(input.selection) ? 'matrix' : 'selection',
		checksInMatrix: matrixSize(input),
		cells,
		promises: planPromises(input.matrix, cells),
	};
}

interface Universe {
	readonly cells: readonly Cell[];
	readonly instances: ReadonlyMap<string, Instance>;
	/** The instance that a check of this cell means by an id: the cell's own, or the host's one where that makes sense here. */
	find(cell: Cell, id: string): Instance | undefined;
}

/**
 * A guest's check exists once in each cell. A host's check does not depend on tee, boot and guest-os: it exists once for a
 * milestone and generation, in the first cell of the whole matrix where it makes sense, so that its name is the same
 * whatever was selected.
 */
function findInstances(input: PlanInput, set: ReadonlyMap<AxisName, readonly string[]>): Universe {
	const { matrix } = input;
	// The matrix's order of suites is the order of reading; those it does not list come last.
	const rank = ({ name }: Suite) => (matrix.suites.includes(name) ? matrix.suites.indexOf(name) : matrix.suites.length);
	const suites = input.suites.toSorted((a, b) => rank(a) - rank(b));
	const hostAxes = new Map([...set].filter(([axis]) => axis === 'milestone' || axis === 'generation'));
	const cells = makeCells(matrix, { ...axisValues(matrix, input.host.generation, hostAxes), ...allGuests(matrix, set) });
	const instances = new Map<string, Instance>();
	const homes = new Map<string, Instance>();
	const homeKey = (cell: Cell, id: string) => `${cell.axes.milestone}/${cell.axes.generation}/${id}`;
	for (const cell of cells) {
		for (const suite of suites) {
			for (const check of suite.checks) {
				const home = homeKey(cell, check.id);
				if (!matchesWhere(cell.axes, check.where) || (check.target === 'host' && homes.has(home))) {
					continue;
				}
				const instance = { key: `${cell.id}/${check.id}`, suite, check, cell };
				instances.set(instance.key, instance);
				if (check.target === 'host') {
					homes.set(home, instance);
				}
			}
		}
	}
	const findHome = (cell: Cell, id: string) => {
		const home = homes.get(homeKey(cell, id));
		return home !== undefined && matchesWhere(cell.axes, home.check.where) ? home : undefined;
	};
	return { cells, instances, find: (cell, id) => instances.get(`${cell.id}/${id}`) ?? findHome(cell, id) };
}

/** All values of the axes that only guests have; a value the matrix does not list (`--set`) is added to them. */
function allGuests(matrix: Matrix, set: ReadonlyMap<AxisName, readonly string[]>) {
	const all = (axis: 'tee' | 'boot' | 'guest-os') => [...new Set<string>([...matrix.axes[axis], ...(set.get(axis) ?? [])])];
	return { tee: all('tee'), boot: all('boot'), 'guest-os': all('guest-os') };
}

type Selected = { readonly instances: ReadonlySet<string> } | { readonly problem: string };

function select(input: PlanInput, universe: Universe): Selected {
	const { matrix, selection } = input;
	const suites = new Set(selection.suites ?? matrix.suites);
	const meant = new Set(makeCells(matrix, axisValues(matrix, input.host.generation, selection.set)).map(({ id }) => id));
	const known = new Set(universe.cells.map(({ id }) => id));
	const strangers = selection.cells.filter((id) => !known.has(id));
	if (strangers.length > 0) {
		return {
			problem: `No cell '${strangers[0]}' in this matrix. 'snpgate plan' lists them; for example '${universe.cells[0]?.id}'.`,
		};
	}
	const inCell = ({ check, cell }: Instance): boolean => {
		if (selection.cells.length > 0) {
			return selection.cells.includes(cell.id);
		}
		// A host's check is meant wherever one of the meant cells shares its host axes and its `where`.
		return check.target === 'guest'
			? meant.has(cell.id)
			: universe.cells.some((other) => meant.has(other.id) && universe.find(other, check.id)?.cell === cell);
	};
	const byName = (id: string) =>
		[...universe.instances.values()].some((instance) => instance.check.id === id || instance.key === id);
	const unknown = selection.only.find((id) => !byName(id));
	if (unknown !== undefined) {
		return { problem: `No check '${unknown}' in these suites and cells. 'snpgate plan' lists them.` };
	}
	const chosen = [...universe.instances.values()].filter(
		(instance) =>
			(selection.only.length > 0 && selection.suites === null ? true : suites.has(instance.suite.name)) &&
			inCell(instance) &&
			(selection.only.length === 0 || selection.only.some((id) => id === instance.check.id || id === instance.key)) &&
			(selection.tags.length === 0 || instance.check.tags.some((tag) => selection.tags.includes(tag))),
	);
	return chosen.length === 0
		? {
				problem:
					"The selection is empty: no check of these suites is in these cells with these tags. 'snpgate plan' lists what there is.",
			}
		: { instances: new Set(chosen.map(({ key }) => key)) };
}

function withPrerequisites(universe: Universe, selected: ReadonlySet<string>): ReadonlySet<string> {
	const wanted = new Set<string>();
	const queue = [...selected];
	for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
		const instance = wanted.has(key) ? undefined : universe.instances.get(key);
		if (instance === undefined) {
			continue;
		}
		wanted.add(key);
		const { check, cell } = instance;
		for (const id of [...check.needs, ...(check.control === null ? [] : [check.control])]) {
			const need = universe.find(cell, id);
			if (need !== undefined) {
				queue.push(need.key);
			}
		}
	}
	return wanted;
}

function unfitHost(cell: Cell, host: PlanInput['host']): Skip | null {
	return cell.axes.generation === host.generation
		? null
		: {
				rule: 'host-generation',
				because: `The host '${host.name}' is ${host.generation}, this cell is for ${cell.axes.generation}`,
			};
}

function planCheck(
	input: PlanInput,
	universe: Universe,
	instance: Instance,
	selected: boolean,
	unfit: Skip | null,
): PlannedCheck {
	const { check, suite, cell, key } = instance;
	const kind = input.kinds.find((candidate) => candidate.kind === check.kind);
	if (kind === undefined) {
		throw new Error(`check '${check.id}' has kind '${check.kind}', which is not registered`);
	}
	const under = Object.fromEntries(
		input.profiles.map((profile) => [
			profile,
			{
				required: isRequired(input.matrix, suite.name, check, cell, profile),
				skip: unfit ?? skipRule(input.matrix, suite.name, check, cell, profile),
				expectation: kind.expectation(check.params, {
					profile,
					axes: cell.axes,
					release: input.matrix.release,
					packages: input.matrix.packages,
					limits: input.matrix.limits,
					trust: input.trust,
				}),
			},
		]),
	);
	const deciding = under[input.profiles[0] ?? ''];
	const instanceOf = (id: string) => universe.find(cell, id)?.key;
	return {
		id: check.id,
		instance: key,
		title: check.title,
		why: check.why,
		kind: check.kind,
		suite: suite.name,
		target: check.target,
		params: check.params,
		// A need whose `where` leaves this cell out has nothing to say here.
		needs: check.needs.map(instanceOf).filter((need) => need !== undefined),
		// A control that this cell does not have is never dropped: without it the check is an error, not a pass.
		control: check.control === null ? null : (instanceOf(check.control) ?? `${cell.id}/${check.control}`),
		last: check.last,
		promise: check.promise,
		unconfirmed: [...check.unconfirmed],
		source: check.source,
		required: deciding?.required ?? false,
		selected,
		skip: deciding?.skip ?? null,
		under,
	};
}

/** How many checks the matrix has on this host when nothing is selected. */
function matrixSize(input: PlanInput): number {
	const whole: PlanInput = { ...input, selection: everything };
	const selected = select(whole, findInstances(whole, everything.set));
	return 'problem' in selected ? 0 : selected.instances.size;
}

function planPromises(matrix: Matrix, cells: readonly PlannedCell[]): Plan['promises'] {
	const checks = cells.flatMap((cell) => cell.checks);
	return Object.entries(matrix.promises).map(([id, title]) => ({
		id,
		title,
		checks: checks.filter((check) => check.promise === id).map(({ instance }) => instance),
	}));
}
