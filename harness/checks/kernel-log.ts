// The kernel's log of this boot: patterns that must be there and patterns that must not.

import { z } from 'zod';
import { hasBeginning, parseKernelLog } from '../domain/logs/kernel-log.ts';
import { matchLines, patternList } from '../domain/logs/patterns.ts';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { execAnswer, execText } from '../language/observations.ts';
import { patterns } from '../language/scalars.ts';
import { judgeMatches } from './matches.ts';

/** `-o cat` leaves the message alone; the ring buffer that dmesg prints may have wrapped, so the journal comes first. */
const journal = ['journalctl', '-k', '-b', '-o', 'cat', '--no-pager'];

export const kernelLog = defineKind({
	kind: 'kernel-log',
	summary: "Lines of this boot's kernel log: must and must-not, as regular expressions over one line",
	target: 'host',
	params: z
		.strictObject({
			must: patterns.optional().describe('Each must match at least one line'),
			'must-not': patterns.optional().describe('None may match any line'),
		})
		.refine((params) => params.must !== undefined || params['must-not'] !== undefined, {
			message: "Expected 'must' or 'must-not': without them nothing is asserted",
		}),
	expectation: (params) => params,
	*observe() {
		const seen = yield { journal: { do: 'exec', argv: journal } };
		const answer = seen.get('journal');
		// Only where there is no journal at all: a journal that cannot be read must not hide behind a wrapped ring buffer.
		if (answer?.kind === 'exec' && answer.status === 127) {
			yield { dmesg: { do: 'exec', argv: ['dmesg'] } };
		}
	},
	judge(observations, expectation) {
		const name = observations.has('dmesg') ? 'dmesg' : 'journal';
		const { status } = execAnswer(observations, name);
		if (status !== 0) {
			const stderr = execText(observations, name, 'stderr').trim().split('\n')[0] ?? '';
			throw new Inconclusive('log-unreadable', `the kernel log could not be read (exit ${status}: ${stderr})`);
		}
		const lines = parseKernelLog(execText(observations, name));
		if (lines.length === 0) {
			throw new Inconclusive('no-output', 'the kernel log is empty');
		}
		const found = matchLines(lines, patternList(expectation.must), patternList(expectation['must-not']));
		const silent = found.must.some(({ line }) => line === null) || found.mustNot.length > 0;
		const forbidden = found.mustNot.some(({ line }) => line !== null);
		if (silent && !forbidden && !hasBeginning(lines)) {
			throw new Inconclusive(
				'log-incomplete',
				"the kernel log does not begin with 'Linux version': what it does not say proves nothing",
			);
		}
		return judgeMatches(found, 'the kernel log');
	},
});
