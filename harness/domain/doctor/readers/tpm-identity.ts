// Fixed properties of a TPM: who made it, by the raw words, since the printed strings lose their blanks.

import type { Fact } from '../reading.ts';

const propertyLine = /^(TPM2_PT_[A-Z0-9_]{1,64}):(?:\s{1,16}(0x[0-9a-fA-F]{1,8}))?$/;
const rawLine = /^raw:\s{1,16}(0x[0-9a-f]{1,8}|\d{1,10})$/i;
const valueLine = /^value:\s{1,16}"?([^"]{0,64})"?$/;

/** Manufacturers of chips and of processors' firmware TPMs, from the TCG's registry of vendor identifiers. */
const hardwareMakers: ReadonlySet<string> = new Set([
	'AMD',
	'ATML',
	'BRCM',
	'IFX',
	'INTC',
	'LEN',
	'NSM',
	'NTC',
	'NTZ',
	'QCOM',
	'SMSN',
	'SNS',
	'STM',
	'TXN',
	'WEC',
	'ROCC',
]);
/** Names are a hint only: any host can give them to an emulator. */
const emulators: Readonly<Record<string, string>> = { XYZ: 'coconut-svsm', IBM: 'swtpm', MSFT: 'ms-tpm-20-ref' };

export function tpmIdentity(lines: readonly string[]): Readonly<Record<string, Fact>> {
	const properties = new Map<string, { raw: number | null; value: string | null }>();
	let current: { raw: number | null; value: string | null } | null = null;
	for (const line of lines) {
		const words = line.trimStart();
		if (words.startsWith('TPM2_PT_')) {
			const [, name, word] = propertyLine.exec(words) ?? [];
			if (name !== undefined) {
				current = { raw: word === undefined ? null : Number(word), value: null };
				properties.set(name, current);
			}
			continue;
		}
		if (current !== null && words.length < line.length) {
			const raw = words.startsWith('raw:') ? rawLine.exec(words)?.[1] : undefined;
			current.raw = raw === undefined ? current.raw : Number(raw);
			current.value = words.startsWith('value:') ? (valueLine.exec(words)?.[1] ?? current.value) : current.value;
		}
	}
	if (properties.size === 0) {
		return {};
	}
	const text = (name: string) => {
		const property = properties.get(name);
		return property === undefined ? null : (property.raw === null ? (property.value ?? '') : characters(property.raw)).trim();
	};
	const word = (name: string) => properties.get(name)?.raw ?? null;
	const manufacturer = text('TPM2_PT_MANUFACTURER');
	// The raw word is a hundred times the revision; tpm2_getcap prints it as it is meant.
	const raw = word('TPM2_PT_REVISION');
	const printed = Number(properties.get('TPM2_PT_REVISION')?.value ?? Number.NaN);
	const revision = raw === null ? printed : raw / 100;
	return {
		manufacturer,
		vendor: [1, 2, 3, 4].map((n) => text(`TPM2_PT_VENDOR_STRING_${n}`) ?? '').join(''),
		revision: Number.isFinite(revision) ? revision : null,
		firmware: [word('TPM2_PT_FIRMWARE_VERSION_1'), word('TPM2_PT_FIRMWARE_VERSION_2')],
		hardware: manufacturer === null ? null : hardwareMakers.has(manufacturer) ? true : manufacturer in emulators ? false : null,
		looksLike: manufacturer === null ? null : (emulators[manufacturer] ?? null),
	};
}

/** Four characters of a big-endian word, zeros left out. */
function characters(word: number): string {
	return [24, 16, 8, 0]
		.map((shift) => (word >>> shift) & 0xff)
		.filter((code) => code !== 0)
		.map((code) => String.fromCharCode(code))
		.join('');
}
