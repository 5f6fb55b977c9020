// The emulator that really runs the guest, asked of the host while it runs: its argument vector, the firmware and kernel files
// that it was started with, and the host's processor, from which the launch digest follows.

import { parseCpuinfo } from '../domain/cpu/cpuinfo.ts';
import { ParseError } from '../domain/parse-error.ts';
import { parseQemuArguments, type QemuLaunch, splitCommandLine } from '../domain/qemu/command-line.ts';
import { cpuSignature, cpuSignatures } from '../domain/snp/measure/cpu-signatures.ts';
import { hashCommandLine, hashNothing, type KernelHashes } from '../domain/snp/measure/kernel-hashes.ts';
import { type LaunchDigest, LaunchError, measureLaunch } from '../domain/snp/measure/launch-digest.ts';
import { parseOvmf } from '../domain/snp/measure/ovmf.ts';
import { cpuinfoRequest } from '../language/host-requests.ts';
import { Inconclusive, type Observations, type Observing } from '../language/kind.ts';
import { bootAnswer, execAnswer, execText, fileBytes } from '../language/observations.ts';
import type { Request } from '../ports.ts';

/** Firmware is asked for only where the digest is to be computed: it is megabytes. */
export function* requestEmulator(prefix: string, withFiles: boolean): Observing {
	const seen = yield { [`${prefix}boot`]: { do: 'boot', role: 'subject' } };
	const boot = seen.get(`${prefix}boot`);
	if (boot?.kind !== 'boot' || boot.pid === null) {
		return;
	}
	const asked = yield {
		[`${prefix}argv`]: { do: 'read-file', path: `/proc/${boot.pid}/cmdline`, on: 'host' },
		[`${prefix}program`]: { do: 'exec', argv: ['readlink', `/proc/${boot.pid}/exe`], on: 'host' },
		[`${prefix}cpu`]: { ...cpuinfoRequest, on: 'host' } as Request,
	};
	const answer = asked.get(`${prefix}argv`);
	const argv = answer?.kind === 'file' ? splitCommandLine(answer.bytes) : null;
	if (!withFiles || argv === null) {
		return;
	}
	const { firmware, kernel, initrd, sev } = parseQemuArguments(argv);
	const sums = sev?.kernelHashes === true ? [kernel, initrd].filter((path) => path !== null) : [];
	yield {
		...(firmware === null ? {} : { [`${prefix}firmware`]: { do: 'read-file', path: firmware.path, on: 'host' } as const }),
		...(sums.length === 0 ? {} : { [`${prefix}sums`]: { do: 'exec', argv: ['sha256sum', '--', ...sums], on: 'host' } as const }),
	};
}

/** What the running emulator was told. Throws Inconclusive when the host does not say. */
export function readLaunch(observations: Observations, prefix: string): QemuLaunch {
	const boot = bootAnswer(observations, `${prefix}boot`);
	if (boot.pid === null) {
		throw new Inconclusive('emulator-unknown', 'the process of the guest on the host is not known');
	}
	const argv = fileBytes(observations, `${prefix}argv`);
	if ('errno' in argv) {
		throw new Inconclusive(
			'emulator-unknown',
			`/proc/${boot.pid}/cmdline of the guest's emulator cannot be read (${argv.errno})`,
		);
	}
	const words = splitCommandLine(argv);
	const program = execText(observations, `${prefix}program`).trim();
	if (words === null || words.length === 0 || !/qemu/.test(program)) {
		throw new Inconclusive('unrecognised-output', `process ${boot.pid} is '${program}', which is no QEMU`);
	}
	return parseQemuArguments(words);
}

export interface Recomputed {
	readonly digest: LaunchDigest;
	/** What went in, for people. */
	readonly inputs: string;
}

/** The launch digest of what the emulator was told, by this program's own code. Throws Inconclusive when a part is missing. */
export function recomputeDigest(observations: Observations, prefix: string, guestFeatures: bigint): Recomputed {
	const launch = readLaunch(observations, prefix);
	const { firmware, vcpus, cpuModel } = launch;
	if (firmware === null || firmware.how === 'igvm') {
		const what =
			firmware === null ? 'names no firmware' : 'loads its firmware from an IGVM file, which is measured in another way';
		throw new Inconclusive('no-firmware-file', `the emulator ${what}`);
	}
	const bytes = fileBytes(observations, `${prefix}firmware`);
	if ('errno' in bytes) {
		throw new Inconclusive('no-firmware-file', `the firmware '${firmware.path}' cannot be read (${bytes.errno})`);
	}
	const signature = signatureOf(cpuModel, observations, prefix);
	try {
		const ovmf = parseOvmf(bytes);
		const kernel = kernelHashes(launch, observations, prefix);
		const digest = measureLaunch({ ovmf, vcpus, vcpuSignature: signature, guestFeatures, kernel });
		const hashes = kernel === null ? 'no kernel hashes' : 'kernel, initrd and command line hashed';
		const model = `${cpuModel ?? 'default'} (0x${signature.toString(16)})`;
		return { digest, inputs: `${firmware.path} (${bytes.length} bytes), ${vcpus} vCPUs, ${model}, ${hashes}` };
	} catch (error) {
		if (error instanceof ParseError || error instanceof LaunchError) {
			throw new Inconclusive('firmware-not-measurable', `'${firmware.path}': ${error.message}`);
		}
		throw error;
	}
}

function signatureOf(model: string | null, observations: Observations, prefix: string): number {
	const known = cpuSignatures.get(model ?? '');
	if (known !== undefined) {
		return known;
	}
	const cpu = parseCpuinfo(execText(observations, `${prefix}cpu`));
	if ((model === 'host' || model === 'max') && cpu !== null && cpu.stepping !== null) {
		return cpuSignature({ family: cpu.family, model: cpu.model, stepping: cpu.stepping });
	}
	throw new Inconclusive('cpu-model-unknown', `the signature of the CPU model '${model ?? 'none'}' is not known here`);
}

function kernelHashes(
	{ sev, kernel, initrd, append }: QemuLaunch,
	observations: Observations,
	prefix: string,
): KernelHashes | null {
	if (sev?.kernelHashes !== true || kernel === null) {
		return null;
	}
	const answer = execAnswer(observations, `${prefix}sums`);
	const lines = execText(observations, `${prefix}sums`).trim().split('\n');
	const sum = (path: string): Uint8Array => {
		const hex = lines.map((line) => /^([0-9a-f]{64}) [ *](.*)$/.exec(line)).find((match) => match?.[2] === path)?.[1];
		if (answer.status !== 0 || hex === undefined) {
			throw new Inconclusive('unrecognised-output', `sha256sum did not say the hash of '${path}'`);
		}
		return Buffer.from(hex, 'hex');
	};
	return { kernel: sum(kernel), initrd: initrd === null ? hashNothing() : sum(initrd), cmdline: hashCommandLine(append ?? '') };
}
