// What the secure processor keeps of a launch: the policy, the host's data, and the digest of what was loaded, each from the
// emulator's own argument vector and the files that it names.

import { createHash } from 'node:crypto';
import { parseQemuArguments } from '../../domain/qemu/command-line.ts';
import { cpuSignatures } from '../../domain/snp/measure/cpu-signatures.ts';
import { hashCommandLine, hashNothing, type KernelHashes } from '../../domain/snp/measure/kernel-hashes.ts';
import { measureLaunch } from '../../domain/snp/measure/launch-digest.ts';
import { parseOvmf } from '../../domain/snp/measure/ovmf.ts';
import type { FileTree } from '../files.ts';

export interface LaunchState {
	readonly policy: bigint;
	/** 48 bytes. */
	readonly measurement: Uint8Array;
	/** 32 bytes. */
	readonly hostData: Uint8Array;
	readonly signedWith: 'VCEK' | 'VLEK';
}

/** SEV-SNP itself, and nothing that a guest could refuse to run without. */
const guestFeatures = 1n;

/** The state of a guest that is protected by SEV-SNP; null for any other. */
export function launchState(argv: readonly string[], files: FileTree): LaunchState | null {
	const launch = parseQemuArguments(argv);
	const { sev, firmware } = launch;
	if (sev?.type !== 'sev-snp-guest' || firmware === null) {
		return null;
	}
	const read = (path: string | null): Uint8Array => {
		const content = path === null ? null : files.read(path);
		return content?.ok === true ? content.value : new Uint8Array();
	};
	const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
	const kernel: KernelHashes | null =
		sev.kernelHashes && launch.kernel !== null
			? {
					kernel: sha256(read(launch.kernel)),
					initrd: launch.initrd === null ? hashNothing() : sha256(read(launch.initrd)),
					cmdline: hashCommandLine(launch.append ?? ''),
				}
			: null;
	const image = read(firmware.path);
	return {
		policy: sev.policy ?? 0n,
		measurement: firmware.how === 'igvm' ? measureIgvm(image) : measureOvmf(image, launch, kernel),
		hostData: sev.hostData ?? new Uint8Array(32),
		signedWith: sev.vcekDisabled ? 'VLEK' : 'VCEK',
	};
}

function measureOvmf(
	image: Uint8Array,
	{ vcpus, cpuModel }: { readonly vcpus: number; readonly cpuModel: string | null },
	kernel: KernelHashes | null,
): Uint8Array {
	const vcpuSignature = cpuSignatures.get(cpuModel ?? '') ?? 0;
	return Buffer.from(measureLaunch({ ovmf: parseOvmf(image), vcpus, vcpuSignature, guestFeatures, kernel }).digest, 'hex');
}

/** No IGVM file is loaded here, page by page: only that another file gives another digest is true of it. */
function measureIgvm(image: Uint8Array): Uint8Array {
	return createHash('sha384').update(image).digest();
}
