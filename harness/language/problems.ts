// What is wrong in a file that a person wrote, said where it stands and what to write instead.

/** A position in a file; line and column count from 1, columns in UTF-16 units as editors do. */
export interface Place {
	readonly file: string;
	readonly line: number;
	readonly col: number;
	/** The whole line of the file, without its end. */
	readonly sourceLine: string;
}

export interface Problem extends Place {
	readonly message: string;
	/** The next step, for example "Did you mean 'needs'?"; null when the message says it all. */
	readonly hint: string | null;
}

/** The problems of one file in order of position. One that was found twice, by a rule inside a rule, is said once. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
	const seen = new Set<string>();
	return problems
		.filter(({ line, col, message }) => {
			const key = `${line}:${col} ${message}`;
			return !seen.has(key) && seen.add(key);
		})
		.sort((a, b) => a.line - b.line || a.col - b.col);
}

const longestLine = 120;

/** The message with its position, the line with a caret below the column, and the hint. No line end at the end. */
export function formatProblem({ file, line, col, message, sourceLine, hint }: Problem): string {
	// A control character would move the caret, or the terminal.
	const shown = sourceLine.replace(/\p{Cc}/gu, ' ');
	const start = shown.length > longestLine ? Math.max(0, col - 1 - longestLine / 2) : 0;
	const cut = start > 0 ? `…${shown.slice(start + 1, start + longestLine)}` : shown.slice(0, longestLine);
	const excerpt = start + longestLine < shown.length ? `${cut}…` : cut;
	const lines = [`${file}:${line}:${col}  ${message}`, `  ${excerpt}`, `  ${' '.repeat(col - 1 - start)}^`];
	return [...lines, ...(hint === null ? [] : [`  ${hint}`])].join('\n');
}

/** All of them, an empty line between two. */
export function formatProblems(problems: readonly Problem[]): string {
	return problems.map(formatProblem).join('\n\n');
}
