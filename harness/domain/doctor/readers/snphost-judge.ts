// What the tests of `snphost ok` mean together: which FAIL is the platform's, which only the lack of permission.

import type { Sign, SnpState } from '../reading.ts';
import { type Subject, subjectOf, type TestResult } from './snphost-results.ts';
import { firstOfEach, sign } from './tool-lines.ts';

/** The system's words for a lack of permission. */
export const denied = /permission denied|operation not permitted|os error 1(?:3)?\)|\bE(?:ACCES|PERM)\b/i;
/** And for a device that is not there. */
export const absent = /no such (?:file|device)|os error (?:2|6|19)\)|\bENOENT\b|not found|does not exist/i;
const msrUnreadable = /MSR read failed|Error Reading MSR|unable to (?:open|read)\b.*\bmsr\b/i;
const deviceUnopened = /(?:unable|failed) to open \/dev\/(?:sev|kvm)\b/i;

/** Without one of these SEV-SNP guests do not run; the others are of SEV, of comfort or of compliance. */
const needed: ReadonlySet<Subject> = new Set([
	'cpu',
	'sme',
	'sev',
	'snp',
	'snpMsr',
	'firmware',
	'snpInit',
	'rmpInit',
	'kvm',
	'kvmSnp',
]);
/** Passed together, these say that the firmware, the RMP and KVM are ready; what is above them is then as well. */
const sufficient: readonly Subject[] = ['snpInit', 'rmpInit', 'kvmSnp'];

/** A FAIL of these fits no working host, whatever else passed: nothing is claimed then. */
const contradiction = /RMP table addresses|SEV (?:INIT|initialized)$|SEV enabled in KVM/i;

/** A FAIL of these has one cause. What stands in `under` is the cause instead, when it failed too. */
const causes: readonly { readonly subject: Subject; readonly code: string; readonly under: readonly Subject[] }[] = [
	{ subject: 'cpu', code: 'cpu-not-amd', under: [] },
	{ subject: 'sev', code: 'sev-off-in-bios', under: ['cpu'] },
	{ subject: 'sme', code: 'sme-off-in-msr', under: ['cpu', 'sev'] },
	{ subject: 'snp', code: 'snp-off-in-bios', under: ['cpu', 'sev'] },
	{ subject: 'firmware', code: 'firmware-below-floor', under: ['sev'] },
	{ subject: 'snpMsr', code: 'snp-not-enabled-in-msr', under: ['sev', 'snp', 'sme'] },
	{ subject: 'snpInit', code: 'snp-not-initialised', under: ['sev', 'snp', 'sme', 'snpMsr', 'firmware'] },
	{ subject: 'rmpInit', code: 'rmp-not-initialised', under: ['sev', 'snp', 'sme', 'snpMsr', 'firmware', 'snpInit'] },
	{ subject: 'kvm', code: 'dev-kvm-missing', under: ['cpu'] },
	{
		subject: 'kvmSnp',
		code: 'kvm-amd-sev-snp-off',
		under: ['sev', 'snp', 'sme', 'snpMsr', 'firmware', 'snpInit', 'rmpInit', 'kvm'],
	},
	// Without SEV and SEV-ES KVM has no SEV-SNP either; snphost up to 0.4 has no test of its own for it.
	{ subject: 'kvmSev', code: 'sev-off-in-kvm', under: ['sev', 'snp', 'sme', 'kvm', 'kvmSnp'] },
	{ subject: 'alias', code: 'alias-check-incomplete', under: ['snpMsr', 'snpInit', 'rmpInit'] },
	{ subject: 'tcb', code: 'tcb-not-committed', under: ['snpMsr', 'snpInit', 'rmpInit'] },
];

export interface SnphostVerdict {
	readonly snp: SnpState;
	readonly signs: readonly Sign[];
	/** Failed tests from which nothing follows: not permitted, not readable, or a known error of the tool. */
	readonly inconclusive: readonly string[];
}

