// `snpguest verify certs|attestation`, `report` and `ok`: sentences of success and of failure. The words 'sign the Attestation
// Report!' are in both, so whole sentences are matched and a refusal anywhere outweighs every success.

import type { Fact, Sign } from '../reading.ts';
import { sign } from './tool-lines.ts';

const key = '(?:AMD )?(?:ARK|ASK|ASVK|VCEK|VLEK|VEK)';
const signed = new RegExp(`^(?:The )?${key} signed the Attestation Report!`);
const notSigned = /\b(?:did\s+not|has\s+not|NOT)\s+sign(?:ed)?\s+the\s+Attestation\s+Report/i;
const chainGood = new RegExp(`^The ${key} was (?:self-)?signed(?: by the ${key})?!`);
const chainBad = new RegExp(`\\b${key} (?:was|ws|is) not (?:self-)?signed\\b|\\b${key} did not sign\\b(?! the Attestation)`, 'i');
const opensslGood = /^\S*\b(?:vcek|vlek)\.(?:pem|der): OK$/;
/** The key by name, where a sentence or openssl names it. Since 0.4 snpguest says 'VEK' of both. */
const namedKey =
	/^(?:The )?(?:AMD )?(VCEK|VLEK) (?:was )?signed (?:the Attestation Report|by the )|^\S*\b(vcek|vlek)\.(?:pem|der): OK$/;
const matches = /^(Reported TCB (?:FMC|Boot Loader|TEE|SNP|Microcode)|Chip ID) from certificate matches the attestation report\./;
const differs =
	/\b(Report(?:ed)? TCB (?:FMC|Boot Loader|TEE|SNP|Microcode|ID)|Chip ID)(?: from certificate (?:does not|doesn't|did not) match\b| and Certificate (?:FMC|Boot Loader|TEE|SNP|Microcode|ID) mismatch\b)/i;
/** snpguest calls the chip's identifier 'TCB ID' where it differs. */
const ofChip = /Chip ID|TCB ID/;
/** The sev library's words for a status that it has no name for. */
const unnamed = /\bUnknown SEV FW Error Encountered: (\d{1,10}|0x[0-9a-f]{1,8})\b/i;
const refused = /\bStatus Code: (0x[0-9a-f]{1,8})\b/i;
const noReport = /unable to fetch attestation report/i;
const guestDevice = /^\s*(?:ERROR|Error|because|ls|snpguest|\d{1,2}): .*\/dev\/sev-guest\b/;
const snpOk = /^\s*\[ *(?:PASS|FAIL) *\] +- +SNP: +(?:SNP is )?(ENABLED|DISABLED)\b/;
/** Each line that one of the forms above fits has one of these words; most lines of most texts have none. */
const mark =
	/report|certificate|FW Error|attestation|ARK|ASK|ASVK|V[CL]?EK|(?:pem|der): OK|Status Code|sev-guest|SEV|SNP|Optional Features/i;
export const guestOkList =
	/\bOptional Features statuses\b|^\s*\[ *(?:PASS|FAIL) *\] +- +SEV(?:-ES)?: +(?:SEV(?:-ES)? is )?(?:ENABLED|DISABLED)$/;

export interface SnpguestWords {
	/** Sentences that no other tool says. */
	readonly known: boolean;
	readonly facts: Readonly<Record<string, Fact>>;
	readonly signs: readonly Sign[];
	/** The guest's own SEV_STATUS register, as `snpguest ok` reads it. */
	readonly active: boolean | null;
}

export function readSnpguestWords(all: readonly string[]): SnpguestWords {
	const marked = all.filter((line) => mark.test(line));
	// A line that was said again says nothing more, except where the last one counts.
	const lines = [...new Set(marked)];
	const find = (pattern: RegExp) => lines.find((line) => pattern.test(line));
	const bad = { signature: find(notSigned), chain: find(chainBad), match: find(differs) };
	const good = {
		signature: find(signed),
		chain: find(chainGood) ?? find(opensslGood),
		tcb: matched(lines, /^Reported/),
		chip: matched(lines, /^Chip/),
	};
	const status = (refused.exec(find(refused) ?? '') ?? unnamed.exec(find(unnamed) ?? ''))?.[1]?.toLowerCase() ?? null;
	const asked = find(noReport);
	const active = snpOk.exec(marked.findLast((line) => snpOk.test(line)) ?? '')?.[1] ?? null;
	const device = find(guestDevice);
	const known =
		[bad.signature, bad.match, good.signature, find(chainGood), asked, device].some((line) => line !== undefined) ||
		(bad.chain !== undefined && /^\s*(?:Error|ERROR|The)\b/.test(bad.chain)) ||
		good.tcb ||
		good.chip ||
		(find(guestOkList) !== undefined && active !== null);
	const verdict = (isBad: boolean, isGood: boolean) => (isBad ? false : isGood ? true : null);
	return {
		known,
		facts: {
			chainOk: verdict(bad.chain !== undefined, good.chain !== undefined),
			tcbOk: verdict(bad.match !== undefined && !ofChip.test(bad.match), good.tcb),
			chipIdOk: verdict(bad.match !== undefined && ofChip.test(bad.match), good.chip),
			signatureOk: verdict(bad.signature !== undefined, good.signature !== undefined),
			key: keyOf(lines),
			status,
		},
		signs: [
			...(bad.signature === undefined ? [] : [sign('report-not-signed', bad.signature)]),
			...(bad.chain === undefined ? [] : [sign('certificate-chain-broken', bad.chain)]),
			...(bad.match === undefined ? [] : [sign('certificate-of-another-report', bad.match)]),
			...requestSigns(all, status, asked, device),
			...(active === 'DISABLED' ? [sign('guest-not-snp', find(snpOk) ?? '')] : []),
		],
		active: active === null ? null : active === 'ENABLED',
	};
}

/** Null when none is named, or both: then the text is of two reports. */
function keyOf(lines: readonly string[]): string | null {
	const named = lines.flatMap((line) => namedKey.exec(line)?.slice(1) ?? []).flatMap((name) => name?.toLowerCase() ?? []);
	const [key = null, ...others] = new Set(named);
	return others.length === 0 ? key : null;
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
	const line = lines.find((one) => refused.test(one) || unnamed.test(one));
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
