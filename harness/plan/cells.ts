// Cells: one value per axis. Which combinations there are, and which of them a selection means.

import { type Axes, type AxisName, axisNames, type Matrix, type Where } from '../language/matrix.ts';

export interface Cell {
	readonly id: string;
	readonly axes: Axes;
}

/** Values for an axis, from the user, the matrix's default, the host's fact, or all of them (design section 2). */
export function axisValues(
	matrix: Matrix,
	generation: string,
	set: ReadonlyMap<AxisName, readonly string[]>,
): Readonly<Record<AxisName, readonly string[]>> {
	const values = (axis: AxisName): readonly string[] => {
		const chosen = set.get(axis) ?? (matrix.defaults[axis] === undefined ? undefined : [matrix.defaults[axis]]);
		return chosen ?? (axis === 'generation' ? [generation] : matrix.axes[axis]);
	};
	return {
		milestone: values('milestone'),
		generation: values('generation'),
		tee: values('tee'),
		boot: values('boot'),
		'guest-os': values('guest-os'),
	};
}

/** Every combination that the matrix does not exclude, in the order of its axes. */
export function makeCells(matrix: Matrix, values: Readonly<Record<AxisName, readonly string[]>>): readonly Cell[] {
	const prefix = typeof matrix.release === 'number' ? `f${matrix.release}` : matrix.release;
	const cells: Cell[] = [];
	for (const milestone of values.milestone) {
		for (const generation of values.generation) {
			for (const tee of values.tee) {
				for (const boot of values.boot) {
					for (const guestOs of values['guest-os']) {
						const axes: Axes = { milestone, generation, tee, boot, 'guest-os': guestOs };
						if (!matrix.exclude.some((combination) => matchesWhere(axes, combination.where))) {
							cells.push({ id: [prefix, ...axisNames.map((axis) => axes[axis])].join('.'), axes });
						}
					}
				}
			}
		}
	}
	return cells;
}

/** Whether each axis that the rule names has one of its values here. */
export function matchesWhere(axes: Axes, where: Where | undefined): boolean {
	return axisNames.every((axis) => {
		const wanted = where?.[axis];
		return (
			wanted === undefined ||
			(typeof wanted === 'string' ? wanted === axes[axis] : (wanted as readonly string[]).includes(axes[axis]))
		);
	});
}
