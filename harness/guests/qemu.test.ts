import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Answer, GuestLaunch, GuestNews, GuestSpec, MachineRequest, RunningGuest } from '../ports.ts';
import { createQemuGuests } from './qemu.ts';

const clock = { now: () => Date.now() };
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const images = join(process.cwd(), 'ci', 'lab', 'out');
const never = new AbortController().signal;

// A directory of these tests alone, so that what is left in it is theirs.
const temporary = mkdtempSync(join(tmpdir(), 'g-'));
process.env.TMPDIR = temporary;
test.after.always(() => rmSync(temporary, { recursive: true }));

const plain: GuestLaunch = {
	with: 'qemu',
	kernel: 'vmlinuz',
	initrd: 'initramfs.gz',
	append: 'console=ttyS0 panic=-1',
	tpm: 'none',
	memoryMiB: 256,
	cpus: 1,
};
const measured: GuestLaunch = {
	...plain,
	firmware: { code: 'OVMF_CODE.fd', vars: 'OVMF_VARS.fd' },
	tpm: 'swtpm',
	memoryMiB: 512,
	cpus: 2,
};

function specOf(launch: GuestLaunch, rest: Partial<GuestSpec> = {}): GuestSpec {
	return {
		name: `guest-${randomBytes(3).toString('hex')}`,
		role: 'subject',
		tee: 'none',
		boot: 'direct',
		guestOs: 'none',
		launch,
		milestones: [
			{ name: 'kernel', pattern: 'Linux version' },
			{ name: 'ready', pattern: 'snpgate guest ready' },
		],
		limitMs: 120_000,
		...rest,
	};
}

/** Command lines of processes, and files, that have to do with a directory of these tests. */
function leftBehind(): string[] {
	const processes = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((pid) => {
			try {
				return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
			} catch {
				return '';
			}
		})
		.filter((line) => line.includes(temporary));
	return [...processes, ...readdirSync(temporary)];
}

