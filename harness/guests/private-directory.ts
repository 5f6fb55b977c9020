// The directory of one guest: variable store, TPM state and sockets. Its owner removes it; what an owner that was killed has
// left is removed by the next one.

import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcess } from '../machines/process-tree.ts';

const prefix = 'snpgate-';
/** As mkdtemp(3) makes them. */
const pattern = /^snpgate-[A-Za-z0-9]{6}$/;

/** Makes a directory that only this user may enter, and notes in it which process it belongs to. */
export function makePrivateDirectory(parent: string): string {
	const directory = mkdtempSync(join(parent, prefix));
	writeFileSync(join(directory, 'owner'), JSON.stringify(identify(process.pid)));
	return directory;
}

/** Removes the directories below `parent` whose owner provably ended: this user's, of this boot and this pid namespace. */
export function removeAbandoned(parent: string): void {
	for (const name of namesIn(parent).filter((name) => pattern.test(name))) {
		const directory = join(parent, name);
		if (isAbandoned(directory)) {
			rmSync(directory, { recursive: true, force: true });
		}
	}
}

function namesIn(directory: string): readonly string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}

/** What tells a process from every other one, before and after it, here and in a container beside. */
function identify(pid: number) {
	return {
		pid,
		started: readProcess(pid)?.started ?? null,
		boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
		namespace: readlinkSync('/proc/self/ns/pid'),
	};
}

function isAbandoned(directory: string): boolean {
	try {
		const found = lstatSync(directory);
		const file = join(directory, 'owner');
		if (!found.isDirectory() || found.uid !== process.getuid?.() || !lstatSync(file).isFile()) {
			return false;
		}
		const owner: Partial<ReturnType<typeof identify>> = JSON.parse(readFileSync(file, 'utf8'));
		const { pid, started, boot, namespace } = owner;
		if (typeof pid !== 'number' || typeof started !== 'string') {
			return false;
		}
		const now = identify(pid);
		return boot === now.boot && namespace === now.namespace && started !== now.started;
	} catch {
		// No such file, not JSON, or removed in the meantime: nothing is proved.
		return false;
	}
}
