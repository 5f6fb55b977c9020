// The simulated host.

import type { Clock, Machine } from '../ports.ts';
import type { FileTree } from './files.ts';
import { hostKernelLog } from './host-log.ts';
import { createSimulatedMachine } from './machine.ts';
import { hostTools } from './tools/table.ts';
import type { World } from './world.ts';

interface HostParts {
	readonly clock: Clock;
	readonly files: FileTree;
}

/** The host of this world as a Machine with the name 'sim'. What is written to it is forgotten with it. */
export function createSimulatedHost(world: World, { clock, files }: HostParts): Machine {
	return createSimulatedMachine({
		name: 'sim',
		system: { identity: world.host, log: hostKernelLog(world), files },
		tools: hostTools(world),
		devices: new Map(),
		clock,
		gone: () => null,
	});
}
