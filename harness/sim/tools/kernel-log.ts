// The two ways to read the kernel's log: journalctl of systemd and dmesg of util-linux.

import { type LogLine, printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { misused } from './coreutils.ts';
import { parseOptions } from './options.ts';

const outputs = ['cat', 'short', 'short-monotonic'];

/** journalctl -k: the kernel's records of this boot, as -o cat, short or short-monotonic. Other sources are not simulated. */
export function journalctl({ args, system }: ToolCall): ToolOutput {
	const parsed = parseOptions(args, [
		{ name: 'dmesg', short: 'k', long: true },
		{ name: 'boot', short: 'b', long: true, value: 'optional' },
		{ name: 'output', short: 'o', long: true, value: 'required' },
		{ name: 'no-pager', long: true },
		{ name: 'quiet', short: 'q', long: true },
	]);
	if (typeof parsed === 'string') {
		return refused(`journalctl: ${parsed}\n`);
	}
	const output = parsed.options.get('output') ?? 'short';
	if (!outputs.includes(output)) {
		return refused(`Unknown output format '${output}'.\n`);
	}
	const [match] = parsed.operands;
	if (match !== undefined) {
		return refused(`Failed to add match '${match}': Invalid argument\n`);
	}
	const boot = parsed.options.get('boot') ?? '';
	const { hostName, bootId, bootedAt } = system.identity;
	if (boot !== '' && boot !== '0' && boot !== bootId.replaceAll('-', '')) {
		return refused(`Data from the specified boot (${boot}) is not available: No such boot ID in journal\n`);
	}
	if (!parsed.options.has('dmesg')) {
		return refused('journalctl: the simulated journal holds only the records of the kernel: ask with -k\n');
	}
	const prefix = {
		cat: () => '',
		short: ({ at }: LogLine) => `${calendar(Date.parse(bootedAt) + at * 1000)} ${hostName} kernel: `,
		'short-monotonic': ({ at }: LogLine) => `${stamp(at)} ${hostName} kernel: `,
	}[output as 'cat' | 'short' | 'short-monotonic'];
	return printed(system.log.map((line) => `${prefix(line)}${line.text}\n`).join(''));
}

/** dmesg [-t]: the ring buffer, here long enough for the whole boot. */
export function dmesg({ args, system }: ToolCall): ToolOutput {
	const parsed = parseOptions(args, [{ name: 'notime', short: 't', long: true }]);
	if (typeof parsed === 'string') {
		return misused('dmesg', parsed);
	}
	if (parsed.operands.length > 0) {
		return misused('dmesg', 'bad usage');
	}
	const bare = parsed.options.has('notime');
	return printed(system.log.map(({ at, text }) => `${bare ? '' : `${stamp(at)} `}${text}\n`).join(''));
}

function stamp(at: number): string {
	return `[${at.toFixed(6).padStart(12)}]`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 'Feb 27 19:32:31' in UTC. */
function calendar(ms: number): string {
	const date = new Date(ms);
	return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.toISOString().slice(11, 19)}`;
}
