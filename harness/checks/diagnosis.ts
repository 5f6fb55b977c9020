// What the host's own texts say together, read as the doctor reads them: one root cause instead of a wall of failures.

import { z } from 'zod';
import { diagnose } from '../domain/doctor/diagnose.ts';
import { defineKind, Inconclusive } from '../language/kind.ts';
import { hostTextRequests, hostTexts } from './host-texts.ts';

export const diagnosis = defineKind({
	kind: 'diagnosis',
	summary: "The doctor's reading of the host: kernel log, module parameters, snphost and libvirt together",
	target: 'host',
	params: z.strictObject({ snp: z.literal('usable').describe('What all texts together must say of SEV-SNP') }),
	expectation: (params) => params,
	*observe() {
		yield hostTextRequests;
	},
	judge(observations) {
		const lost = [...observations.values()].find((answer) => answer.kind === 'fault');
		if (lost?.kind === 'fault') {
			throw new Inconclusive(lost.code, lost.message);
		}
		const { texts, silent } = hostTexts(observations);
		if (texts.length === 0) {
			throw new Inconclusive('no-output', `the host says nothing of SEV-SNP: ${silent.join('; ')}`);
		}
		const { snp, root, consequences, next, unconfirmed } = diagnose(texts);
		const expected = 'SEV-SNP is usable';
		const notes = [
			...(next === null ? [] : [`next: ${next}`]),
			...consequences.map(({ cause }) => `also ${cause.code}: ${cause.meaning}`),
			...silent.map((line) => `silent: ${line}`),
			...unconfirmed.map((id) => `leans on the unconfirmed '${id}'`),
		];
		const [shown] = root?.evidence ?? [];
		const evidence = shown === undefined ? '' : `${shown.file}: ${shown.line}`;
		if (root !== null && (snp === 'unusable' || root.cause.severity === 'blocks-snp')) {
			const reason = { code: root.cause.code, message: root.cause.meaning };
			return { outcome: 'failed', reason, expected, actual: evidence, notes };
		}
		if (snp === 'unusable') {
			const names = texts.map(({ file }) => file).join(', ');
			return {
				outcome: 'failed',
				reason: { code: 'snp-unusable', message: 'a text says that SEV-SNP is not usable and names no cause' },
				expected,
				actual: `unusable, by ${names}`,
				notes,
			};
		}
		if (snp === 'unknown') {
			throw new Inconclusive('unrecognised-output', `the texts of the host do not say whether SEV-SNP is usable${evidence}`);
		}
		return { outcome: 'passed', expected, actual: `usable, by ${texts.map(({ file }) => file).join(', ')}`, notes };
	},
});
