// One value that the kernel shows in a file: a sysfs attribute or a module parameter.

import { z } from 'zod';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { decodeText, fileBytes } from '../language/observations.ts';
import { absolutePath, identifier, text } from '../language/scalars.ts';
import { quote } from './matches.ts';

export const parameter = defineKind({
	kind: 'parameter',
	summary: "A module parameter (`module`, `name`) or a sysfs attribute (`path`) has one of the values in 'is'",
	target: 'host',
	params: z
		.strictObject({
			module: identifier.optional(),
			name: identifier.optional(),
			path: absolutePath.optional(),
			is: z.array(text).min(1).describe('Accepted values, as the kernel prints them'),
		})
		.refine(
			({ module, name, path }) =>
				path === undefined ? module !== undefined && name !== undefined : module === undefined && name === undefined,
			{
				message: "Expected either 'path' or both 'module' and 'name'",
			},
		),
	expectation: (params) => ({ path: pathOf(params), is: params.is }),
	*observe(params) {
		yield { value: { do: 'read-file', path: pathOf(params) } };
	},
	judge(observations, { path, is }) {
		const content = fileBytes(observations, 'value');
		const expected = `${path} is ${is.join(' or ')}`;
		if (!(content instanceof Uint8Array)) {
			if (content.errno !== 'ENOENT') {
				throw new Inconclusive('unreadable', `'${path}' could not be read (${content.errno})`);
			}
			const message = `'${path}' is not there: the module is not loaded or does not know it`;
			return { outcome: 'failed', reason: { code: 'missing-parameter', message }, expected, actual: `no ${path}` };
		}
		const value = decodeText(content)?.trim() ?? null;
		if (value === null || value === '') {
			throw new Inconclusive(value === '' ? 'no-output' : 'unrecognised-output', `'${path}' holds no text`);
		}
		const actual = `${path} is ${quote(value)}`;
		return is.includes(value)
			? { outcome: 'passed', expected, actual }
			: { outcome: 'failed', reason: { code: 'wrong-value', message: `'${path}' has another value` }, expected, actual };
	},
});

function pathOf(params: {
	readonly module?: string | undefined;
	readonly name?: string | undefined;
	readonly path?: string | undefined;
}): string {
	return params.path ?? `/sys/module/${params.module}/parameters/${params.name}`;
}
