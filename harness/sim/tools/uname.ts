// uname of GNU coreutils.

import { printed, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, misused } from './coreutils.ts';

/** In the order in which uname prints them; with --all the last but one pair is left out where it is unknown. */
const fields = [
	{ name: 'kernel-name', short: 's' },
	{ name: 'nodename', short: 'n' },
	{ name: 'kernel-release', short: 'r' },
	{ name: 'kernel-version', short: 'v' },
	{ name: 'machine', short: 'm' },
	{ name: 'processor', short: 'p' },
	{ name: 'hardware-platform', short: 'i' },
	{ name: 'operating-system', short: 'o' },
] as const;

/** uname(1) of this system. */
export function uname({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('uname', args, [
		{ name: 'all', short: 'a', long: true },
		...fields.map((field) => ({ ...field, long: true })),
	]);
	if ('status' in parsed) {
		return parsed;
	}
	const [extra] = parsed.operands;
	if (extra !== undefined) {
		return misused('uname', `extra operand '${extra}'`);
	}
	const { hostName, kernel } = system.identity;
	const values: Readonly<Record<(typeof fields)[number]['name'], string>> = {
		'kernel-name': 'Linux',
		nodename: hostName,
		'kernel-release': kernel.release,
		'kernel-version': kernel.build,
		machine: 'x86_64',
		processor: 'unknown',
		'hardware-platform': 'unknown',
		'operating-system': 'GNU/Linux',
	};
	const all = parsed.options.has('all');
	const asked = fields.filter(({ name }) => (all ? values[name] !== 'unknown' : parsed.options.has(name)));
	return printed(`${(asked.length === 0 ? ['Linux'] : asked.map(({ name }) => values[name])).join(' ')}\n`);
}
