// Is a report acceptable: does it say what its owner expects? Judged on the parsed facts alone, never on who signed them
// (facts/attestation.md section 5, rows 10 to 18).

import { timingSafeEqual } from 'node:crypto';
import type { Expectation } from './expectation.ts';
import { type PlatformBit, platformBits } from './platform-info.ts';
import { type PolicyBit, policyBits } from './policy.ts';
import type { SnpProduct } from './product.ts';
import { conclude, type Refusals, refuse } from './reasons.ts';
import type { Report } from './report.ts';
import { validateTcb } from './validate-tcb.ts';
import { signingHierarchy } from './verify-report.ts';

export interface Acceptance {
	/** Never null for a report that parsed: what is not expected is not judged. */
	readonly acceptable: boolean | null;
	readonly reasons: Refusals;
	/** What nobody asked for, by field, and what could not be compared. */
	readonly notJudged: readonly string[];
}

/** `product` is by the report's own words or, before version 3, by its certificates; null where neither tells it. */
export function validateReport(
	report: Report,
	expected: Expectation,
	product: SnpProduct | null,
	tableGuids: readonly string[] | null = null,
): Acceptance {
	const tcb = validateTcb(report, expected, product);
	const reasons = [
		...validateBytes(report, expected),
		...validateIdentity(report, expected, product),
		...validatePolicy(report, expected),
		...tcb.reasons,
		...validatePlatform(report, expected),
		...validateKeys(report, expected),
		...validateMitigations(report, expected),
		...validateTable(expected, tableGuids),
	];
	return { acceptable: conclude(reasons), reasons, notJudged: [...unasked(report, expected), ...tcb.notJudged] };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Byte strings. REPORT_DATA is a secret's answer, so it is compared without telling how far it fits. */
function validateBytes(report: Report, expected: Expectation): Refusals {
	const reasons: Refusals = [];
	const { reportData, measurements } = expected;
	if (reportData !== undefined && !startsWith(report.reportData, reportData)) {
		const whole = reportData.length === report.reportData.length ? '' : ', from its first byte on';
		const message = `REPORT_DATA is not what was asked for${whole}: another nonce, or an old report`;
		reasons.push(refuse('report-data', message, hex(reportData), hex(report.reportData)));
	}
	if (measurements !== undefined && !measurements.some((one) => Buffer.compare(one, report.measurement) === 0)) {
		const wanted = measurements.map(hex).join(' or ');
		reasons.push(refuse('measurement', 'MEASUREMENT is none of the expected launch digests', wanted, hex(report.measurement)));
	}
	const exact = [
		['host-data', 'HOST_DATA', expected.hostData, report.hostData],
		['report-id', 'REPORT_ID', expected.reportId, report.reportId],
		['report-id-ma', 'REPORT_ID_MA', expected.reportIdMa, report.reportIdMa],
		['chip-id', 'CHIP_ID', expected.chipId, report.chipId],
		['family-id', 'FAMILY_ID', expected.familyId, report.familyId],
		['image-id', 'IMAGE_ID', expected.imageId, report.imageId],
	] as const;
	for (const [code, name, wanted, found] of exact) {
		if (wanted !== undefined && Buffer.compare(wanted, found) !== 0) {
			reasons.push(refuse(code, `${name} is not the expected one`, hex(wanted), hex(found)));
		}
	}
	return reasons;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
	return start.length <= bytes.length && timingSafeEqual(bytes.subarray(0, start.length), start);
}

function validateIdentity(report: Report, expected: Expectation, product: SnpProduct | null): Refusals {
	const reasons: Refusals = [];
	const { signingKey, products, minVersion, vmpl, minGuestSvn } = expected;
	const leaf = signingHierarchy(report)?.leaf ?? 'none';
	if (signingKey !== undefined && leaf !== signingKey) {
		reasons.push(refuse('signing-key-kind', 'the report is signed by another kind of key', signingKey, leaf));
	}
	if (products !== undefined && !products.some((one) => one === product)) {
		reasons.push(refuse('product', 'the report is of another product', products.join(' or '), product ?? 'not known'));
	}
	if (minVersion !== undefined && report.version < minVersion) {
		reasons.push(
			refuse('report-version-floor', 'the report is of an older version', `at least ${minVersion}`, `${report.version}`),
		);
	}
	if (vmpl !== undefined && report.vmpl !== vmpl) {
		reasons.push(refuse('vmpl', 'VMPL is not the expected one', `${vmpl}`, `${report.vmpl}`));
	}
	if (minGuestSvn !== undefined && report.guestSvn < minGuestSvn) {
		reasons.push(refuse('guest-svn', 'GUEST_SVN is below its floor', `at least ${minGuestSvn}`, `${report.guestSvn}`));
	}
	return reasons;
}

function validatePolicy({ policy, reportIdMa }: Report, expected: Expectation): Refusals {
	const reasons: Refusals = [];
	const { minAbi } = expected;
	const text = (value: bigint) => `0x${value.toString(16)}`;
	if (expected.policy !== undefined && policy.raw !== expected.policy) {
		reasons.push(refuse('policy', 'the policy is not the expected one', text(expected.policy), text(policy.raw)));
	}
	for (const [name, wanted] of Object.entries(expected.policyBits ?? {}) as readonly (readonly [PolicyBit, boolean])[]) {
		if (policy.bits[name] !== wanted) {
			const message = `bit ${policyBits[name]} of the policy (${name}) is not as it must be`;
			reasons.push(refuse('policy-bit', message, wanted ? '1' : '0', wanted ? '0' : '1'));
		}
	}
	const abi = policy.abiMajor * 256 + policy.abiMinor;
	if (minAbi !== undefined && abi < minAbi.major * 256 + minAbi.minor) {
		const found = `${policy.abiMajor}.${policy.abiMinor}`;
		reasons.push(refuse('policy-abi', 'the least ABI of the policy is too low', `${minAbi.major}.${minAbi.minor}`, found));
	}
	if (policy.unknownBits.length > 0 && expected.policy !== policy.raw) {
		const message = 'the policy has bits that are not known here';
		reasons.push(refuse('policy-unknown-bit', message, 'bits 63:26 zero', `bits ${policy.unknownBits.join(', ')}`));
	}
	if (policy.bits.debug && !expected.allowDebug) {
		reasons.push(refuse('debug-allowed', 'the policy lets the host read the guest', 'DEBUG 0', 'DEBUG 1'));
	}
	const bound = reportIdMa.some((byte) => byte !== 0xff);
	if ((policy.bits.migrationAgent || bound) && !expected.allowMigrationAgent) {
		const found = `MIGRATE_MA ${policy.bits.migrationAgent ? 1 : 0}, REPORT_ID_MA ${bound ? hex(reportIdMa) : 'all ff'}`;
		reasons.push(refuse('migration-allowed', 'a migration agent may move the guest', 'MIGRATE_MA 0, REPORT_ID_MA all ff', found));
	}
	return reasons;
}

function validatePlatform({ platformInfo }: Report, expected: Expectation): Refusals {
	const wanted = Object.entries(expected.platformBits ?? {}) as readonly (readonly [PlatformBit, boolean])[];
	const reasons = wanted.flatMap(([name, value]) =>
		platformInfo.bits[name] === value
			? []
			: [
					refuse(
						'platform-bit',
						`bit ${platformBits[name]} of PLATFORM_INFO (${name}) is not as it must be`,
						value ? '1' : '0',
						value ? '0' : '1',
					),
				],
	);
	const { unknownBits } = platformInfo;
	return expected.refuseUnknownPlatformBits === true && unknownBits.length > 0
		? [
				...reasons,
				refuse('platform-bit', 'PLATFORM_INFO has bits that are not known here', 'none', `bits ${unknownBits.join(', ')}`),
			]
		: reasons;
}

/** Digests of zeros mean that there is no ID block; an author key needs its bit in KEY_INFO as well. */
function validateKeys(report: Report, { idKey, authorKey }: Expectation): Refusals {
	const check = (code: 'id-key' | 'author-key', wanted: Expectation['idKey'], digest: Uint8Array, there: boolean): Refusals => {
		const trusted =
			wanted === undefined ||
			(there && (wanted.digests.length === 0 || wanted.digests.some((one) => Buffer.compare(one, digest) === 0)));
		const name = code === 'id-key' ? 'ID key' : 'author key';
		const expected = wanted === undefined || wanted.digests.length === 0 ? `an ${name}` : wanted.digests.map(hex).join(' or ');
		return trusted ? [] : [refuse(code, `the ${name} is none that is trusted`, expected, there ? hex(digest) : 'none')];
	};
	const some = (bytes: Uint8Array) => bytes.some((byte) => byte !== 0);
	return [
		...check('id-key', idKey, report.idKeyDigest, some(report.idKeyDigest)),
		...check('author-key', authorKey, report.authorKeyDigest, report.keyInfo.authorKeyEnabled && some(report.authorKeyDigest)),
	];
}

function validateMitigations(report: Report, { mitigations }: Expectation): Refusals {
	const check = (name: string, wanted: bigint | undefined, found: bigint | null): Refusals => {
		if (wanted === undefined || (found !== null && (found & wanted) === wanted)) {
			return [];
		}
		const actual = found === null ? `none: reports of version ${report.version} have no such field` : `0x${found.toString(16)}`;
		return [refuse('mitigation-vector', `${name} lacks bits that must be there`, `all of 0x${wanted.toString(16)}`, actual)];
	};
	return [
		...check('LAUNCH_MIT_VECTOR', mitigations?.launch, report.launchMitigations),
		...check('CURRENT_MIT_VECTOR', mitigations?.current, report.currentMitigations),
	];
}

function validateTable({ certificateTable }: Expectation, guids: readonly string[] | null): Refusals {
	const missing = (certificateTable ?? []).filter((guid) => guids === null || !guids.includes(guid));
	return missing.map((guid) =>
		refuse(
			'certificate-table',
			'the certificate table lacks an entry',
			guid,
			guids === null ? 'no table was given' : guids.join(', ') || 'an empty table',
		),
	);
}

/** Fields that no expectation is about. */
function unasked({ platformInfo, policy }: Report, expected: Expectation): readonly string[] {
	const fields: readonly (readonly [string, boolean])[] = [
		['REPORT_DATA', expected.reportData !== undefined],
		['MEASUREMENT', expected.measurements !== undefined],
		['HOST_DATA', expected.hostData !== undefined],
		['POLICY but for DEBUG and MIGRATE_MA', expected.policy !== undefined || expected.policyBits !== undefined],
		['VMPL', expected.vmpl !== undefined],
		['TCB floors', expected.minTcb !== undefined],
		['firmware version', expected.minFirmware !== undefined],
		['PLATFORM_INFO', expected.platformBits !== undefined],
		['ID block and keys', expected.idKey !== undefined || expected.authorKey !== undefined],
	];
	const open = fields.filter(([, asked]) => !asked).map(([name]) => `${name}: nothing was expected`);
	const strange = platformInfo.unknownBits.map((bit) => `PLATFORM_INFO bit ${bit}: not known here`);
	const allowed = policy.unknownBits.map((bit) => `POLICY bit ${bit}: not known here`);
	return [...open, ...strange, ...allowed];
}
