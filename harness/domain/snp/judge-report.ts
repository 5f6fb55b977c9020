// One report against its certificates and its owner's expectation: genuine, acceptable, and the verdict of both.

import { ParseError } from '../parse-error.ts';
import type { GivenCertificate, ReadCertificate } from './chain-given.ts';
import type { Expectation } from './expectation.ts';
import type { SnpProduct } from './product.ts';
import { type AttestationReason, conclude } from './reasons.ts';
import { parseReport, type Report, reportLength } from './report.ts';
import type { GivenRevocationList } from './revocation.ts';
import { validateReport } from './validate.ts';
import { type Genuineness, type VerifyOptions, verifyReport } from './verify.ts';

export interface AttestationEvidence {
	/** The bytes that are to be a report. */
	readonly report: Uint8Array;
	readonly certificates: readonly GivenCertificate[];
	readonly revocationLists: readonly GivenRevocationList[];
	/** GUIDs of the certificate table that came with the report, or null without one. */
	readonly tableGuids: readonly string[] | null;
}

export interface AttestationJudgement {
	readonly verdict: 'pass' | 'fail' | 'unknown';
	readonly genuine: boolean | null;
	readonly acceptable: boolean | null;
	readonly reasons: readonly AttestationReason[];
	readonly notJudged: readonly string[];
	/** Null when the bytes are not as many as a report has. */
	readonly report: Report | null;
	readonly product: SnpProduct | null;
	readonly certificates: readonly ReadCertificate[];
	readonly chain: Genuineness['chain'];
}

/** `more` are reasons that came from outside, such as a certificate that could not be fetched. */
export function judgeReport(
	{ report: bytes, certificates, revocationLists, tableGuids }: AttestationEvidence,
	options: VerifyOptions,
	expectation: Expectation,
	more: readonly AttestationReason[] = [],
): AttestationJudgement {
	const report = asReport(bytes);
	if (!('version' in report)) {
		return {
			verdict: 'fail',
			genuine: false,
			acceptable: null,
			reasons: [report],
			notJudged: ['everything else: there is no report'],
			report: null,
			product: null,
			certificates: [],
			chain: { root: null, intermediate: null, leaf: null },
		};
	}
	const genuine = verifyReport({ report, certificates, revocationLists }, options);
	const acceptance = validateReport(report, expectation, genuine.product, tableGuids);
	const isGenuine = conclude([...genuine.reasons, ...more]);
	return {
		verdict: verdictOf(isGenuine, acceptance.acceptable),
		genuine: isGenuine,
		acceptable: acceptance.acceptable,
		// Why something is missing comes before that it is.
		reasons: [...more, ...genuine.reasons, ...acceptance.reasons],
		notJudged: [...genuine.notJudged, ...acceptance.notJudged],
		report,
		product: genuine.product,
		certificates: genuine.certificates,
		chain: genuine.chain,
	};
}

/** The report, or the one reason why there is none. */
function asReport(bytes: Uint8Array): Report | AttestationReason {
	try {
		return parseReport(bytes);
	} catch (error) {
		if (!(error instanceof ParseError)) {
			throw error;
		}
		return {
			code: 'report-length',
			message: `a report has ${reportLength} bytes`,
			expected: `${reportLength} bytes`,
			actual: `${bytes.length} bytes`,
			decides: 'no',
		};
	}
}

function verdictOf(genuine: boolean | null, acceptable: boolean | null): AttestationJudgement['verdict'] {
	return genuine === false || acceptable === false ? 'fail' : genuine === null || acceptable === null ? 'unknown' : 'pass';
}
