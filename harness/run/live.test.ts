import test from 'ava';
import type { PlannedCell } from '../language/plan.ts';
import type { Answer, Exchange, GuestControl, KeyRequest, KeyService, Machine, MachineRequest } from '../ports.ts';
import { createLiveSource } from './live.ts';
import type { Keyed } from './source.ts';
import { createTasks } from './tasks.ts';

const read = (path: string): MachineRequest => ({ do: 'read-file', path });
const change: MachineRequest = { do: 'exec', argv: ['touch', '/x'], changes: true };
/** As it is sent: with the limit of the matrix, since it has none of its own. */
const sent: MachineRequest = { timeoutMs: 1000, ...change };

function exchange(text: string): Exchange {
	return { answer: { kind: 'file', bytes: Buffer.from(text), truncated: false }, startedAt: 1, endedAt: 2 };
}

function scene(
	answer: (request: MachineRequest, n: number) => Exchange = (_request, n) => exchange(String(n)),
	keyAnswer: (n: number) => Answer = (n) => ({ kind: 'bytes', bytes: Uint8Array.of(n) }),
) {
	const trips: (readonly MachineRequest[])[] = [];
	const uses: (readonly [string, string])[] = [];
	const fetched: KeyRequest[] = [];
	const recorded: (readonly [string, string])[] = [];
	const stopped: string[] = [];
	let sent = 0;
	let ids = 0;
	const host: Machine = {
		name: 'host',
		bootId: 'b',
		channelKey: null,
		perform: async (requests) => {
			trips.push(requests);
			return requests.map((request) => {
				sent += 1;
				return answer(request, sent);
			});
		},
		close: async () => {},
	};
	const guests: GuestControl = {
		boot: async () => ({ kind: 'fault', code: 'not-started', message: 'no emulator' }),
		stop: async (name) => {
			stopped.push(name);
		},
	};
	const keys: KeyService = {
		fetch: async (request) => {
			fetched.push(request);
			return { answer: keyAnswer(fetched.length), startedAt: 1, endedAt: 2 };
		},
	};
	const source = createLiveSource({
		host,
		guests,
		keys,
		cells: [cell],
		recorder: {
			exchange: (machine, _bootId, request) => {
				recorded.push([machine, request.do]);
				ids += 1;
				return `x${ids}`;
			},
			use: (key, id) => uses.push([key, id]),
		},
		clock: { now: () => 0 },
		random: { bytes: (length) => new Uint8Array(length).fill(7) },
		tasks: createTasks(1000, () => {}),
		emit: () => {},
		commandLimitMs: 1000,
		signal: new AbortController().signal,
	});
	const ask = (...requests: readonly (readonly [string, string, Keyed['request']])[]) =>
		source.ask(
			{ on: 'host', phase: 'main' },
			requests.map(([asker, name, request]) => ({ key: `${asker}/${name}`, asker, request })),
		);
	return { trips, uses, fetched, recorded, stopped, source, ask };
}

const cell: PlannedCell = {
	id: 'c',
	axes: { milestone: 'ga', generation: 'genoa', tee: 'none', boot: 'disk', 'guest-os': 'x' },
	host: 'h',
	skip: null,
	checks: [],
	guests: [
		{
			name: 'c-subject',
			role: 'subject',
			tee: 'none',
			boot: 'disk',
			guestOs: 'x',
			launch: { with: 'qemu', tpm: 'none', memoryMiB: 1, cpus: 1 },
			milestones: [],
			limitMs: 1,
		},
	],
};

test('an equal read-only request of several checks is sent once and used by each', async (t) => {
	const { ask, trips, uses } = scene();
	await ask(['a', 'log', read('/log')], ['b', 'text', read('/log')], ['b', 'other', read('/x')]);
	await ask(['d', 'log', read('/log')]);
	t.deepEqual(trips, [[read('/log'), read('/x')]]);
	t.deepEqual(uses, [
		['a/log', 'x1'],
		['b/text', 'x1'],
		['b/other', 'x2'],
		['d/log', 'x1'],
	]);
});

test('a check that asks twice is answered twice', async (t) => {
	const { ask, trips } = scene();
	await ask(['a', 'before', read('/x')]);
	const [again] = await ask(['a', 'after', read('/x')]);
	t.is(trips.length, 2);
	t.is(again?.exchange, 'x2');
});

test('nothing is shared across a change', async (t) => {
	const { ask, trips } = scene();
	await ask(['a', 'before', read('/x')], ['a', 'change', change], ['b', 'after', read('/x')]);
	t.deepEqual(trips, [[read('/x'), sent, read('/x')]]);
	await ask(['d', 'change', change], ['e', 'after', read('/x')]);
	t.deepEqual(trips[1], [sent, read('/x')]);
});

