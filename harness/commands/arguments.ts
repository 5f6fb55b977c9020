// argv to options, with errors that teach. Uses node:util only, so that wrong usage is answered at once.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearestWord } from '../domain/text/nearest.ts';
import type { CommandSpec } from './table.ts';

/** Wrong usage, suite, matrix or configuration: exit 2, the message is all there is to say. */
export class UsageError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'UsageError';
	}
}

export interface Arguments {
	readonly words: readonly string[];
	/** Value of an option that may be given once. */
	one(name: string): string | undefined;
	/** Values of an option that may be given again. */
	all(name: string): readonly string[];
	flag(name: string): boolean;
}

/** Parses the arguments of one command; throws UsageError. */
export function parseArguments(command: CommandSpec, argv: readonly string[]): Arguments {
	const options = Object.fromEntries(
		Object.entries(command.options).map(([name, { type }]) => [name, { type, multiple: true }] as const),
	) satisfies ParseArgsConfig['options'];
	refuseUnknown(command, argv);
	let parsed: ReturnType<typeof parseArgs>;
	try {
		parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
	} catch (error) {
		throw new UsageError(`${explain(error)}\nUsage: snpgate ${command.usage}`);
	}
	const values = (name: string): readonly (string | boolean)[] => {
		const value = parsed.values[name];
		return Array.isArray(value) ? value : value === undefined ? [] : [value];
	};
	for (const [name, option] of Object.entries(command.options)) {
		if (option.multiple !== true && values(name).length > 1) {
			throw new UsageError(`'--${name}' may be given once.`);
		}
	}
	const strings = (name: string) => values(name).filter((value) => typeof value === 'string');
	return {
		words: parsed.positionals,
		one: (name) => strings(name)[0],
		all: strings,
		flag: (name) => values(name).length > 0,
	};
}

/** node:util's words for what people do most: an option without its value, and a short option. */
function explain(error: unknown): string {
	const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
	const option = /'(--?[a-z-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message)?.[1];
	if (option !== undefined) {
		return `'${option}' expects a value; one that starts with '-' is written '${option}=VALUE'.`;
	}
	const short = /Unknown option '(-[^-]\S*)'/.exec(message)?.[1];
	return short === undefined ? message : `There are no short options such as '${short}'.`;
}

function refuseUnknown(command: CommandSpec, argv: readonly string[]): void {
	const end = argv.indexOf('--');
	for (const word of end < 0 ? argv : argv.slice(0, end)) {
		const name = /^--([a-z][a-z-]*)/.exec(word)?.[1];
		if (name === undefined || name in command.options) {
			continue;
		}
		if (command.later.includes(name)) {
			throw new UsageError(`'--${name}' of 'snpgate ${command.name}' is not available yet in this version.`);
		}
		const near = nearestWord(name, Object.keys(command.options));
		const hint = near === null ? `'snpgate ${command.name} --help' lists what there is.` : `Did you mean '--${near}'?`;
		throw new UsageError(`'snpgate ${command.name}' has no option '--${name}'. ${hint}`);
	}
}
