// getopt_long(3) as the GNU tools use it: clustered short options, abbreviated long ones, operands anywhere.

export interface OptionSpec {
	/** The name under which it is found; the long option without dashes, where there is one. */
	readonly name: string;
	readonly short?: string;
	readonly long?: boolean;
	/** 'optional' takes a value only when it is attached. */
	readonly value?: 'required' | 'optional';
}

export interface Parsed {
	/** Name and value of each option in order; the value is '' for options without one. */
	readonly options: ReadonlyMap<string, string>;
	readonly operands: readonly string[];
}

/** Parsed arguments, or getopt's complaint without the program's name. */
export function parseOptions(args: readonly string[], specs: readonly OptionSpec[]): Parsed | string {
	const options = new Map<string, string>();
	const operands: string[] = [];
	for (let index = 0; index < args.length; index += 1) {
		const arg = args[index] ?? '';
		if (arg === '--') {
			operands.push(...args.slice(index + 1));
			break;
		}
		const taken = arg.startsWith('--')
			? takeLong(arg, args[index + 1], specs, options)
			: arg.startsWith('-') && arg !== '-'
				? takeShort(arg, args[index + 1], specs, options)
				: null;
		if (typeof taken === 'string') {
			return taken;
		}
		if (taken === null) {
			operands.push(arg);
		} else {
			index += taken;
		}
	}
	return { options, operands };
}

/** How many further arguments it took, or the complaint. */
function takeLong(
	arg: string,
	next: string | undefined,
	specs: readonly OptionSpec[],
	options: Map<string, string>,
): number | string {
	const equals = arg.indexOf('=');
	const name = arg.slice(2, equals < 0 ? undefined : equals);
	const attached = equals < 0 ? undefined : arg.slice(equals + 1);
	const long = specs.filter((spec) => spec.long === true);
	const exact = long.filter((spec) => spec.name === name);
	const matching = exact.length > 0 ? exact : long.filter((spec) => spec.name.startsWith(name));
	const [spec] = matching;
	if (spec === undefined) {
		return `unrecognized option '--${name}'`;
	}
	if (matching.length > 1) {
		return `option '--${name}' is ambiguous; possibilities:${matching.map((candidate) => ` '--${candidate.name}'`).join('')}`;
	}
	if (spec.value === undefined && attached !== undefined) {
		return `option '--${spec.name}' doesn't allow an argument`;
	}
	if (spec.value === 'required' && attached === undefined) {
		if (next === undefined) {
			return `option '--${spec.name}' requires an argument`;
		}
		options.set(spec.name, next);
		return 1;
	}
	options.set(spec.name, attached ?? '');
	return 0;
}

function takeShort(
	arg: string,
	next: string | undefined,
	specs: readonly OptionSpec[],
	options: Map<string, string>,
): number | string {
	const letters = [...arg.slice(1)];
	for (const [index, letter] of letters.entries()) {
		const spec = specs.find((candidate) => candidate.short === letter);
		if (spec === undefined) {
			return `invalid option -- '${letter}'`;
		}
		const attached = letters.slice(index + 1).join('');
		if (spec.value === undefined) {
			options.set(spec.name, '');
			continue;
		}
		if (attached === '' && spec.value === 'required') {
			if (next === undefined) {
				return `option requires an argument -- '${letter}'`;
			}
			options.set(spec.name, next);
			return 1;
		}
		options.set(spec.name, attached);
		return 0;
	}
	return 0;
}
