// snpgate gate BUNDLE…: the verdict over recorded bundles, judged anew from their evidence. Simulated ones decide nothing.

import { type Bundle, openBundle } from '../evidence/bundle-reader.ts';
import { findBundle } from '../evidence/find-bundle.ts';
import { isSimulated } from '../gate/simulated.ts';
import { judgeGate, resultsUnder } from '../gate/verdict.ts';
import { formatDocument } from '../language/document.ts';
import type { Plan } from '../language/plan.ts';
import type { OtherResult, Result, Results, Verdict } from '../language/results.ts';
import { renderHeadline } from '../reporters/headline.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import { exitCode } from './exit-code.ts';
import { compareResults, replayBundle } from './replay-bundle.ts';

const refused = 3;

/** A bundle with the results that its evidence gives. */
interface Judged {
	readonly bundle: Bundle;
	readonly results: Results;
}

export async function execute(args: Arguments): Promise<number> {
	if (args.words.length === 0) {
		throw new UsageError("Expected one or more bundles: snpgate gate BUNDLE…, for example 'snpgate gate latest'.");
	}
	const opened = args.words.map((word) => openBundle(findBundle(word, 'reports')));
	const bundles = [...new Map(opened.map((bundle) => [bundle.run.id, bundle])).values()];
	const simulated = bundles.filter((bundle) => isSimulated({ ...bundle, machines: machinesOf(bundle) }));
	if (simulated.length > 0 && !args.flag('allow-simulated')) {
		const names = simulated.map(({ run }) => run.id).join(', ');
		return refuse(
			`${names} is SIMULATED: a simulated run decides no gate. Expected a run on a real machine; '--allow-simulated' judges it anyway and says so.`,
		);
	}
	const judged: Judged[] = [];
	for (const bundle of bundles) {
		const results = await replayBundle(bundle);
		const problem = whyUnfit(bundle, results);
		if (problem !== null) {
			return refuse(problem);
		}
		judged.push({ bundle, results });
	}
	const results = merge(judged, args.all('profile'));
	const stamp = simulated.length > 0;
	if (args.flag('json')) {
		const stamped = stamp ? { simulated: true, results: results.results.map((result) => ({ ...result, simulated: true })) } : {};
		process.stdout.write(formatDocument({ ...results, holes: [], ...stamped }));
	} else {
		process.stdout.write(results.verdicts.map((verdict) => describe(verdict, judged)).join(''));
	}
	return exitCode(results, 'complete');
}

function refuse(why: string): number {
	process.stderr.write(`snpgate: ${why}\n`);
	return refused;
}

function machinesOf({ exchanges }: Bundle): ReadonlySet<string> {
	return new Set([...exchanges.values()].map(({ machine }) => machine));
}

/** Why no verdict may rest on this bundle, or null. */
function whyUnfit(bundle: Bundle, results: Results): string | null {
	if (!bundle.sealed) {
		return `'${bundle.directory}' is not sealed: its run was interrupted, is still going on, or its SHA256SUMS was removed. A verdict needs a sealed bundle.`;
	}
	const [change] = compareResults(bundle.results, results);
	return change === undefined
		? null
		: `'${bundle.directory}' says '${change.instance}' is ${change.was}, and its evidence says ${change.now} (${change.why}). 'snpgate replay ${bundle.directory}' shows all.`;
}

function describe(verdict: Verdict, judged: readonly Judged[]): string {
	const heads = judged.map(({ bundle, results }) => renderHeadline(reportOf({ ...bundle, results }), verdict, { colour: false }));
	return `${[...heads, ...verdict.reasons.map((reason) => `      ${reason}`)].join('\n')}\n`;
}

/** The union of the plans and of their results; the profiles are those that every bundle was judged under. */
function merge(judged: readonly Judged[], asked: readonly string[]): Results {
	const [first] = judged;
	const common = (first?.bundle.plan.profiles ?? []).filter((profile) =>
		judged.every(({ bundle }) => bundle.plan.profiles.includes(profile)),
	);
	const stranger = asked.find((profile) => !common.includes(profile));
	if (stranger !== undefined) {
		throw new UsageError(
			`Not all of these bundles were judged under '${stranger}'. Common profiles: ${common.join(', ') || 'none'}.`,
		);
	}
	if (first === undefined || common.length === 0) {
		throw new UsageError('These bundles have no profile in common, so no verdict covers them all. Judge them one by one.');
	}
	const profiles = asked.length > 0 ? [...new Set(asked)] : common;
	const [deciding = ''] = profiles;
	const plan: Plan = { ...first.bundle.plan, profiles: [...profiles], cells: judged.flatMap(({ bundle }) => bundle.plan.cells) };
	return {
		format: 'snpgate.results/1',
		verdicts: profiles.map((profile) =>
			judgeGate(
				plan,
				profile,
				judged.flatMap((one) => under(one, profile)),
			),
		),
		results: judged.flatMap((one) => full(one, deciding)),
		otherProfiles: profiles
			.filter((profile) => profile !== deciding)
			.flatMap((profile) => judged.flatMap(({ results }) => results.otherProfiles.filter((other) => other.profile === profile))),
	};
}

function under({ bundle, results }: Judged, profile: string) {
	return resultsUnder(profile, bundle.plan.profiles[0] ?? '', results.results, results.otherProfiles);
}

/** Results in full under a profile that was not the deciding one of the run: what differed is laid over them. */
function full(judged: Judged, profile: string): Result[] {
	const byInstance = new Map(under(judged, profile).map((result) => [result.instance, result]));
	return judged.results.results.map((result): Result => {
		const other: Omit<OtherResult, 'profile' | 'instance'> = byInstance.get(result.instance) ?? result;
		const { outcome, required, reason, expected, actual, notes } = other;
		return { ...result, profile, outcome, required, reason, expected, actual, notes };
	});
}
