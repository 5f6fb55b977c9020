// `snpguest verify certs|attestation`, `report`, `fetch` and `ok`: sentences of success and of failure. The words 'sign the
// Attestation Report!' are in both, so whole sentences are matched and a refusal anywhere outweighs every success. Each counts
// only alone on its line: in a longer line it is quoted by a person or by the program's source.

import type { Fact, Sign } from '../reading.ts';
import { sign } from './tool-lines.ts';

/** anyhow puts these before what it prints. */
const prefix = /^(?:Error|ERROR|because|\d{1,2}): /;
const key = '(?:The )?(?:AMD )?(?:ARK|ASK|ASVK|VCEK|VLEK|VEK)';
const of = '(?:AMD )?(?:ARK|ASK|ASVK|VCEK|VLEK|VEK)';
const part = '(?:FMC|Boot Loader|TEE|SNP|Microcode|ID)';
const signed = new RegExp(`^${key} signed the Attestation Report!?$`);
const notSigned = new RegExp(`^${key} (?:did|has)\\s+not\\s+sign(?:ed)?\\s+the\\s+Attestation\\s+Report[!.]?$`, 'i');
const chainGood = new RegExp(`^${key} was (?:self-)?signed(?: by the ${of})?[!.]?$`);
const chainBad = new RegExp(`^${key} (?:(?:was|ws|is) not (?:self-)?signed(?: by the ${of})?|did not sign the ${of})[!.]?$`, 'i');
const opensslGood = /^\S*\b(?:vcek|vlek)\.(?:pem|der): OK$/;
/** The key by name, where a sentence or openssl names it. Since 0.4 snpguest says 'VEK' of both. */
const namedKey =
	/^(?:The )?(?:AMD )?(VCEK|VLEK) (?:was )?signed (?:the Attestation Report|by the )|^\S*\b(vcek|vlek)\.(?:pem|der): OK$/;
const matches =
	/^(Reported TCB|Chip ID)(?: (?:FMC|Boot Loader|TEE|SNP|Microcode))? from certificate matches the attestation report\.$/;
const differs = new RegExp(
	`^(?:Report(?:ed)? TCB ${part}|Chip ID)(?: from certificate (?:does not|doesn't|did not) match\\b.{0,40}| and Certificate ${part} mismatch\\b.{0,20})$`,
	'i',
);
/** snpguest calls the chip's identifier 'TCB ID' where it differs. */
const ofChip = /Chip ID|TCB ID/;
/** The firmware's status, by number; the sev library has no name for some. */
const status = /\bStatus Code: (0x[0-9a-f]{1,8})\b|\bUnknown SEV FW Error Encountered: (\d{1,10}|0x[0-9a-f]{1,8})\b/i;
const noReport = /^unable to (?:fetch|get) attestation report\.?$/i;
const noCertificate = /^unable to fetch (?:VCEK|VLEK|CRL|certificate)(?: from URL)?: [345]\d\d\b.{0,40}$/i;
const tool = /\bsnpguest\b/;
const unopened = /^failed to open SEV firmware device\.?$/;
const guestDevice = /^(?:ERROR|Error|because|ls|snpguest|\d{1,2}): .{0,200}\/dev\/sev-guest\b/;
const snpOk = /^\[ *(?:PASS|FAIL) *\] +- +SNP: +(?:SNP is )?(ENABLED|DISABLED)\b/;
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

/** The first line of each kind of sentence. */
interface Said {
	badSignature?: string | undefined;
	badChain?: string | undefined;
	badMatch?: string | undefined;
	goodSignature?: string | undefined;
	goodChain?: string | undefined;
	opensslGood?: string | undefined;
	tcb?: string | undefined;
	chip?: string | undefined;
	asked?: string | undefined;
	notFetched?: string | undefined;
	status?: string | undefined;
	/** Where among the lines. */
	device?: number | undefined;
	guestList?: string | undefined;
	/** The last one, and the first one that says no. */
	snp?: string | undefined;
	notSnp?: string | undefined;
}

