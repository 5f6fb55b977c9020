// One launch of a guest in QEMU's words: the first failure is the cause, what comes after it are its consequences.

import { memorySlotCause, parseMemorySlot } from './memory-slot.ts';
import { type Failure, findFailures } from './qemu-failures.ts';
import { parsePolicy } from './snp-policy.ts';

/** A trace event with its values; without them it is a list of events or a program. */
const trace =
	/\bkvm_sev_(?:(change_state) \S{1,32} -> ?([\w-]{1,32})|(snp_launch_start) policy (0x[0-9a-f]{1,16})|(?:snp_)?launch_update(?:_\w{1,16})? \w{1,8} 0x[0-9a-f]|snp_launch_finish id_block \S)/g;
/** The log backend puts the process and the time before an event. */
const traceStart = /(?:^|[\s:])$/;
/** What the firmware refused is named behind the refusal. */
const cpuidPage = /SEV-SNP: (?:CPUID validation failed|failed update CPUID page)/;

export interface Launch {
	/** The first failure that has a cause. */
	readonly cause: { readonly code: string; readonly host: boolean; readonly line: string; readonly at: number } | null;
	/** A failure whose reason is said, but is none of the causes. */
	readonly reason: Failure | null;
	/** A failure that follows from another one. */
	readonly consequence: Failure | null;
	/** The last state that a trace shows. */
	readonly state: string | null;
	readonly policy: bigint | null;
	readonly traced: boolean;
}

export function readLaunch(text: string): Launch {
	const traces = text.includes('kvm_sev_') ? findTraces(text) : [];
	const states = traces.filter(({ state }) => state !== null);
	let cause: Launch['cause'] = null;
	let reason: Failure | null = null;
	let consequence: Failure | null = null;
	for (const failure of findFailures(text)) {
		const code = failure.code ?? slotCode(failure, states.findLast(({ offset }) => offset < failure.offset)?.state ?? null);
		if (code !== null) {
			cause = { ...failure, code };
			break;
		}
		if (failure.follows) {
			consequence ??= failure;
		} else {
			reason ??= failure;
		}
	}
	return {
		cause: cause?.code === 'launch-update-refused' ? (refusedPage(text) ?? cause) : cause,
		reason,
		consequence,
		state: states.at(-1)?.state ?? null,
		policy: traces.findLast(({ policy }) => policy !== null)?.policy ?? null,
		traced: traces.length > 0,
	};
}

function slotCode({ line }: Failure, state: string | null): string | null {
	return line.includes('KVM_SET_USER_MEMORY_REGION2 failed') ? memorySlotCause(parseMemorySlot(line), state === 'running') : null;
}

function refusedPage(text: string): Launch['cause'] {
	const at = text.search(cpuidPage);
	for (const failure of at < 0 ? [] : findFailures(text, at)) {
		if (failure.code === 'cpuid-page-rejected') {
			return { ...failure, code: failure.code };
		}
	}
	return null;
}

interface Trace {
	readonly offset: number;
	readonly state: string | null;
	readonly policy: bigint | null;
}

function findTraces(text: string): readonly Trace[] {
	return Array.from(text.matchAll(trace)).flatMap(({ index, 2: state = null, 4: policy = '' }) => {
		const line = text.slice(Math.max(text.lastIndexOf('\n', index) + 1, index - 256), index);
		return traceStart.test(line) ? [{ offset: index, state, policy: parsePolicy(policy) }] : [];
	});
}
