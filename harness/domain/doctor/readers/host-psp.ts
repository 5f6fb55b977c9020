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
/** Firmware did not say who it is, so that the driver goes no further. */
const statusFailure = new RegExp(
	`${device}(?:SEV(?:-SNP)?: +failed to get status\\b|SNP_PLATFORM_STATUS command failed|SNP FEATURE_INFO command failed)`,
);
/** Said of a processor without SEV as well: drivers/crypto/ccp/sev-dev.c asks for the feature that CPUID and SYSCFG give. */
const encryptionOff = new RegExp(`${device}SEV: memory encryption not enabled by BIOS`);
/** AMD's own kernels, before the floor became a matter of debugging. */
const floorNamed = new RegExp(`${device}SEV-SNP support requires firmware version`);
/** What else than `sev enabled` and a version only this driver says of SEV. */
export const pspWords = new RegExp(
	`${device}(?:SEV(?:-SNP)?: +(?:[Ff]ailed to (?:INIT|init|get status)\\b|memory encryption not enabled)|SEV-SNP support requires firmware |SNP_PLATFORM_STATUS command failed|SNP FEATURE_INFO command failed)`,
);
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
	readonly sevApi: Found | null;
	readonly snpApi: Found | null;
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
	const named = findLast(messages, floorNamed);
	const tooOld = named !== null && !versions.some((one) => one.index > named.index && meetsFloor(one) === true) ? named : null;
	const enabled = findAll(messages, sevDevice);
	const findings = [
		...bareFindings(messages, versions, enabled),
		...initFindings(versions, snp, failed).filter(({ code }) => tooOld === null || code !== 'psp-bootloader-too-old'),
		...driverFindings(messages, snp?.index ?? -1, kvmSnpIndex),
		...floorFindings(sev, snp, tooOld),
	];
	const sevDevices = devicesOf(enabled);
	return {
		snpReady: snp !== null && !findings.some(({ blocks }) => blocks),
		speaks: sevDevices.length > 0 || versions.length > 0,
		sevApi: sev,
		snpApi: snp,
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

/** No SEV at all, or firmware that does not answer; what came after them outdates both. */
function bareFindings(messages: readonly string[], versions: readonly Found[], enabled: readonly Found[]): readonly Finding[] {
	const off = findLast(messages, encryptionOff);
	const mute = findLast(messages, statusFailure);
	const after = (found: Found, later: readonly Found[]) => later.some(({ index }) => index > found.index);
	return [
		...(off !== null && !after(off, enabled) && !after(off, versions) ? [finding('sev-off-in-bios', off)] : []),
		...(mute !== null && !after(mute, versions) ? [finding('psp-init-failed', mute)] : []),
	];
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
function floorFindings(sev: Found | null, snp: Found | null, named: Found | null): readonly Finding[] {
	const known = snp ?? sev;
	const below = known !== null && meetsFloor(known) === false ? known : null;
	const shown = named ?? below;
	return shown === null ? [] : [finding('firmware-below-floor', shown, snp === null)];
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
