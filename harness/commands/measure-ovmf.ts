// snpgate measure ovmf F: options to a launch, and its digests for people or programs.

import { ParseError } from '../domain/parse-error.ts';
import { cpuSignatures } from '../domain/snp/measure/cpu-signatures.ts';
import { hashCommandLine, hashNothing, type KernelHashes } from '../domain/snp/measure/kernel-hashes.ts';
import { type Launch, LaunchError, measureLaunch, mostVcpus } from '../domain/snp/measure/launch-digest.ts';
import { type Ovmf, parseOvmf } from '../domain/snp/measure/ovmf.ts';
import { nearestWord } from '../domain/text/nearest.ts';
import { renderLaunchDigest } from '../reporters/launch-digest-page.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { sha256OfFile } from './file-digest.ts';
import { hexNumber, wholeNumber } from './hex-options.ts';
import { readBytes } from './input-files.ts';

const defaultCpu = 'EPYC-v4';
const mostSignature = 0xffff_ffff;

/** What goes to standard output. Throws UsageError. */
export function measureOvmf(file: string, args: Arguments): string {
	const launch = {
		vcpus: wholeNumber(args.one('vcpus') ?? '1', 'vcpus', 1, mostVcpus),
		vcpuSignature: readSignature(args.one('vcpu-signature') ?? defaultCpu),
		guestFeatures: hexNumber(args.one('guest-features') ?? '1', 'guest-features'),
		kernel: readKernel(args.one('kernel'), args.one('initrd'), args.one('append')),
		ovmf: readOvmf(file),
	};
	const measured = measure(file, launch);
	// Written here, as the writer of bundles loads zod, which takes longer than all of this.
	return args.flag('json') ? `${JSON.stringify(measured, null, 1)}\n` : renderLaunchDigest(file, launch, measured);
}

function measure(file: string, launch: Launch) {
	try {
		return measureLaunch(launch);
	} catch (error) {
		throw error instanceof LaunchError ? new UsageError(`'${file}' cannot be launched so. ${error.message}`) : error;
	}
}

function readOvmf(file: string): Ovmf {
	try {
		return parseOvmf(readBytes(file));
	} catch (error) {
		if (error instanceof ParseError) {
			throw new UsageError(`'${file}' is no OVMF image: ${error.problem} (${error.structure}, byte ${error.offset}).`);
		}
		throw error;
	}
}

/** A number in hex, or the name of a CPU model of QEMU. */
function readSignature(text: string): number {
	const named = cpuSignatures.get(text);
	if (named !== undefined) {
		return named;
	}
	const value = /^(?:0x)?[0-9a-f]{1,16}$/i.test(text) ? hexNumber(text, 'vcpu-signature') : null;
	if (value === null || value > mostSignature) {
		const near = value === null ? nearestWord(text, [...cpuSignatures.keys()]) : null;
		const hint =
			near === null ? `such as 0xa10f11, or a CPU model such as ${defaultCpu}` : `or a CPU model; did you mean '${near}'`;
		throw new UsageError(`'--vcpu-signature' expects at most 32 bits in hex, ${hint}; found '${text.slice(0, 40)}'.`);
	}
	return Number(value);
}

function readKernel(kernel: string | undefined, initrd: string | undefined, append: string | undefined): KernelHashes | null {
	if (kernel === undefined) {
		const [option] = [...(initrd === undefined ? [] : ['initrd']), ...(append === undefined ? [] : ['append'])];
		if (option !== undefined) {
			throw new UsageError(
				`'--${option}' is measured together with a kernel only: add '--kernel F', the file that QEMU is given with '-kernel'.`,
			);
		}
		return null;
	}
	// Node puts U+FFFD where an argument is not UTF-8, and the digest would be that of another command line.
	if (append?.includes('\ufffd') === true) {
		throw new UsageError("'--append' expects UTF-8; found bytes that are not.");
	}
	return {
		kernel: sha256OfFile(kernel, '--kernel'),
		initrd: initrd === undefined ? hashNothing() : sha256OfFile(initrd, '--initrd'),
		cmdline: hashCommandLine(append ?? ''),
	};
}
