// What the doctor asks a host, in one round trip: what it says of SEV-SNP, and what it is.

import { type HostTexts, hostTextRequests, hostTexts } from '../checks/host-texts.ts';
import { phase0 } from '../plan/host-facts.ts';
import type { Answer, Machine, MachineRequest } from '../ports.ts';
import { isForMachine } from '../run/round-trip.ts';

const asked: readonly (readonly [string, MachineRequest])[] = Object.entries({ ...hostTextRequests, ...phase0 }).flatMap(
	([title, request]) => (isForMachine(request) ? [[title, request] as const] : []),
);

/** All that the doctor asks of a host. */
export const doctorRequests: readonly MachineRequest[] = asked.map(([, request]) => request);

interface AskedHost extends HostTexts {
	/** Answers by title, for phase 0's reading of what the host is. */
	readonly answers: ReadonlyMap<string, Answer>;
}

export async function askHost(machine: Machine, signal: AbortSignal): Promise<AskedHost> {
	const exchanges = await machine.perform(doctorRequests, signal);
	const answers = new Map(
		asked.flatMap(([title], index) => (exchanges[index] === undefined ? [] : [[title, exchanges[index].answer] as const])),
	);
	return { ...hostTexts(answers), answers };
}
