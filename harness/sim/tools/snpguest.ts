// snpguest 0.9 as its users know it: report, verify certs, verify attestation (facts/attestation.md 4.5; transcripts). It has the
// tool's habits: whatever certificates lie in the directory are trusted, and the chip's identifier is never compared (4.6).

import { verify, X509Certificate } from 'node:crypto';
import { ParseError } from '../../domain/parse-error.ts';
import { readVek } from '../../domain/snp/amd-certificate.ts';
import { productOf } from '../../domain/snp/product.ts';
import { parseReport, signedLength } from '../../domain/snp/report.ts';
import { toP1363 } from '../../domain/snp/signature.ts';
import { decodeTcb, type TcbComponent } from '../../domain/snp/tcb.ts';
import { parseCertificate } from '../../domain/x509/certificate.ts';
import { type Errno, errorTexts, type FileTree } from '../files.ts';
import type { AskReport } from '../guest-reports.ts';
import { printed, refused, type Tool, type ToolCall, type ToolOutput } from '../system.ts';
import { parseOptions } from './options.ts';

const requestLength = 64;
const levels: readonly (readonly [name: string, component: TcbComponent])[] = [
	['Boot Loader', 'bootloader'],
	['TEE', 'tee'],
	['SNP', 'snp'],
	['Microcode', 'microcode'],
];

/** `ask` is null where there is no /dev/sev-guest. */
export function createSnpguest(version: string, ask: AskReport | null): Tool {
	return ({ args, system }: ToolCall) => {
		const parsed = parseOptions(args, [
			{ name: 'version', short: 'V', long: true },
			{ name: 'quiet', short: 'q', long: true },
			{ name: 'vmpl', short: 'v', long: true, value: 'required' },
		]);
		const { options, operands } = typeof parsed === 'string' ? { options: new Map<string, string>(), operands: [] } : parsed;
		if (options.has('version')) {
			return printed(`snpguest ${version}\n`);
		}
		const [command, what, ...rest] = operands;
		const words = [command, what].join(' ');
		const [first = '', second = ''] = rest;
		if (command === 'report' && what !== undefined && rest.length === 1) {
			return report(system.files, ask, what, first, options.get('vmpl') ?? '1');
		}
		if (words === 'verify certs' && rest.length === 1) {
			return verifyCerts(system.files, first);
		}
		if (words === 'verify attestation' && rest.length === 2) {
			return verifyAttestation(system.files, first, second);
		}
		return refused(`snpguest: the simulated one has report, verify certs and verify attestation, not '${words.trim()}'\n`, 2);
	};
}

/** anyhow's way to tell an error and what it came from; the tool prints the first part itself as well. */
function failure(message: string, causes: readonly string[] = [], stdout = ''): ToolOutput {
	const before = [`ERROR: ${message}`, ...causes.map((cause) => `because: ${cause}`)];
	const numbered = causes.map((cause, index) => (causes.length > 1 ? `    ${index}: ${cause}` : `    ${cause}`));
	const chain = causes.length === 0 ? [] : ['', 'Caused by:', ...numbered];
	return printed(stdout, `${[...before, `Error: ${message}`, ...chain].join('\n')}\n`, 1);
}

function ioError(errno: Errno, number: number): string {
	return `${errorTexts[errno]} (os error ${number})`;
}

function report(files: FileTree, ask: AskReport | null, to: string, from: string, level: string): ToolOutput {
	const request = files.read(from);
	if (!request.ok) {
		return failure(`unable to open request file ${from}`, [ioError('ENOENT', 2)]);
	}
	if (ask === null) {
		return failure('unable to open /dev/sev-guest', [ioError('ENOENT', 2)]);
	}
	const answer = ask(Number(level), request.value.subarray(0, requestLength));
	if ('status' in answer) {
		const status = `Known SEV FW Error: Status Code: 0x${answer.status.toString(16)}: Given parameter is invalid.`;
		return failure('unable to fetch attestation report', [`Firmware Error Encountered: ${status}`, status]);
	}
	files.write(to, answer.report);
	return printed('');
}

/** DER before PEM, a VLEK before a VCEK (4.6, no. 4). */
function certificate(files: FileTree, directory: string, ...names: readonly string[]) {
	for (const name of names) {
		for (const extension of ['der', 'pem']) {
			const content = files.read(`${directory}/${name}.${extension}`);
			if (content.ok) {
				return { name, x509: new X509Certificate(content.value) };
			}
		}
	}
	return null;
}

function chainIn(files: FileTree, directory: string) {
	try {
		return {
			ark: certificate(files, directory, 'ark'),
			ask: certificate(files, directory, 'asvk', 'ask'),
			vek: certificate(files, directory, 'vlek', 'vcek'),
		};
	} catch {
		return null;
	}
}

function verifyCerts(files: FileTree, directory: string): ToolOutput {
	const chain = chainIn(files, directory);
	if (chain?.ark == null || chain.ask === null || chain.vek === null) {
		return failure('could not read the certificates of the chain', [ioError('ENOENT', 2)]);
	}
	const { ark, ask, vek } = chain;
	const [intermediate, leaf] = [ask.name.toUpperCase(), vek.name.toUpperCase()];
	let stdout = '';
	for (const [signed, by, name] of [
		[ark, ark, 'The AMD ARK was self-signed!'],
		[ask, ark, `The AMD ${intermediate} was signed by the AMD ARK!`],
		[vek, ask, `The ${leaf} was signed by the AMD ${intermediate}!`],
	] as const) {
		if (!signed.x509.verify(by.x509.publicKey)) {
			return failure(
				signed === by ? 'The AMD ARK is not self-signed!' : name.replace(' was signed', ' was not signed'),
				[],
				stdout,
			);
		}
		stdout += `${name}\n`;
	}
	return printed(stdout);
}

function verifyAttestation(files: FileTree, directory: string, path: string): ToolOutput {
	const content = files.read(path);
	const vek = chainIn(files, directory)?.vek ?? null;
	if (!content.ok || vek === null) {
		return failure(content.ok ? 'could not find a VCEK or VLEK' : `unable to open ${path}`, [ioError('ENOENT', 2)]);
	}
	try {
		const { cpuid, reportedTcb, signature } = parseReport(content.value);
		const product = (cpuid === null ? null : productOf(cpuid)) ?? 'Milan';
		const [wanted, found] = [readVek(parseCertificate(vek.x509.raw)).tcb, decodeTcb(reportedTcb, product)];
		let stdout = '';
		for (const [name, component] of levels) {
			if (wanted[component] !== found[component]) {
				return failure(`Report TCB ${name} and Certificate ${name} mismatch encountered.`, [], stdout);
			}
			stdout += `Reported TCB ${name} from certificate matches the attestation report.\n`;
		}
		const numbers = toP1363(signature);
		const key = { key: vek.x509.publicKey, dsaEncoding: 'ieee-p1363' } as const;
		return numbers !== null && verify('sha384', content.value.subarray(0, signedLength), key, numbers)
			? printed(`${stdout}VEK signed the Attestation Report!\n`)
			: failure('VEK did NOT sign the Attestation Report!', [], stdout);
	} catch (error) {
		if (error instanceof ParseError) {
			return failure('could not parse the attestation report or its certificate', [error.message]);
		}
		throw error;
	}
}
