// Everything read-only that the suites' checks of a host and the doctor ask first of a host, each request once.

import { kinds } from '../checks/index.ts';
import type { Suite } from '../language/suite.ts';
import type { MachineRequest, Request } from '../ports.ts';
import { doctorRequests } from './doctor-host.ts';
import { defaultMatrix, loadMatrixFile, loadSuites, requireSound } from './load.ts';

export type ReadRequest = Extract<MachineRequest, { do: 'exec' | 'read-file' }>;

interface HostAsk {
	readonly request: ReadRequest;
	readonly checks: readonly { readonly id: string; readonly kind: string }[];
	readonly doctor: boolean;
}

/** The suites of the project; throws UsageError when they are unsound. */
export function projectSuites(): readonly Suite[] {
	const loaded = loadSuites([]);
	requireSound(loaded, loadMatrixFile(defaultMatrix));
	return loaded.suites;
}

/**
 * The first batch of every check of a host, and the doctor's list. A generator asks its first batch before it has seen
 * anything, so nothing needs to be observed for this; a request that changes something is left out.
 */
export function hostAsks(suites: readonly Suite[]): readonly HostAsk[] {
	const asks = new Map<string, HostAsk>();
	const add = (request: Request, check: HostAsk['checks'][number] | null) => {
		if (!isRead(request)) {
			return;
		}
		const key = JSON.stringify(request);
		const known = asks.get(key) ?? { request, checks: [], doctor: false };
		asks.set(key, check === null ? { ...known, doctor: true } : { ...known, checks: [...known.checks, check] });
	};
	for (const { id, kind, params } of suites.flatMap(({ checks }) => checks).filter(({ target }) => target === 'host')) {
		const first = kinds
			.find((candidate) => candidate.kind === kind)
			?.observe(params)
			.next();
		for (const request of first === undefined || first.done === true ? [] : Object.values(first.value)) {
			add(request, { id, kind });
		}
	}
	for (const request of doctorRequests) {
		add(request, null);
	}
	return [...asks.values()];
}

function isRead(request: Request): request is ReadRequest {
	return request.do === 'read-file' || (request.do === 'exec' && request.changes !== true);
}
