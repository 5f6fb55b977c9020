import test from 'ava';
import { schemaFor } from './json-schema.ts';
import { testKinds } from './test-kinds.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const written = (what: 'suite' | 'matrix' | 'hosts'): Json => JSON.parse(JSON.stringify(schemaFor(what, testKinds)));

function at(json: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
	return path.reduce<Json | undefined>((here, step) => (typeof here === 'object' ? Object(here)[step] : undefined), json);
}

/** Paths of properties that say nothing of themselves. */
function undescribed(json: Json | undefined, path = ''): readonly string[] {
	if (typeof json !== 'object' || json === null) {
		return [];
	}
	const properties = Object.entries(Object(at(json, 'properties') ?? {}) as Record<string, Json>);
	const silent = properties.filter(([, value]) => typeof at(value, 'description') !== 'string').map(([key]) => `${path}.${key}`);
	return [...silent, ...Object.entries(json).flatMap(([key, value]) => undescribed(value as Json, `${path}/${key}`))];
}

for (const what of ['suite', 'matrix', 'hosts'] as const) {
	test(`${what}: draft 7, and every property is described`, (t) => {
		const schema = written(what);
		t.is(at(schema, '$schema'), 'http://json-schema.org/draft-07/schema#');
		t.deepEqual(undescribed(schema), []);
		t.is(at(schema, 'additionalProperties'), false);
	});
}

test('a check has exactly one kind', (t) => {
	const check = at(written('suite'), 'properties', 'checks', 'items');
	t.deepEqual(at(check, 'oneOf'), [{ required: ['package'] }, { required: ['kernel-log'] }, { required: ['report'] }]);
	t.deepEqual(at(check, 'required'), ['id', 'title', 'why']);
	t.is(at(check, 'additionalProperties'), false);
	t.is(at(check, 'properties', 'report', 'description'), 'What report says');
});

test('it describes what a person writes, not what it is read as', (t) => {
	const limits = at(written('matrix'), 'properties', 'limits', 'properties');
	t.like(at(limits, 'boot'), { type: 'string', default: '180s' });
	t.deepEqual(at(written('hosts'), 'properties', 'hosts', 'additionalProperties', 'required'), ['at']);
});
