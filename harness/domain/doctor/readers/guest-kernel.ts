// A guest's kernel log: which memory encryption is active in it, at which VMPL, and what became of it.

import { hasBeginning } from '../../logs/kernel-log.ts';
import { rememberLast } from '../../text/remember-last.ts';
import type { Fact, Reading, TextReader } from '../reading.ts';
import { findTee, isHyperVGuest, leansOnHyperV, type Tee } from './guest-tee.ts';
import { isHost } from './host-kernel.ts';
import {
	areOfLog,
	type Finding,
	type Found,
	finding,
	findLast,
	hasPlaceholders,
	kernelMessages,
	toSigns,
} from './kernel-messages.ts';
import { isCommand, logLines } from './log-lines.ts';
import { svsmPanic } from './svsm.ts';

/** Without one of these words somewhere, a text need not be taken apart. */
const worth =
	/Memory Encryption|Secure Encrypted|SEV|TDX|tdx|tpm-svsm|sev-guest|Isolation Config|Hypervisor|Hyper-V|paravirtualized|QEMU|KubeVirt|confidential virtualization/;
/** Who speaks of encryption, of a TPM or of the end; all other messages are left out before they are searched. */
const speakers =
	/^(?:AMD (?:Memory|Secure) |Memory Encryption |SEV(?:: S| is active)|SEV: Using SNP |sev-guest |tpm|tdx: |process: using TDX|Hyper-V: |Kernel panic |(?:[\w.-]{1,64} )?systemd\[\d{1,7}\]: Detected confidential )/;
/** A plain virtual machine's kernel, whatever its hypervisor. */
const virtual =
	/^(?:Hypervisor detected: |Booting paravirtualized kernel on (?!bare hardware)|(?:DMI|Hardware name|CPU: \d+ .*Hardware name): ?(?:QEMU|KubeVirt|Red Hat KVM|Microsoft Corporation Virtual Machine)\b)/;
/** What every kernel says after the place of the line on memory encryption (mem_encrypt_init), which comes before SMP. */
const later =
	/^(?:smp: Brought up |smpboot: Total of |Freeing unused kernel |Run \/|systemd\[1\]: |Kernel panic - not syncing: VFS)/;
/** What every kernel of this architecture was given, right behind its first words. */
const commandLine = /^(?:Kernel command|Command) line: /;
const atBeginning = 10;
const panic = /^Kernel panic - not syncing\b/;
const vmplLine = /^SEV: SNP running at VMPL([0-3])\b/;
const guestDriver =
	/^sev-guest sev-guest: Initialized SEV guest driver(?: \(using (?:vmpck_id (\d)|VMPCK(\d) communication key)\))?/;
const cpuidTable = /^SEV: Using SNP CPUID table, (\d{1,6}) entries present/;
const svsmTpm = /^tpm-svsm tpm-svsm: SNP SVSM vTPM (\d\.\d) device/;
const otherTpm = /^(tpm_tis|tpm_crb) [\w:.-]+: (\d\.\d) TPM\b/;
/** A reader of reports that prints its fields on the console beside the log: `report bytes=1184 version=5 …`. */
const reportLine = /^(?:attestation )?report\b.{0,80}?\bversion[=:] ?(\d{1,4})\b/i;

/** What the speakers of SEV said, and the technology that they name. */
const spoken = rememberLast((text: string) => {
	const messages = kernelMessages(text).filter((line) => speakers.test(line));
	return { messages, tee: findTee(messages) };
});

export const guestKernel: TextReader = {
	kind: 'guest-kernel',
	recognise(text) {
		if (!worth.test(text) || hasPlaceholders(text)) {
			return 0;
		}
		if (spoken(text).tee !== null) {
			return 3;
		}
		const messages = kernelMessages(text);
		// A nested host is a virtual machine too, but what it says as a host is what it was pasted for.
		const hints = messages.filter((line) => virtual.test(line)).length;
		return areOfLog(hints, text) && !isHost(messages) ? 2 : 0;
	},
	read,
};

function read(text: string): Reading {
	const all = kernelMessages(text);
	const { messages, tee: said } = spoken(text);
	const hidden = (said?.tee === 'sev' || said?.tee === 'sev-es') && isHyperVGuest(all);
	const found = hidden ? null : said;
	const tee: Tee | 'none' | null = found?.tee ?? (!hidden && provesNone(all, text) ? 'none' : null);
	const level = number(findLast(messages, vmplLine));
	const driver = findLast(messages, guestDriver);
	const [byId, byName] = driver?.groups ?? [];
	const svsm = findLast(messages, svsmTpm);
	const tpm = findLast(messages, otherTpm);
	const died = findLast(messages, panic);
	const findings: Finding[] = [];
	if (died !== null) {
		findings.push(finding('guest-panic', died));
	}
	const stopped = findLast(all, svsmPanic);
	if (stopped !== null) {
		findings.push(finding('svsm-panic', stopped));
	}
	if (found !== null && found.tee !== 'sev-snp') {
		findings.push(finding('guest-not-snp', found));
	}
	const facts: { readonly [name: string]: Fact } = {
		tee,
		vmpl: level,
		svsm: svsm !== null || (level ?? 0) > 0,
		vmpck: byId === undefined && byName === undefined ? null : Number(byId ?? byName),
		cpuidEntries: number(findLast(messages, cpuidTable)),
		sevGuestDriver: driver !== null,
		tpmDriver: svsm === null ? (tpm?.groups[0] ?? null) : 'tpm-svsm',
		tpmVersion: svsm?.groups[0] ?? tpm?.groups[1] ?? null,
		reportVersion: number(findLast(all, reportLine)),
		panic: died !== null,
	};
	return {
		kind: 'guest-kernel',
		snp: tee === 'sev-snp' ? 'usable' : tee === null ? 'unknown' : 'unusable',
		facts,
		signs: toSigns(findings),
		unconfirmed: hidden || (found !== null && leansOnHyperV(found.line)) ? ['hyper-v-isolation'] : [],
	};
}

/**
 * Silence proves something only from the log's first line to one that comes after the place of the missing one, and of a
 * log that nobody has searched: what a command let through may be less than everything.
 */
function provesNone(messages: readonly string[], text: string): boolean {
	return (
		hasBeginning(messages) &&
		messages.slice(0, atBeginning).some((line) => commandLine.test(line)) &&
		messages.some((line) => later.test(line)) &&
		!logLines(text).some(isCommand)
	);
}

function number(found: Found | null): number | null {
	return found === null ? null : Number(found.groups[0]);
}