const refused: readonly (readonly [title: string, launch: GuestLaunch, code: string, says: RegExp])[] = [
	['libvirt', { ...plain, with: 'libvirt' }, 'not-available', /libvirt is not available yet/],
	['an absent kernel', { ...plain, kernel: 'absent' }, 'not-started', /(kernel '.*absent'|command 'qemu)/],
	[
		'absent firmware',
		{ ...plain, kernel: '/dev/null', initrd: '/dev/null', firmware: { code: 'nothing', vars: 'nothing' } },
		'not-started',
		/(firmware code '.*nothing'|command 'qemu)/,
	],
];

for (const [title, launch, code, says] of refused) {
	test.serial(`a guest with ${title} is a fault that names it`, async (t) => {
		const guests = createQemuGuests({ clock, random, directory: images });
		const outcome = await guests.boot(specOf(launch), () => {}, never);
		t.true('kind' in outcome && outcome.code === code && says.test(outcome.message) && outcome.next !== undefined);
		t.deepEqual(leftBehind(), []);
		await guests.stop('never started');
	});
}

test.serial('without the emulator or the TPM the fault names the package', async (t) => {
	const path = process.env.PATH;
	const commands = join(temporary, 'bin');
	mkdirSync(commands);
	try {
		process.env.PATH = commands;
		const guests = createQemuGuests({ clock, random, directory: images });
		const first = await guests.boot(specOf(measured), () => {}, never);
		t.true('kind' in first && first.code === 'not-started' && first.message.includes("'qemu-system-x86_64'"));
		writeFileSync(join(commands, 'qemu-system-x86_64'), '', { mode: 0o755 });
		const second = await guests.boot(specOf(measured), () => {}, never);
		t.true('kind' in second && second.message.includes("'swtpm'") && second.next === 'Install swtpm.');
	} finally {
		process.env.PATH = path;
		rmSync(commands, { recursive: true });
	}
});

/** These boot real guests from ci/lab/out. */
function inLab(title: string, work: (t: ExecutionContext) => Promise<void>): void {
	const lab = process.env.SNPGATE_LAB === '1' ? test.serial : test.serial.skip;
	lab(`[lab] ${title}`, async (t) => {
		t.timeout(180_000);
		await work(t);
		t.deepEqual(leftBehind(), []);
	});
}

async function bootGuest(spec: GuestSpec, tell: (news: GuestNews) => void = () => {}) {
	const guests = createQemuGuests({ clock, random, directory: images });
	const outcome = await guests.boot(spec, tell, never);
	if ('kind' in outcome) {
		throw new Error(outcome.message);
	}
	return { ...outcome, stop: () => guests.stop(spec.name) };
}

async function answers({ machine }: RunningGuest, requests: readonly MachineRequest[]): Promise<readonly Answer[]> {
	if ('kind' in machine) {
		throw new Error(machine.message);
	}
	return (await machine.perform(requests, never)).map(({ answer }) => answer);
}

inLab('a plain guest boots, works, and stop leaves nothing', async (t) => {
	const news: GuestNews[] = [];
	const guest = await bootGuest(specOf(plain), (one) => news.push(one));
	t.is(guest.boot.ended, 'milestones');
	t.log(guest.boot.milestones);
	t.true(guest.boot.milestones.every(({ ms, line }) => ms !== null && line !== null));
	t.regex(guest.boot.milestones[0]?.line ?? '', /Linux version \S+ \(/);
	t.deepEqual(
		news.flatMap((one) => (one.news === 'milestone' ? [one.name] : [])),
		['kernel', 'ready'],
	);
	t.true(news.length > 50 && Buffer.from(guest.boot.console).includes('snpgate guest ready'));
	t.true(!('kind' in guest.machine) && /^[0-9a-f-]{36}$/.test(guest.machine.bootId ?? ''));

	const bytes = 'é\u0001\u0003\u0004\u0011\u0013\u001a\u007f\r\n'.repeat(2_000);
	let started = performance.now();
	const [uname, back, timedOut, absent] = await answers(guest, [
		{ do: 'exec', argv: ['uname', '-s'] },
		{ do: 'exec', argv: ['cat'], stdin: bytes },
		{ do: 'exec', argv: ['sleep', '60'], timeoutMs: 1_000 },
		{ do: 'read-file', path: '/nowhere' },
	]);
	t.log(`one batch with ${bytes.length} characters both ways: ${Math.round(performance.now() - started)} ms`);
	t.is(uname?.kind === 'exec' && Buffer.from(uname.stdout).toString(), 'Linux\n');
	t.true(back?.kind === 'exec' && Buffer.from(back.stdout).equals(Buffer.from(bytes)));
	t.true(timedOut?.kind === 'exec' && timedOut.timedOut);
	t.deepEqual(absent, { kind: 'no-file', errno: 'ENOENT' });

	started = performance.now();
	const many = await answers(guest, Array<MachineRequest>(30).fill({ do: 'exec', argv: ['uname', '-a'] }));
	t.log(`30 small commands in the guest: ${Math.round(performance.now() - started)} ms`);
	t.true(many.every((answer) => answer.kind === 'exec' && answer.status === 0));

	const [large] = await answers(guest, [{ do: 'exec', argv: ['head', '-c', '2000000', '/dev/zero'] }]);
	t.is(large?.kind === 'exec' && large.stdout.length, 2_000_000);

	if (!('kind' in guest.machine)) {
		await guest.machine.close();
	}
	await guest.stop();
	await guest.stop();
	const [after] = await answers(guest, [{ do: 'exec', argv: ['true'] }]);
	t.is(after?.kind === 'fault' && after.code, 'unreachable');
});

inLab('a measured guest has firmware, an event log and a TPM that answers', async (t) => {
	const guest = await bootGuest(specOf(measured));
	t.is(guest.boot.ended, 'milestones');
	t.log(guest.boot.milestones);
	// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES, TPM_PT_MANUFACTURER, 1): TPM 2.0 Part 3, section 30.2.
	const [capability, log, cmdline] = await answers(guest, [
		{ do: 'transceive', device: '/dev/tpmrm0', hex: '8001000000160000017a000000060000010500000001' },
		{ do: 'read-file', path: '/sys/kernel/security/tpm0/binary_bios_measurements' },
		{ do: 'read-file', path: '/proc/cmdline' },
	]);
	t.true(capability?.kind === 'bytes' && Buffer.from(capability.bytes).toString('hex').startsWith('80010000001b00000000'));
	t.true(capability?.kind === 'bytes' && Buffer.from(capability.bytes).toString('latin1').includes('IBM'));
	t.true(log?.kind === 'file' && log.bytes.length > 1_000 && Buffer.from(log.bytes).includes('Spec ID Event03'));
	t.true(cmdline?.kind === 'file' && Buffer.from(cmdline.bytes).includes('panic=-1'));
	await guest.stop();
});

inLab('a guest without an init panics, and nothing is left', async (t) => {
	const guest = await bootGuest(specOf({ ...plain, append: `${plain.append} rdinit=/missing` }));
	t.is(guest.boot.ended, 'panic');
	t.true(Buffer.from(guest.boot.console).includes('Kernel panic - not syncing'));
	t.true('kind' in guest.machine && guest.machine.code === 'unreachable');
	t.is(guest.boot.milestones[1]?.ms, null);
});

inLab('a guest that misses a milestone ends with the limit', async (t) => {
	const started = performance.now();
	const guest = await bootGuest(specOf(plain, { milestones: [{ name: 'never', pattern: 'never said' }], limitMs: 2_000 }));
	t.is(guest.boot.ended, 'limit');
	t.true(performance.now() - started < 5_000);
});

inLab('an emulator that ends by itself is an exit with its complaint', async (t) => {
	const guest = await bootGuest(specOf({ ...plain, memoryMiB: 1, kernel: '/dev/null' }));
	t.is(guest.boot.ended, 'exit');
	t.true(guest.boot.exitStatus !== null && guest.boot.exitStatus !== 0 && guest.boot.stderr.length > 0);
});

inLab('an interruption, or a stop, during a boot leaves nothing', async (t) => {
	const guests = createQemuGuests({ clock, random, directory: images });
	for (const wait of [0, 5, 50, 1_000]) {
		const controller = new AbortController();
		const booting = guests.boot(specOf(measured), () => {}, controller.signal);
		setTimeout(() => controller.abort(), wait);
		const outcome = await booting;
		t.true('kind' in outcome && outcome.code === 'interrupted', `${wait} ms`);
		t.deepEqual(leftBehind(), []);

		const spec = specOf(measured);
		const stopped = guests.boot(spec, () => {}, never);
		await new Promise((resolve) => setTimeout(resolve, wait));
		await guests.stop(spec.name);
		t.deepEqual(leftBehind(), []);
		t.true('kind' in (await stopped));
	}
});

/** A program of its own that boots a guest, says each line of its console, and interrupts the boot at the word. */
function controller(interruptAt: string) {
	const source = `
		import { createQemuGuests } from ${JSON.stringify(join(import.meta.dirname, 'qemu.ts'))};
		const interruption = new AbortController();
		const random = { bytes: (length) => new Uint8Array(length) };
		const guests = createQemuGuests({ clock: { now: () => Date.now() }, random, directory: ${JSON.stringify(images)} });
		const tell = (news) => {
			if (news.news === 'console') console.log(news.line);
			if (news.news === 'console' && news.line.includes(${JSON.stringify(interruptAt)})) interruption.abort();
		};
		await guests.boot(${JSON.stringify(specOf(measured))}, tell, interruption.signal);
		console.log('returned');`;
	return spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] });
}

inLab('nothing keeps the program alive after an interrupted boot', async (t) => {
	const child = controller('Linux version');
	let returned = 0;
	child.stdout.on('data', (said) => {
		returned ||= String(said).includes('returned') ? performance.now() : 0;
	});
	const [status] = await once(child, 'exit');
	t.is(status, 0);
	const lingered = performance.now() - returned;
	t.log(`${Math.round(lingered)} ms`);
	t.true(returned > 0 && lingered < 700);
});

inLab('what a killed program left of a boot is gone with the next boot', async (t) => {
	const child = controller('never said');
	await once(child.stdout, 'data');
	child.kill('SIGKILL');
	await once(child, 'exit');
	t.is(readdirSync(temporary).length, 1);
	const guest = await bootGuest(specOf(plain, { milestones: [{ name: 'kernel', pattern: 'Linux version' }] }));
	t.is(readdirSync(temporary).length, 1);
	await guest.stop();
});
