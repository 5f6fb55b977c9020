// The closed list of causes, in the order of the chain from firmware setup to guest.

import type { Cause } from '../reading.ts';
import { kernelCauses } from './kernel.ts';
import { toolsCauses } from './tools.ts';
import { virtCauses } from './virt.ts';

export const causes: readonly Cause[] = [...kernelCauses, ...toolsCauses, ...virtCauses].sort((a, b) => a.rank - b.rank);

const byCode: ReadonlyMap<string, Cause> = new Map(causes.map((cause) => [cause.code, cause]));

/** The entry of a code. Readers name only codes of the list, so that another one is a defect and throws. */
export function findCause(code: string): Cause {
	const cause = byCode.get(code);
	if (cause === undefined) {
		throw new Error(`a reader names the cause '${code}', which is not in the list of causes`);
	}
	return cause;
}
