// `snpguest verify certs|attestation`, `report` and `ok`: sentences of success and of failure. The words 'sign the Attestation
// Report!' are in both, so whole sentences are matched and a refusal anywhere outweighs every success.

import type { Fact, Sign } from '../reading.ts';
import { sign } from './tool-lines.ts';

const key = '(?:AMD )?(?:ARK|ASK|ASVK|VCEK|VLEK|VEK)';
const signed = new RegExp(`^(?:The )?${key} signed the Attestation Report!`);
const notSigned = /\b(?:did\s+not|has\s+not|NOT)\s+sign(?:ed)?\s+the\s+Attestation\s+Report/i;
const chainGood = new RegExp(`^The ${key} was (?:self-)?signed(?: by the ${key})?!`);
const chainBad = new RegExp(`\\b${key} (?:was|is) not (?:self-)?signed\\b|\\b${key} did not sign\\b(?! the Attestation)`, 'i');
const opensslGood = /^\S*\b(?:vcek|vlek)\.(?:pem|der): OK$/;
const matches = /^(Reported TCB (?:FMC|Boot Loader|TEE|SNP|Microcode)|Chip ID) from certificate matches the attestation report\./;
const differs =
	/\b(Reported TCB (?:FMC|Boot Loader|TEE|SNP|Microcode)|Chip ID) from certificate (?:does not|doesn't|did not) match\b/i;
const refused = /\bStatus Code: (0x[0-9a-f]{1,8})\b/i;
const noReport = /unable to fetch attestation report/i;
const guestDevice = /^\s*(?:ERROR|Error|because|ls|snpguest|\d{1,2}): .*\/dev\/sev-guest\b/;
const snpOk = /^\s*\[ *(?:PASS|FAIL) *\] +- +SNP: +(ENABLED|DISABLED)\b/;
const okList = /\bOptional Features statuses\b|^\s*\[ *(?:PASS|FAIL) *\] +- +SEV(?:-ES)?: +(?:ENABLED|DISABLED)$/;

export interface SnpguestWords {
	/** Sentences that no other tool says. */
	readonly known: boolean;
	readonly facts: Readonly<Record<string, Fact>>;
	readonly signs: readonly Sign[];
	/** The guest's own SEV_STATUS register, as `snpguest ok` reads it. */
	readonly active: boolean | null;
}

export function readSnpguestWords(lines: readonly string[]): SnpguestWords {
	const find = (pattern: RegExp) => lines.find((line) => pattern.test(line));
	const bad = { signature: find(notSigned), chain: find(chainBad), match: find(differs) };
	const good = {
		signature: find(signed),
		chain: find(chainGood) ?? find(opensslGood),
		tcb: matched(lines, /^Reported/),
		chip: matched(lines, /^Chip/),
	};
	const status = refused.exec(find(refused) ?? '')?.[1]?.toLowerCase() ?? null;
	const asked = find(noReport);
	const active = snpOk.exec(lines.findLast((line) => snpOk.test(line)) ?? '')?.[1] ?? null;
	const device = find(guestDevice);
	const known =
		[bad.signature, bad.match, good.signature, find(chainGood), asked, device].some((line) => line !== undefined) ||
		(bad.chain !== undefined && /^\s*(?:Error|ERROR|The)\b/.test(bad.chain)) ||
		good.tcb ||
		good.chip ||
		(find(okList) !== undefined && active !== null);
	const verdict = (isBad: boolean, isGood: boolean) => (isBad ? false : isGood ? true : null);
	return {
		known,
		facts: {
			chainOk: verdict(bad.chain !== undefined, good.chain !== undefined),
			tcbOk: verdict(/Reported/.test(bad.match ?? ''), good.tcb),
			chipIdOk: verdict(/Chip ID/.test(bad.match ?? ''), good.chip),
			signatureOk: verdict(bad.signature !== undefined, good.signature !== undefined),
			status,
		},
		signs: [
			...(bad.signature === undefined ? [] : [sign('report-not-signed', bad.signature)]),
			...(bad.chain === undefined ? [] : [sign('certificate-chain-broken', bad.chain)]),
			...(bad.match === undefined ? [] : [sign('certificate-of-another-report', bad.match)]),
			...requestSigns(lines, status, asked, device),
			...(active === 'DISABLED' ? [sign('guest-not-snp', find(snpOk) ?? '')] : []),
		],
		active: active === null ? null : active === 'ENABLED',
	};
}

function matched(lines: readonly string[], start: RegExp): boolean {
	return lines.some((line) => matches.test(line) && start.test(line));
}

function requestSigns(
	lines: readonly string[],
	status: string | null,
	asked: string | undefined,
	device: string | undefined,
): readonly Sign[] {
	const line = lines.find((one) => refused.test(one));
	if (asked !== undefined && line !== undefined && status !== null) {
		return [sign(Number(status) === 0x16 ? 'fw-invalid-parameter' : 'report-refused-by-firmware', line)];
	}
	if (device === undefined) {
		return [];
	}
	// 'because:' follows on a line of its own.
	const why = lines.slice(lines.indexOf(device), lines.indexOf(device) + 6).join('\n');
	if (/permission denied|os error 13\b/i.test(why)) {
		return [sign('not-root', device)];
	}
	return /no such (?:file|device)|os error (?:2|6|19)\b/i.test(why) ? [sign('sev-guest-device-missing', device)] : [];
}
