// A command's exit status and output. Never through a shell.

import { z } from 'zod';
import { stripTerminal } from '../domain/boot/console.ts';
import { matchLines, patternList } from '../domain/logs/patterns.ts';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { execAnswer, execText } from '../language/observations.ts';
import { patterns, text } from '../language/scalars.ts';
import { judgeMatches, quote } from './matches.ts';

/** What a shell says of a command that SIGKILL or SIGTERM ended: the system or a person did that, not the product. */
const killed = 137;
const terminated = 143;

const lines = z
	.strictObject({ must: patterns.optional(), 'must-not': patterns.optional() })
	.refine((stream) => stream.must !== undefined || stream['must-not'] !== undefined, {
		message: "Expected 'must' or 'must-not': without them nothing is asserted",
	});

export const command = defineKind({
	kind: 'command',
	summary: 'A command: exit status, and lines of its output',
	target: 'host',
	params: z.strictObject({
		argv: z.array(text).min(1).describe('Argument vector, the program first'),
		status: z.int().min(0).max(255).default(0).describe('Exit status that it must have'),
		stdout: lines.optional(),
		stderr: lines.optional(),
		absent: z
			.enum(['failed', 'error'])
			.default('error')
			.describe('What it means when the program is not there: the product lacks it, or we could not find out'),
	}),
	expectation: (params) => params,
	*observe({ argv }) {
		yield { command: { do: 'exec', argv } };
	},
	judge(observations, { argv, status, stdout, stderr, absent }) {
		const answer = execAnswer(observations, 'command');
		const program = argv[0] ?? '';
		const out = execText(observations, 'command');
		const err = execText(observations, 'command', 'stderr');
		if (answer.status === 127 || answer.status === 126) {
			const what = answer.status === 127 ? 'is not installed' : 'cannot be executed';
			if (absent === 'error') {
				throw new Inconclusive('tool-missing', `'${program}' ${what}`);
			}
			const message = `'${program}' ${what}`;
			return { outcome: 'failed', reason: { code: 'tool-missing', message }, expected: program, actual: quote(err) || message };
		}
		if (answer.status !== status && (answer.status === killed || answer.status === terminated)) {
			throw new Inconclusive('killed', `'${program}' was killed from outside (exit ${answer.status})`);
		}
		if (answer.status !== status) {
			return {
				outcome: 'failed',
				reason: { code: 'exit-status', message: `'${program}' ended with ${answer.status}, not ${status}` },
				expected: `exit ${status}`,
				actual: `exit ${answer.status}${err.trim() === '' ? '' : `: ${quote(err)}`}`,
			};
		}
		for (const [name, body, rule] of [
			['standard output', out, stdout],
			['standard error', err, stderr],
		] as const) {
			if (rule === undefined) {
				continue;
			}
			const found = stripTerminal(body)
				.split('\n')
				.filter((line) => line.trim() !== '');
			if (found.length === 0) {
				throw new Inconclusive('no-output', `'${program}' ended with ${status} and wrote nothing on ${name}`);
			}
			const judged = judgeMatches(matchLines(found, patternList(rule.must), patternList(rule['must-not'])), name);
			if (judged.outcome !== 'passed') {
				return judged;
			}
		}
		return {
			outcome: 'passed',
			expected: expectedLine(status, stdout, stderr),
			actual: `exit ${status}: ${quote(out.trim() === '' ? err : out)}`,
		};
	},
});

type Lines = z.infer<typeof lines> | undefined;

function expectedLine(status: number, ...streams: readonly Lines[]): string {
	const wanted = streams.flatMap((stream) => [
		...patternList(stream?.must).map((pattern) => `/${pattern}/`),
		...patternList(stream?.['must-not']).map((pattern) => `no /${pattern}/`),
	]);
	return [`exit ${status}`, ...wanted].join(', ');
}
