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

/** The first line that each pattern matches, or null. Lines longer than 8 KiB are matched up to there. */
export function matchLines(lines: readonly string[], must: readonly string[], mustNot: readonly string[]): Matches {
	const longest = 8192;
	const cut = lines.map((line) => (line.length > longest ? line.slice(0, longest) : line));
	const first = (pattern: string) => {
		const expression = compilePattern(pattern);
		return { pattern, line: cut.find((line) => expression.test(line)) ?? null };
	};
	return { must: must.map(first), mustNot: mustNot.map(first) };
}
