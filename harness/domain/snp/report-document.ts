// A report and its certificates as plain data, for JSON: bytes in lower-case hex, 64-bit numbers in hex with 0x, times in ISO 8601.

import { nameText } from '../x509/name.ts';
import { readVek } from './amd-certificate.ts';
import type { ReadCertificate } from './chain-given.ts';
import type { SnpProduct } from './product.ts';
import type { Report } from './report.ts';
import { decodeTcb, type Tcb } from './tcb.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const number = (value: bigint) => `0x${value.toString(16)}`;

/** Every field. `product` decides what the TCBs mean; without one they are their bytes alone. */
export function reportDocument(report: Report, product: SnpProduct | null): Readonly<Record<string, unknown>> {
	const { policy, platformInfo, keyInfo, currentVersion, committedVersion, cpuid } = report;
	const version = ({ major, minor, build }: Report['currentVersion']) => `${major}.${minor}.${build}`;
	const keys: Readonly<Record<number, string>> = { 0: 'vcek', 1: 'vlek', 7: 'none' };
	return {
		version: report.version,
		product,
		cpuid,
		guestSvn: report.guestSvn,
		policy: {
			raw: number(policy.raw),
			abiMajor: policy.abiMajor,
			abiMinor: policy.abiMinor,
			...policy.bits,
			reservedBit17: policy.reservedBitIsOne,
			unknownBits: policy.unknownBits,
		},
		familyId: hex(report.familyId),
		imageId: hex(report.imageId),
		vmpl: report.vmpl,
		signatureAlgorithm: report.signatureAlgorithm,
		platformInfo: { raw: number(platformInfo.raw), ...platformInfo.bits, unknownBits: platformInfo.unknownBits },
		keyInfo: {
			raw: `0x${keyInfo.raw.toString(16)}`,
			signingKey: keys[keyInfo.signingKey] ?? `reserved (${keyInfo.signingKey})`,
			authorKeyEnabled: keyInfo.authorKeyEnabled,
			chipKeyMasked: keyInfo.chipKeyMasked,
		},
		reportData: hex(report.reportData),
		measurement: hex(report.measurement),
		hostData: hex(report.hostData),
		idKeyDigest: hex(report.idKeyDigest),
		authorKeyDigest: hex(report.authorKeyDigest),
		reportId: hex(report.reportId),
		reportIdMa: hex(report.reportIdMa),
		chipId: hex(report.chipId),
		tcb: {
			reported: tcbDocument(report.reportedTcb, product),
			committed: tcbDocument(report.committedTcb, product),
			current: tcbDocument(report.currentTcb, product),
			launch: tcbDocument(report.launchTcb, product),
		},
		currentVersion: version(currentVersion),
		committedVersion: version(committedVersion),
		launchMitigations: report.launchMitigations === null ? null : number(report.launchMitigations),
		currentMitigations: report.currentMitigations === null ? null : number(report.currentMitigations),
		reservedNotZero: report.reservedNotZero,
		signature: { r: hex(report.signature.subarray(0, 48).toReversed()), s: hex(report.signature.subarray(72, 120).toReversed()) },
	};
}

function tcbDocument(bytes: Uint8Array, product: SnpProduct | null): Readonly<Record<string, unknown>> {
	return { raw: hex(bytes), ...(product === null ? {} : decodeTcb(bytes, product)) };
}

/** One certificate; what a leaf binds itself to is null where it cannot be read. */
export function certificateDocument({
	source,
	sha256,
	certificate,
	identity,
}: ReadCertificate): Readonly<Record<string, unknown>> {
	const { subject, issuer, serial, notBefore, notAfter, algorithm } = certificate;
	return {
		source,
		role: identity.role,
		product: identity.product,
		subject: nameText(subject),
		issuer: nameText(issuer),
		serial: `0x${serial.toString(16)}`,
		notBefore: new Date(notBefore).toISOString(),
		notAfter: new Date(notAfter).toISOString(),
		signature: algorithm.text,
		sha256,
		...(identity.role === 'VCEK' || identity.role === 'VLEK' ? { binds: bindingDocument(certificate) } : {}),
	};
}

interface Binding {
	readonly productName: string;
	readonly tcb: Tcb;
	readonly hwid: string | null;
	readonly cspId: string | null;
}

function bindingDocument(certificate: ReadCertificate['certificate']): Binding | null {
	try {
		const { productName, tcb, hwid, cspId } = readVek(certificate);
		return { productName, tcb, hwid: hwid === null ? null : hex(hwid), cspId };
	} catch {
		return null;
	}
}
