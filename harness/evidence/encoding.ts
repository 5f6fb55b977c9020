// Answers as lines of JSON: streams are text when they are short UTF-8, else blobs named by their SHA-256.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodeText } from '../language/observations.ts';
import type { Answer } from '../ports.ts';

const longestInlineText = 4096;

const encodedBytes = z.union([
	z.strictObject({ text: z.string() }),
	z.strictObject({ blob: z.string().regex(/^[0-9a-f]{64}$/), size: z.int() }),
]);
export type EncodedBytes = z.infer<typeof encodedBytes>;

const milestone = z.strictObject({ name: z.string(), ms: z.number().nullable(), line: z.string().nullable() });

export const encodedAnswer = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('exec'),
		status: z.number().nullable(),
		timedOut: z.boolean(),
		stdout: encodedBytes,
		stderr: encodedBytes,
		truncated: z.boolean(),
	}),
	z.strictObject({ kind: z.literal('file'), bytes: encodedBytes, truncated: z.boolean() }),
	z.strictObject({ kind: z.literal('no-file'), errno: z.string() }),
	z.strictObject({ kind: z.literal('bytes'), hex: z.string() }),
	/** Bytes as well, that would make a long line. */
	z.strictObject({ kind: z.literal('long-bytes'), blob: z.string().regex(/^[0-9a-f]{64}$/), size: z.int() }),
	z.strictObject({ kind: z.literal('time'), iso: z.string() }),
	z.strictObject({
		kind: z.literal('boot'),
		role: z.enum(['subject', 'control']),
		ended: z.enum(['milestones', 'limit', 'exit', 'panic']),
		milestones: z.array(milestone),
		argv: z.array(z.string()),
		xml: z.string().nullable(),
		pid: z.number().nullable().default(null),
		console: encodedBytes,
		stderr: encodedBytes,
		limitMs: z.number(),
		exitStatus: z.number().nullable(),
	}),
	z.strictObject({
		kind: z.literal('fault'),
		code: z.enum([
			'unreachable',
			'timeout',
			'protocol',
			'truncated',
			'not-available',
			'not-recorded',
			'not-started',
			'deadline',
			'interrupted',
			'kds-unavailable',
			'kds-throttled',
			'kds-unknown-chip',
			'kds-masked-chip',
			'offline',
		]),
		message: z.string(),
		next: z.string().optional(),
	}),
]);
export type EncodedAnswer = z.infer<typeof encodedAnswer>;

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** Encodes an answer; `putBlob` keeps bytes that do not go inline. */
export function encodeAnswer(answer: Answer, putBlob: (hash: string, bytes: Uint8Array) => void): EncodedAnswer {
	const keepBlob = (bytes: Uint8Array) => {
		const blob = sha256(bytes);
		putBlob(blob, bytes);
		return { blob, size: bytes.length };
	};
	const encode = (bytes: Uint8Array): EncodedBytes => {
		const text = bytes.length <= longestInlineText ? decodeText(bytes) : null;
		// A decoder drops a byte order mark, and what is recorded must come back byte for byte.
		if (text !== null && Buffer.byteLength(text) === bytes.length) {
			return { text };
		}
		return keepBlob(bytes);
	};
	switch (answer.kind) {
		case 'exec':
			return { ...answer, stdout: encode(answer.stdout), stderr: encode(answer.stderr) };
		case 'file':
			return { ...answer, bytes: encode(answer.bytes) };
		case 'bytes':
			return answer.bytes.length <= longestInlineText
				? { kind: 'bytes', hex: Buffer.from(answer.bytes).toString('hex') }
				: { kind: 'long-bytes', ...keepBlob(answer.bytes) };
		case 'boot':
			return {
				...answer,
				milestones: [...answer.milestones],
				argv: [...answer.argv],
				console: encode(answer.console),
				stderr: encode(answer.stderr),
			};
		default:
			return answer;
	}
}

/** The answer as it was; `getBlob` throws when a blob is missing or is not what its name says. */
export function decodeAnswer(encoded: EncodedAnswer, getBlob: (hash: string) => Uint8Array): Answer {
	const decode = (bytes: EncodedBytes): Uint8Array => ('text' in bytes ? Buffer.from(bytes.text) : getBlob(bytes.blob));
	switch (encoded.kind) {
		case 'exec':
			return { ...encoded, stdout: decode(encoded.stdout), stderr: decode(encoded.stderr) };
		case 'file':
			return { ...encoded, bytes: decode(encoded.bytes) };
		case 'bytes':
			return { kind: 'bytes', bytes: Buffer.from(encoded.hex, 'hex') };
		case 'long-bytes':
			return { kind: 'bytes', bytes: getBlob(encoded.blob) };
		case 'boot':
			return { ...encoded, console: decode(encoded.console), stderr: decode(encoded.stderr) };
		case 'fault': {
			const { next, ...fault } = encoded;
			return next === undefined ? fault : { ...fault, next };
		}
		default:
			return encoded;
	}
}
