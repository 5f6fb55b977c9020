// For tests: small plans by hand, and kinds that say what they are told.

import { z } from 'zod';
import { type CheckKind, defineKind, Inconclusive } from '../language/kind.ts';
import { decodeText } from '../language/observations.ts';
import type { Plan, PlannedCheck } from '../language/plan.ts';

/** Asks for one command and passes when it says 'yes', fails when it says 'no'. */
export const ask: CheckKind = defineKind({
	kind: 'ask',
	summary: 'one command',
	target: 'host',
	params: z.strictObject({ argv: z.array(z.string()), changes: z.literal(true).optional(), twice: z.boolean().optional() }),
	expectation: (params) => params,
	*observe({ argv, changes, twice }) {
		const request = { do: 'exec' as const, argv, ...(changes === undefined ? {} : { changes }) };
		yield { first: request };
		if (twice === true) {
			yield { second: request };
		}
	},
	judge(observations) {
		const answer = observations.get('first');
		if (answer?.kind !== 'exec') {
			throw new Inconclusive(answer?.kind === 'fault' ? answer.code : 'protocol', 'no answer');
		}
		const said = decodeText(answer.stdout) ?? '';
		return said === 'yes'
			? { outcome: 'passed', expected: 'yes', actual: said }
			: { outcome: 'failed', reason: { code: 'said-no', message: 'it said no' }, expected: 'yes', actual: said };
	},
});

export interface Sketch {
	readonly id: string;
	readonly argv?: readonly string[];
	readonly kind?: string;
	readonly params?: unknown;
	readonly target?: 'host' | 'guest';
	readonly needs?: readonly string[];
	readonly control?: string;
	readonly required?: boolean;
	readonly last?: boolean;
	readonly skip?: Readonly<Record<string, string>>;
}

/** A plan of one cell 'c'; `skip` maps a profile to the rule that skips the check there. */
export function sketchPlan(sketches: readonly Sketch[], profiles: readonly string[] = ['p']): Plan {
	return {
		format: 'snpgate.plan/1',
		profiles: [...profiles],
		scope: 'matrix',
		checksInMatrix: sketches.length,
		cells: [
			{
				id: 'c',
				axes: { milestone: 'ga', generation: 'genoa', tee: 'none', boot: 'disk', 'guest-os': 'x' },
				host: 'test',
				skip: null,
				guests: [],
				checks: sketches.map((sketch) => sketchCheck(sketch, profiles)),
			},
		],
		promises: [],
	};
}

function sketchCheck(sketch: Sketch, profiles: readonly string[]): PlannedCheck {
	const params = sketch.params ?? { argv: sketch.argv ?? [sketch.id] };
	const under = Object.fromEntries(
		profiles.map((profile) => {
			const rule = sketch.skip?.[profile];
			const skip = rule === undefined ? null : { rule, because: `because of ${rule}` };
			return [profile, { required: sketch.required ?? true, skip, expectation: params }];
		}),
	);
	return {
		id: sketch.id,
		instance: `c/${sketch.id}`,
		title: sketch.id,
		why: 'test',
		kind: sketch.kind ?? 'ask',
		suite: 's',
		target: sketch.target ?? 'host',
		params,
		needs: (sketch.needs ?? []).map((id) => `c/${id}`),
		control: sketch.control === undefined ? null : `c/${sketch.control}`,
		last: sketch.last ?? false,
		promise: null,
		unconfirmed: [],
		source: 's.yaml:1',
		required: sketch.required ?? true,
		selected: true,
		skip: under[profiles[0] ?? '']?.skip ?? null,
		under,
	};
}
