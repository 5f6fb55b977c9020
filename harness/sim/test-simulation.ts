// For tests: a simulation with the signing keys of this machine.

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../ports.ts';
import { loadAuthorities } from './secure-processor/authorities.ts';
import { type Simulation, simulate } from './simulation.ts';
import type { World } from './world.ts';

export const testAuthorities = await loadAuthorities(join(homedir(), '.cache', 'snpgate'));

export function testSimulation(world: World, clock: Clock): Simulation {
	return simulate(world, { clock, authorities: testAuthorities });
}
