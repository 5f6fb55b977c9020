// What a QEMU process was told to launch, from its argument vector as /proc/PID/cmdline has it: options with commas, and the
// JSON that libvirt writes (docs of QEMU, 'keyval' and -object).

interface SevObject {
	/** 'sev-snp-guest' or 'sev-guest'. */
	readonly type: string;
	readonly policy: bigint | null;
	readonly kernelHashes: boolean;
	readonly authorKey: boolean;
	/** The property vcek-disabled: reports are signed by a VLEK. */
	readonly vcekDisabled: boolean;
	readonly cBit: number | null;
	/** Bytes, each null where the launch gives none. */
	readonly hostData: Uint8Array | null;
	readonly idBlock: Uint8Array | null;
	readonly idAuth: Uint8Array | null;
}

export interface QemuLaunch {
	readonly program: string;
	/** The emulator's own name of the guest; null without one. */
	readonly name: string | null;
	/** Where the firmware comes from: '-bios' or a pflash drive, both as paths; an IGVM file holds its own. */
	readonly firmware: { readonly how: 'bios' | 'pflash' | 'igvm'; readonly path: string } | null;
	/** Virtual processors that exist at the start. */
	readonly vcpus: number;
	/** '-cpu' without its features: 'host', 'EPYC-v4' … */
	readonly cpuModel: string | null;
	readonly sev: SevObject | null;
	readonly kernel: string | null;
	readonly initrd: string | null;
	readonly append: string | null;
	/** Whether a TPM of the host's is given to the guest, and by which backend. */
	readonly tpm: string | null;
}

/** The arguments between the NULs of /proc/PID/cmdline; null for text that is not UTF-8. */
export function splitCommandLine(bytes: Uint8Array): readonly string[] | null {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		const words = text.split('\0');
		return words.at(-1) === '' ? words.slice(0, -1) : words;
	} catch {
		return null;
	}
}

/** What the arguments say; an option that is there twice counts as QEMU counts it, the last one. */
export function parseQemuArguments(argv: readonly string[]): QemuLaunch {
	const values = (option: string) => optionValues(argv, option);
	const last = (option: string) => values(option).at(-1) ?? null;
	const objects = values('object').map(properties);
	const machine = values('machine').map(properties);
	const igvm = objects.find((object) => object.get('qom-type') === 'igvm-cfg')?.get('file') ?? null;
	const pflash = values('drive')
		.map(properties)
		.find((drive) => drive.get('if') === 'pflash')
		?.get('file');
	const bios = last('bios');
	const usesIgvm = machine.some((one) => one.has('igvm-cfg')) && igvm !== null;
	return {
		program: argv[0] ?? '',
		name: nameOf(last('name')),
		firmware: usesIgvm
			? { how: 'igvm', path: igvm }
			: bios !== null
				? { how: 'bios', path: bios }
				: pflash === undefined
					? blockdevFirmware(argv, machine)
					: { how: 'pflash', path: pflash },
		vcpus: vcpusOf(last('smp')),
		cpuModel: last('cpu')?.split(',')[0] ?? null,
		sev: sevOf(objects, machine),
		kernel: last('kernel'),
		initrd: last('initrd'),
		append: last('append'),
		tpm: values('tpmdev').map(properties)[0]?.get('qom-type') ?? null,
	};
}

/** Values of `-option VALUE` and `--option VALUE`. */
function optionValues(argv: readonly string[], option: string): readonly string[] {
	return argv.flatMap((word, index) => {
		const value = argv[index + 1];
		return (word === `-${option}` || word === `--${option}`) && value !== undefined ? [value] : [];
	});
}

/**
 * `type,key=value,flag` or JSON, as keys and values; the first word without a key is 'qom-type', a doubled comma is one in the
 * value, and a flag alone is 'on'.
 */
function properties(text: string): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	if (text.startsWith('{')) {
		const value = parseJson(text);
		for (const [key, one] of Object.entries(value)) {
			found.set(key, typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one));
		}
		return found;
	}
	for (const [index, part] of splitCommas(text).entries()) {
		const equals = part.indexOf('=');
		if (equals === -1) {
			found.set(index === 0 ? 'qom-type' : part, index === 0 ? part : 'on');
		} else {
			found.set(part.slice(0, equals), part.slice(equals + 1));
		}
	}
	return found;
}

/** No argument holds a NUL, so that one can stand for a comma that is doubled. */
function splitCommas(text: string): readonly string[] {
	return text
		.replaceAll(',,', '\0')
		.split(',')
		.map((part) => part.replaceAll('\0', ','));
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

function nameOf(value: string | null): string | null {
	const name = value === null ? undefined : properties(value);
	return name?.get('guest') ?? name?.get('qom-type') ?? null;
}

/** libvirt names a pflash image as a blockdev: `-machine pflash0=NODE` and `-blockdev {"node-name":NODE,"file":…}`. */
function blockdevFirmware(argv: readonly string[], machine: readonly ReadonlyMap<string, string>[]): QemuLaunch['firmware'] {
	const devices = optionValues(argv, 'blockdev').map(properties);
	const node = machine.map((one) => one.get('pflash0')).find((one) => one !== undefined);
	const find = (name: string | undefined) => devices.find((device) => name !== undefined && device.get('node-name') === name);
	const format = find(node);
	const storage = find(format?.get('file')) ?? format;
	const path = storage?.get('filename');
	return path === undefined ? null : { how: 'pflash', path };
}

function vcpusOf(value: string | null): number {
	if (value === null) {
		return 1;
	}
	const smp = properties(value);
	const count = Number(smp.get('cpus') ?? smp.get('qom-type'));
	if (Number.isInteger(count) && count > 0) {
		return count;
	}
	const part = (name: string) => Number(smp.get(name) ?? '1');
	return ['sockets', 'dies', 'clusters', 'cores', 'threads'].reduce((product, name) => product * part(name), 1);
}

/** The object that the machine names as its protection, or the first of its kind. */
function sevOf(
	objects: readonly ReadonlyMap<string, string>[],
	machine: readonly ReadonlyMap<string, string>[],
): SevObject | null {
	const named = machine
		.map((one) => one.get('confidential-guest-support') ?? one.get('memory-encryption'))
		.find((id) => id !== undefined);
	const all = objects.filter((object) => ['sev-snp-guest', 'sev-guest'].includes(object.get('qom-type') ?? ''));
	const object = named === undefined ? undefined : all.find((one) => one.get('id') === named);
	if (object === undefined) {
		return null;
	}
	const flag = (key: string) => ['on', 'true', 'yes', 'y'].includes(object.get(key) ?? 'off');
	const bytes = (key: string) => {
		const value = object.get(key);
		return value === undefined ? null : Buffer.from(value, 'base64');
	};
	const policy = object.get('policy');
	const cBit = object.get('cbitpos');
	return {
		type: object.get('qom-type') ?? '',
		policy: policy === undefined ? null : asNumber(policy),
		kernelHashes: flag('kernel-hashes'),
		authorKey: flag('author-key-enabled'),
		vcekDisabled: flag('vcek-disabled'),
		cBit: cBit === undefined ? null : Number(cBit),
		hostData: bytes('host-data'),
		idBlock: bytes('id-block'),
		idAuth: bytes('id-auth'),
	};
}

function asNumber(text: string): bigint | null {
	return /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt(text) : null;
}
