// A matrix from its text: the matrix, or every reason why it is none.

import { axisNames, type Matrix, matrixSchema } from './matrix.ts';
import { inOrder, type Problem } from './problems.ts';
import { itemsAt, keysAt, type Path, readSource, type Source, treeAt, wordsAt } from './source.ts';
import { findStrays } from './stray-words.ts';
import { type Validated, validate } from './validate.ts';

interface LoadedMatrix {
	/** Null when there is any problem. */
	readonly matrix: Matrix | null;
	readonly problems: readonly Problem[];
	/** For problems that show later, such as those of `checkReferences`. */
	readonly locate: Source;
}

/** Reads a matrix. `path` is the name of the file in problems. */
export function loadMatrix(text: string, path: string): LoadedMatrix {
	const { source, problems: syntax } = readSource(text, path);
	const validated = validate(matrixSchema, source);
	const problems = inOrder([
		...syntax,
		...validated.problems,
		...findStrayDefaults(source, validated),
		...findStrayGuests(source, validated),
		...findStrayProfiles(source, validated),
		...findRepetitions(source),
		...findBlanketRules(source),
	]);
	return { matrix: problems.length > 0 ? null : validated.data, problems, locate: source };
}

type Flawed = Pick<Validated<unknown>, 'isFlawed'>;
function findStrayDefaults(source: Source, { isFlawed }: Flawed): readonly Problem[] {
	return axisNames.flatMap((axis) => {
		const values = wordsAt(source, ['axes', axis]);
		if (values.length === 0 || isFlawed(['axes', axis]) || isFlawed(['defaults', axis])) {
			return [];
		}
		const known = new Set(values.map(({ word }) => word));
		return findStrays(
			source,
			wordsAt(source, ['defaults', axis]),
			known,
			(word) => `The default '${word}' is no value of the axis '${axis}'`,
		);
	});
}

function findStrayGuests(source: Source, { isFlawed }: Flawed): readonly Problem[] {
	if (isFlawed(['axes', 'guest-os'])) {
		return [];
	}
	const values = wordsAt(source, ['axes', 'guest-os']);
	const guests = keysAt(source, ['guests']);
	const known = new Set(values.map(({ word }) => word));
	const tell = (word: string) => `The guest '${word}' is no value of the axis 'guest-os'`;
	const strays = findStrays(source, guests, known, tell, 'key');
	if (strays.length > 0 || treeAt(source.tree, ['guests'])?.kind !== 'map') {
		return strays;
	}
	const entries = new Set(guests.map(({ word }) => word));
	return values
		.filter(({ word }) => !entries.has(word))
		.map(({ word, path }) =>
			source.problem(path, `The guest-os '${word}' has no entry under 'guests'`, 'Add one, or remove the value'),
		);
}

/** `feature` is no profile: what stands there holds under each of them. */
const everyProfile = 'feature';

function findStrayProfiles(source: Source, { isFlawed }: Flawed): readonly Problem[] {
	const profiles = wordsAt(source, ['profiles']);
	const reserved = profiles.filter(({ word }) => word === everyProfile);
	const taken = reserved.map(({ path }) =>
		source.problem(path, `'${everyProfile}' cannot be a profile: under 'packages' it means all of them`),
	);
	if (profiles.length === 0 || isFlawed(['profiles'])) {
		return taken;
	}
	const known = new Set(profiles.map(({ word }) => word));
	const tell = (word: string) => `'${word}' is no profile of this matrix`;
	const packages = keysAt(source, ['packages']).flatMap(({ path }) => keysAt(source, path));
	const rules = ruleLists.flatMap((list) => itemsAt(source, [list])).flatMap((path) => wordsAt(source, [...path, 'profiles']));
	return [
		...taken,
		...findStrays(source, packages, new Set([...known, everyProfile]), tell, 'key'),
		...findStrays(source, rules, known, tell),
	];
}

function findRepetitions(source: Source): readonly Problem[] {
	const lists: readonly Path[] = [['profiles'], ['suites'], ...axisNames.map((axis) => ['axes', axis])];
	return lists.flatMap((list) => {
		const seen = new Set<string>();
		const repeated = wordsAt(source, list).filter(({ word }) => seen.has(word) || !seen.add(word));
		return repeated.map(({ word, path }) => source.problem(path, `'${word}' is listed twice`));
	});
}

const ruleLists = ['skip', 'informational'] as const;
const ruleScopes: readonly string[] = ['where', 'checks', 'suites'];

/** A rule about everything would leave nothing to judge. */
function findBlanketRules(source: Source): readonly Problem[] {
	return ruleLists.flatMap((list) =>
		itemsAt(source, [list])
			.map((path) => ({ path, keys: keysAt(source, path) }))
			.filter(({ keys }) => keys.length > 0 && !keys.some(({ word }) => ruleScopes.includes(word)))
			.map(({ path }) => source.problem(path, 'This rule would be about every check', "Add 'where', 'checks' or 'suites'")),
	);
}
