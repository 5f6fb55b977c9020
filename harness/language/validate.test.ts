import test from 'ava';
import { z } from 'zod';
import { requirement } from './requirement.ts';
import { readSource } from './source.ts';
import { validate } from './validate.ts';

const told = (schema: z.ZodType, text: string) =>
	validate(schema, readSource(text, 'x.yaml').source).problems.map(({ line, col, message }) => `${line}:${col} ${message}`);

test('what two rules say of one value is said at the inner one', (t) => {
	const twice = requirement.superRefine((_, context) => {
		const again = requirement.safeParse({ evr: '>= 9.1' });
		context.addIssue({ code: 'custom', message: again.error?.issues[0]?.message ?? '' });
	});
	const [first = '', ...more] = told(z.strictObject({ a: twice }), 'a: { evr: ">= 9.1" }');
	t.regex(first, /^1:11 '>= 9\.1' is not a bound/);
	t.deepEqual(more, []);
});

test('the same message of two values is said of both', (t) => {
	const even = z.int().refine((value) => value % 2 === 0, 'Expected an even number');
	t.deepEqual(told(z.array(even), '[1, 2, 3]'), ['1:2 Expected an even number', '1:8 Expected an even number']);
});

test('of many keys the first ones are listed', (t) => {
	const wide = z.strictObject(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`long-key-${i}`, z.string().optional()])));
	const [problem] = validate(wide, readSource('long-key-3: a\nx: y', 'x.yaml').source).problems;
	t.regex(problem?.hint ?? '', /^Known here: 'long-key-0', 'long-key-1', 'long-key-2', 'long-key-4', .* and 5 more$/);
});
