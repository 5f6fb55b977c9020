// The versions of the trusted computing base under 'Comparing TCB values' of `snphost ok`, and of `snphost show tcb`:
// the sev library's lines, or members of the JSON of `snphost ok -o json`.

import type { Fact } from '../reading.ts';

/** 'version' is not said by `snphost show tcb`; from sev 6.0 on the library's own title is on the same line. */
const title = /^\s*(Platform|Reported) TCB(?: version)?:(?:\s{0,8}TCB Version:)?$/;
const ownTitle = /^\s*TCB Version:$/;
/** The FMC is of Turin and later; the others say 'None', and libraries before sev 6.0 nothing. */
const part = /^\s*(Microcode|SNP|TEE|Boot Loader|FMC):\s{0,16}(\d{1,3}|None)$/;

type Parts = Readonly<Record<string, number | null>>;

export interface TcbVersions {
	readonly platform: Parts | null;
	readonly reported: Parts | null;
}

/** The last of each; lines that were cut off leave their parts out. */
export function tcbFromLines(lines: readonly string[]): TcbVersions {
	const found: { platform: Record<string, number | null> | null; reported: Record<string, number | null> | null } = {
		platform: null,
		reported: null,
	};
	let current: Record<string, number | null> | null = null;
	for (const line of lines) {
		const name = line.includes('TCB') ? title.exec(line)?.[1] : undefined;
		if (name !== undefined) {
			current = {};
			found[name === 'Platform' ? 'platform' : 'reported'] = current;
			continue;
		}
		if (current === null || ownTitle.test(line) || line.trim() === '') {
			continue;
		}
		const [, key, value] = part.exec(line) ?? [];
		if (key === undefined || value === undefined) {
			current = null;
		} else {
			current[key.toLowerCase().replace(' ', '_')] = number(value);
		}
	}
	return found;
}

/** The message of the comparison in JSON, whose values are strings. */
export function tcbFromJson(message: Readonly<Record<string, unknown>>): TcbVersions {
	const parts = (value: unknown): Parts | null =>
		typeof value === 'object' && value !== null
			? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, number(String(text))]))
			: null;
	return { platform: parts(message.platform_tcb_version), reported: parts(message.reported_tcb_version) };
}

/** Null for a version that is not there, and for a part of it that was not said. */
export function tcbFact(parts: Parts | null): Fact {
	if (parts === null) {
		return null;
	}
	const { microcode = null, snp = null, tee = null, boot_loader: bootLoader = null, fmc = null } = parts;
	return { microcode, snp, tee, bootLoader, fmc };
}

function number(text: string): number | null {
	return /^\d{1,3}$/.test(text) ? Number(text) : null;
}
