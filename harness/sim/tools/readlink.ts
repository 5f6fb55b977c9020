// readlink of GNU coreutils.

import { errorTexts } from '../files.ts';
import { printed, type ToolCall, type ToolOutput } from '../system.ts';
import { coreutilsOptions, misused } from './coreutils.ts';

/** readlink [-f|-e] [-n] [-v] PATH…; silent about failures unless -v, as the real one. */
export function readlink({ args, system }: ToolCall): ToolOutput {
	const parsed = coreutilsOptions('readlink', args, [
		{ name: 'canonicalize', short: 'f', long: true },
		{ name: 'canonicalize-existing', short: 'e', long: true },
		{ name: 'no-newline', short: 'n', long: true },
		{ name: 'verbose', short: 'v', long: true },
		{ name: 'quiet', short: 'q', long: true },
		{ name: 'silent', short: 's', long: true },
	]);
	if ('status' in parsed) {
		return parsed;
	}
	const { options, operands } = parsed;
	if (operands.length === 0) {
		return misused('readlink', 'missing operand');
	}
	const bare = options.has('no-newline') && operands.length === 1;
	let stdout = '';
	let stderr = '';
	let status = 0;
	for (const path of operands) {
		const existing = options.has('canonicalize-existing');
		const missing = existing ? system.files.stat(path, true) : null;
		const found =
			missing?.ok === false
				? missing
				: existing || options.has('canonicalize')
					? system.files.resolve(path)
					: system.files.readLink(path);
		if (found.ok) {
			stdout += found.value + (bare ? '' : '\n');
		} else {
			status = 1;
			stderr += options.has('verbose') ? `readlink: ${path}: ${errorTexts[found.errno]}\n` : '';
		}
	}
	return printed(stdout, stderr, status);
}
