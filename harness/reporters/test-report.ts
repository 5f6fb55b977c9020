// Builds run reports for the tests of the reporters.

import type { ExchangeView } from '../evidence/view.ts';
import type { PlannedCell, PlannedCheck } from '../language/plan.ts';
import type { OtherResult, Result, Verdict } from '../language/results.ts';
import type { RunInfo } from '../language/run-info.ts';
import type { RunReport } from './report.ts';

export const cellId = 'f41.ga.genoa.snp.disk.f41';

/** A check and its result in one; null says that it was never run. */
export interface Case {
	readonly check: Partial<PlannedCheck> & { readonly id: string };
	readonly cell?: string;
	readonly result: Partial<Result> | null;
}

export interface ReportParts {
	readonly cases: readonly Case[];
	readonly run?: Partial<RunInfo>;
	readonly scope?: 'matrix' | 'selection';
	readonly checksInMatrix?: number;
	readonly complete?: boolean;
	readonly verdicts?: readonly Verdict[];
	readonly others?: readonly OtherResult[];
	readonly promises?: RunReport['plan']['promises'];
	readonly evidence?: readonly ExchangeView[];
}

export function buildReport(parts: ReportParts): RunReport {
	const made = parts.cases.map((each) => makeCase(each));
	const cells = [...Map.groupBy(made, ({ cell }) => cell)].map(([id, group]) =>
		makeCell(
			id,
			group.map(({ check }) => check),
		),
	);
	const results = made.flatMap(({ result }) => (result === null ? [] : [result]));
	const exchanges = new Map(parts.evidence?.map((view) => [view.id, view]));
	const failed = results.some(({ outcome }) => outcome === 'failed');
	const verdicts = parts.verdicts ?? [
		{
			profile: 'change',
			verdict: failed
				? ('fail' as const)
				: results.some(({ outcome }) => outcome === 'error')
					? ('incomplete' as const)
					: ('pass' as const),
			retryable: false,
			reasons: [failed ? `1 required check failed: ${cellId}/host.cpu.` : 'All required checks passed.'],
		},
	];
	return {
		run: { ...runInfo, ...parts.run },
		plan: {
			format: 'snpgate.plan/1',
			profiles: verdicts.map(({ profile }) => profile),
			scope: parts.scope ?? 'matrix',
			checksInMatrix: parts.checksInMatrix ?? made.length,
			cells,
			promises: [...(parts.promises ?? [])],
		},
		results: { format: 'snpgate.results/1', verdicts: [...verdicts], results, otherProfiles: [...(parts.others ?? [])] },
		complete: parts.complete ?? true,
		evidence: (id) => exchanges.get(id) ?? null,
	};
}

const runInfo: RunInfo = {
	format: 'snpgate.run/1',
	id: '20260310T141200Z-a1b2c3',
	snpgate: '0.1.0',
	argv: ['run', '--matrix', 'matrices/f41.yaml', '--host', 'epyc7'],
	startedAt: '2026-03-10T14:12:00.000Z',
	endedAt: '2026-03-10T14:26:10.000Z',
	ended: 'complete',
	reality: 'hardware',
	counterfactual: [],
	matrix: { path: 'matrices/f41.yaml', release: '41', title: 'Fedora Linux 41' },
	host: {
		name: 'epyc7',
		os: 'Fedora Linux 41 (Server Edition)',
		cpu: 'AMD EPYC 9354 32-Core Processor',
		generation: 'genoa',
		kernel: '6.11.4-301.fc41.x86_64',
	},
	profiles: ['change', 'shipped'],
	selection: null,
	bootIds: { epyc7: '6f3d2c1b-0000-4000-8000-1234567890ab' },
	sources: [{ path: 'suites/host.yaml', sha256: 'ab'.repeat(32) }],
};

export const simulated: Partial<RunInfo> = {
	reality: 'simulated',
	argv: ['run', '--matrix', 'matrices/f41.yaml', '--host', 'sim'],
	host: { ...runInfo.host, name: 'sim' },
	counterfactual: ['libvirt 10.7.0: Fedora 41 stayed on 10.6.0', 'coconut-svsm is a package: it never was one of Fedora'],
};

function makeCase({ check: given, cell = cellId, result: outcome }: Case) {
	const required = given.required ?? true;
	const check: PlannedCheck = {
		instance: `${cell}/${given.id}`,
		title: `The check ${given.id} holds`,
		why: 'A guest owner relies on it',
		kind: 'command',
		suite: given.id.split('.')[0] ?? 'host',
		target: 'host',
		params: {},
		needs: [],
		control: null,
		last: false,
		promise: null,
		unconfirmed: [],
		source: `suites/${given.id.split('.')[0]}.yaml:31`,
		required,
		selected: true,
		skip: null,
		under: { change: { required, skip: null, expectation: {} } },
		...given,
	};
	const result: Result | null =
		outcome === null
			? null
			: {
					id: check.id,
					instance: check.instance,
					suite: check.suite,
					cell,
					target: check.target,
					profile: 'change',
					outcome: 'passed',
					reason: null,
					expected: null,
					actual: null,
					evidence: [],
					rule: null,
					notes: [],
					required,
					durationMs: 120,
					...outcome,
				};
	return { check, cell, result };
}

function makeCell(id: string, checks: PlannedCheck[]): PlannedCell {
	const [, milestone = '', generation = '', tee = '', boot = '', guestOs = ''] = id.split('.');
	return { id, axes: { milestone, generation, tee, boot, 'guest-os': guestOs }, host: 'epyc7', skip: null, guests: [], checks };
}
