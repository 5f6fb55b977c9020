// The secure processor (PSP) in a host's kernel log: devices of the ccp driver, firmware versions, initialization.

import type { Fact } from '../reading.ts';
import { type Finding, type Found, findAll, finding, findLast } from './kernel-messages.ts';

/** A PCI function, or 'psp' where firmware describes a platform device (nested hosts). */
const device = '^ccp ([\\w:.]+): +';
const anyDevice = new RegExp(device);
const sevDevice = new RegExp(`${device}sev enabled`);
const api = new RegExp(`${device}(SEV|SEV-SNP) API: ?(\\d{1,5})\\.(\\d{1,5}) build: ?(\\d{1,5})`);
const updated = new RegExp(`${device}SEV firmware update successful`);
/** The order of 'rc' and 'error' has changed over the versions of drivers/crypto/ccp/sev-dev.c. */
const initFailure = new RegExp(`${device}(SEV|SEV-SNP): +failed to INIT\\b(?:.*?\\berror (0x[0-9a-f]+))?`, 'i');
const failureError = /\berror (0x[0-9a-f]{1,8}|0)\b/i;
const failureRc = /\brc (-?\d{1,6})\b/;
const dead = new RegExp(`${device}(?:sev command 0x[0-9a-f]+ timed out|(?:psp: )?unable to access the device: you might)`, 'i');
/** kvm_amd came before the ccp driver: the ranges it announces next to this are not backed by firmware. */
const driverMissing = /^(?:(?:kvm_amd|ccp): )?PSP driver not init/;
/** include/linux/psp-sev.h: SNP_MIN_API_MAJOR and SNP_MIN_API_MINOR. */
const floor = { major: 1, minor: 51 };
const mostDevices = 16;

export interface HostPsp {
	/** The last word is that firmware runs SEV-SNP. */
	readonly snpReady: boolean;
	/** It runs SEV, and nothing was said of SEV-SNP. */
	readonly sevOnly: boolean;
	/** It said its version, or that it runs SEV. */
	readonly speaks: boolean;
	readonly facts: { readonly [name: string]: Fact };
	readonly findings: readonly Finding[];
}

/** The last of each. */
interface Failures {
	readonly sev: Found | undefined;
	readonly snp: Found | undefined;
}

/** `kvmSnpIndex` is where kvm_amd last announced SEV-SNP, or -1: a later load of it outdates an earlier failure. */
export function readPsp(messages: readonly string[], kvmSnpIndex: number): HostPsp {
	const versions = findAll(messages, api);
	const sev = versions.findLast(({ groups }) => groups[1] === 'SEV') ?? null;
	const snp = versions.findLast(({ groups }) => groups[1] === 'SEV-SNP') ?? null;
	const failures = findAll(messages, initFailure);
	const lastFailure = (of: string) => failures.findLast(({ groups }) => groups[1]?.toUpperCase() === of);
	const failed = { sev: lastFailure('SEV'), snp: lastFailure('SEV-SNP') };
	const findings = [
		...initFindings(versions, snp, failed),
		...driverFindings(messages, snp?.index ?? -1, kvmSnpIndex),
		...floorFindings(sev, snp),
	];
	const sevDevices = devicesOf(findAll(messages, sevDevice));
	return {
		snpReady: snp !== null && !findings.some(({ blocks }) => blocks),
		speaks: sevDevices.length > 0 || versions.length > 0,
		sevOnly: (sevDevices.length > 0 || sev !== null) && snp === null,
		facts: {
			sevApi: version(sev),
			snpApi: version(snp),
			ccpDevices: devicesOf(findAll(messages, anyDevice)),
			sevDevice: sevDevices.at(-1) ?? null,
			firmwareUpdated: findLast(messages, updated) !== null,
			firmwareFloorMet: meetsFloor(snp ?? sev),
			sevInitFailure: failureFact(failed.sev),
			snpInitFailure: failureFact(failed.snp),
		},
		findings,
	};
}

/** By the last failures, unless firmware said its version after them. */
function initFindings(versions: readonly Found[], snpApi: Found | null, { sev, snp }: Failures): readonly Finding[] {
	const after = (found: Found) => snpApi !== null && snpApi.index > found.index;
	if (snp !== undefined && !after(snp)) {
		return [finding('psp-init-failed', snp)];
	}
	if (sev === undefined) {
		return [];
	}
	// SNP_INIT worked, INIT did not: SEV and SEV-ES guests are lost, SEV-SNP is not.
	const lastSevApi = versions.findLast(({ groups }) => groups[1] === 'SEV');
	if (snpApi !== null) {
		return lastSevApi !== undefined && lastSevApi.index > sev.index && after(sev)
			? []
			: [finding('legacy-sev-init-failed', sev, false)];
	}
	return [finding(sev.groups[2]?.toLowerCase() === '0x1' ? 'psp-bootloader-too-old' : 'psp-init-failed', sev)];
}

function driverFindings(messages: readonly string[], snpApiIndex: number, kvmSnpIndex: number): readonly Finding[] {
	const missing = findLast(messages, driverMissing);
	const broken = findLast(messages, dead);
	return [
		...(missing !== null && kvmSnpIndex < missing.index ? [finding('psp-init-failed', missing)] : []),
		...(broken !== null && snpApiIndex < broken.index ? [finding('psp-init-failed', broken)] : []),
	];
}

/** Below the floor the kernel does not try SNP_INIT; a hypervisor in between may announce SEV-SNP all the same. */
function floorFindings(sev: Found | null, snp: Found | null): readonly Finding[] {
	const known = snp ?? sev;
	return known !== null && meetsFloor(known) === false ? [finding('firmware-below-floor', known, snp === null)] : [];
}

/** Null when no version was said. */
function meetsFloor(api: Found | null): boolean | null {
	const [, , major, minor] = api?.groups ?? [];
	return api === null ? null : Number(major) > floor.major || (Number(major) === floor.major && Number(minor) >= floor.minor);
}

/** The firmware's and the driver's number, each null where it was not printed; null for no failure. */
function failureFact(failure: Found | undefined): Fact {
	if (failure === undefined) {
		return null;
	}
	const rc = failureRc.exec(failure.line)?.[1];
	return { error: failureError.exec(failure.line)?.[1]?.toLowerCase() ?? null, rc: rc === undefined ? null : Number(rc) };
}

function version(found: Found | null): string | null {
	return found === null ? null : found.groups.slice(2, 5).join('.');
}

function devicesOf(found: readonly Found[]): readonly string[] {
	return [...new Set(found.map(({ groups: [name = ''] }) => name))].slice(0, mostDevices);
}
