// What to do after a run: one sentence and a command line that can be copied into a shell as it is.

import { type CommandLine, readCommandLine, shellCommand, writeCommandLine } from './command-line.ts';
import { cleanLine, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import type { Summary } from './summary.ts';

export interface NextStep {
	/** One line, clean; each format escapes its own special characters. */
	readonly why: string;
	readonly command: string;
}

/** Options that say where and against what a run was made. */
const placing = ['matrix', 'host', 'hosts', 'profile'];
/** Options that say in which cells; with --only they still hold. */
const cells = ['set', 'cell'];
/** Options that say how a run was made, and nothing of what. */
const manner = ['jobs', 'deadline', 'out', 'json'];
const mostNamed = 3;

export function nextStep(report: RunReport, summary: Summary): NextStep {
	const { run, plan, results } = report;
	const line = readCommandLine(run.argv);
	const place = keep(line, placing).options;
	if (summary.troubles.length > 0) {
		return afterTrouble(report, summary, line);
	}
	if (run.ended === 'deadline') {
		return {
			why: 'run it again with a later --deadline, or none',
			command: commandOf('run', leaveOut(line, ['deadline', 'out'])),
		};
	}
	if (summary.leftOut.length > 0) {
		return afterNothing(line);
	}
	if (run.ended !== 'complete' || summary.notReached > 0) {
		return { why: 'run it again', command: commandOf('run', leaveOut(line, ['out'])) };
	}
	if (plan.scope === 'selection') {
		const why = 'run the whole matrix';
		const judged = results.verdicts[0]?.verdict === 'pass';
		return {
			why: judged ? `${why} for a verdict` : `nothing that counts for the gate was judged: ${why}`,
			command: commandOf('run', { words: [], options: place }),
		};
	}
	if (results.verdicts[0]?.verdict !== 'pass') {
		return { why: 'nothing that counts for the gate was judged: see why', command: commandOf('plan', leaveOut(line, manner)) };
	}
	if (run.reality !== 'hardware') {
		const matrix = run.reality === 'simulated' ? ['--matrix', run.matrix.path] : [];
		return {
			why: 'for a verdict that counts, on the EPYC host itself',
			command: shellCommand(['run', ...matrix, '--host', 'local']),
		};
	}
	const out = line.options.find(([name]) => name === 'out')?.[1];
	return { why: 'decide the gate', command: shellCommand(['gate', out ?? run.id]) };
}

/**
 * A few checks are named; many are looked at by the same run again, and so is a prerequisite, which may be of a suite that
 * was not asked for.
 */
function afterTrouble({ results }: RunReport, { troubles, planned }: Summary, line: CommandLine): NextStep {
	const ids = [...new Set(troubles.map(({ id }) => id))];
	const failed = troubles.some(({ outcome }) => outcome === 'failed');
	const many = ids.length > mostNamed;
	const count = many ? ` (${plural(ids.length, 'check')})` : '';
	const why = failed
		? `mend what failed${count}, then`
		: results.verdicts[0]?.retryable === true
			? 'this may pass the next time; try'
			: `see why in the evidence${count}, then`;
	const { words, options } = keep(line, [...placing, ...cells]);
	const pulledIn = troubles.some(({ instance }) => planned.get(instance)?.selected === false);
	const again =
		many || pulledIn
			? leaveOut(line, manner)
			: { words, options: [...ids.map((id): readonly [string, string] => ['only', id]), ...options] };
	return { why, command: commandOf('run', again) };
}

/** Rules left out everything, and would again. */
function afterNothing(line: CommandLine): NextStep {
	const chosen = keep(line, cells).options.map(([name, value]) => `'${cleanLine(`--${name} ${value}`, 80)}'`);
	return chosen.length === 0
		? { why: 'nothing here applies to this host: take another, or see why', command: commandOf('plan', leaveOut(line, manner)) }
		: {
				why: `nothing here applies to this host: take another, or leave out ${chosen.join(' and ')}`,
				command: commandOf('run', leaveOut(line, [...cells, 'out'])),
			};
}

function commandOf(command: string, line: CommandLine): string {
	return shellCommand(writeCommandLine(command, line));
}

/** The suites, and these options in this order. */
function keep({ words, options }: CommandLine, names: readonly string[]): CommandLine {
	return { words, options: names.flatMap((name) => options.filter(([given]) => given === name)) };
}

function leaveOut({ words, options }: CommandLine, names: readonly string[]): CommandLine {
	return { words, options: options.filter(([name]) => !names.includes(name)) };
}
