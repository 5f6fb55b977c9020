// snpgate verify report: files and options to evidence and expectation, and the judgement to a page or a document.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { defaultExpectation, type Expectation } from '../domain/snp/expectation.ts';
import { type AttestationEvidence, type AttestationJudgement, judgeReport } from '../domain/snp/judge-report.ts';
import { certificateDocument, reportDocument } from '../domain/snp/report-document.ts';
import type { Trust } from '../domain/snp/roots.ts';
import { tcbFloor, tcbShortNames } from '../domain/snp/tcb.ts';
import type { VerifyOptions } from '../domain/snp/verify.ts';
import { formatDocument } from '../language/document.ts';
import { renderVerdict } from '../reporters/attestation-page.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { hexBytes, hexNumber, isoTime, wholeNumber } from './hex-options.ts';
import { readBytes, readCertificateFiles, readRevocationLists } from './input-files.ts';
import { clock } from './system.ts';

const missingCodes: ReadonlySet<string> = new Set(['vek-missing', 'intermediate-missing', 'root-missing', 'crl-unavailable']);
const exitCodes = { pass: 0, fail: 1, unknown: 3 } as const;

export async function verifyReportFile(file: string, args: Arguments): Promise<number> {
	const { expectation, allowMaskedChip } = await readExpectation(args);
	const at = args.one('at');
	const options: VerifyOptions = {
		at: at === undefined ? clock.now() : isoTime(at, 'at'),
		trust: readTrust(args.all('trust-root')),
		requireCrl: args.flag('require-crl'),
		allowMaskedChip,
	};
	const evidence: AttestationEvidence = {
		report: readBytes(file),
		...readCertificateFiles(args.all('certs')),
		revocationLists: readRevocationLists(args.all('crl')),
	};
	const judged = await judgeWithMissing(evidence, options, expectation, args.flag('offline'));
	const simulated = options.trust.by === 'root';
	process.stdout.write(
		args.flag('json')
			? formatDocument(verdictDocument(judged, simulated))
			: renderVerdict(basename(file), judged, simulated, options.at),
	);
	return exitCodes[judged.verdict];
}

/** What nobody gave is had from AMD's key service, or from what is kept of it; nothing that was given is replaced. */
async function judgeWithMissing(
	evidence: AttestationEvidence,
	options: VerifyOptions,
	expectation: Expectation,
	offline: boolean,
): Promise<AttestationJudgement> {
	const judged = judgeReport(evidence, options, expectation);
	const lacks = judged.genuine === null && judged.reasons.some(({ code }) => missingCodes.has(code));
	if (judged.report === null || !lacks || options.trust.by === 'root') {
		return judged;
	}
	const { fetchMissing } = await import('./missing-certificates.ts');
	const { reasons, ...fetched } = await fetchMissing(judged.report, judged, offline);
	return judgeReport(
		{
			...evidence,
			certificates: [...evidence.certificates, ...fetched.certificates],
			revocationLists: [...evidence.revocationLists, ...fetched.revocationLists],
		},
		options,
		expectation,
		reasons,
	);
}

/** Design section 5. */
function verdictDocument(judged: AttestationJudgement, simulated: boolean): Readonly<Record<string, unknown>> {
	const { verdict, genuine, acceptable, reasons, notJudged, report, product, certificates, chain } = judged;
	const inChain = new Set([chain.root, chain.intermediate, chain.leaf]);
	return {
		verdict,
		genuine,
		acceptable,
		reasons: reasons.map(({ code, message, expected, actual }) => ({ code, message, expected, actual })),
		notJudged,
		simulated,
		report: report === null ? null : reportDocument(report, product),
		certificates: certificates.map((one) => ({ ...certificateDocument(one), inChain: inChain.has(one) })),
	};
}

/** AMD's pinned roots, or the certificates that replace them. */
function readTrust(paths: readonly string[]): Trust {
	if (paths.length === 0) {
		return { by: 'pins' };
	}
	const roots = readCertificateFiles(paths).certificates;
	if (roots.length === 0) {
		throw new UsageError(`'--trust-root ${paths[0]}' holds no certificate.`);
	}
	return { by: 'root', hashes: roots.map(({ der }) => createHash('sha256').update(der).digest('hex')) };
}

/** The file of --expect, with the options laid over it. */
async function readExpectation(
	args: Arguments,
): Promise<{ readonly expectation: Expectation; readonly allowMaskedChip: boolean }> {
	const file = args.one('expect');
	const loaded = file === undefined ? null : (await import('./expect-file.ts')).readExpectFile(file);
	const bytes = (option: string, length: number) => {
		const text = args.one(option);
		return text === undefined ? undefined : hexBytes(text, option, length);
	};
	const [data, measurement, hostData] = [bytes('report-data', 64), bytes('measurement', 48), bytes('host-data', 32)];
	const [policy, vmpl, minTcb] = [args.one('policy'), args.one('vmpl'), args.one('min-tcb')];
	const base = loaded?.expectation ?? defaultExpectation;
	return {
		allowMaskedChip: loaded?.allowMaskedChip ?? false,
		expectation: {
			...base,
			...(data === undefined ? {} : { reportData: data }),
			...(measurement === undefined ? {} : { measurements: [measurement] }),
			...(hostData === undefined ? {} : { hostData }),
			...(policy === undefined ? {} : { policy: hexNumber(policy, 'policy') }),
			...(vmpl === undefined ? {} : { vmpl: wholeNumber(vmpl, 'vmpl', 0, 3) }),
			...(minTcb === undefined ? {} : { minTcb: { ...base.minTcb, reported: readFloor(minTcb) } }),
			allowDebug: base.allowDebug || args.flag('allow-debug'),
			allowProvisional: base.allowProvisional || args.flag('allow-provisional'),
		},
	};
}

/** `fmc=1,bl=4,tee=0,snp=24,ucode=219`: those that are given. */
function readFloor(text: string): ReturnType<typeof tcbFloor> {
	const pairs = text.split(',').map((pair) => {
		const [, name = '', level = ''] = /^([a-z]+)=(\d{1,3})$/.exec(pair.trim()) ?? [];
		if (!tcbShortNames.includes(name) || Number(level) > 255) {
			throw new UsageError(
				`'--min-tcb' expects ${tcbShortNames.join('=N,')}=N, each from 0 to 255; found '${pair.slice(0, 40)}'.`,
			);
		}
		return [name, Number(level)] as const;
	});
	return tcbFloor(Object.fromEntries(pairs));
}
