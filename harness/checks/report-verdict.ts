// From the verdict on a report to the judgement of a check, with what an attestation does not cover said beside it.

import { ParseError } from '../domain/parse-error.ts';
import { parseCertificateTable } from '../domain/snp/certificate-table.ts';
import type { AttestationJudgement } from '../domain/snp/judge-report.ts';
import type { Judgement } from '../language/kind.ts';
import { quote } from './matches.ts';
import type { CollectedReport, NoReport } from './report-request.ts';

export function noReport({ code, message, actual }: NoReport): Judgement {
	return { outcome: 'failed', reason: { code, message }, expected: 'an attestation report', actual };
}

/** A report that is not genuine or not acceptable is the product's failure; one that could not be checked is nobody's. */
export function judgementOf(judged: AttestationJudgement, collected: CollectedReport): Judgement {
	const { verdict, reasons, product, report, chain } = judged;
	const notes = notesOf(judged, collected);
	const summary =
		report === null ? 'no report' : `version ${report.version}, ${product ?? 'unknown product'}, VMPL ${report.vmpl}`;
	if (verdict === 'pass') {
		const expected = 'genuine by the trusted root, for our nonce, and as expected';
		const leaf = chain.leaf?.identity.role ?? 'no key';
		return { outcome: 'passed', expected, actual: `${summary}, signed by ${leaf}, REPORT_DATA ours`, notes };
	}
	const wanted = verdict === 'fail' ? 'no' : 'unknown';
	const deciding = reasons.filter(({ decides }) => decides === wanted);
	const [first] = deciding;
	const code = first?.code ?? 'not-judged';
	const message = quote(deciding.map((one) => one.message).join('; ') || 'the report could not be judged');
	const expected = quote(first?.expected ?? 'a genuine report');
	const actual = quote(`${first?.actual ?? 'unknown'} (${summary})`);
	return { outcome: verdict === 'fail' ? 'failed' : 'error', reason: { code, message }, expected, actual, notes };
}

function notesOf({ notJudged, reasons }: AttestationJudgement, { bound, by, level }: CollectedReport): readonly string[] {
	const codes = reasons.map(({ code }) => code);
	return [
		`asked through ${by} at VMPL ${level}`,
		bound
			? "REPORT_DATA holds our nonce and the SHA-256 of the key of the channel's other end"
			: 'the channel proved no key, so that REPORT_DATA holds our nonce alone',
		'not covered by an attestation: the kernel and the disk of a guest that boots from disk, devices, and all that happens later',
		...(codes.length > 1 ? [`all reasons: ${codes.join(', ')}`] : []),
		...notJudgedLines(notJudged),
	];
}

/** What nobody asked for is one line. */
function notJudgedLines(notJudged: readonly string[]): readonly string[] {
	const end = ': nothing was expected';
	const unasked = notJudged.filter((line) => line.endsWith(end)).map((line) => line.slice(0, -end.length));
	return [
		...notJudged.filter((line) => !line.endsWith(end)).map((line) => `not judged: ${line}`),
		...(unasked.length === 0 ? [] : [`not asked for: ${unasked.join(', ')}`]),
	];
}

/** GUIDs of the host's certificate table; null when it gives none or a damaged one. */
export function tableGuids(table: Uint8Array): readonly string[] | null {
	try {
		return table.length === 0 ? null : parseCertificateTable(table).map(({ guid }) => guid);
	} catch (error) {
		if (error instanceof ParseError) {
			return null;
		}
		throw error;
	}
}
