// stat of GNU coreutils, with -c.

import { errorTexts, type Stat } from '../files.ts';
import { printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, misused } from './coreutils.ts';

/** stat [-L] -c FORMAT PATH…; the long form without -c is not simulated. */
export function stat({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('stat', args, [
		{ name: 'dereference', short: 'L', long: true },
		{ name: 'format', short: 'c', long: true, value: 'required' },
	]);
	if ('status' in parsed) {
		return parsed;
	}
	if (parsed.operands.length === 0) {
		return misused('stat', 'missing operand');
	}
	const format = parsed.options.get('format');
	if (format === undefined) {
		return refused('stat: the simulated stat prints only what -c FORMAT names\n');
	}
	let stdout = '';
	let stderr = '';
	for (const path of parsed.operands) {
		const found = system.files.stat(path, parsed.options.has('dereference'));
		if (found.ok) {
			stdout += `${formatStat(format, path, found.value)}\n`;
		} else {
			stderr += `stat: cannot statx '${path}': ${errorTexts[found.errno]}\n`;
		}
	}
	return printed(stdout, stderr, stderr === '' ? 0 : 1);
}

const types = { directory: 'directory', link: 'symbolic link', device: 'character special file' } as const;
const typeLetters = { file: '-', directory: 'd', link: 'l', device: 'c' } as const;

function formatStat(format: string, path: string, file: Stat): string {
	return format.replace(/%(.)/g, (directive: string, letter: string) => {
		switch (letter) {
			case '%':
				return '%';
			case 'F':
				return file.type === 'file' ? (file.size === 0 ? 'regular empty file' : 'regular file') : types[file.type];
			case 'a':
				return file.mode.toString(8);
			case 'A':
				return typeLetters[file.type] + permissions(file.mode);
			case 'U':
				return file.user;
			case 'G':
				return file.group;
			case 's':
				return String(file.size);
			case 'n':
				return path;
			default:
				// What stat does with a directive that it does not know.
				return directive.length > 1 ? '?' : directive;
		}
	});
}

function permissions(mode: number): string {
	const bits = [6, 3, 0].map((shift) =>
		'rwx'.replace(/./g, (letter, index: number) => ((mode >> shift) & (4 >> index) ? letter : '-')),
	);
	// Only the sticky bit of directories for everybody is set in a simulated tree.
	return mode & 0o1000 ? bits.join('').replace(/x$/, 't') : bits.join('');
}
