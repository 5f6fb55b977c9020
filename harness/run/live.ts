// Live answers: machines and guests behind the ports, every exchange recorded.

import type { Recorder } from '../evidence/recorder.ts';
import type { PlannedCell } from '../language/plan.ts';
import type {
	Answer,
	Clock,
	Exchange,
	Fault,
	GuestControl,
	GuestRole,
	GuestSpec,
	KeyRequest,
	KeyService,
	Machine,
	MachineRequest,
	Random,
	Request,
	RunningGuest,
} from '../ports.ts';
import type { Emit } from './events.ts';
import { collect, isForMachine, type SharedExchange } from './round-trip.ts';
import type { Answered, Keyed, Lane, Source } from './source.ts';
import type { Tasks } from './tasks.ts';

export interface LiveParts {
	readonly host: Machine;
	readonly guests: GuestControl;
	readonly keys: KeyService;
	readonly cells: readonly PlannedCell[];
	readonly recorder: Recorder;
	readonly clock: Clock;
	readonly random: Random;
	readonly tasks: Tasks;
	readonly emit: Emit;
	/** Longest command of a check that sets no limit of its own. */
	readonly commandLimitMs: number;
	readonly signal: AbortSignal;
}

interface Recorded {
	readonly exchange: Exchange;
	readonly id: string;
}

interface Boot extends Recorded {
	readonly machine: Machine | Fault;
}

export function createLiveSource(parts: LiveParts): Source {
	const boots = new Map<string, Promise<Boot>>();
	const keys = new Map<string, Promise<Recorded>>();
	const shared = new Map<string, Map<string, SharedExchange>>();

	/** Boots the guest once; every later request for the same role gets the same boot. */
	const boot = (cell: string, role: GuestRole): Promise<Boot> => {
		const name = `${cell}-${role}`;
		const known = boots.get(name) ?? startGuest(parts, cell, role);
		boots.set(name, known);
		return known;
	};

	/** A key is the same whoever asks, so that equal requests of a run are one exchange. */
	const fetchKey = (key: KeyRequest): Promise<Recorded> => {
		const text = JSON.stringify(key);
		const asked = keys.get(text) ?? askForKey(parts, key);
		keys.set(text, asked);
		// What may be had later is asked for again by the next check; the service is not troubled before it wants to be.
		void asked.then(({ exchange }) => isPassing(exchange.answer) && keys.delete(text)).catch(() => {});
		return asked;
	};

	const machineOf = async (lane: Lane): Promise<Machine | Fault> => {
		if (lane.on === 'host') {
			return parts.host;
		}
		const booted = boots.get(`${lane.cell}-subject`);
		const message = `no guest was booted in cell '${lane.cell}': a check of a guest needs 'guest.boot'`;
		return booted === undefined ? { kind: 'fault', code: 'not-started', message } : (await booted).machine;
	};

	const local = (request: Request): Exchange => {
		const startedAt = parts.clock.now();
		const answer: Answer =
			request.do === 'random'
				? { kind: 'bytes', bytes: parts.random.bytes(request.length) }
				: { kind: 'time', iso: new Date(startedAt).toISOString() };
		return { answer, startedAt, endedAt: startedAt };
	};

	/** What is to be asked of one machine, in one go. */
	const roundTrip = async (lane: Lane, requests: readonly Keyed[]) => {
		const machine = requests.some(({ request }) => isForMachine(request)) ? await machineOf(lane) : null;
		const trip = collect(requests, lookUp(shared, laneName(lane)));
		const answers = machine === null ? [] : await perform(parts, machine, trip.requests);
		const ids = answers.map((exchange, index) => record(parts, machine, trip.requests[index], exchange));
		trip.learn(answers, ids);
		return trip;
	};

	return {
		ask: async (lane, requests) => {
			const own = lane.on === 'host' ? requests : requests.filter(({ request }) => !isForHost(request));
			const [trip, hostTrip] = await Promise.all([
				roundTrip(lane, own),
				roundTrip(
					{ on: 'host', phase: lane.phase },
					requests.filter((keyed) => !own.includes(keyed)),
				),
			]);
			const result: Answered[] = [];
			for (const keyed of requests) {
				const { request } = keyed;
				let exchange: Exchange;
				let id: string;
				if (request.do === 'boot') {
					const booted = await boot(lane.on === 'guest' ? lane.cell : '', request.role);
					({ exchange, id } = booted);
				} else if (request.do === 'random' || request.do === 'now') {
					exchange = local(request);
					id = parts.recorder.exchange('controller', null, request, exchange);
				} else if (request.do === 'fetch-key') {
					({ exchange, id } = await fetchKey(request.key));
				} else if (request.do === 'channel-key') {
					const machine = await machineOf(lane);
					exchange = channelKey(machine, parts.clock.now());
					id = parts.recorder.exchange('kind' in machine ? 'none' : machine.name, null, request, exchange);
				} else {
					({ exchange, id } = (own.includes(keyed) ? trip : hostTrip).answerOf(keyed));
				}
				parts.recorder.use(keyed.key, id);
				result.push({ ...exchange, exchange: id });
			}
			return result;
		},
		release: async (cell) => {
			for (const role of ['subject', 'control'] as const) {
				await parts.tasks.end(`guest ${cell}-${role}`);
			}
		},
	};
}