export function readSnpguestWords(lines: readonly string[]): SnpguestWords {
	const { said, keys } = hear(lines);
	const code = said.status === undefined ? [] : (status.exec(said.status)?.slice(1) ?? []);
	const number = code.find(Boolean)?.toLowerCase() ?? null;
	const active = snpOk.exec(said.snp ?? '')?.[1] ?? null;
	const words = [said.badSignature, said.badChain, said.badMatch, said.goodSignature, said.goodChain, said.tcb, said.chip];
	// Other programs fetch certificates too.
	const isOwnFetch = said.notFetched !== undefined && (/V[CL]EK/.test(said.notFetched) || lines.some((line) => tool.test(line)));
	const notFetched = isOwnFetch ? said.notFetched : undefined;
	const requests = [said.asked, notFetched, said.device];
	const verdict = (isBad: boolean, isGood: boolean) => (isBad ? false : isGood ? true : null);
	const chipDiffers = said.badMatch !== undefined && ofChip.test(said.badMatch);
	return {
		known: [...words, ...requests].some((one) => one !== undefined) || (said.guestList !== undefined && active !== null),
		facts: {
			chainOk: verdict(said.badChain !== undefined, (said.goodChain ?? said.opensslGood) !== undefined),
			tcbOk: verdict(said.badMatch !== undefined && !chipDiffers, said.tcb !== undefined),
			chipIdOk: verdict(chipDiffers, said.chip !== undefined),
			signatureOk: verdict(said.badSignature !== undefined, said.goodSignature !== undefined),
			// Null when none is named, or both: then the text is of two reports.
			key: keys.size === 1 ? ([...keys][0] ?? null) : null,
			status: number,
		},
		signs: [
			...signOf('report-not-signed', said.badSignature),
			...signOf('certificate-chain-broken', said.badChain),
			...signOf('certificate-of-another-report', said.badMatch),
			...signOf('kds-refused', notFetched),
			...requestSigns(lines, said, number),
			...(active === 'DISABLED' ? signOf('guest-not-snp', said.notSnp) : []),
		],
		active: active === null ? null : active === 'ENABLED',
	};
}

function signOf(code: string, line: string | undefined): readonly Sign[] {
	return line === undefined ? [] : [sign(code, line)];
}

/** One pass: the first character of what is said decides which sentences it can be. */
function hear(lines: readonly string[]): { readonly said: Said; readonly keys: ReadonlySet<string> } {
	const said: Said = {};
	const keys = new Set<string>();
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? '';
		const words = line.trimStart();
		const text = words.charCodeAt(0) === 0x5b ? words : words.replace(prefix, '');
		switch (text[0]) {
			case '[':
				hearTest(text, said);
				break;
			case 'T':
			case 'A':
			case 'V':
				hearSignature(text, line, said, keys);
				break;
			case 'R':
			case 'C':
				hearComparison(text, line, said);
				break;
			case 'O':
				said.guestList ??= guestOkList.test(text) ? line : undefined;
				break;
			case 'U':
			case 'u':
				said.asked ??= noReport.test(text) ? line : undefined;
				said.notFetched ??= noCertificate.test(text) ? line : undefined;
				break;
			default:
				break;
		}
		if (text.endsWith(': OK') && opensslGood.test(text)) {
			said.opensslGood ??= line;
			nameKey(text, keys);
		}
		said.device ??= isDevice(words, text) ? at : undefined;
		said.status ??= /Status Code|FW Error/.test(text) && status.test(text) ? line : undefined;
	}
	return { said, keys };
}

function hearTest(text: string, said: Said): void {
	if (text.includes('SNP')) {
		const state = snpOk.exec(text)?.[1];
		said.snp = state === undefined ? said.snp : text;
		said.notSnp ??= state === 'DISABLED' ? text : undefined;
	} else if (said.guestList === undefined && guestOkList.test(text)) {
		said.guestList = text;
	}
}

function hearSignature(text: string, line: string, said: Said, keys: Set<string>): void {
	if (!text.includes('sign')) {
		return;
	}
	if (signed.test(text)) {
		said.goodSignature ??= line;
	} else if (chainGood.test(text)) {
		said.goodChain ??= line;
	} else if (notSigned.test(text)) {
		said.badSignature ??= line;
	} else if (chainBad.test(text)) {
		said.badChain ??= line;
	} else {
		return;
	}
	nameKey(text, keys);
}

function nameKey(text: string, keys: Set<string>): void {
	const [, inSentence, inFile] = namedKey.exec(text) ?? [];
	const name = inSentence ?? inFile;
	if (name !== undefined) {
		keys.add(name.toLowerCase());
	}
}

function hearComparison(text: string, line: string, said: Said): void {
	const what = matches.exec(text)?.[1];
	if (what === 'Chip ID') {
		said.chip ??= line;
	} else if (what !== undefined) {
		said.tcb ??= line;
	} else if (differs.test(text)) {
		said.badMatch ??= line;
	}
}

function isDevice(words: string, text: string): boolean {
	return (words.includes('/dev/sev-guest') && guestDevice.test(words)) || (text.startsWith('failed') && unopened.test(text));
}

function requestSigns(lines: readonly string[], said: Said, status: string | null): readonly Sign[] {
	if (said.asked !== undefined && said.status !== undefined && status !== null) {
		return [sign(Number(status) === 0x16 ? 'fw-invalid-parameter' : 'report-refused-by-firmware', said.status)];
	}
	if (said.device === undefined) {
		return [];
	}
	const line = lines[said.device] ?? '';
	// 'because:' follows on a line of its own.
	const why = lines.slice(said.device, said.device + 6).join('\n');
	if (/permission denied|os error 13\b/i.test(why)) {
		return [sign('not-root', line)];
	}
	return /no such (?:file|device)|os error (?:2|6|19)\b/i.test(why) ? [sign('sev-guest-device-missing', line)] : [];
}
