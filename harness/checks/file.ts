// A file: whether it is there, what it is, and what it says.

import { z } from 'zod';
import { matchLines, patternList } from '../domain/logs/patterns.ts';
import { type Batch, defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { decodeText, execAnswer, execText, fileBytes } from '../language/observations.ts';
import { absolutePath, patterns } from '../language/scalars.ts';
import { judgeMatches, quote } from './matches.ts';

/** What stat(1) calls them, in coreutils and busybox. */
const types = {
	file: /^regular (empty )?file$/,
	directory: /^directory$/,
	'character-device': /^character special file$/,
	'block-device': /^block special file$/,
	socket: /^socket$/,
} as const;

export const file = defineKind({
	kind: 'file',
	summary: 'A file: present with its type, absent, or lines of its content',
	target: 'host',
	params: z
		.strictObject({
			path: absolutePath,
			is: z.enum(['file', 'directory', 'character-device', 'block-device', 'socket', 'absent']).optional(),
			must: patterns.optional().describe('Each must match at least one line'),
			'must-not': patterns.optional().describe('None may match any line'),
		})
		.refine((params) => params.is !== undefined || params.must !== undefined || params['must-not'] !== undefined, {
			message: "Expected 'is', 'must' or 'must-not': without them nothing is asserted",
		})
		.refine((params) => params.is !== 'absent' || (params.must === undefined && params['must-not'] === undefined), {
			message: 'A file that must be absent has no lines',
		}),
	expectation: (params) => params,
	*observe(params) {
		const content = params.must !== undefined || params['must-not'] !== undefined;
		const batch: Batch = {
			...(params.is === undefined ? {} : { stat: { do: 'exec', argv: ['stat', '-L', '-c', '%F', params.path] } }),
			...(content ? { content: { do: 'read-file', path: params.path } } : {}),
		};
		yield batch;
	},
	judge(observations, params) {
		const type = params.is === undefined ? null : judgeType(observations, params.path, params.is);
		if (type !== null && (type.outcome !== 'passed' || !observations.has('content'))) {
			return type;
		}
		const content = fileBytes(observations, 'content');
		if (!(content instanceof Uint8Array)) {
			return unreadable(params.path, content.errno);
		}
		const body = decodeText(content);
		if (body === null) {
			throw new Inconclusive('unrecognised-output', `'${params.path}' is not UTF-8 text`);
		}
		const lines = body.split('\n').filter((line) => line.trim() !== '');
		if (lines.length === 0) {
			throw new Inconclusive('no-output', `'${params.path}' is empty`);
		}
		return judgeMatches(matchLines(lines, patternList(params.must), patternList(params['must-not'])), params.path);
	},
});

function judgeType(observations: Observations, path: string, is: keyof typeof types | 'absent'): Judgement {
	const { status } = execAnswer(observations, 'stat');
	const actual = execText(observations, 'stat').trim();
	const stderr = execText(observations, 'stat', 'stderr');
	const missing = status !== 0 && /No such file or directory|Not a directory/.test(stderr);
	if (status !== 0 && !missing) {
		throw new Inconclusive('stat-failed', `'${path}' could not be looked at (exit ${status}: ${quote(stderr)})`);
	}
	const expected = is === 'absent' ? `no ${path}` : `${path}: ${is}`;
	if (is === 'absent') {
		return missing
			? { outcome: 'passed', expected, actual: `no ${path}` }
			: {
					outcome: 'failed',
					reason: { code: 'unexpectedly-present', message: `'${path}' is there` },
					expected,
					actual: `${path}: ${actual}`,
				};
	}
	if (missing) {
		return {
			outcome: 'failed',
			reason: { code: 'missing-file', message: `'${path}' is not there` },
			expected,
			actual: `no ${path}`,
		};
	}
	if (actual === '') {
		throw new Inconclusive('no-output', `stat said nothing of '${path}'`);
	}
	return types[is].test(actual)
		? { outcome: 'passed', expected, actual: `${path}: ${actual}` }
		: {
				outcome: 'failed',
				reason: { code: 'wrong-type', message: `'${path}' is a ${actual}` },
				expected,
				actual: `${path}: ${actual}`,
			};
}

function unreadable(path: string, errno: string): Judgement {
	if (errno === 'ENOENT') {
		return {
			outcome: 'failed',
			reason: { code: 'missing-file', message: `'${path}' is not there` },
			expected: path,
			actual: `no ${path}`,
		};
	}
	throw new Inconclusive('unreadable', `'${path}' could not be read (${errno})`);
}