export function judgeTests(tests: readonly TestResult[]): SnphostVerdict {
	const bySubject = new Map(tests.map((test) => [subjectOf(test.name), test] as const));
	const passed = (subject: Subject) => bySubject.get(subject)?.status === 'PASS';
	const fails = tests.filter((test) => test.status === 'FAIL');
	const blind = fails.filter((test) => isBlind(test) || isFalseRmpAlarm(test, bySubject));
	const firm = new Set(fails.filter((test) => !blind.includes(test)).map((test) => subjectOf(test.name)));
	if (passed('kvmSnp')) {
		firm.delete('kvmSev');
	}
	const found = causes.flatMap(({ subject, code, under }) => {
		const test = bySubject.get(subject);
		if (test === undefined || !firm.has(subject) || under.some((other) => firm.has(other))) {
			return [];
		}
		// A kernel that has no such parameter knows nothing of SEV-SNP; one that has it says why it is off.
		return [sign(subject === 'kvmSnp' && absent.test(test.message) ? 'kvm-amd-without-snp' : code, test.line)];
	});
	const access = accessSigns(fails);
	const contradicted =
		fails.some(({ name }) => contradiction.test(name)) || access.some(({ code }) => code === 'dev-sev-missing');
	const rmpKnown = passed('rmpInit') || blind.some((test) => isFalseRmpAlarm(test, bySubject));
	const ready = sufficient.every((subject) => (subject === 'rmpInit' ? rmpKnown : passed(subject)));
	// A hypervisor may run SEV-SNP on firmware that the kernel itself would not try (nested hosts): what works, works.
	const missing = [...needed, 'kvmSev' as const].some((subject) => firm.has(subject) && !(subject === 'firmware' && ready));
	return {
		snp: missing ? 'unusable' : !contradicted && ready ? 'usable' : 'unknown',
		signs: firstOfEach([...found, ...access]),
		inconclusive: blind.map(({ name }) => name),
	};
}

/** The test could not look, so its FAIL says nothing of the platform. */
function isBlind({ name, message }: TestResult): boolean {
	const unseen = absent.test(message) && !['kvm', 'kvmSnp'].includes(subjectOf(name) ?? '');
	return unseen || denied.test(message) || msrUnreadable.test(message) || (deviceUnopened.test(message) && !absent.test(message));
}

/**
 * snphost 0.5 compares a byte with 1 to which firmware 1.55.22 (Milan) and 1.55.38 (Genoa) added the alias-check bit
 * (virtee/snphost issue 108). The firmware is not in state INIT without an RMP, so that state is the better witness.
 */
function isFalseRmpAlarm(test: TestResult, bySubject: ReadonlyMap<Subject | null, TestResult>): boolean {
	const version = /\b(\d{1,3})\.(\d{1,3})\b/.exec(bySubject.get('firmware')?.message ?? '');
	const newer = version === null || Number(version[1]) > 1 || Number(version[2]) >= 55;
	return /^RMP INIT$/i.test(test.name) && newer && bySubject.get('snpInit')?.status === 'PASS';
}

/** What kept the tool from looking. The device alone may be missing or denied; with the MSRs closed too it was not root. */
function accessSigns(fails: readonly TestResult[]): readonly Sign[] {
	const line = (pattern: RegExp) => fails.find(({ message }) => pattern.test(message))?.line;
	const unopened = line(deviceUnopened);
	const msr = line(msrUnreadable);
	const notRoot = line(denied) ?? (unopened !== undefined ? msr : undefined);
	const missing = fails.find(({ name, message }) => absent.test(message) && /\/dev\/sev\b/.test(`${name} ${message}`))?.line;
	if (missing !== undefined) {
		return [sign('dev-sev-missing', missing)];
	}
	if (notRoot !== undefined) {
		return [sign('not-root', notRoot)];
	}
	return [
		...(unopened === undefined ? [] : [sign('dev-sev-missing-or-denied', unopened)]),
		...(msr === undefined ? [] : [sign('msr-unreadable', msr)]),
	];
}
