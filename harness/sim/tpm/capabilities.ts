// TPM2_GetCapability of the software TPM (Part 3, 30.2). Lists begin at the property that is asked for.

import { digestSize, type HashName, hashId, hashNames } from '../../domain/tpm/algorithms.ts';
import { pcrCount, TPM_CAP, TPM_PT, TPM_RH } from '../../domain/tpm/constants.ts';
import { concat, u8, u16, u32 } from '../../domain/tpm/marshal.ts';
import { TPM_RC } from '../../domain/tpm/response-codes.ts';
import type { TpmProfile } from './profile.ts';
import { ofParameter, Refusal } from './refusal.ts';

export const maxCommandSize = 4096;

/** "2.0" and a NUL. */
const family = 0x322e_3000;
const selectSize = pcrCount / 8;
/** TPMA_ALGORITHM: a hash. */
const hashAttribute = 0x0000_0004;

/** One element of a list: the number it is sorted and asked for by, and its bytes. */
interface Element {
	readonly key: number;
	readonly bytes: Uint8Array;
}

/** Gives moreData and TPMS_CAPABILITY_DATA. */
export type Capabilities = (capability: number, property: number, count: number) => Uint8Array;

/** The banks that are implemented, in the order in which a TPM lists them. */
export function implementedBanks(profile: TpmProfile): readonly HashName[] {
	return hashNames.filter((name) => profile.banks[name] !== undefined);
}

/** `commands` are command codes with their attributes, ascending by code. */
export function capabilitiesOf(profile: TpmProfile, commands: ReadonlyMap<number, number>): Capabilities {
	const implemented = implementedBanks(profile);
	const algorithms = implemented.map((name) => ({
		key: hashId(name),
		bytes: concat(u16(hashId(name)), u32(hashAttribute)),
	}));
	const properties = [...fixedProperties(profile, commands.size)].map(([key, value]) => ({
		key,
		bytes: concat(u32(key), u32(value)),
	}));
	const commandList = [...commands].map(([key, attributes]) => ({ key, bytes: u32((attributes | key) >>> 0) }));
	const banks = implemented.map((name) =>
		concat(u16(hashId(name)), u8(selectSize), new Uint8Array(selectSize).fill(profile.banks[name] === 'active' ? 0xff : 0)),
	);

	return (capability, property, count) => {
		switch (capability) {
			case TPM_CAP.ALGS:
				return list(capability, algorithms, property, count);
			case TPM_CAP.HANDLES:
				return list(capability, handlesOf(property), property, count);
			case TPM_CAP.COMMANDS:
				return list(capability, commandList, property, count);
			case TPM_CAP.TPM_PROPERTIES:
				return list(capability, properties, property, count);
			case TPM_CAP.PCRS:
				if (property !== 0) {
					throw new Refusal(ofParameter(TPM_RC.VALUE, 2));
				}
				// All banks or none: a selection is not cut.
				return count === 0 ? concat(u8(1), u32(capability), u32(0)) : concat(u8(0), u32(capability), u32(banks.length), ...banks);
			default:
				throw new Refusal(ofParameter(TPM_RC.VALUE, 1));
		}
	};
}

function list(capability: number, elements: readonly Element[], property: number, count: number): Uint8Array {
	const from = elements.filter(({ key }) => key >= property);
	const given = from.slice(0, count);
	return concat(u8(from.length > given.length ? 1 : 0), u32(capability), u32(given.length), ...given.map(({ bytes }) => bytes));
}

const pcrHandles = Array.from({ length: pcrCount }, (_, pcr) => handle(pcr));
const permanentHandles = Object.values(TPM_RH).map(handle);
/** NV indexes, loaded and saved sessions, transient and persistent objects: types of handles of which there are none here. */
const emptyTypes: ReadonlySet<number> = new Set([0x01, 0x02, 0x03, 0x80, 0x81]);

function handle(key: number): Element {
	return { key, bytes: u32(key) };
}

function handlesOf(property: number): readonly Element[] {
	const type = property >>> 24;
	if (type === 0x00) {
		return pcrHandles;
	}
	if (type === 0x40) {
		return permanentHandles;
	}
	if (emptyTypes.has(type)) {
		return [];
	}
	throw new Refusal(ofParameter(TPM_RC.HANDLE, 2));
}

function fixedProperties({ banks, properties }: TpmProfile, commands: number): ReadonlyMap<number, number> {
	const [vendor1, vendor2, vendor3, vendor4] = properties.vendorStrings;
	const [firmware1, firmware2] = properties.firmwareVersion;
	const sizes = hashNames.filter((name) => banks[name] !== undefined).map(digestSize);
	return new Map([
		[TPM_PT.FAMILY_INDICATOR, family],
		[TPM_PT.LEVEL, 0],
		[TPM_PT.REVISION, properties.revision],
		[TPM_PT.DAY_OF_YEAR, properties.dayOfYear],
		[TPM_PT.YEAR, properties.year],
		[TPM_PT.MANUFACTURER, characters(properties.manufacturer)],
		[TPM_PT.VENDOR_STRING_1, characters(vendor1)],
		[TPM_PT.VENDOR_STRING_2, characters(vendor2)],
		[TPM_PT.VENDOR_STRING_3, characters(vendor3)],
		[TPM_PT.VENDOR_STRING_4, characters(vendor4)],
		[TPM_PT.VENDOR_TPM_TYPE, 1],
		[TPM_PT.FIRMWARE_VERSION_1, firmware1],
		[TPM_PT.FIRMWARE_VERSION_2, firmware2],
		[TPM_PT.PCR_COUNT, pcrCount],
		[TPM_PT.PCR_SELECT_MIN, selectSize],
		[TPM_PT.MAX_COMMAND_SIZE, maxCommandSize],
		[TPM_PT.MAX_RESPONSE_SIZE, maxCommandSize],
		[TPM_PT.MAX_DIGEST, Math.max(0, ...sizes)],
		[TPM_PT.TOTAL_COMMANDS, commands],
		[TPM_PT.LIBRARY_COMMANDS, commands],
		[TPM_PT.VENDOR_COMMANDS, 0],
	]);
}

function characters(text: string): number {
	return [0, 1, 2, 3].reduce((value, index) => ((value << 8) | (text.charCodeAt(index) & 0xff)) >>> 0, 0);
}
