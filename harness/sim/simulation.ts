// A simulated host with all that belongs to it: its guests, the secure processor that signs for them, and a key service that
// knows that processor alone.

import { createHash } from 'node:crypto';
import { productOf } from '../domain/snp/product.ts';
import type { Trust } from '../domain/snp/roots.ts';
import type { Clock, GuestControl, KeyService, Machine } from '../ports.ts';
import { createSimulatedGuests } from './guests.ts';
import { createSimulatedHost } from './host.ts';
import { hostFiles } from './host-files.ts';
import type { AuthoritiesOf } from './secure-processor/authorities.ts';
import { createChip } from './secure-processor/chip.ts';
import { createSimulatedKeyService } from './secure-processor/key-service.ts';
import type { World } from './world.ts';

export interface Simulation {
	readonly machine: Machine;
	readonly guests: GuestControl;
	readonly keys: KeyService;
	/** The simulated root, which vouches for nothing else. */
	readonly trust: Trust;
}

interface SimulationParts {
	readonly clock: Clock;
	/** Whose signatures the simulated processor's keys have. */
	readonly authorities: AuthoritiesOf;
}

/** The host of this world, switched on. */
export function simulate(world: World, { clock, authorities: authoritiesOf }: SimulationParts): Simulation {
	const product = productOf(world.cpu);
	if (product === null) {
		throw new Error(`world '${world.name}' has a processor without SEV-SNP keys`);
	}
	const authorities = authoritiesOf(product);
	const hwid = Buffer.from(world.sev.chipId, 'hex');
	const chip = createChip({ product, hwid, authorities, cspId: world.sev.cspId });
	const files = hostFiles(world);
	return {
		machine: createSimulatedHost(world, { clock, files }),
		guests: createSimulatedGuests(world, { clock, files, chip }),
		keys: createSimulatedKeyService(chip, authorities, clock),
		trust: { by: 'root', hashes: [createHash('sha256').update(authorities.ARK.certificate).digest('hex')] },
	};
}
