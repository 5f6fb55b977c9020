// An attestation report as snpguest (old and new layout) and AMD's older sev-guest tools print it.

import type { Fact, Sign } from '../reading.ts';
import { sign } from './tool-lines.ts';

/** Fields with a number, and fields that say yes or no, as the tools name them. */
const numberFields: ReadonlySet<string> = new Set(['Version', 'Guest SVN', 'VMPL', 'ABI Minor', 'ABI Major']);
const flagFields: ReadonlyMap<string, string> = new Map([
	['SMT Allowed', 'smt'],
	['Debug Allowed', 'debug'],
	['Debugging Allowed', 'debug'],
	['Migrate MA', 'migrationAgent'],
	['Migration Agent Allowed', 'migrationAgent'],
]);
const saysYes = /^(?:1|yes|true|enabled)$/i;
const saysNo = /^(?:0|no|false|disabled)$/i;
const decimal = /^\d{1,10}$/;
const policyTitle = /^Guest Policy \((0x[0-9a-f]{1,16}|\d{1,20})\)$/i;
const policyValue = /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i;
const title = /^(?:Attestation Report \(\d{1,6} bytes\)|Guest Policy \((?:0x)?[0-9a-f]{1,20}\)):?$/i;
const guestSvn = /^Guest SVN:\s/;
const hexLine = /^\s*(?:[0-9a-f]{2}(?: |$)){1,64}$/i;

/** Bit 19 of the guest policy, DEBUG (SEV-SNP firmware ABI, guest policy). */
const debugBit = 1n << 19n;
/** Bytes of MEASUREMENT. */
const measurementLength = 48;

export interface DisplayedReport {
	readonly facts: Readonly<Record<string, Fact>>;
	readonly signs: readonly Sign[];
}

/** At least the head of a report: 'Attestation Report (… bytes)', or a version next to a policy and a VMPL. */
export function isDisplayedReport(lines: readonly string[]): boolean {
	let hasSvn = false;
	let hasPolicy = false;
	for (const line of lines) {
		const words = line.trimStart();
		const first = words[0];
		if ((first === 'A' || first === 'G') && title.test(words)) {
			return true;
		}
		hasSvn ||= first === 'G' && guestSvn.test(line);
		hasPolicy ||= first === 'P' && policyOf(fieldOf(line)) !== null;
	}
	return hasSvn && hasPolicy;
}

/** Reads the fields that are there; one that was cut away is null, and nothing is concluded from its absence. */
export function readDisplayedReport(lines: readonly string[]): DisplayedReport {
	const numbers = new Map<string, number>();
	const flags = new Map<string, boolean>();
	let policy: bigint | null = null;
	let versionLine = '';
	let debugLine = '';
	for (const line of lines) {
		const field = fieldOf(line);
		if (field === null) {
			continue;
		}
		const { name, value } = field;
		if (numberFields.has(name) && decimal.test(value)) {
			numbers.set(name, Number(value));
			versionLine = name === 'Version' ? line : versionLine;
			continue;
		}
		const flag = flagFields.get(name);
		if (flag !== undefined && (saysYes.test(value) || saysNo.test(value))) {
			flags.set(flag, saysYes.test(value));
			debugLine = flag === 'debug' && flags.get(flag) === true ? line : debugLine;
			continue;
		}
		const said = policyOf(field);
		if (said !== null) {
			policy = said;
			debugLine = debugLine === '' && (said & debugBit) !== 0n ? line : debugLine;
		}
	}
	const number = (name: string) => numbers.get(name) ?? null;
	const flag = (name: string) => flags.get(name) ?? null;
	const measurement = bytesAfter(lines, /^\s*Measurement:\s*/i);
	// No firmware writes version 0: such a report was never written (virtee's sev crate 4.0 ignored the refusal of the firmware).
	const allZero = numbers.get('Version') === 0 && (policy ?? 0n) === 0n;
	return {
		facts: {
			version: number('Version'),
			guestSvn: number('Guest SVN'),
			policy: policy === null ? null : `0x${policy.toString(16)}`,
			abiMinor: number('ABI Minor'),
			vmpl: number('VMPL'),
			smt: flag('smt'),
			debug: policy === null ? flag('debug') : (policy & debugBit) !== 0n || debugLine !== '',
			migrationAgent: flag('migrationAgent'),
			measurement,
			allZero,
		},
		signs: [
			...(allZero ? [sign('all-zero-report', versionLine)] : []),
			...(debugLine === '' ? [] : [sign('debug-policy', debugLine)]),
		],
	};
}

interface Field {
	readonly name: string;
	readonly value: string;
}

/** Null for a line of bytes, which most are. */
function fieldOf(line: string): Field | null {
	const colon = line.indexOf(':');
	if (colon < 0) {
		return line.includes('Policy') ? { name: line.trim(), value: '' } : null;
	}
	const name = line.slice(0, colon).trim();
	return { name: name.startsWith('- ') ? name.slice(2) : name, value: line.slice(colon + 1).trim() };
}

function policyOf(field: Field | null): bigint | null {
	if (field?.name === 'Policy') {
		return policyValue.test(field.value) ? BigInt(field.value) : null;
	}
	const digits = field?.name.startsWith('Guest Policy') ? policyTitle.exec(field.name)?.[1] : undefined;
	return digits === undefined ? null : BigInt(digits);
}

/** The measurement in lower-case hex, or null when fewer bytes than a measurement follow its title. */
function bytesAfter(lines: readonly string[], title: RegExp): string | null {
	const start = lines.findIndex((line) => line.includes('Measurement') && title.test(line));
	if (start === -1) {
		return null;
	}
	let hex = '';
	for (const line of [(lines[start] ?? '').replace(title, ''), ...lines.slice(start + 1, start + 1 + measurementLength)]) {
		if (line !== '' && !hexLine.test(line)) {
			break;
		}
		hex += line.replace(/\s/g, '').toLowerCase();
	}
	return hex.length === measurementLength * 2 ? hex : null;
}
