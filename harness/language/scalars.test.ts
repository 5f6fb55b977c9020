import test from 'ava';
import fc from 'fast-check';
import type { z } from 'zod';
import { absolutePath, duration, hex, identifier, parseDuration, pattern } from './scalars.ts';

const accepted: readonly (readonly [string, z.ZodType, string, unknown])[] = [
	['identifier', identifier, 'vtpm.pcr-extend', 'vtpm.pcr-extend'],
	['identifier', identifier, 'F41_x', 'F41_x'],
	['duration', duration, '250ms', 250],
	['duration', duration, '20min', 1_200_000],
	['duration', duration, '2h', 7_200_000],
	['hex', hex, '0xABcd', 'abcd'],
	['hex', hex, '00', '00'],
	['absolutePath', absolutePath, '/', '/'],
	['pattern', pattern, '\\p{Lu}', '\\p{Lu}'],
	// Only without the flag u: with it, an escape that means nothing is an error.
	['pattern', pattern, 'a\\-b', 'a\\-b'],
	// What most lines match still says something of those that do not.
	['pattern', pattern, '^[^#]', '^[^#]'],
	['pattern', pattern, '\\d', '\\d'],
	// Each of these can match.
	['pattern', pattern, 'a?^b', 'a?^b'],
	['pattern', pattern, 'a^|b', 'a^|b'],
	['pattern', pattern, '\\$x', '\\$x'],
	['pattern', pattern, '(a|$)x', '(a|$)x'],
	['pattern', pattern, '[a^]', '[a^]'],
];
for (const [name, schema, text, value] of accepted) {
	test(`${name} accepts ${text}`, (t) => t.is(schema.parse(text), value));
}

const refused: readonly (readonly [string, z.ZodType, string])[] = [
	['identifier', identifier, '-x'],
	['identifier', identifier, 'a/b'],
	['duration', duration, '1.5s'],
	['duration', duration, '10'],
	['duration', duration, '10 s'],
	['hex', hex, ''],
	['hex', hex, '0x'],
	['hex', hex, 'abc'],
	['absolutePath', absolutePath, 'dev/tpm0'],
	['absolutePath', absolutePath, '/dev/tpm0\0x'],
	['pattern', pattern, ''],
	['pattern', pattern, '[a'],
	['pattern', pattern, 'x|'],
	['pattern', pattern, '^$'],
	['pattern', pattern, '.'],
	['pattern', pattern, '^.+$'],
	['pattern', pattern, '[^]'],
	['pattern', pattern, '\\S'],
	['pattern', pattern, '(?!)'],
	['pattern', pattern, 'a^'],
	['pattern', pattern, '$x'],
];
for (const [name, schema, text] of refused) {
	test(`${name} refuses '${text}'`, (t) => t.false(schema.safeParse(text).success));
}

test('any text is read or refused', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				for (const schema of [identifier, duration, hex, absolutePath, pattern]) {
					schema.safeParse(text);
				}
				const ms = parseDuration(text);
				return ms === null || Number.isSafeInteger(ms);
			}),
		),
	);
});
