// PCR values as tpm2_pcrread prints them: version 5 with '0x', earlier ones without.

const bankLine = /^(sha1|sha256|sha384|sha512|sm3_256)\s{0,8}:$/i;
const valueLine = /^(\d{1,2})\s*:\s*(?:0x)?([0-9a-f]{40,128})$/i;

/** Hexadecimal digits of a value of each bank. */
const lengths: Readonly<Record<string, number>> = { sha1: 40, sha256: 64, sha384: 96, sha512: 128, sm3_256: 64 };

export type PcrBanks = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Values in lower-case hex by bank and index; a value of the wrong length for its bank is none, a bank without values as well. */
export function parsePcrBanks(lines: readonly string[]): PcrBanks {
	const banks: Record<string, Record<string, string>> = {};
	let bank: string | null = null;
	for (const line of lines) {
		const words = line.trimStart();
		const first = words[0] ?? '';
		if (first >= '0' && first <= '9') {
			const [, index, value] = bank === null ? [] : (valueLine.exec(words) ?? []);
			if (bank !== null && index !== undefined && value !== undefined && value.length === lengths[bank]) {
				const values = banks[bank] ?? {};
				values[Number(index)] = value.toLowerCase();
				banks[bank] = values;
			}
		} else if (first === 's' || first === 'S') {
			bank = bankLine.exec(words)?.[1]?.toLowerCase() ?? bank;
		}
	}
	return banks;
}

/** A bank in which the firmware measured nothing (PCR 0 to 7 are there, and each is zero) where no bank says otherwise. */
export function unextendedBank(banks: PcrBanks): string | null {
	const firmware = ['0', '1', '2', '3', '4', '5', '6', '7'];
	const entries = Object.entries(banks);
	const empty = entries.filter(([, values]) => firmware.every((index) => /^0+$/.test(values[index] ?? '')));
	return empty.length === entries.length ? (empty[0]?.[0] ?? null) : null;
}
