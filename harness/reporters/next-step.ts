// What to do after a run: one sentence and a command line that can be copied into a shell as it is.

import { cleanLine } from './plain-text.ts';
import type { RunReport } from './report.ts';
import type { Summary } from './summary.ts';

export interface NextStep {
	readonly why: string;
	readonly command: string;
}

/** Options that say where and against what a run was made. */
const placing = ['matrix', 'host', 'hosts', 'profile'];
/** Options that say in which cells; with --only they still hold. */
const cells = ['set', 'cell'];
const mostNamed = 3;

export function nextStep({ run, plan, results }: RunReport, { troubles }: Summary): NextStep {
	const place = keptOptions(run.argv, placing);
	const first = [...new Set(troubles.map(({ id }) => id))].slice(0, mostNamed);
	const again = shellCommand(['run', ...first.flatMap((id) => ['--only', id]), ...place, ...keptOptions(run.argv, cells)]);
	if (first.length > 0) {
		const failed = troubles.some(({ outcome }) => outcome === 'failed');
		const retryable = results.verdicts[0]?.retryable === true;
		const why = failed
			? 'mend what failed, then'
			: retryable
				? 'this may pass the next time; try'
				: 'see why in the evidence, then';
		return { why, command: again };
	}
	if (run.ended === 'deadline') {
		return {
			why: 'run it again with a later --deadline, or none',
			command: shellCommand(withoutOptions(run.argv, ['deadline', 'out'])),
		};
	}
	if (run.ended !== 'complete' || results.verdicts[0]?.verdict !== 'pass') {
		return { why: 'run it again', command: shellCommand(withoutOptions(run.argv, ['out'])) };
	}
	if (plan.scope === 'selection') {
		return { why: 'run the whole matrix for a verdict', command: shellCommand(['run', ...place]) };
	}
	if (run.reality !== 'hardware') {
		const matrix = run.reality === 'simulated' ? ['--matrix', run.matrix.path] : [];
		return {
			why: 'for a verdict that counts, on the EPYC host itself',
			command: shellCommand(['run', ...matrix, '--host', 'local']),
		};
	}
	return { why: 'decide the gate', command: shellCommand(['gate', valuesOf(run.argv, 'out')[0] ?? run.id]) };
}

function valuesOf(argv: readonly string[], name: string): readonly string[] {
	return argv.flatMap((word, index) => {
		if (word.startsWith(`--${name}=`)) {
			return [word.slice(name.length + 3)];
		}
		const value = argv[index + 1];
		return word === `--${name}` && value !== undefined ? [value] : [];
	});
}

function keptOptions(argv: readonly string[], names: readonly string[]): readonly string[] {
	return names.flatMap((name) => valuesOf(argv, name).flatMap((value) => [`--${name}`, value]));
}

function withoutOptions(argv: readonly string[], names: readonly string[]): readonly string[] {
	return argv.filter((word, index) => {
		const before = argv[index - 1];
		return !names.some((name) => word === `--${name}` || before === `--${name}` || word.startsWith(`--${name}=`));
	});
}

/** `snpgate` with these words, quoted for a POSIX shell: they come from run.json, which may be somebody else's. */
export function shellCommand(words: readonly string[]): string {
	const quoted = words.map((word) => {
		const clean = cleanLine(word, 200);
		return /^[\w@%+=:,./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
	});
	return ['snpgate', ...quoted].join(' ');
}
