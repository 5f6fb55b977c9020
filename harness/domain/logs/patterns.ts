// Regular expressions over lines: what was found of what must, and must not, be there.

export interface Matches {
	readonly must: readonly { readonly pattern: string; readonly line: string | null }[];
	readonly mustNot: readonly { readonly pattern: string; readonly line: string | null }[];
}

/** The loader has refused patterns that do not compile; 'u' is tried first because it is stricter. */
export function compilePattern(source: string): RegExp {
	try {
		return new RegExp(source, 'u');
	} catch {
		return new RegExp(source);
	}
}

/** One pattern, several, or none, as a list. */
export function patternList(value: string | readonly string[] | undefined): readonly string[] {
	return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** The first line that each pattern matches, or null. */
export function matchLines(lines: readonly string[], must: readonly string[], mustNot: readonly string[]): Matches {
	const first = (pattern: string) => {
		const expression = compilePattern(pattern);
		return { pattern, line: lines.find((line) => expression.test(line)) ?? null };
	};
	return { must: must.map(first), mustNot: mustNot.map(first) };
}
