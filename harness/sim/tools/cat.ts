// cat of GNU coreutils, without its ways to decorate.

import { errorTexts } from '../files.ts';
import { printed, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, joinBytes } from './coreutils.ts';

/** cat FILE…; `-` and nothing at all are standard input. */
export function cat({ args, stdin, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('cat', args, [{ name: 'u', short: 'u' }]);
	if ('status' in parsed) {
		return parsed;
	}
	const parts: Uint8Array[] = [];
	let stderr = '';
	for (const name of parsed.operands.length === 0 ? ['-'] : parsed.operands) {
		const content = name === '-' ? ({ ok: true, value: stdin } as const) : system.files.read(name);
		if (content.ok) {
			parts.push(content.value);
		} else {
			stderr += `cat: ${name === '' ? "''" : name}: ${errorTexts[content.errno]}\n`;
		}
	}
	return printed(joinBytes(parts), stderr, stderr === '' ? 0 : 1);
}
