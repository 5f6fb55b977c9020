// A launch digest for people: what each digest covers, so that a mismatch can be located, and what none of them covers.

import { cpuSignatures } from '../domain/snp/measure/cpu-signatures.ts';
import { pageSize } from '../domain/snp/measure/digest-chain.ts';
import type { Launch, LaunchDigest } from '../domain/snp/measure/launch-digest.ts';
import { cleanLine } from './plain-text.ts';

const labelWidth = 12;
const snpActive = 1n;

/** The page of `measure ovmf`. */
export function renderLaunchDigest(file: string, launch: Launch, measured: LaunchDigest): string {
	const { ovmf, kernel, guestFeatures } = launch;
	const sections = ovmf.sections ?? [];
	const memory = sections.reduce((sum, { size }) => sum + size / pageSize, 0);
	const hashes = kernel === null ? 'no kernel hashes' : 'the hashes of kernel, initrd and command line';
	const lines = [
		row('Digest', measured.digest),
		row('', `QEMU, ${vcpuWords(launch)}, ${hashes}`),
		row('', cleanLine(file, 120)),
		'',
		'It is made of these; the first that differs from what another tool has tells where to look:',
		row('Firmware', measured.firmwareDigest),
		row('', `the image, ${count(ovmf.image.length / pageSize, 'page')} at ${hex(ovmf.loadAddress)}`),
		row('Before VMSA', measured.beforeVmsaDigest),
		row('', `the firmware, then ${count(sections.length, 'section')} of its SEV metadata (${count(memory, 'page')}), ${hashes}`),
		row('VMSA BSP', measured.vmsa.bsp),
		row('', 'the page of the first vCPU: CPU signature and guest features'),
		row('VMSA AP', measured.vmsa.ap),
		row('', `the page of every other vCPU: the same, started at the firmware's ${hex(ovmf.apResetEip ?? 0)}`),
		'',
		`Not covered: memory size, devices and disks, the contents of the CPUID page, policy and host data${kernel === null ? ';' : '.'}`,
		...(kernel === null ? ['a kernel, initrd or command line given to QEMU, unless kernel-hashes=on and --kernel here.'] : []),
		...(kernel === null ? [] : ['It holds for a QEMU with kernel-hashes=on.']),
		...((guestFeatures & snpActive) === 0n ? ['Note: guest features without bit 0 are those of no SEV-SNP guest.'] : []),
	];
	return `${lines.join('\n')}\n`;
}

function vcpuWords({ vcpus, vcpuSignature, guestFeatures }: Launch): string {
	const names = [...cpuSignatures].filter(([, signature]) => signature === vcpuSignature).map(([name]) => name);
	const [name] = names;
	const model = name === undefined ? '' : ` (${name})`;
	return `${count(vcpus, 'vCPU')} of signature ${hex(vcpuSignature)}${model}, guest features ${hex(guestFeatures)}`;
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function hex(value: number | bigint): string {
	return `0x${value.toString(16)}`;
}

function row(label: string, text: string): string {
	return `${label.padEnd(labelWidth)} ${text}`;
}
