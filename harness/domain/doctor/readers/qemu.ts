// What QEMU says of a launch, alone or wrapped by libvirt, kata and time stamps; its traces; its command line.

import { rememberLast } from '../../text/remember-last.ts';
import type { Fact, Sign, TextReader } from '../reading.ts';
import { parseMemorySlot } from './memory-slot.ts';
import { plainText, quoteLine } from './pasted-text.ts';
import { readCommandLine } from './qemu-argv.ts';
import { commandResult } from './qemu-failures.ts';
import { type Launch, readLaunch } from './qemu-launch.ts';
import { emulatorSays } from './qemu-spoken.ts';
import { hasReservedBit, policyText } from './snp-policy.ts';
import { isWritten } from './written-text.ts';

/** Words that only QEMU has, of SEV and of memory that SEV-SNP needs. */
const ownWords = /KVM_SET_USER_MEMORY_REGION2 failed|SNP_LAUNCH_(?:START|UPDATE|FINISH) ret=|\bsev_(?:common_)?kvm_init: /;
/** libvirt appends every start of a guest to one log. */
const startMark = ': starting up libvirt version';

/** The last launch of the text. A container runtime's log has QEMU's line feeds as two characters. */
const lastLaunch = rememberLast((text: string) => {
	const plain = plainText(text);
	const last = plain.slice(Math.max(0, plain.lastIndexOf(startMark)));
	const said = last.includes('\\n') ? last.replaceAll('\\n', '\n') : last;
	return { said, launch: readLaunch(said), command: readCommandLine(said) };
});

export const qemu: TextReader = {
	kind: 'qemu',
	recognise(text) {
		const { launch, command } = lastLaunch(text);
		const score = launch.traced ? 3 : Math.max(spokenScore(launch), command === null ? 0 : 2, hint(text));
		return score === 0 || isWritten(plainText(text)) ? 0 : score === 3 ? 3 : score === 2 ? 2 : 1;
	},
	read(text) {
		const { said, launch, command } = lastLaunch(text);
		const { cause, state, policy } = launch;
		const running = state === 'running' && policy !== null && cause === null;
		return {
			kind: 'qemu',
			snp: running ? 'usable' : cause?.host === true ? 'unusable' : 'unknown',
			facts: {
				...(command?.facts ?? {}),
				...(cause === null ? {} : failureFacts(cause.line)),
				...(cause === null && launch.reason !== null ? { reason: quoteLine(launch.reason.line, launch.reason.at) } : {}),
				launchState: state,
				policy: policyText(policy) ?? command?.facts.policy ?? null,
				policyBit17: policy === null ? null : hasReservedBit(policy),
				via: via(said),
			},
			signs: [...(command?.signs ?? []), ...failureSigns(launch)],
		};
	},
};

function spokenScore({ cause, reason, consequence }: Launch): number {
	const failures = [cause, reason, consequence].filter((failure) => failure !== null);
	return failures.some(({ line }) => ownWords.test(line)) ? 3 : failures.length > 0 ? 2 : 0;
}

function hint(text: string): number {
	return emulatorSays(plainText(text)) ? 1 : 0;
}

function failureSigns({ cause, reason, consequence }: Launch): readonly Sign[] {
	if (cause !== null) {
		return [{ code: cause.code, evidence: quoteLine(cause.line, cause.at) }];
	}
	// Where a reason is said nothing was cut off, although the doctor has no cause for it.
	return consequence === null || reason !== null
		? []
		: [{ code: 'launch-failure-cut-off', evidence: quoteLine(consequence.line) }];
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
