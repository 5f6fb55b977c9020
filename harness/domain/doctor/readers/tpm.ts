// tpm2_getcap properties, tpm2_pcrread (old and new form) and systemd's has-tpm2 (facts/svsm-vtpm-igvm.md 2.4 and 6.1).

import { rememberLast } from '../../text/remember-last.ts';
import type { Fact, Sign, TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { sign, toolLines } from './tool-lines.ts';
import { type PcrBanks, parsePcrBanks, unextendedBank } from './tpm-banks.ts';
import { tpmIdentity } from './tpm-identity.ts';
import { isWritten } from './written-text.ts';

const part = /^([+-])(firmware|driver|system|subsystem|libraries)$/;
const verdictLine = /^(yes|no|partial)$/;
const statusLine = /^has-tpm2-status=(\d{1,3})$/;
const openFailed = /ERROR:tcti:.*(?:Failed to open|Could not open|No standard TCTI)/i;

/** Without one of these words somewhere, a text need not be taken apart. */
const worth = /TPM2_PT_|ERROR:tcti:|subsystem|[Ss][Hh][Aa](?:1|256|384|512)\b|sm3_256/;

const readParts = rememberLast((text: string) => {
	const lines = toolLines(text);
	return {
		lines,
		banks: parsePcrBanks(lines),
		has: parts(lines),
		identity: text.includes('TPM2_PT_') ? tpmIdentity(lines) : {},
		failed: text.includes('ERROR:tcti:') ? lines.find((line) => openFailed.test(line)) : undefined,
	};
});

export const tpm: TextReader = {
	kind: 'tpm',
	recognise(text) {
		if (!worth.test(text)) {
			return 0;
		}
		const { banks, has, identity, failed } = readParts(text);
		const isOwn = failed !== undefined || has.size >= 3 || Object.keys(identity).length > 0;
		const score = isOwn ? 3 : Object.keys(banks).length > 0 ? 2 : 0;
		return score > 0 && isWritten(plainText(text)) ? 0 : score;
	},
	/** A TPM says nothing of SEV-SNP: it may be a chip, the host's emulator or the SVSM's. */
	read(text) {
		const { lines, banks, has, identity, failed } = readParts(text);
		return {
			kind: 'tpm',
			snp: 'unknown',
			facts: {
				...identity,
				...(Object.keys(banks).length > 0 ? { pcrs: banks } : {}),
				...(has.size >= 3 ? hasTpm2Facts(lines, has) : {}),
			},
			signs: [...absence(failed, has), ...unmeasured(banks)],
		};
	},
};

function parts(lines: readonly string[]): ReadonlyMap<string, boolean> {
	const has = new Map<string, boolean>();
	for (const line of lines) {
		const first = line[0];
		const [, mark, name] = (first === '+' || first === '-') && line.length < 12 ? (part.exec(line) ?? []) : [];
		if (name !== undefined) {
			has.set(name, mark === '+');
		}
	}
	return has;
}

function hasTpm2Facts(lines: readonly string[], has: ReadonlyMap<string, boolean>): Readonly<Record<string, Fact>> {
	const status = lines.map((line) => statusLine.exec(line)?.[1]).find((one) => one !== undefined);
	return {
		verdict: lines.find((line) => verdictLine.test(line)) ?? null,
		...Object.fromEntries(has),
		exitStatus: status === undefined ? null : Number(status),
	};
}

function absence(failed: string | undefined, has: ReadonlyMap<string, boolean>): readonly Sign[] {
	if (failed !== undefined) {
		return /permission denied/i.test(failed) ? [sign('not-root', failed)] : [sign('tpm-missing', failed)];
	}
	return has.size >= 3 && has.get('driver') === false ? [sign('tpm-missing', '-driver')] : [];
}

function unmeasured(banks: PcrBanks): readonly Sign[] {
	const bank = unextendedBank(banks);
	return bank === null ? [] : [sign('no-measured-boot', `${bank}: PCR 0 to 7 are all zero`)];
}
