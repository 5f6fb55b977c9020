// A suite from its text: the suite, or every reason why it is none.

import type { CheckKind } from './kind.ts';
import { inOrder, type Problem } from './problems.ts';
import { itemsAt, keysAt, type Path, readSource, type Source, wordsAt } from './source.ts';
import { listWords } from './stray-words.ts';
import { type Check, commonKeys, type Suite, suiteSchema } from './suite.ts';
import { validate } from './validate.ts';

interface LoadedSuite {
	/** Null when there is any problem. */
	readonly suite: Suite | null;
	/** As the file has it, whatever else is wrong there; null when it has none. */
	readonly name: string | null;
	readonly problems: readonly Problem[];
	/** For problems that show later, such as those of `checkReferences`. */
	readonly locate: Source;
}

/** Reads a suite whose checks are of these kinds. `path` is the name of the file in problems. */
export function loadSuite(text: string, path: string, kinds: readonly CheckKind[]): LoadedSuite {
	const { source, problems: syntax } = readSource(text, path);
	const { data, problems: values } = validate(suiteSchema(kinds), source);
	const kindNames = new Set(kinds.map(({ kind }) => kind));
	const problems = inOrder([...syntax, ...values, ...findKindProblems(source, kindNames), ...findRepeatedIds(source)]);
	const name = wordsAt(source, ['suite'])[0]?.word ?? null;
	if (data === null || problems.length > 0) {
		return { suite: null, name, problems, locate: source };
	}
	const checks = data.checks.flatMap((check, index): Check[] => {
		const words = new Map<string, unknown>(Object.entries(check));
		const { file, line } = source.place(['checks', index]);
		const own = kinds.filter(({ kind }) => words.has(kind));
		return own.map(({ kind, target }) => ({
			id: check.id,
			title: check.title,
			why: check.why,
			promise: check.promise ?? null,
			kind,
			params: words.get(kind),
			target: check.target ?? data.target ?? target,
			// A check of the suite that all the others need does not need itself.
			needs: [...new Set([...(data.needs ?? []).filter((id) => id !== check.id), ...(check.needs ?? [])])],
			control: check.control ?? null,
			tags: check.tags ?? [],
			where: { ...data.where, ...check.where },
			last: check.last ?? false,
			required: check.required ?? true,
			unconfirmed: check.unconfirmed ?? [],
			mustFailUnder: check['must-fail-under'] ?? {},
			source: `${file}:${line}`,
		}));
	});
	return { suite: { name: data.suite, title: data.title, checks }, name, problems, locate: source };
}

/** Each check has exactly one kind. A check with an unknown key has been told of that, which is its kind misspelt. */
function findKindProblems(source: Source, kinds: ReadonlySet<string>): readonly Problem[] {
	return itemsAt(source, ['checks']).flatMap((path) => {
		const keys = keysAt(source, path);
		const [first, ...more] = keys.filter(({ word }) => kinds.has(word));
		if (first !== undefined) {
			return more.map((other) => {
				const message = `A second kind in one check: '${other.word}' beside '${first.word}'`;
				return source.problem(other.path, message, 'Make two checks of it, each with an id of its own', 'key');
			});
		}
		const isNamed = keys.length > 0 && keys.every(({ word }) => commonKeys.includes(word));
		return isNamed
			? [source.problem(path, 'This check has no kind, so it asserts nothing', `Add one of ${listWords(kinds)}`)]
			: [];
	});
}

function findRepeatedIds(source: Source): readonly Problem[] {
	const lines = new Map<string, number>();
	const ids = itemsAt(source, ['checks']).flatMap((path: Path) => wordsAt(source, [...path, 'id']));
	return ids.flatMap(({ word, path }) => {
		const first = lines.get(word);
		if (first === undefined) {
			lines.set(word, source.place(path).line);
			return [];
		}
		return [source.problem(path, `The id '${word}' is used twice`, `It is first on line ${first}`)];
	});
}
