import { Socket } from 'node:net';
import test from 'ava';
import type { GuestSpec } from '../ports.ts';
import { watchBoot } from './boot-watch.ts';

const spec: GuestSpec = {
	name: 'guest',
	role: 'subject',
	tee: 'none',
	boot: 'direct',
	guestOs: 'none',
	launch: { with: 'qemu', tpm: 'none', memoryMiB: 1, cpus: 1 },
	milestones: [{ name: 'never', pattern: 'never said' }],
	limitMs: 60_000,
};

function timers(): number {
	return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

test('no timer is left of an interrupted watch, not even when the emulator ends after it', async (t) => {
	const before = timers();
	const emulator = Promise.withResolvers<null>();
	const interruption = new AbortController();
	const watching = watchBoot({
		spec,
		console: Promise.resolve(new Socket()),
		emulatorEnded: emulator.promise,
		clock: { now: () => 0 },
		startedAt: 0,
		tell: () => {},
		signal: interruption.signal,
	});
	t.true(timers() > before);
	interruption.abort();
	t.is((await watching).ended, 'interrupted');
	emulator.resolve(null);
	await new Promise((resolve) => setImmediate(resolve));
	t.is(timers(), before);
});
