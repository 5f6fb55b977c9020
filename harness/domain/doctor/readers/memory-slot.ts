// KVM refused a piece of guest memory: QEMU's one line for it stands for several causes.

export interface MemorySlot {
	readonly slot: number;
	readonly start: bigint;
	readonly flags: number;
	readonly guestMemfd: number;
}

const form =
	/KVM_SET_USER_MEMORY_REGION2 failed, slot=(\d{1,9}), start=(0x[0-9a-f]{1,16}), size=0x[0-9a-f]{1,16}, flags=(0x[0-9a-f]{1,8})(?:, guest_memfd=(-?\d{1,9}))?/;

/** KVM_MEM_READONLY and KVM_MEM_GUEST_MEMFD of linux/kvm.h. */
const readOnly = 0x2;
const withGuestMemfd = 0x4;
/** The number of the address space is in the upper half; 1 is system management mode's. */
const firstSmmSlot = 0x10000;
/** Firmware in flash ends at 4 GiB; 32 MiB are more than any of it has. */
const flashFrom = 0xfe000000n;
const flashEnd = 0x100000000n;

export function parseMemorySlot(line: string): MemorySlot | null {
	const [, slot, start, flags, guestMemfd] = form.exec(line) ?? [];
	if (slot === undefined || start === undefined || flags === undefined) {
		return null;
	}
	return { slot: Number(slot), start: BigInt(start), flags: Number(flags), guestMemfd: Number(guestMemfd ?? -1) };
}

/** The code of the cause; `launched` when a trace before the line shows the guest running. */
export function memorySlotCause(slot: MemorySlot | null, launched: boolean): string {
	if (slot === null) {
		return launched ? 'runtime-memslot-failure-after-launch' : 'memory-slot-rejected';
	}
	if (slot.slot >= firstSmmSlot && (slot.flags & withGuestMemfd) === 0) {
		return 'not-snp';
	}
	if (launched) {
		return 'runtime-memslot-failure-after-launch';
	}
	const flash = (slot.flags & readOnly) !== 0 && slot.start >= flashFrom && slot.start < flashEnd;
	return flash ? 'pflash-with-snp' : 'memory-slot-rejected';
}
