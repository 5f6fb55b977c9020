// sha256sum of GNU coreutils, without its ways to check.

import { createHash } from 'node:crypto';
import { errorTexts } from '../files.ts';
import { printed, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions } from './coreutils.ts';

/** sha256sum FILE…; `-` and nothing at all are standard input. */
export function sha256sum({ args, stdin, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('sha256sum', args, []);
	if ('status' in parsed) {
		return parsed;
	}
	let stdout = '';
	let stderr = '';
	for (const name of parsed.operands.length === 0 ? ['-'] : parsed.operands) {
		const content = name === '-' ? ({ ok: true, value: stdin } as const) : system.files.read(name);
		if (content.ok) {
			stdout += `${createHash('sha256').update(content.value).digest('hex')}  ${name}\n`;
		} else {
			stderr += `sha256sum: ${name || "''"}: ${errorTexts[content.errno]}\n`;
		}
	}
	return printed(stdout, stderr, stderr === '' ? 0 : 1);
}
