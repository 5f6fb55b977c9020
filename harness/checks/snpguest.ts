// A second opinion: snpguest in the guest asks for a report and verifies it; this program verifies the same bytes. The tool is
// a witness and decides nothing, but that the two disagree is a finding of its own. Its argument order differs by version
// (facts/attestation.md section 4.5).

import { z } from 'zod';
import { readSnpguestWords } from '../domain/doctor/readers/snpguest-verify.ts';
import { toolLines } from '../domain/doctor/readers/tool-lines.ts';
import { defaultExpectation } from '../domain/snp/expectation.ts';
import { judgeReport } from '../domain/snp/judge-report.ts';
import { parsePem } from '../domain/x509/pem.ts';
import { defineKind, Inconclusive, type Observations, type Observing } from '../language/kind.ts';
import { execAnswer, execText, fileBytes } from '../language/observations.ts';
import type { Request } from '../ports.ts';
import { quote } from './matches.ts';
import { readKeys, requestKeys } from './report-keys.ts';

const vmplPath = '/sys/devices/system/cpu/sev/vmpl';

export const snpguest = defineKind({
	kind: 'snpguest',
	summary: "snpguest's verdict on a report of its own, compared with this program's on the same bytes",
	target: 'guest',
	params: z.strictObject({
		agrees: z.literal('verify').describe('Both say of the report and its certificates that they verify'),
	}),
	expectation: (params, { trust }) => ({ ...params, trust }),
	observe,
	judge(observations, { trust }) {
		const version = execAnswer(observations, 'version');
		if (version.status === 127) {
			throw new Inconclusive('tool-missing', "'snpguest' is not installed in the guest");
		}
		if (versionOf(observations) === null) {
			throw new Inconclusive('unrecognised-output', `snpguest calls itself '${quote(execText(observations, 'version'))}'`);
		}
		const asked = execAnswer(observations, 'report');
		const report = fileBytes(observations, 'bytes');
		if (asked.status !== 0 || 'errno' in report) {
			const said = quote(execText(observations, 'report', 'stderr') || execText(observations, 'report'));
			const reason = { code: 'snpguest-no-report', message: 'snpguest got no report' };
			return { outcome: 'failed', reason, expected: 'exit 0 and a report', actual: `exit ${asked.status}: ${said}` };
		}
		const { certificates, at, reasons } = readKeys(observations, '', new Uint8Array());
		const [lacking] = reasons.filter(({ code }) => code !== 'crl-unavailable');
		if (lacking !== undefined) {
			throw new Inconclusive(lacking.code, lacking.message);
		}
		const options = { at, trust, requireCrl: false, allowMaskedChip: false };
		const evidence = { report, certificates, revocationLists: [], tableGuids: null };
		const ours = judgeReport(evidence, options, defaultExpectation);
		const theirs = verdictOfTool(observations);
		const codes = ours.reasons.map(({ code }) => code).join(', ');
		const actual = `snpguest: ${theirs.words}; this program: ${ours.genuine === true ? 'genuine' : `not genuine (${codes})`}`;
		const expected = 'both verify the report';
		if (theirs.verified && ours.genuine === true) {
			return { outcome: 'passed', expected, actual };
		}
		const agree = theirs.verified === (ours.genuine === true);
		const reason = agree
			? { code: 'both-refuse', message: 'snpguest and this program both refuse the report' }
			: { code: 'verdicts-disagree', message: 'snpguest and this program disagree about the same report' };
		return { outcome: 'failed', reason, expected, actual };
	},
});

function* observe(): Observing {
	const seen = yield {
		version: { do: 'exec', argv: ['snpguest', '--version'] },
		vmpl: { do: 'read-file', path: vmplPath },
		nonce: { do: 'random', length: 64 },
	};
	const nonce = seen.get('nonce');
	if (versionOf(seen) === null || nonce?.kind !== 'bytes') {
		return;
	}
	yield { directory: { do: 'exec', argv: ['mktemp', '-d'], changes: true } };
	const directory = directoryOf(seen);
	if (directory === null) {
		return;
	}
	const [report, request] = [`${directory}/report.bin`, `${directory}/request.bin`];
	yield {
		request: { do: 'write-file', path: request, hex: Buffer.from(nonce.bytes).toString('hex') },
		report: { do: 'exec', argv: ['snpguest', 'report', report, request, '--vmpl', vmplOf(seen)], changes: true },
		bytes: { do: 'read-file', path: report },
	};
	const bytes = seen.get('bytes');
	yield* requestKeys('', bytes?.kind === 'file' ? bytes.bytes : new Uint8Array());
	yield {
		...certificateFiles(seen, directory),
		certs: { do: 'exec', argv: ['snpguest', 'verify', 'certs', directory], changes: true },
		attestation: { do: 'exec', argv: ['snpguest', 'verify', 'attestation', directory, report], changes: true },
		removed: { do: 'exec', argv: ['rm', '-rf', '--', directory], changes: true },
	};
}

/** By the names that the tool looks for. */
function certificateFiles(observations: Observations, directory: string): Readonly<Record<string, Request>> {
	const write = (name: string, der: Uint8Array): Request => ({
		do: 'write-file',
		path: `${directory}/${name}.der`,
		hex: Buffer.from(der).toString('hex'),
	});
	const [leaf, chain] = [observations.get('leaf'), observations.get('chain')];
	const [ask, ark] = chain?.kind === 'bytes' ? parsePem(Buffer.from(chain.bytes).toString('latin1')) : [];
	return {
		...(leaf?.kind === 'bytes' ? { vcek: write('vcek', leaf.bytes) } : {}),
		...(ask === undefined ? {} : { ask: write('ask', ask.bytes) }),
		...(ark === undefined ? {} : { ark: write('ark', ark.bytes) }),
	};
}

function versionOf(observations: Observations): string | null {
	const answer = observations.get('version');
	const text = answer?.kind === 'exec' && answer.status === 0 ? Buffer.from(answer.stdout).toString() : '';
	return /^snpguest (\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null;
}

function directoryOf(observations: Observations): string | null {
	const answer = observations.get('directory');
	const text = answer?.kind === 'exec' && answer.status === 0 ? Buffer.from(answer.stdout).toString().trim() : '';
	return /^\/[\w./-]+$/.test(text) ? text : null;
}

/** The tool asks for VMPL 1 by itself, which a guest under an SVSM may not have. */
function vmplOf(observations: Observations): string {
	const answer = observations.get('vmpl');
	const text = answer?.kind === 'file' ? Buffer.from(answer.bytes).toString().trim() : '';
	return /^[0-3]$/.test(text) ? text : '0';
}

/** Both commands must succeed by status and by words: each alone has been seen to pass on what the other refused. */
function verdictOfTool(observations: Observations): { readonly verified: boolean; readonly words: string } {
	const commands = ['certs', 'attestation'].map((name) => ({
		name,
		status: execAnswer(observations, name).status,
		text: `${execText(observations, name)}\n${execText(observations, name, 'stderr')}`,
	}));
	const { facts } = readSnpguestWords(toolLines(commands.map(({ text }) => text).join('\n')));
	const verified = commands.every(({ status }) => status === 0) && facts.chainOk === true && facts.signatureOk === true;
	const statuses = commands.map(({ name, status }) => `verify ${name} exit ${status}`).join(', ');
	return { verified, words: `${verified ? 'verified' : 'not verified'} (${statuses})` };
}
