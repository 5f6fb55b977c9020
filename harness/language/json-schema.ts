// JSON Schema for editors, of draft 7: the newest that yaml-language-server reads.

import { z } from 'zod';
import { expectSchema } from './expect.ts';
import { inventorySchema } from './inventory.ts';
import type { CheckKind } from './kind.ts';
import { matrixSchema } from './matrix.ts';
import { suiteSchema } from './suite.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a kind of file, as a person writes it. */
export function schemaFor(what: 'suite' | 'matrix' | 'hosts' | 'expect', kinds: readonly CheckKind[]): JsonSchema {
	switch (what) {
		case 'suite': {
			const schema = suiteSchema(kinds);
			const check = schema.shape.checks.element;
			return convert(schema, 'A suite of checks', (candidate) => (candidate === check ? exactlyOne(kinds) : {}));
		}
		case 'matrix':
			return convert(matrixSchema, 'What a release needs, and on which machines');
		case 'hosts':
			return convert(inventorySchema, 'The machines that --host can name');
		case 'expect':
			return convert(expectSchema, 'What is expected of an attestation report');
	}
}

/** zod has no word for it: of all the kinds that a check may have, it has one. */
function exactlyOne(kinds: readonly CheckKind[]): JsonSchema {
	return { oneOf: kinds.map(({ kind }) => ({ required: [kind] })) };
}

function convert(schema: z.ZodType, title: string, more: (schema: unknown) => JsonSchema = () => ({})): JsonSchema {
	const { $schema, ...rest } = z.toJSONSchema(schema, {
		target: 'draft-7',
		io: 'input',
		override: ({ zodSchema, jsonSchema }) => {
			Object.assign(jsonSchema, more(zodSchema));
		},
	});
	return { $schema, title, ...rest };
}
