// What must be there before a guest can be started.

import { constants } from 'node:fs';
import type { Fault, GuestLaunch, GuestSpec } from '../ports.ts';
import { findCommand, mayUse } from './child.ts';
import { emulator } from './qemu-arguments.ts';
import { tpmEmulator } from './swtpm.ts';

const packages = { [emulator]: 'qemu-system-x86-core (Debian: qemu-system-x86)', [tpmEmulator]: 'swtpm' };

/** The launch with absolute paths. */
export function resolveLaunch(launch: GuestLaunch, resolve: (path: string) => string): GuestLaunch {
	return {
		...launch,
		...(launch.kernel === undefined ? {} : { kernel: resolve(launch.kernel) }),
		...(launch.initrd === undefined ? {} : { initrd: resolve(launch.initrd) }),
		...(launch.firmware === undefined
			? {}
			: { firmware: { code: resolve(launch.firmware.code), vars: resolve(launch.firmware.vars) } }),
	};
}

/** Why this guest cannot even be tried, or null. Paths in its launch are absolute. */
export function whyNotStarted(spec: GuestSpec): Fault | null {
	const { name, launch, milestones } = spec;
	if (launch.with !== 'qemu') {
		return {
			kind: 'fault',
			code: 'not-available',
			message: `Guest '${name}' is to be launched with '${launch.with}'; launching through libvirt is not available yet in this version.`,
			next: "Choose a matrix whose guests are launched with 'qemu'.",
		};
	}
	for (const command of launch.tpm === 'swtpm' ? ([emulator, tpmEmulator] as const) : ([emulator] as const)) {
		if (findCommand(command) === null) {
			return notStarted(name, `the command '${command}' is not in PATH`, `Install ${packages[command]}.`);
		}
	}
	const files = {
		kernel: launch.kernel,
		initrd: launch.initrd,
		'firmware code': launch.firmware?.code,
		'firmware variable store': launch.firmware?.vars,
	};
	for (const [role, path] of Object.entries(files)) {
		if (path !== undefined && !mayUse(path, constants.R_OK)) {
			const next = "Prepare it with the script beside the matrix's images, or correct the path in the matrix.";
			return notStarted(name, `its ${role} '${path}' cannot be read`, next);
		}
	}
	for (const { name: milestone, pattern } of milestones) {
		if (!isExpression(pattern)) {
			const next = 'Correct the pattern in the matrix.';
			return notStarted(name, `the pattern '${pattern}' of milestone '${milestone}' is not a regular expression`, next);
		}
	}
	return null;
}

export function notStarted(name: string, why: string, next: string): Fault {
	return { kind: 'fault', code: 'not-started', message: `Guest '${name}' was not started: ${why}.`, next };
}

function isExpression(pattern: string): boolean {
	try {
		new RegExp(pattern);
		return true;
	} catch {
		return false;
	}
}
