// --host: the word a user gives to the adapters that serve it. The only place that knows which adapter is which.

import type { Trust } from '../domain/snp/roots.ts';
import { nearestWord } from '../domain/text/nearest.ts';
import { loadInventory } from '../language/load-inventory.ts';
import { formatProblems } from '../language/problems.ts';
import type { GuestControl, KeyService, Machine } from '../ports.ts';
import { UsageError } from './arguments.ts';
import { cacheDirectory } from './cache-directory.ts';
import { readSource } from './source-file.ts';
import { clock, random } from './system.ts';

/** Where the checks run, before anything is connected. */
export type Destination = { readonly at: 'local' } | { readonly at: 'sim'; readonly world: string | null };

export interface Connection {
	readonly machine: Machine;
	readonly guests: GuestControl;
	/** The key service for the reports of this host's guests; it tells what people should know while it is asked. */
	keys(tell: (text: string) => void): KeyService;
	/** Whose roots vouch for attestation reports: AMD's, but for a simulated machine, whose own vouch for nothing else. */
	readonly trust: Trust;
	/** Null on a real machine. */
	readonly simulated: { readonly world: string; readonly counterfactual: readonly string[] } | null;
}

/** Reads --host and --hosts; throws UsageError for what this version cannot reach. Never falls back to anything. */
export function readDestination(words: readonly string[], inventoryFile: string | undefined): Destination {
	if (words.length > 1) {
		throw new UsageError("Several '--host' in one run are not available yet in this version. Run them one after the other.");
	}
	const word = words[0] ?? 'local';
	const inventory = inventoryFile === undefined ? null : readInventory(inventoryFile);
	const entry = inventory?.hosts[word];
	const near = inventory === null || entry !== undefined ? null : nearestWord(word, Object.keys(inventory.hosts));
	if (near !== null && word !== 'local' && !word.startsWith('sim')) {
		throw new UsageError(`There is no host '${word}' in '${inventoryFile}'. Did you mean '${near}'?`);
	}
	if (word === '' || word === 'sim:' || (word !== 'sim' && /^sim$/i.test(word))) {
		throw new UsageError(`'--host ${word}' names no host: expected 'local', 'sim', 'sim:WORLD' or a name in --hosts.`);
	}
	return parseDestination(entry?.at ?? word, word);
}

function readInventory(file: string) {
	const source = readSource(file);
	const { inventory, problems } = loadInventory(source.text, source.path);
	if (inventory === null || problems.length > 0) {
		throw new UsageError(
			`${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in the inventory.\n\n${formatProblems(problems)}`,
		);
	}
	return inventory;
}

function parseDestination(at: string, word: string): Destination {
	if (at === 'local') {
		return { at: 'local' };
	}
	const world = /^sim(?::(.+))?$/.exec(at);
	if (world !== null) {
		return { at: 'sim', world: world[1] ?? null };
	}
	throw new UsageError(
		`Host '${word}' would be reached over SSH, which is not available yet in this version. Run snpgate on the host itself with '--host local'.`,
	);
}

/** Connects. `directory` is where guests keep their private files; `matrixWorld` is what bare 'sim' means. */
export async function connect(destination: Destination, matrixWorld: string | null): Promise<Connection> {
	return destination.at === 'local' ? connectLocal() : connectSimulated(destination.world ?? matrixWorld);
}

async function connectLocal(): Promise<Connection> {
	const { createLocalMachine } = await import('../machines/local.ts');
	const { createQemuGuests } = await import('../guests/qemu.ts');
	const { openKeyService } = await import('./key-service.ts');
	return {
		machine: await createLocalMachine({ clock, random }),
		guests: createQemuGuests({ clock, random, directory: process.cwd() }),
		keys: (tell) => openKeyService({ offline: false, clock, tell }),
		trust: { by: 'pins' },
		simulated: null,
	};
}

async function connectSimulated(name: string | null): Promise<Connection> {
	const { findWorld, worldNames } = await import('../sim/worlds/index.ts');
	const { simulate } = await import('../sim/simulation.ts');
	const { loadAuthorities } = await import('../sim/secure-processor/authorities.ts');
	const world = name === null ? undefined : findWorld(name);
	if (name === null || world === undefined) {
		const what =
			name === null
				? "This matrix names no simulated world; give one with 'sim:WORLD'."
				: `There is no simulated world '${name}'.`;
		throw new UsageError(`${what} Known: ${worldNames.join(', ')}.`);
	}
	const { keys, ...parts } = simulate(world, { clock, authorities: await loadAuthorities(cacheDirectory(process.env)) });
	return {
		...parts,
		keys: () => keys,
		simulated: { world: name, counterfactual: world.counterfactual },
	};
}
