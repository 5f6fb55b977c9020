// mkdir, rmdir, rm and mktemp of GNU coreutils.

import { createHash } from 'node:crypto';
import { type Errno, errorTexts, type FileTree } from '../files.ts';
import { printed, refused, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, misused } from './coreutils.ts';

type Change = (path: string) => Errno | null;

/** One system call for each operand; those that fail are told and the others still done. */
function forEach(operands: readonly string[], change: Change, complaint: (path: string, why: string) => string): ToolOutput {
	const stderr = operands
		.map((path) => {
			const errno = change(path);
			return errno === null ? '' : `${complaint(path, errorTexts[errno])}\n`;
		})
		.join('');
	return printed('', stderr, stderr === '' ? 0 : 1);
}

/** mkdir DIRECTORY… */
export function mkdir({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('mkdir', args, []);
	if ('status' in parsed) {
		return parsed;
	}
	return parsed.operands.length === 0
		? misused('mkdir', 'missing operand')
		: forEach(
				parsed.operands,
				(path) => system.files.makeDirectory(path),
				(path, why) => `mkdir: cannot create directory '${path}': ${why}`,
			);
}

/** rmdir DIRECTORY… */
export function rmdir({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('rmdir', args, []);
	if ('status' in parsed) {
		return parsed;
	}
	return parsed.operands.length === 0
		? misused('rmdir', 'missing operand')
		: forEach(
				parsed.operands,
				(path) => system.files.removeDirectory(path),
				(path, why) => `rmdir: failed to remove '${path}': ${why}`,
			);
}

/** rm [-r] [-f] PATH…; with -f what is not there is no error. */
export function rm({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('rm', args, [
		{ name: 'recursive', short: 'r', long: true },
		{ name: 'force', short: 'f', long: true },
	]);
	if ('status' in parsed) {
		return parsed;
	}
	const { options, operands } = parsed;
	if (operands.length === 0) {
		return options.has('force') ? printed('') : misused('rm', 'missing operand');
	}
	const remove = (path: string) => {
		const errno = options.has('recursive') ? removeAll(system.files, path) : system.files.unlink(path);
		return errno === 'ENOENT' && options.has('force') ? null : errno;
	};
	return forEach(operands, remove, (path, why) => `rm: cannot remove '${path}': ${why}`);
}

function removeAll(files: FileTree, path: string): Errno | null {
	const stat = files.stat(path, false);
	if (!stat.ok || stat.value.type !== 'directory') {
		return stat.ok ? files.unlink(path) : stat.errno;
	}
	const names = files.names(path);
	for (const name of names.ok ? names.value : []) {
		const errno = removeAll(files, `${path}/${name}`);
		if (errno !== null) {
			return errno;
		}
	}
	return files.removeDirectory(path);
}

/** mktemp -d: a new directory of its own below /tmp. The name is the same in every run of the same system. */
export function mktemp({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('mktemp', args, [{ name: 'directory', short: 'd', long: true }]);
	if ('status' in parsed) {
		return parsed;
	}
	if (!parsed.options.has('directory') || parsed.operands.length > 0) {
		return refused('mktemp: the simulated mktemp makes directories in /tmp only\n');
	}
	for (let count = 0; ; count += 1) {
		const letters = createHash('sha256').update(`${system.identity.bootId} ${count}`).digest('base64').replace(/\W/g, '');
		const path = `/tmp/tmp.${letters.slice(0, 10)}`;
		if (system.files.makeDirectory(path) === null) {
			return printed(`${path}\n`);
		}
	}
}
