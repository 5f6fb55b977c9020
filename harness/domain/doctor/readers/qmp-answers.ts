// One answer of QEMU's monitor at a time (qapi/misc-i386.json, qapi/control.json, qapi/qom.json).

import type { Fact, Sign, SnpState } from '../reading.ts';
import { isObject, type JsonObject } from './json-objects.ts';
import { quoteLine } from './pasted-text.ts';
import { failureCode } from './qemu-failures.ts';
import { policyText } from './snp-policy.ts';

export interface Answer {
	readonly snp: SnpState;
	readonly facts: { readonly [name: string]: Fact };
	readonly sign: Sign | null;
}

const natural = (value: unknown): number | null =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** QEMU counts a release candidate of 9.1 as 9.0.90 and up; Fedora's package says it in its release ('-0.2.rc2'). */
export function readVersion(result: JsonObject): Answer | null {
	const { qemu, package: packaged } = result;
	if (!isObject(qemu)) {
		return null;
	}
	const [major, minor, micro] = [natural(qemu.major), natural(qemu.minor), natural(qemu.micro)];
	if (major === null || minor === null || micro === null) {
		return null;
	}
	const build = typeof packaged === 'string' ? packaged : '';
	const prerelease = micro >= 50 || /(?:^|[^a-z])rc\d/.test(build);
	const old = major < 9 || (major === 9 && minor < 1);
	const version = `${major}.${minor}.${micro}`;
	const evidence = quoteLine(`QEMU ${version}${build === '' ? '' : ` (${build})`}`);
	const candidate = prerelease && ((major === 9 && minor === 0) || (major === 9 && minor === 1));
	return {
		// Distributions carry SNP into older versions: the list of object types decides, not the number.
		snp: 'unknown',
		facts: { version, package: build || null, prerelease, atLeast91: !old && !candidate },
		sign: candidate ? { code: 'qemu-release-candidate', evidence } : old ? { code: 'qemu-before-snp', evidence } : null,
	};
}

function isParent(value: unknown): boolean {
	return value === undefined || typeof value === 'string';
}

/** `qom-list-types`; only a list that has sev-guest is of an x86 QEMU with SEV and says something by what it lacks. */
export function readTypes(result: readonly unknown[]): Answer | null {
	const types = result
		.filter((type) => isObject(type))
		.filter(({ name, parent }) => typeof name === 'string' && isParent(parent));
	const names = new Set(types.map(({ name }) => name));
	// Other lists have names too; every type but the first has a parent.
	if (!types.some(({ parent }) => typeof parent === 'string')) {
		return null;
	}
	const [snpGuest, sevGuest] = [names.has('sev-snp-guest'), names.has('sev-guest')];
	const lacking = sevGuest && !snpGuest;
	return {
		snp: lacking ? 'unusable' : 'unknown',
		facts: { hasSevSnpGuest: snpGuest, hasSevGuest: sevGuest, hasIgvmCfg: names.has('igvm-cfg') },
		sign: lacking
			? { code: 'qemu-without-snp-object', evidence: "qom-list-types has 'sev-guest' but not 'sev-snp-guest'" }
			: null,
	};
}

/** `query-sev` of a guest; a running SNP guest is proof that this host can run one. */
export function readSevState(result: JsonObject): Answer | null {
	const { enabled, state, 'sev-type': type, 'snp-policy': policy } = result;
	if (typeof enabled !== 'boolean' || natural(result['api-major']) === null) {
		return null;
	}
	const running = enabled && type === 'sev-snp' && state === 'running';
	return {
		snp: running ? 'usable' : 'unknown',
		facts: {
			enabled,
			state: typeof state === 'string' ? state : null,
			sevType: typeof type === 'string' ? type : null,
			api: `${natural(result['api-major'])}.${natural(result['api-minor'])}.${natural(result['build-id'])}`,
			policy: natural(policy) === null ? null : policyText(BigInt(natural(policy) ?? 0)),
		},
		sign: null,
	};
}

/** `query-sev-capabilities`: SEV of the host; it says nothing of SNP. */
export function readCapabilities(result: JsonObject): Answer | null {
	if (typeof result.pdh !== 'string' || natural(result.cbitpos) === null) {
		return null;
	}
	return {
		snp: 'unknown',
		facts: { cbitpos: natural(result.cbitpos), reducedPhysBits: natural(result['reduced-phys-bits']) },
		sign: null,
	};
}

const errors: readonly { readonly form: RegExp; readonly code: string; readonly snp: SnpState }[] = [
	{
		form: /^(?:SEV: )?(?:Failed to open \/dev\/sev|Could not open '\/dev\/sev'): No such file or directory/,
		code: 'dev-sev-missing',
		snp: 'unusable',
	},
	{
		form: /^(?:SEV: )?(?:Failed to open \/dev\/sev|Could not open '\/dev\/sev'): /,
		code: 'dev-sev-missing-or-denied',
		snp: 'unknown',
	},
	{ form: /^SEV is not enabled in KVM/, code: 'sev-off-in-kvm', snp: 'unusable' },
	{ form: /^KVM not enabled/, code: 'qemu-without-kvm', snp: 'unknown' },
	{ form: /^SEV feature is not available in this QEMU/, code: 'qemu-without-sev', snp: 'unusable' },
	{ form: /^The command query-sev\S* (?:has not been found|is not available)/, code: 'qemu-without-sev', snp: 'unusable' },
	{ form: /^(?:SEV: )?failed to (?:get|export) (?:PDH|platform|ID)/i, code: 'psp-request-failed', snp: 'unknown' },
];

/** What QEMU says of a launch or a migration, as the answer to a command. */
function launchFailure(desc: string): { readonly code: string; readonly snp: SnpState } | undefined {
	const code = failureCode(desc);
	return code === null ? undefined : { code, snp: 'unknown' };
}

/** An error of any command; QEMU 6.2 and later start some of them with 'SEV: '. */
export function readError(error: JsonObject): Answer | null {
	const { class: errorClass, desc } = error;
	if (typeof errorClass !== 'string' || typeof desc !== 'string') {
		return null;
	}
	const known = errors.find(({ form }) => form.test(desc)) ?? launchFailure(desc);
	return {
		snp: known?.snp ?? 'unknown',
		facts: { ok: false, class: errorClass, error: quoteLine(desc) },
		sign: known === undefined ? null : { code: known.code, evidence: quoteLine(desc) },
	};
}
