// What QEMU says of a launch, alone or wrapped by libvirt, kata and time stamps; its traces; its command line.

import type { Fact, Reading, Sign, TextReader } from '../reading.ts';
import { memorySlotCause, parseMemorySlot } from './memory-slot.ts';
import { isSourceCode, plainText, quoteLine } from './pasted-text.ts';
import { hasCommandLine, readCommandLine } from './qemu-argv.ts';
import { commandResult, findFailure, mentionsFailure } from './qemu-failures.ts';
import { hasReservedBit, parsePolicy, policyText } from './snp-policy.ts';

const slotFailure = /KVM_SET_USER_MEMORY_REGION2 failed/;
const ownWords =
	/KVM_SET_USER_MEMORY_REGION2 failed|SNP_LAUNCH_(?:START|UPDATE|FINISH) ret=-?\d|\bsev_(?:common_)?kvm_init: |\bkvm_sev_(?:init|change_state|snp_launch_\w{1,16})\b/;
const spokenBy = /\bqemu-(?:system-\w{1,16}|kvm): /;
const trace = /\bkvm_sev_(change_state|snp_launch_start) (.{0,256})/;
/** Each line of a launch, its failure and its traces has one of these words. */
const mark = /kvm|sev|snp|guest|qemu|igvm|efi|BIOS|CPUID|slot|launch|firmware/i;
/** libvirt appends every start of a guest to one log. */
const startMark = ': starting up libvirt version';

export const qemu: TextReader = {
	kind: 'qemu',
	recognise(text) {
		const plain = plainText(text);
		if (ownWords.test(plain)) {
			return 3;
		}
		if (mentionsFailure(plain) || hasCommandLine(plain)) {
			return 2;
		}
		return spokenBy.test(plain) ? 1 : 0;
	},
	read(text) {
		const plain = plainText(text);
		return readLaunch(plain.slice(Math.max(0, plain.lastIndexOf(startMark))));
	},
};

/** One launch: the first failure is the cause, what comes after it are its consequences. */
function readLaunch(text: string): Reading {
	const command = readCommandLine(text);
	let state: string | null = null;
	let policy: bigint | null = null;
	let failure: Failure | null = null;
	let consequence: string | null = null;
	for (const line of lines(text)) {
		if (!mark.test(line) || isSourceCode(line)) {
			continue;
		}
		const [, event, words = ''] = trace.exec(line) ?? [];
		if (event === 'change_state') {
			state = /-> ?([\w-]{1,32})/.exec(words)?.[1] ?? state;
		} else if (event === 'snp_launch_start') {
			policy = parsePolicy(/\bpolicy (0x[0-9a-f]{1,16})/.exec(words)?.[1] ?? '');
		}
		const found = slotFailure.test(line)
			? { code: memorySlotCause(parseMemorySlot(line), state === 'running'), at: line.search(slotFailure) }
			: findFailure(line);
		if (found?.code != null) {
			failure = firstCause(failure, { code: found.code, line, at: found.at });
		} else if (found !== null) {
			consequence ??= line;
		}
	}
	const signs = [...(command?.signs ?? []), ...failureSigns(failure, consequence)];
	const running = state === 'running' && policy !== null && failure === null;
	return {
		kind: 'qemu',
		snp: running ? 'usable' : failure !== null && hostCannot.has(failure.code) ? 'unusable' : 'unknown',
		facts: {
			...(command?.facts ?? {}),
			...(failure === null ? {} : failureFacts(failure.line)),
			launchState: state,
			policy: policyText(policy) ?? command?.facts.policy ?? null,
			policyBit17: policy === null ? null : hasReservedBit(policy),
			via: via(text),
		},
		signs,
	};
}

interface Failure {
	readonly code: string;
	readonly line: string;
	readonly at: number;
}

/** What comes after the first failure follows from it; only the page that the firmware refused is named behind the refusal. */
function firstCause(first: Failure | null, next: Failure): Failure {
	return first === null || (first.code === 'launch-update-refused' && next.code === 'cpuid-page-rejected') ? next : first;
}

/** With these, no SNP guest starts here, however it is defined. */
const hostCannot = new Set(['qemu-without-snp-object', 'kvm-without-snp', 'kvm-qemu-interface-mismatch']);

function failureSigns(failure: Failure | null, consequence: string | null): readonly Sign[] {
	if (failure !== null) {
		return [{ code: failure.code, evidence: quoteLine(failure.line, failure.at) }];
	}
	return consequence === null ? [] : [{ code: 'launch-failure-cut-off', evidence: quoteLine(consequence) }];
}

function failureFacts(line: string): { readonly [name: string]: Fact } {
	const slot = parseMemorySlot(line);
	if (slot !== null) {
		return {
			slot: slot.slot,
			start: `0x${slot.start.toString(16)}`,
			flags: `0x${slot.flags.toString(16)}`,
			guestMemfd: slot.guestMemfd,
		};
	}
	const errno = errnoTexts.find(([words]) => line.includes(words))?.[1] ?? null;
	return { ...commandResult(line), errno };
}

const errnoTexts: readonly (readonly [string, string])[] = [
	['No such file or directory', 'ENOENT'],
	['Permission denied', 'EACCES'],
	['Operation not permitted', 'EPERM'],
	['Device or resource busy', 'EBUSY'],
	['Invalid argument', 'EINVAL'],
];

function via(text: string): string | null {
	if (/failed to (?:launch qemu|create shim task)|\bkata\b/.test(text)) {
		return 'kata';
	}
	return /error: (?:Failed to start domain|internal error)|\blibvirt\b|\bvirtqemud\b/.test(text) ? 'libvirt' : null;
}

/** A container runtime's log has QEMU's line feeds as two characters. */
function lines(text: string): readonly string[] {
	return text.includes('\\n') ? text.split(/\n|\\n/) : text.split('\n');
}
