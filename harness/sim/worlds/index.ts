// The worlds by name.

import type { World } from '../world.ts';
import { f41Change } from './f41-change.ts';
import { f41Shipped } from './f41-shipped.ts';

const worlds: ReadonlyMap<string, World> = new Map([f41Change, f41Shipped].map((world) => [world.name, world]));

/** Names of all worlds. */
export const worldNames: readonly string[] = [...worlds.keys()];

/** The world of this name. */
export function findWorld(name: string): World | undefined {
	return worlds.get(name);
}
