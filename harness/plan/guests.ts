// The guests of a cell, from the matrix's entry for its guest-os.

import { posix } from 'node:path';
import type { GuestEntry, Matrix } from '../language/matrix.ts';
import type { PlannedGuest } from '../language/plan.ts';
import type { Cell } from './cells.ts';

const mebibytesPerGibibyte = 1024;

/** Subject and control; none when the matrix does not know this guest-os. Paths are joined to the matrix's directory. */
export function planGuests(matrix: Matrix, matrixDirectory: string, cell: Cell): readonly PlannedGuest[] {
	const entry = matrix.guests[cell.axes['guest-os']];
	if (entry === undefined) {
		return [];
	}
	return [
		planGuest(matrix, matrixDirectory, cell, 'subject', cell.axes.tee, cell.axes.boot, entry),
		planGuest(
			matrix,
			matrixDirectory,
			cell,
			'control',
			'none',
			cell.axes.boot === 'direct' ? 'direct' : 'disk',
			asControl(entry),
		),
	];
}

/** The plain guest: what the entry says under `control`, laid over the entry itself. */
function asControl(entry: GuestEntry): GuestEntry {
	const { firmware, ...rest } = entry.control ?? {};
	const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
	const merged: GuestEntry = { ...entry, ...given };
	if (firmware === 'none') {
		const { firmware: _without, ...bare } = merged;
		return bare;
	}
	return firmware === undefined ? merged : { ...merged, firmware };
}

function planGuest(
	matrix: Matrix,
	directory: string,
	cell: Cell,
	role: PlannedGuest['role'],
	tee: string,
	boot: string,
	entry: GuestEntry,
): PlannedGuest {
	const join = (path: string) => (posix.isAbsolute(path) ? path : posix.join(directory, path));
	const limits = matrix.limits;
	return {
		name: `${cell.id}-${role}`,
		role,
		tee,
		boot,
		guestOs: cell.axes['guest-os'],
		launch: {
			with: entry.with,
			...(entry.kernel === undefined ? {} : { kernel: join(entry.kernel) }),
			...(entry.initrd === undefined ? {} : { initrd: join(entry.initrd) }),
			...(entry.append === undefined ? {} : { append: entry.append }),
			...(entry.firmware === undefined ? {} : { firmware: { code: join(entry.firmware.code), vars: join(entry.firmware.vars) } }),
			tpm: entry.tpm,
			memoryMiB: entry.memory,
			cpus: entry.cpus,
		},
		milestones: Object.entries(entry.milestones).map(([name, pattern]) => ({ name, pattern })),
		limitMs: limits.boot + Math.ceil(entry.memory / mebibytesPerGibibyte) * limits['boot-per-gib'],
	};
}
