// --set, --cell, --only, --tag and the named suites as a Selection.

import { nearestWord } from '../domain/text/nearest.ts';
import { type AxisName, axisNames, generations, type Matrix, milestones } from '../language/matrix.ts';
import type { Selection } from '../plan/selection.ts';
import { type Arguments, UsageError } from './arguments.ts';

export function readSelection(args: Arguments, matrix: Matrix, named: readonly string[] | null): Selection {
	const set = new Map<AxisName, string[]>();
	for (const word of args.all('set')) {
		const [name = '', value = ''] = splitOnce(word, '=');
		const axis = axisNames.find((known) => known === name);
		if (axis === undefined) {
			const near = nearestWord(name, axisNames);
			throw new UsageError(
				`'--set ${word}': there is no axis '${name}'. ${near === null ? `Axes: ${axisNames.join(', ')}.` : `Did you mean '${near}'?`}`,
			);
		}
		const values: readonly string[] =
			axis === 'generation' ? [...generations, 'other'] : axis === 'milestone' ? milestones : matrix.axes[axis];
		if (!values.includes(value)) {
			throw new UsageError(
				`'--set ${word}': axis '${axis}' of this matrix has no value '${value}'. Values: ${values.join(', ')}.`,
			);
		}
		set.set(axis, [...(set.get(axis) ?? []), value]);
	}
	return { suites: named, set, cells: args.all('cell'), only: args.all('only'), tags: args.all('tag') };
}

/** The profiles to judge under: those of the matrix, or the named ones in their order. */
export function readProfiles(args: Arguments, matrix: Matrix): readonly string[] {
	const asked = args.all('profile');
	const stranger = asked.find((profile) => !matrix.profiles.includes(profile));
	if (stranger !== undefined) {
		const near = nearestWord(stranger, matrix.profiles);
		throw new UsageError(
			`This matrix has no profile '${stranger}'. ${near === null ? `Profiles: ${matrix.profiles.join(', ')}.` : `Did you mean '${near}'?`}`,
		);
	}
	return asked.length === 0 ? matrix.profiles : [...new Set(asked)];
}

function splitOnce(text: string, separator: string): readonly [string, string] {
	const index = text.indexOf(separator);
	return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