test('what was known before a change is still the answer to what was asked before it', async (t) => {
	const { ask, trips } = scene();
	await ask(['a', 'x', read('/x')]);
	const [first, , last] = await ask(['b', 'x', read('/x')], ['b', 'change', change], ['b', 'after', read('/x')]);
	t.is(first?.exchange, 'x1');
	t.is(last?.exchange, 'x3');
	t.deepEqual(trips, [[read('/x')], [sent, read('/x')]]);
});

test('what could not be had is not shared onwards', async (t) => {
	const { ask, trips } = scene(() => ({ answer: { kind: 'fault', code: 'timeout', message: '' }, startedAt: 0, endedAt: 0 }));
	await ask(['a', 'x', read('/x')]);
	await ask(['b', 'x', read('/x')]);
	t.is(trips.length, 2);
});

test('random numbers and the time come from the controller and are evidence too', async (t) => {
	const { ask, trips, uses } = scene();
	const [nonce, time] = await ask(['a', 'nonce', { do: 'random', length: 4 }], ['a', 'time', { do: 'now' }]);
	t.deepEqual(nonce?.answer, { kind: 'bytes', bytes: new Uint8Array([7, 7, 7, 7]) });
	t.deepEqual(time?.answer, { kind: 'time', iso: '1970-01-01T00:00:00.000Z' });
	t.is(trips.length, 0);
	t.is(uses.length, 2);
});

test("a guest's check without a boot is told what it lacks", async (t) => {
	const { source } = scene();
	const [answered] = await source.ask({ on: 'guest', cell: 'c', phase: 'main' }, [{ key: 'k', asker: 'a', request: read('/x') }]);
	t.like(answered?.answer, { kind: 'fault', code: 'not-started' });
	t.regex(answered?.answer.kind === 'fault' ? answered.answer.message : '', /needs 'guest\.boot'/);
});

test('a guest is booted once, and stopped when its lane is released', async (t) => {
	const { source, stopped } = scene();
	const boot = { key: 'c/guest.boot/subject', asker: 'a', request: { do: 'boot', role: 'subject' } } as const;
	const [first] = await source.ask({ on: 'guest', cell: 'c', phase: 'main' }, [boot]);
	const [second] = await source.ask({ on: 'guest', cell: 'c', phase: 'main' }, [{ ...boot, asker: 'b' }]);
	t.is(first?.exchange, second?.exchange);
	await source.release('c');
	t.deepEqual(stopped, ['c-subject']);
});

const chainKey: KeyRequest = { want: 'chain', product: 'Milan', hierarchy: 'vcek' };
const listKey: KeyRequest = { want: 'crl', product: 'Milan', hierarchy: 'vcek' };

test('a key is fetched once a run, whoever asks, and never from the machine', async (t) => {
	const { ask, source, trips, fetched, recorded, uses } = scene();
	const first = await ask(['a', 'chain', { do: 'fetch-key', key: chainKey }], ['b', 'chain', { do: 'fetch-key', key: chainKey }]);
	const later = await source.ask({ on: 'guest', cell: 'c', phase: 'last' }, [
		{ key: 'g/chain', asker: 'g', request: { do: 'fetch-key', key: { ...chainKey } } },
		{ key: 'g/crl', asker: 'g', request: { do: 'fetch-key', key: listKey } },
	]);
	t.deepEqual(fetched, [chainKey, listKey]);
	t.deepEqual(trips, []);
	t.deepEqual(
		[...first, ...later].map(({ exchange }) => exchange),
		['x1', 'x1', 'x1', 'x2'],
	);
	t.like(later[1], { answer: { kind: 'bytes' }, startedAt: 1, endedAt: 2 });
	t.deepEqual(recorded, [
		['controller', 'fetch-key'],
		['controller', 'fetch-key'],
	]);
	t.deepEqual(
		uses.map(([key]) => key),
		['a/chain', 'b/chain', 'g/chain', 'g/crl'],
	);
});

test('a key that the service could not give now is asked for again; one that it will never have is not', async (t) => {
	for (const [code, times] of [
		['kds-throttled', 2],
		['kds-unavailable', 2],
		['kds-unknown-chip', 1],
		['kds-masked-chip', 1],
		['offline', 1],
	] as const) {
		const { ask, fetched } = scene(undefined, () => ({ kind: 'fault', code, message: 'no' }));
		const [one, same] = await ask(['a', 'x', { do: 'fetch-key', key: chainKey }], ['b', 'x', { do: 'fetch-key', key: chainKey }]);
		t.like(one, { answer: { kind: 'fault', code } });
		t.like(same, { answer: { kind: 'fault', code } });
		await ask(['c', 'x', { do: 'fetch-key', key: chainKey }]);
		t.true(fetched.length >= times && (times > 1 || fetched.length === 1), `${code}: ${fetched.length}`);
	}
});
