// A QEMU command line with SEV, as libvirt logs it, ps shows it or a script writes it.

import type { Fact, Sign } from '../reading.ts';
import { hasReservedBit, parsePolicy, policyText } from './snp-policy.ts';

const program = /(?:^|[\s/'"])qemu-(?:system-x86_64|kvm)\b/;
// -object sev-snp-guest,id=… and libvirt's -object '{"qom-type":"sev-snp-guest",…}'.
const object = /(?:-object\s{1,8}["']?|"qom-type":\s{0,4}")(sev-snp-guest|sev-guest)\b([^\n]{0,2048})/;
const policy = /^(?:(?!\s-).){0,1024}?[,"]policy"?[=:]\s{0,4}(0x[0-9a-fA-F]{1,16}|\d{1,20})/;
const flash = /\bif=pflash\b|[,\s]pflash0=/;
const rom = /\s-bios\s{1,8}(\S{1,512})/;

interface CommandLine {
	readonly facts: { readonly [name: string]: Fact };
	readonly signs: readonly Sign[];
}

export function hasCommandLine(text: string): boolean {
	return program.test(text) && object.test(text);
}

/** Null without a SEV object. Only that QEMU was asked for it, never that it works. */
export function readCommandLine(text: string): CommandLine | null {
	const [, type = null, rest = ''] = program.test(text) ? (object.exec(text) ?? []) : [];
	if (type === null) {
		return null;
	}
	const value = parsePolicy(policy.exec(rest)?.[1] ?? '');
	const isFlash = flash.test(text);
	const signs: Sign[] = [];
	if (type === 'sev-snp-guest' && value !== null && !hasReservedBit(value)) {
		signs.push({ code: 'policy-without-bit-17', evidence: `-object sev-snp-guest with policy ${policyText(value)}` });
	}
	if (type === 'sev-snp-guest' && isFlash) {
		signs.push({ code: 'pflash-with-snp', evidence: 'sev-snp-guest on a command line with firmware in flash' });
	}
	const firmware = isFlash ? 'pflash' : rom.test(text) ? 'rom' : null;
	return { facts: { object: type, firmware, bios: rom.exec(text)?.[1] ?? null, policy: policyText(value) }, signs };
}
