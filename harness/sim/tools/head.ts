// head of GNU coreutils: the first bytes or lines.

import { errorTexts } from '../files.ts';
import { printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, joinBytes, parseCount } from './coreutils.ts';

const utf8 = new TextEncoder();
const newline = 0x0a;

/** head -c N or -n N of files; `-` and nothing at all are standard input. Negative counts are not simulated. */
export function head({ args, stdin, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('head', args, [
		{ name: 'bytes', short: 'c', long: true, value: 'required' },
		{ name: 'lines', short: 'n', long: true, value: 'required' },
		{ name: 'quiet', short: 'q', long: true },
		{ name: 'verbose', short: 'v', long: true },
	]);
	if ('status' in parsed) {
		return parsed;
	}
	const { options } = parsed;
	const unit = options.has('bytes') ? 'bytes' : 'lines';
	const asked = options.get(unit) ?? '10';
	const count = parseCount(asked);
	if (count === null) {
		return refused(`head: invalid number of ${unit}: '${asked}'\n`);
	}
	const names = parsed.operands.length === 0 ? ['-'] : parsed.operands;
	const titled = options.has('verbose') || (names.length > 1 && !options.has('quiet'));
	const parts: Uint8Array[] = [];
	let stderr = '';
	for (const name of names) {
		const content = name === '-' ? ({ ok: true, value: stdin } as const) : system.files.read(name);
		// A directory opens, gets its title, and only fails when it is read.
		const opens = content.ok || content.errno === 'EISDIR' || content.errno === 'EINVAL';
		if (titled && opens) {
			parts.push(utf8.encode(`${parts.length > 0 ? '\n' : ''}==> ${name === '-' ? 'standard input' : name} <==\n`));
		}
		if (!content.ok) {
			const doing = opens ? `error reading '${name}'` : `cannot open '${name}' for reading`;
			stderr += `head: ${doing}: ${errorTexts[content.errno]}\n`;
			continue;
		}
		parts.push(unit === 'bytes' ? content.value.slice(0, count) : firstLines(content.value, count));
	}
	return printed(joinBytes(parts), stderr, stderr === '' ? 0 : 1);
}

function firstLines(bytes: Uint8Array, count: number): Uint8Array {
	let end = 0;
	for (let line = 0; line < count && end < bytes.length; line += 1) {
		const next = bytes.indexOf(newline, end);
		end = next < 0 ? bytes.length : next + 1;
	}
	return bytes.slice(0, end);
}
