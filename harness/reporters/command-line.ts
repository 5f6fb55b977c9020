// A command line of `snpgate run` taken apart and put together again: what was run decides what to run next.

import { cleanLine } from './plain-text.ts';

export interface CommandLine {
	/** What is no option: the suites. */
	readonly words: readonly string[];
	/** In the order given; null for an option that takes no value. */
	readonly options: readonly (readonly [name: string, value: string | null])[];
}

/** Options that take no value; every other one of `run` takes one. */
const flags = new Set(['json']);

/** Reads the argv of a run.json, whose first word is the command. Never fails: what makes no sense is kept as it is. */
export function readCommandLine([, ...argv]: readonly string[]): CommandLine {
	const words: string[] = [];
	const options: (readonly [string, string | null])[] = [];
	const left = argv.values();
	for (const word of left) {
		if (word === '--') {
			words.push(...left);
		} else if (!word.startsWith('--')) {
			words.push(word);
		} else {
			const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
			options.push([name, value ?? (flags.has(name) ? null : (left.next().value ?? null))]);
		}
	}
	return { words, options };
}

/** The words of a command with these suites and options. */
export function writeCommandLine(command: string, { words, options }: CommandLine): readonly string[] {
	const given = options.flatMap(([name, value]) => (value === null ? [`--${name}`] : [`--${name}`, value]));
	return words.some((word) => word.startsWith('-')) ? [command, ...given, '--', ...words] : [command, ...words, ...given];
}

/** The program as it is called in a checkout, where npx finds it. */
const program = 'npx --no snpgate';

/** `npx --no snpgate` with these words, quoted for a POSIX shell: they come from run.json, which may be somebody else's. */
export function shellCommand(words: readonly string[]): string {
	const quoted = words.map((word) => {
		const clean = cleanLine(word, 200);
		return /^[\w@%+=:,./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
	});
	return [program, ...quoted].join(' ');
}
