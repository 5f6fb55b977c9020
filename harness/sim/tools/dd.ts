// dd of GNU coreutils, reading to standard output.

import { errorTexts } from '../files.ts';
import { printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { misused, parseCount } from './coreutils.ts';
import { parseOptions } from './options.ts';

const numbers = ['bs', 'count', 'skip'] as const;
const flags = ['skip_bytes', 'count_bytes', 'fullblock', 'direct', 'nonblock'];
const defaultBlock = 512;

/** dd if=… bs=… count=… skip=… iflag=… status=…; other operands are refused as dd refuses unknown ones. */
export function dd({ args, stdin, system }: ToolCall): ToolOutput {
	const parsed = parseOptions(args, []);
	if (typeof parsed === 'string') {
		return misused('dd', parsed);
	}
	const values = new Map<string, string>();
	for (const operand of parsed.operands) {
		const equals = operand.indexOf('=');
		const name = operand.slice(0, Math.max(0, equals));
		if (!['if', 'iflag', 'status', ...numbers].includes(name)) {
			return misused('dd', `unrecognized operand '${operand}'`);
		}
		values.set(name, operand.slice(equals + 1));
	}
	const wrongFlag = (values.get('iflag')?.split(',') ?? []).find((flag) => !flags.includes(flag));
	if (wrongFlag !== undefined) {
		return misused('dd', `invalid input flag: '${wrongFlag}'`);
	}
	const status = values.get('status') ?? 'default';
	if (!['default', 'none', 'noxfer', 'progress'].includes(status)) {
		return misused('dd', `invalid status level: '${status}'`);
	}
	for (const name of numbers) {
		const text = values.get(name);
		const count = text === undefined ? 1 : parseCount(text);
		if (count === null || (name === 'bs' && count === 0)) {
			return refused(`dd: invalid number: '${text}'\n`);
		}
	}
	const number = (name: (typeof numbers)[number]) => parseCount(values.get(name) ?? '') ?? null;
	const inFlags = new Set(values.get('iflag')?.split(','));
	const block = number('bs') ?? defaultBlock;
	const count = number('count');
	const offset = (number('skip') ?? 0) * (inFlags.has('skip_bytes') ? 1 : block);
	const length = count === null ? Number.POSITIVE_INFINITY : count * (inFlags.has('count_bytes') ? 1 : block);
	const source = values.get('if');
	const content =
		source === undefined
			? ({ ok: true, value: stdin.slice(offset, offset + length) } as const)
			: system.files.read(source, offset, length);
	if (!content.ok) {
		const opens = content.errno === 'EISDIR' || content.errno === 'EINVAL';
		const records = opens && status !== 'none' ? summary(0, block) : '';
		return refused(`dd: ${opens ? 'error reading' : 'failed to open'} '${source}': ${errorTexts[content.errno]}\n${records}`);
	}
	return printed(content.value, status === 'none' ? '' : summary(content.value.length, block));
}

/** The two lines of status=noxfer. The third line of the default has a time, which a simulation would have to make up. */
function summary(length: number, block: number): string {
	const records = `${Math.floor(length / block)}+${length % block === 0 ? 0 : 1}`;
	return `${records} records in\n${records} records out\n`;
}
