// Judges a recorded bundle again: the recorded plan and evidence, today's code, nothing touched.

import { kinds } from '../checks/index.ts';
import type { Bundle } from '../evidence/bundle-reader.ts';
import { makeResults } from '../gate/results.ts';
import type { OtherResult, Result, Results } from '../language/results.ts';
import { conduct } from '../run/conductor.ts';
import { createRecordedSource } from '../run/recorded.ts';

export interface Change {
	readonly instance: string;
	readonly was: string | null;
	readonly now: string | null;
	readonly why: string;
}

export async function replayBundle(bundle: Bundle): Promise<Results> {
	const finished = await conduct({
		plan: bundle.plan,
		kinds,
		source: createRecordedSource(bundle),
		jobs: 1,
		onStart: () => {},
		onFinish: () => {},
		signal: new AbortController().signal,
	});
	return makeResults(bundle.plan, finished);
}

/** What is not the same in both, under every profile, in either direction. Empty when results.json says what its evidence says. */
export function compareResults(recorded: Results | null, now: Results): readonly Change[] {
	const before = byInstance(recorded);
	const after = byInstance(now);
	const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((instance): Change[] => {
		const was = before.get(instance);
		const is = after.get(instance);
		return JSON.stringify(was) === JSON.stringify(is)
			? []
			: [{ instance, was: was?.outcome ?? null, now: is?.outcome ?? null, why: whyChanged(was, is) }];
	});
	const verdicts = now.verdicts.flatMap((verdict): Change[] => {
		const was = recorded?.verdicts.find(({ profile }) => profile === verdict.profile);
		return JSON.stringify(was) === JSON.stringify(verdict)
			? []
			: [
					{
						instance: `verdict ${verdict.profile}`,
						was: was?.verdict ?? null,
						now: verdict.verdict,
						why: 'follows from the evidence',
					},
				];
	});
	return [...changes, ...verdicts];
}

type Judged = Result | OtherResult;

function byInstance(results: Results | null): ReadonlyMap<string, Judged> {
	const own = (results?.results ?? []).map((result) => [result.instance, result] as const);
	const others = (results?.otherProfiles ?? []).map((result) => [`${result.instance} (${result.profile})`, result] as const);
	return new Map<string, Judged>([...own, ...others]);
}

function whyChanged(was: Judged | undefined, is: Judged | undefined): string {
	if (is === undefined) {
		return 'nothing in the evidence says so';
	}
	if (is.reason?.code === 'not-recorded') {
		return 'not recorded';
	}
	if (was === undefined) {
		return 'was not judged';
	}
	return was.outcome === is.outcome ? 'said otherwise' : 'the evidence is judged otherwise today';
}
