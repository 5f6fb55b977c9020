// An attestation report for people: what it says, who signed what, which TCBs, and why it is or is not believed.

import type { ReadCertificate } from '../domain/snp/chain-given.ts';
import type { AttestationJudgement } from '../domain/snp/judge-report.ts';
import type { SnpProduct } from '../domain/snp/product.ts';
import type { AttestationReason } from '../domain/snp/reasons.ts';
import type { Report } from '../domain/snp/report.ts';
import { decodeTcb, type TcbComponent, tcbComponents } from '../domain/snp/tcb.ts';
import { cleanLine } from './plain-text.ts';

const longest = 240;

/** The page of `verify report`. */
export function renderVerdict(file: string, judged: AttestationJudgement, simulated: boolean, at: number): string {
	const words = { pass: 'genuine and acceptable', fail: failWords(judged), unknown: 'could not be found out' }[judged.verdict];
	const lines = [
		`${simulated ? 'SIMULATED · ' : ''}VERIFY   ${judged.verdict}: ${words}   ${cleanLine(file, 120)}`,
		...(judged.report === null ? [] : renderReport(judged.report, judged.product)),
		...renderChain(judged),
		row('Valid at', new Date(at).toISOString()),
		...judged.reasons.flatMap(renderReason),
		...judged.notJudged.map((line, index) => row(index === 0 ? 'Not judged' : '', cleanLine(line, longest))),
	];
	return `${lines.join('\n')}\n`;
}

function failWords({ genuine, acceptable }: AttestationJudgement): string {
	const first = genuine === false ? 'not genuine' : genuine === null ? 'not known to be genuine' : 'genuine';
	return acceptable === false ? `${first}, and not acceptable` : first;
}

/** The decoded fields, one line a subject. */
export function renderReport(report: Report, product: SnpProduct | null): readonly string[] {
	const { policy, platformInfo, keyInfo, cpuid } = report;
	const signer =
		({ 0: 'VCEK', 1: 'VLEK', 7: 'nobody' } as Readonly<Record<number, string>>)[keyInfo.signingKey] ?? 'a reserved key';
	const id =
		cpuid === null
			? 'processor not named'
			: `family ${hexByte(cpuid.family)}, model ${hexByte(cpuid.model)}, stepping ${cpuid.stepping}`;
	const version = ({ major, minor, build }: Report['currentVersion']) => `${major}.${minor}.${build}`;
	return [
		row(
			'Report',
			`version ${report.version} · ${product ?? 'product not known'} (${id}) · VMPL ${report.vmpl} · to be signed by ${signer}`,
		),
		row('Policy', `0x${policy.raw.toString(16)} · ABI ${policy.abiMajor}.${policy.abiMinor} or newer · ${policyWords(report)}`),
		row('Platform', `0x${platformInfo.raw.toString(16)} · ${setWords(platformInfo.bits, platformInfo.unknownBits)}`),
		row('Firmware', `runs ${version(report.currentVersion)} · committed ${version(report.committedVersion)}`),
		...renderTcbs(report, product),
		row('Data', hex(report.reportData)),
		row('Measured', hex(report.measurement)),
		row('Host data', zeroOr(report.hostData)),
		row('Chip', zeroOr(report.chipId, 'masked')),
		row('Report id', hex(report.reportId)),
		row('ID block', idBlockWords(report)),
		row('Mitigations', mitigationWords(report)),
	];
}

function policyWords({ policy: { bits, unknownBits, reservedBitIsOne } }: Report): string {
	const words = [
		bits.smt ? 'SMT allowed' : 'SMT refused',
		bits.debug ? 'THE HOST MAY READ THE GUEST (DEBUG)' : 'no debugging',
		bits.migrationAgent ? 'MIGRATION AGENT ALLOWED' : 'no migration agent',
		...(bits.singleSocket ? ['one socket only'] : []),
		...(bits.cxl ? ['CXL allowed'] : []),
		...(bits.memAes256Xts ? ['AES-256-XTS required'] : []),
		...(bits.raplDisabled ? ['RAPL must be off'] : []),
		...(bits.ciphertextHidingDram ? ['ciphertext hiding required'] : []),
		...(bits.pageSwapDisabled ? ['no page swap'] : []),
		...(reservedBitIsOne ? [] : ['bit 17 NOT SET']),
		...unknownBits.map((bit) => `bit ${bit} not known here`),
	];
	return words.join(' · ');
}

