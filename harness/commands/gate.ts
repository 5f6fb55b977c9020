// snpgate gate BUNDLE…: the verdict over recorded bundles. Simulated ones decide nothing.

import { type Bundle, openBundle } from '../evidence/bundle-reader.ts';
import { formatDocument } from '../evidence/bundle-writer.ts';
import { findBundle } from '../evidence/find-bundle.ts';
import { judgeGate, resultsUnder } from '../gate/verdict.ts';
import type { Plan } from '../language/plan.ts';
import type { OtherResult, Result, Results, Verdict } from '../language/results.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { exitCode } from './exit-code.ts';

const refused = 3;

export function execute(args: Arguments): number {
	if (args.words.length === 0) {
		throw new UsageError("Expected one or more bundles: snpgate gate BUNDLE…, for example 'snpgate gate latest'.");
	}
	const bundles = args.words.map((word) => openBundle(findBundle(word, 'reports')));
	const simulated = bundles.filter(({ run }) => run.reality === 'simulated');
	if (simulated.length > 0 && !args.flag('allow-simulated')) {
		const names = simulated.map(({ run }) => run.id).join(', ');
		process.stderr.write(
			`snpgate: ${names} is SIMULATED: a simulated run decides no gate. Expected a run on real hardware; '--allow-simulated' judges it anyway and says so.\n`,
		);
		return refused;
	}
	for (const warning of bundles.flatMap((bundle) => bundle.warnings)) {
		process.stderr.write(`${warning}\n`);
	}
	const results = merge(bundles, args.all('profile'));
	const stamp = simulated.length > 0;
	if (args.flag('json')) {
		const stamped = stamp ? { simulated: true, results: results.results.map((result) => ({ ...result, simulated: true })) } : {};
		process.stdout.write(formatDocument({ ...results, holes: [], ...stamped }));
	} else {
		process.stdout.write(results.verdicts.map((verdict) => describe(verdict, bundles, stamp)).join(''));
	}
	return exitCode(results, 'complete');
}

function describe({ profile, verdict, reasons }: Verdict, bundles: readonly Bundle[], simulated: boolean): string {
	const ids = bundles.map(({ run }) => run.id).join(', ');
	return `${simulated ? 'SIMULATED ' : ''}GATE  ${verdict}   ${profile} · ${ids}\n${reasons.map((reason) => `      ${reason}\n`).join('')}`;
}

/** The union of the plans and of their results; the profiles are those that every bundle was judged under. */
function merge(bundles: readonly Bundle[], asked: readonly string[]): Results {
	const [first] = bundles;
	const common = (first?.plan.profiles ?? []).filter((profile) => bundles.every(({ plan }) => plan.profiles.includes(profile)));
	const stranger = asked.find((profile) => !common.includes(profile));
	if (stranger !== undefined || first === undefined || common.length === 0) {
		throw new UsageError(
			`Not all of these bundles were judged under '${stranger ?? 'a common profile'}'. Common profiles: ${common.join(', ') || 'none'}.`,
		);
	}
	const profiles = asked.length > 0 ? asked : common;
	const [deciding = ''] = profiles;
	const plan: Plan = { ...first.plan, profiles: [...profiles], cells: bundles.flatMap((bundle) => bundle.plan.cells) };
	const under = (profile: string) => bundles.flatMap((bundle) => resultsOf(bundle, profile));
	const results = bundles.flatMap((bundle) => full(bundle, deciding));
	return {
		format: 'snpgate.results/1',
		verdicts: profiles.map((profile) => judgeGate(plan, profile, under(profile))),
		results,
		otherProfiles: profiles
			.filter((profile) => profile !== deciding)
			.flatMap((profile) =>
				bundles.flatMap(({ results: own }) => (own?.otherProfiles ?? []).filter((other) => other.profile === profile)),
			),
	};
}

function resultsOf({ plan, results }: Bundle, profile: string) {
	return results === null ? [] : resultsUnder(profile, plan.profiles[0] ?? '', results.results, results.otherProfiles);
}

/** Results in full under a profile that was not the deciding one of the run: what differed is laid over them. */
function full(bundle: Bundle, profile: string): Result[] {
	const byInstance = new Map(resultsOf(bundle, profile).map((result) => [result.instance, result]));
	return (bundle.results?.results ?? []).map((result): Result => {
		const { outcome, required, reason, expected, actual }: Omit<OtherResult, 'profile' | 'instance'> =
			byInstance.get(result.instance) ?? result;
		return { ...result, profile, outcome, required, reason, expected, actual };
	});
}
