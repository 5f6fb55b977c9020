import test from 'ava';
import { dark, light, type Palette } from './palette.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

const pairs: readonly (readonly [keyof Palette, keyof Palette])[] = [
	...(['ink', 'muted', 'link', 'passed', 'failed', 'error', 'blocked', 'skipped'] as const).flatMap(
		(text) =>
			[
				[text, 'ground'],
				[text, 'surface'],
			] as const,
	),
	['ink', 'failed-tint'],
	['failed', 'failed-tint'],
	['ink', 'error-tint'],
	['error', 'error-tint'],
	['on-reality', 'simulated'],
	['on-reality', 'emulated'],
];

for (const [name, palette] of Object.entries({ light, dark })) {
	for (const [text, ground] of pairs) {
		test(`${name}: ${text} on ${ground} can be read`, (t) => {
			const ratio = contrast(palette[text], palette[ground]);
			t.true(ratio >= 4.5, ratio.toFixed(2));
		});
	}
}
