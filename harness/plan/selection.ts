// What the user asked for, of all that the matrix has.

import type { AxisName } from '../language/matrix.ts';

export interface Selection {
	/** Names of suites; null for those of the matrix. */
	readonly suites: readonly string[] | null;
	readonly set: ReadonlyMap<AxisName, readonly string[]>;
	/** Cell ids. */
	readonly cells: readonly string[];
	/** Check ids or instances. */
	readonly only: readonly string[];
	readonly tags: readonly string[];
}

export const everything: Selection = { suites: null, set: new Map(), cells: [], only: [], tags: [] };

/** True when only the matrix's defaults and the host's facts choose the cells (design section 2). */
export function isWholeMatrix(selection: Selection): boolean {
	return (
		selection.suites === null &&
		selection.set.size === 0 &&
		selection.cells.length === 0 &&
		selection.only.length === 0 &&
		selection.tags.length === 0
	);
}

/** In words, for people; null for the whole matrix. */
export function describeSelection(selection: Selection): string | null {
	if (isWholeMatrix(selection)) {
		return null;
	}
	const parts = [
		selection.suites === null ? null : `suites ${selection.suites.join(', ')}`,
		...[...selection.set].map(([axis, values]) => `${axis} ${values.join(', ')}`),
		selection.cells.length === 0 ? null : `cells ${selection.cells.join(', ')}`,
		selection.only.length === 0 ? null : `checks ${selection.only.join(', ')}`,
		selection.tags.length === 0 ? null : `tags ${selection.tags.join(', ')}`,
	];
	return parts.filter((part) => part !== null).join('; ');
}
