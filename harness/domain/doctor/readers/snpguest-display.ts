// An attestation report as snpguest (old and new layout) and AMD's older sev-guest tools print it.

import type { Fact, Sign } from '../reading.ts';
import { sign } from './tool-lines.ts';

const numberField = /^\s*(Version|Guest SVN|VMPL|ABI Minor|ABI Major):\s{0,40}(\d{1,10})$/;
const policyField = /^\s*(?:Guest Policy \((0x[0-9a-f]{1,16}|\d{1,20})\)|Policy:\s{0,40}(0x[0-9a-f]{1,16}|\d{1,20})):?$/i;
const flagField =
	/^\s*(?:- )?(SMT Allowed|Debug Allowed|Debugging Allowed|Migrate MA|Migration Agent Allowed|Single Socket):\s{0,40}(0|1|yes|no|true|false|enabled|disabled)$/i;
const title = /Report|Policy|SVN/i;
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
	const has = (pattern: RegExp) => lines.some((line) => title.test(line) && pattern.test(line));
	return (
		has(/^\s*(?:Attestation Report \(\d{1,6} bytes\)|Guest Policy \((?:0x)?[0-9a-f]{1,20}\)):?$/i) ||
		(has(/^Guest SVN:\s/) && has(policyField))
	);
}

/** Reads the fields that are there; one that was cut away is null, and nothing is concluded from its absence. */
export function readDisplayedReport(lines: readonly string[]): DisplayedReport {
	const numbers = new Map<string, string>();
	const flags = new Map<string, boolean>();
	let policy: bigint | null = null;
	let versionLine = '';
	let debugLine = '';
	for (const line of lines) {
		if (!line.includes(':')) {
			continue;
		}
		const [, name, digits] = numberField.exec(line) ?? [];
		if (name !== undefined && digits !== undefined) {
			numbers.set(name, digits);
			versionLine = name === 'Version' ? line : versionLine;
		}
		const hex = policyField.exec(line);
		if (hex !== null) {
			policy = BigInt(hex[1] ?? hex[2] ?? '0');
			debugLine = debugLine === '' && (policy & debugBit) !== 0n ? line : debugLine;
		}
		const [, flag, value] = flagField.exec(line) ?? [];
		if (flag !== undefined && value !== undefined) {
			const on = /^(?:1|yes|true|enabled)$/i.test(value);
			flags.set(flag.split(' ')[0] ?? flag, on);
			debugLine = on && /^Debug/i.test(flag) ? line : debugLine;
		}
	}
	const number = (name: string) => (numbers.has(name) ? Number(numbers.get(name)) : null);
	const flag = (...names: readonly string[]) => names.map((name) => flags.get(name)).find((value) => value !== undefined) ?? null;
	const measurement = bytesAfter(lines, /^\s*Measurement:\s*/i);
	// No firmware writes version 0: such a report was never written (virtee's sev crate 4.0 ignored the refusal of the firmware).
	const allZero = numbers.get('Version') === '0' && (policy ?? 0n) === 0n;
	return {
		facts: {
			version: number('Version'),
			guestSvn: number('Guest SVN'),
			policy: policy === null ? null : `0x${policy.toString(16)}`,
			abiMinor: number('ABI Minor'),
			vmpl: number('VMPL'),
			smt: flag('SMT'),
			debug: policy === null ? flag('Debug', 'Debugging') : (policy & debugBit) !== 0n || debugLine !== '',
			migrationAgent: flag('Migrate', 'Migration'),
			measurement,
			allZero,
		},
		signs: [
			...(allZero ? [sign('all-zero-report', versionLine)] : []),
			...(debugLine === '' ? [] : [sign('debug-policy', debugLine)]),
		],
	};
}

/** The measurement in lower-case hex, or null when fewer bytes than a measurement follow its title. */
function bytesAfter(lines: readonly string[], title: RegExp): string | null {
	const start = lines.findIndex((line) => title.test(line));
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
