// Words that should name something, and do not.

import { nearestWord } from '../domain/text/nearest.ts';
import type { Problem } from './problems.ts';
import type { Source, wordsAt } from './source.ts';

/** For each word that is not known a problem at its place, with the nearest known one as hint. */
export function findStrays(
	source: Source,
	words: ReturnType<typeof wordsAt>,
	known: ReadonlySet<string>,
	tell: (word: string) => string,
	at: 'key' | 'value' = 'value',
): readonly Problem[] {
	const strays = words.filter(({ word }) => !known.has(word));
	return strays.map(({ word, path }) => source.problem(path, tell(word), didYouMean(nearestWord(word, [...known])), at));
}

/** The hint for a word that is close to one that would be right. */
export function didYouMean(word: string | null): string | null {
	return word === null ? null : `Did you mean '${word}'?`;
}

const mostWords = 24;

/** Words for a hint, each in quotes; of a long list the first ones. */
export function listWords(words: Iterable<string>): string {
	const all = Array.from(words, (word) => `'${word}'`);
	const rest = all.length - mostWords;
	return rest > 0 ? `${all.slice(0, mostWords).join(', ')} and ${rest} more` : all.join(', ');
}