function setWords(bits: Readonly<Record<string, boolean>>, unknown: readonly number[]): string {
	const names = Object.entries(bits).map(([name, on]) => `${name} ${on ? 'on' : 'off'}`);
	return [...names, ...unknown.map((bit) => `bit ${bit} not known here`)].join(' · ');
}

function renderTcbs(report: Report, product: SnpProduct | null): readonly string[] {
	const rows = {
		reported: report.reportedTcb,
		committed: report.committedTcb,
		current: report.currentTcb,
		launch: report.launchTcb,
	};
	if (product === null) {
		return Object.entries(rows).map(([name, bytes], index) => row(index === 0 ? 'TCB' : '', `${name.padEnd(10)}${hex(bytes)}`));
	}
	const heads = product === 'Turin' ? tcbComponents : tcbComponents.filter((component) => component !== 'fmc');
	const cell = (text: string) => text.padStart(11);
	const level = (bytes: Uint8Array, component: TcbComponent) => cell(String(decodeTcb(bytes, product)[component] ?? '-'));
	return [
		row('TCB', `${' '.repeat(10)}${heads.map(cell).join('')}`),
		...Object.entries(rows).map(([name, bytes]) =>
			row('', `${name.padEnd(10)}${heads.map((head) => level(bytes, head)).join('')}`),
		),
	];
}

function renderChain({ chain, certificates, reasons }: AttestationJudgement): readonly string[] {
	const links = [chain.root, chain.intermediate, chain.leaf];
	const names = links.map((link) => (link === null ? 'missing' : linkWords(link)));
	const bad = (codes: readonly string[]) => reasons.some(({ code }) => codes.includes(code));
	const signed = (lower: ReadCertificate | null, upper: ReadCertificate | null, codes: readonly string[]) =>
		lower === null || upper === null ? 'not known' : bad(codes) ? 'NOT SIGNED' : 'signed';
	const root = chain.root === null ? 'no root' : bad(['root-not-pinned']) ? 'NOT TRUSTED' : 'trusted';
	return [
		row('Chain', `${names[0]}   ${root}${chain.root !== null && bad(['root-signature']) ? ', NOT SIGNED BY ITSELF' : ''}`),
		row('', `${names[1]}   ${signed(chain.intermediate, chain.root, ['intermediate-signature'])} by the root`),
		row('', `${names[2]}   ${signed(chain.leaf, chain.intermediate, ['vek-signature'])} by the intermediate`),
		row('', `report   ${chain.leaf === null ? 'not known' : bad(['report-signature']) ? 'NOT SIGNED' : 'signed'} by the leaf`),
		...(certificates.length > 3 ? [row('', `${certificates.length} certificates were given`)] : []),
	];
}

function linkWords({ source, certificate, identity }: ReadCertificate): string {
	return `${certificate.subject.commonName} (${identity.role}, ${cleanLine(source, 60)})`;
}

function renderReason({ code, message, expected, actual, decides }: AttestationReason): readonly string[] {
	return [
		`${decides === 'no' ? '✗' : '?'} ${code}: ${cleanLine(message, longest)}`,
		...(expected === null ? [] : [`    expected  ${cleanLine(expected, longest)}`]),
		...(actual === null ? [] : [`    actual    ${cleanLine(actual, longest)}`]),
	];
}

/** The page of `inspect certificates`. */
export function renderCertificates(rows: readonly Readonly<Record<string, unknown>>[]): string {
	return rows
		.map((one) =>
			Object.entries(one)
				.map(([name, value]) => row(name, cleanLine(typeof value === 'object' ? JSON.stringify(value) : String(value), longest)))
				.join('\n'),
		)
		.join('\n\n')
		.concat('\n');
}

function idBlockWords({ idKeyDigest, authorKeyDigest, guestSvn, familyId, imageId }: Report): string {
	return isZero(idKeyDigest)
		? 'none'
		: `ID key ${hex(idKeyDigest)}, author key ${zeroOr(authorKeyDigest)}, SVN ${guestSvn}, family ${hex(familyId)}, image ${hex(imageId)}`;
}

function mitigationWords({ launchMitigations, currentMitigations, version }: Report): string {
	return launchMitigations === null || currentMitigations === null
		? `none in version ${version}`
		: `launch 0x${launchMitigations.toString(16)} · current 0x${currentMitigations.toString(16)}`;
}

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const zeroOr = (bytes: Uint8Array, zero = 'none') => (isZero(bytes) ? zero : hex(bytes));
const hexByte = (value: number) => `0x${value.toString(16)}`;

function row(label: string, text: string): string {
	return `${(label === '' ? '' : `${label}:`).padEnd(13)}${text}`;
}
