// Kinds for the tests of the language: parameters of every form, and nothing to observe.

import { z } from 'zod';
import { type CheckKind, defineKind } from './kind.ts';
import { requirement } from './requirement.ts';
import { absolutePath, duration, hex, patterns, text } from './scalars.ts';

function kindOf(kind: string, target: 'host' | 'guest', params: z.ZodType): CheckKind {
	return defineKind({
		kind,
		summary: `What ${kind} says`,
		target,
		params,
		expectation: () => null,
		*observe() {},
		judge: () => ({ outcome: 'passed', expected: '', actual: '' }),
	});
}

export const testKinds: readonly CheckKind[] = [
	kindOf(
		'package',
		'host',
		z.union([text, z.strictObject({ name: text.describe('Its name'), requirement: requirement.optional() })]),
	),
	kindOf(
		'kernel-log',
		'host',
		z.strictObject({
			must: patterns.optional(),
			within: duration.optional(),
			path: absolutePath.optional(),
			argv: z.array(text).min(1).optional().describe('The words of a command'),
		}),
	),
	kindOf('report', 'guest', z.strictObject({ policy: hex, vmpl: z.int().min(0).max(3).optional().describe('VMPL') })),
];
