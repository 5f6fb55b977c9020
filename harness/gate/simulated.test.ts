import test from 'ava';
import { isSimulated, type Origin } from './simulated.ts';

function origin(reality: Origin['run']['reality'], machines: readonly string[], expectation: unknown): Origin {
	const under = { shipped: { required: true, expectation } };
	const checks = [{ instance: 'attest.genuine@cell', under }] as unknown as Origin['plan']['cells'][number]['checks'];
	const cells = [{ id: 'cell', checks }] as unknown as Origin['plan']['cells'];
	return { run: { reality }, plan: { cells }, machines };
}

const pins = { launched: ['policy'], trust: { by: 'pins' } };
const rows: readonly (readonly [title: string, origin: Origin, expected: boolean])[] = [
	['a run on hardware', origin('hardware', ['epyc', 'f41-subject'], pins), false],
	['checks that trust nobody', origin('emulated', ['local'], { pattern: 'x' }), false],
	['no expectation', origin('hardware', ['local'], null), false],
	['run.json says so', origin('simulated', ['local'], pins), true],
	['the simulator answered', origin('hardware', ['local', 'sim'], pins), true],
	['a simulated world answered', origin('hardware', ['sim:f41-change'], pins), true],
	['another root is trusted', origin('hardware', ['local'], { trust: { by: 'root', hashes: ['00'] } }), true],
];

for (const [title, given, expected] of rows) {
	test(title, (t) => {
		t.is(isSimulated(given), expected);
	});
}
