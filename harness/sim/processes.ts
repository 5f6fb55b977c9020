// The processes of a simulated host that somebody may look at: the emulators of its guests, in /proc.

import type { FileTree } from './files.ts';
import { procFile } from './system-files.ts';

export interface Processes {
	/** Gives the process id. */
	start(argv: readonly string[]): number;
	end(pid: number): void;
}

const firstPid = 4211;

export function createProcesses(files: FileTree): Processes {
	let next = firstPid;
	return {
		start: (argv) => {
			const pid = next++;
			files.put({
				[`/proc/${pid}/cmdline`]: procFile(argv.map((word) => `${word}\0`).join('')),
				[`/proc/${pid}/exe`]: { type: 'link', to: argv[0] ?? '' },
			});
			return pid;
		},
		end: (pid) => files.take(`/proc/${pid}`),
	};
}
