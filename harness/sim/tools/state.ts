// Two tools that say one word: getenforce of SELinux and systemctl is-active.

import { printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { parseOptions } from './options.ts';

/** getenforce: SELinux's mode. It takes no options and looks at none. */
export function getenforce({ system }: ToolCall): ToolOutput {
	return printed(`${system.identity.selinux}\n`);
}

/** systemctl is-active UNIT…: one word a unit; 0 when one is active, 3 when none is, 4 when none is known (systemctl(1), 'LSB return codes'). */
export function systemctl({ args, system }: ToolCall): ToolOutput {
	const parsed = parseOptions(args, [
		{ name: 'quiet', short: 'q', long: true },
		{ name: 'no-pager', long: true },
	]);
	if (typeof parsed === 'string') {
		return refused(`systemctl: ${parsed}\n`);
	}
	const [verb, ...units] = parsed.operands;
	if (verb !== 'is-active') {
		return refused(`Unknown command verb ${verb ?? 'list-units'}.\n`);
	}
	if (units.length === 0) {
		return refused('Too few arguments.\n');
	}
	const known = new Map(Object.entries(system.identity.units));
	const states = units.map((unit) => known.get(unit.includes('.') ? unit : `${unit}.service`));
	const status = states.includes('active') ? 0 : states.every((state) => state === undefined) ? 4 : 3;
	return printed(parsed.options.has('quiet') ? '' : states.map((state) => `${state ?? 'inactive'}\n`).join(''), '', status);
}
