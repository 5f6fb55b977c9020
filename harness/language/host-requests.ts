// Requests that several checks and phase 0 make in the same words, so that they are sent once.

import type { Request } from '../ports.ts';

/** The first processors of /proc/cpuinfo: a record is about 2 KiB, and a large host's file half a megabyte. */
export const cpuinfoRequest: Request = { do: 'exec', argv: ['head', '-c', '8192', '/proc/cpuinfo'] };

export const osReleaseRequest: Request = { do: 'read-file', path: '/etc/os-release' };

export const kernelReleaseRequest: Request = { do: 'exec', argv: ['uname', '-r'] };

/** One CPUID leaf of processor 0: the driver takes the leaf as file offset and gives 16 bytes (cpuid(4)). */
export function cpuidRequest(leaf: number): Request {
	return {
		do: 'exec',
		argv: ['dd', 'if=/dev/cpu/0/cpuid', 'bs=16', 'count=1', 'iflag=skip_bytes', `skip=${leaf}`, 'status=none'],
	};
}
