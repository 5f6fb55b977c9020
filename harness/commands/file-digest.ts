// SHA-256 of a file that a command is given: a kernel or an initrd may be larger than anything that is read whole.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from './arguments.ts';

/** QEMU loads nothing larger; a device that never ends is given up here. */
const mostBytes = 2 * 1024 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

/** 32 bytes. `option` is how the user named the file. Throws UsageError when it cannot be read or does not end. */
export function sha256OfFile(file: string, option: string): Uint8Array {
	const digest = createHash('sha256');
	const chunk = Buffer.allocUnsafe(chunkBytes);
	let length = 0;
	try {
		const descriptor = openSync(file, 'r');
		try {
			for (let count = readSync(descriptor, chunk); count > 0; count = readSync(descriptor, chunk)) {
				digest.update(chunk.subarray(0, count));
				length += count;
				if (length > mostBytes) {
					throw new UsageError(`'${option} ${file}' is longer than ${mostBytes / 1024 ** 3} GiB, which no kernel or initrd is.`);
				}
			}
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		if (error instanceof UsageError) {
			throw error;
		}
		throw new UsageError(
			`'${option} ${file}' cannot be read: ${error instanceof Error ? error.message.split(',')[0] : error}. Give a file.`,
		);
	}
	return digest.digest();
}