/** A guest's check may ask the host that the guest runs on. */
function isForHost(request: Request): boolean {
	return 'on' in request && request.on === 'host';
}

/** Empty where the channel proves nothing of who is at its other end. */
function channelKey(machine: Machine | Fault, now: number): Exchange {
	const answer: Answer = 'kind' in machine ? machine : { kind: 'bytes', bytes: machine.channelKey ?? new Uint8Array() };
	return { answer, startedAt: now, endedAt: now };
}

async function askForKey(parts: LiveParts, key: KeyRequest): Promise<Recorded> {
	const exchange = await parts.keys.fetch(key, parts.signal);
	return { exchange, id: parts.recorder.exchange('controller', null, { do: 'fetch-key', key }, exchange) };
}

function isPassing(answer: Answer): boolean {
	return answer.kind === 'fault' && ['kds-unavailable', 'kds-throttled', 'interrupted'].includes(answer.code);
}

function laneName(lane: Lane): string {
	return `${lane.phase} ${lane.on === 'host' ? 'host' : lane.cell}`;
}

function lookUp(shared: Map<string, Map<string, SharedExchange>>, name: string): Map<string, SharedExchange> {
	const known = shared.get(name) ?? new Map<string, SharedExchange>();
	shared.set(name, known);
	return known;
}

async function perform(
	parts: LiveParts,
	machine: Machine | Fault,
	requests: readonly MachineRequest[],
): Promise<readonly Exchange[]> {
	if ('kind' in machine) {
		const now = parts.clock.now();
		return requests.map(() => ({ answer: machine, startedAt: now, endedAt: now }));
	}
	const limited = requests.map((request) =>
		request.do === 'exec' || request.do === 'transceive' ? { timeoutMs: parts.commandLimitMs, ...request } : request,
	);
	return requests.length === 0 ? [] : machine.perform(limited, parts.signal);
}

function record(
	parts: LiveParts,
	machine: Machine | Fault | null,
	request: MachineRequest | undefined,
	exchange: Exchange,
): string {
	if (request === undefined) {
		throw new Error('a machine answered more requests than it was sent');
	}
	const known = machine !== null && !('kind' in machine);
	return parts.recorder.exchange(known ? machine.name : 'none', known ? machine.bootId : null, request, exchange);
}

/** The task of booting one guest; its teardown is queued before anything is started. */
async function startGuest(parts: LiveParts, cell: string, role: GuestRole): Promise<Boot> {
	const planned = parts.cells.find(({ id }) => id === cell)?.guests.find((guest) => guest.role === role);
	const startedAt = parts.clock.now();
	const finish = (answer: Answer, machine: Machine | Fault): Boot => {
		const exchange = { answer, startedAt, endedAt: parts.clock.now() };
		return { exchange, machine, id: parts.recorder.exchange('controller', null, { do: 'boot', role }, exchange) };
	};
	if (planned === undefined) {
		const message = `the matrix has no guest for cell '${cell}': add its guest-os under 'guests'`;
		const fault: Fault = { kind: 'fault', code: 'not-available', message };
		return finish(fault, fault);
	}
	const running = await bootPlanned(parts, planned);
	parts.emit({ event: 'guest-end', guest: planned.name, ended: 'kind' in running ? running.message : running.boot.ended });
	return 'kind' in running ? finish(running, running) : finish(running.boot, running.machine);
}

function bootPlanned(parts: LiveParts, spec: GuestSpec): Promise<RunningGuest | Fault> {
	parts.tasks.queue(`guest ${spec.name}`, () => parts.guests.stop(spec.name));
	parts.emit({ event: 'guest-start', guest: spec.name, limitMs: spec.limitMs });
	return parts.guests.boot(
		spec,
		(news) =>
			parts.emit(
				news.news === 'console'
					? { event: 'guest-console', guest: spec.name, line: news.line }
					: { event: 'guest-milestone', guest: spec.name, name: news.name, ms: news.ms },
			),
		parts.signal,
	);
}
