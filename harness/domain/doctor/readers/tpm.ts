// tpm2_getcap properties, tpm2_pcrread (old and new form) and systemd's has-tpm2 (facts/svsm-vtpm-igvm.md 2.4 and 6.1).

import type { Fact, Sign, TextReader } from '../reading.ts';
import { sign, toolLines } from './tool-lines.ts';
import { type PcrBanks, parsePcrBanks, unextendedBank } from './tpm-banks.ts';
import { tpmIdentity } from './tpm-identity.ts';

const part = /^([+-])(firmware|driver|system|subsystem|libraries)$/;
const verdictLine = /^(yes|no|partial)$/;
const statusLine = /^has-tpm2-status=(\d{1,3})$/;
const openFailed = /ERROR:tcti:.*(?:Failed to open|Could not open|No standard TCTI).*$/i;

/** Without one of these words somewhere, a text need not be taken apart. */
const worth = /TPM2_PT_|ERROR:tcti:|subsystem|sha(?:1|256|384|512)\b|sm3_256/i;

export const tpm: TextReader = {
	kind: 'tpm',
	recognise(text) {
		if (!worth.test(text)) {
			return 0;
		}
		const lines = toolLines(text);
		if (lines.some((line) => /^TPM2_PT_[A-Z0-9_]+:/.test(line) || openFailed.test(line)) || parts(lines).size >= 3) {
			return 3;
		}
		return Object.keys(parsePcrBanks(lines)).length > 0 ? 2 : 0;
	},
	/** A TPM says nothing of SEV-SNP: it may be a chip, the host's emulator or the SVSM's. */
	read(text) {
		const lines = toolLines(text);
		const banks = parsePcrBanks(lines);
		const has = parts(lines);
		return {
			kind: 'tpm',
			snp: 'unknown',
			facts: {
				...tpmIdentity(lines),
				...(Object.keys(banks).length > 0 ? { pcrs: banks } : {}),
				...(has.size >= 3 ? hasTpm2Facts(lines, has) : {}),
			},
			signs: [...absence(lines, has), ...unmeasured(banks)],
		};
	},
};

function parts(lines: readonly string[]): ReadonlyMap<string, boolean> {
	return new Map(
		lines.flatMap((line) => {
			const [, mark, name] = part.exec(line) ?? [];
			return name === undefined ? [] : [[name, mark === '+'] as const];
		}),
	);
}

function hasTpm2Facts(lines: readonly string[], has: ReadonlyMap<string, boolean>): Readonly<Record<string, Fact>> {
	const status = lines.map((line) => statusLine.exec(line)?.[1]).find((one) => one !== undefined);
	return {
		verdict: lines.find((line) => verdictLine.test(line)) ?? null,
		...Object.fromEntries(has),
		exitStatus: status === undefined ? null : Number(status),
	};
}

function absence(lines: readonly string[], has: ReadonlyMap<string, boolean>): readonly Sign[] {
	const failed = lines.find((line) => openFailed.test(line));
	if (failed !== undefined) {
		return /permission denied/i.test(failed) ? [sign('not-root', failed)] : [sign('tpm-missing', failed)];
	}
	return has.size >= 3 && has.get('driver') === false ? [sign('tpm-missing', '-driver')] : [];
}

function unmeasured(banks: PcrBanks): readonly Sign[] {
	const bank = unextendedBank(banks);
	return bank === null ? [] : [sign('no-measured-boot', `${bank}: PCR 0 to 7 are all zero`)];
}
