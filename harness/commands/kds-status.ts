// snpgate kds status: what the store has. Uses no network and changes nothing.

import type { StoreEntry } from '../kds/store.ts';
import { formatDocument } from '../language/document.ts';
import { type KeptKey, renderStore } from '../reporters/kds-page.ts';
import { keyServiceUrl, openKeyStore } from './key-service.ts';
import { clock } from './system.ts';

export function showStatus(json: boolean): number {
	const store = openKeyStore();
	const { origin, pathname } = keyServiceUrl();
	const now = clock.now();
	const status = {
		store: store.directory,
		service: `${origin}${pathname.replace(/\/+$/, '')}`,
		entries: store.list().map((entry) => describe(entry, now)),
	};
	process.stdout.write(json ? formatDocument({ format: 'snpgate.kds-status/1', ...status }) : renderStore(status, now));
	return 0;
}

function describe({ request, path, keptAt, material }: StoreEntry, now: number): KeptKey {
	const known = { request, path, keptAt: iso(keptAt) };
	if ('problem' in material) {
		return { ...known, validFrom: null, validTo: null, state: 'damaged', problem: material.problem };
	}
	const { from, to } = material.validity;
	const state = now < from ? 'early' : to !== null && now > to ? 'over' : 'current';
	// Without the certificates above, a signature could not be looked at.
	const problem = material.chain === null ? 'the certificates above it are not here, so its signature was not checked' : null;
	return { ...known, validFrom: iso(from), validTo: to === null ? null : iso(to), state, problem };
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
