import test from 'ava';
import { pcrRead } from '../domain/tpm/commands.ts';
import { parsePcrRead } from '../domain/tpm/pcr-values.ts';
import type { Answer, GuestNews, GuestSpec, Machine, RunningGuest } from '../ports.ts';
import { testSimulation } from './test-simulation.ts';
import type { World } from './world.ts';
import { f41Change } from './worlds/f41-change.ts';
import { f41Shipped } from './worlds/f41-shipped.ts';

const clock = { now: () => Date.parse('2024-11-01T10:00:00Z') };
const never = new AbortController().signal;
const decoder = new TextDecoder();

const milestones = [
	{ name: 'firmware', pattern: 'BdsDxe: (?:loading|starting) Boot|EFI stub:' },
	{ name: 'kernel', pattern: 'Linux version \\d' },
	{ name: 'login', pattern: ' login:\\s*$' },
];

function spec(tee: string, boot: string, more: Partial<GuestSpec> = {}): GuestSpec {
	const launch = { with: 'qemu', tpm: 'none', memoryMiB: 4096, cpus: 2 } as const;
	return {
		name: `guest-${tee}-${boot}`,
		role: 'subject',
		tee,
		boot,
		guestOs: 'f41',
		launch,
		milestones,
		limitMs: 184_000,
		...more,
	};
}

async function boot(world: World, guest: GuestSpec, tell: (news: GuestNews) => void = () => {}): Promise<RunningGuest> {
	const running = await testSimulation(world, clock).guests.boot(guest, tell, never);
	if ('kind' in running) {
		throw new Error(running.message);
	}
	return running;
}

async function ask(machine: RunningGuest['machine'], ...argv: string[]): Promise<string> {
	const [exchange] = await (machine as Machine).perform([{ do: 'exec', argv }], never);
	return exchange?.answer.kind === 'exec' ? decoder.decode(exchange.answer.stdout) : JSON.stringify(exchange?.answer);
}

async function send(machine: RunningGuest['machine'], command: Uint8Array): Promise<Answer | undefined> {
	const hex = Buffer.from(command).toString('hex');
	const [exchange] = await (machine as Machine).perform([{ do: 'transceive', device: '/dev/tpmrm0', hex }], never);
	return exchange?.answer;
}

const launches: readonly (readonly [string, string, RegExp, string])[] = [
	['snp', 'disk', /SEV: SNP running at VMPL0\./, 'sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000'],
	['snp', 'direct', /Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP/, 'kernel-hashes=on'],
	[
		'sev-es',
		'disk',
		/Memory Encryption Features active: AMD SEV SEV-ES$/m,
		'sev-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x5',
	],
	['sev', 'disk', /Memory Encryption Features active: AMD SEV$/m, 'policy=0x1'],
];

for (const world of [f41Change, f41Shipped]) {
	for (const [tee, way, log, argument] of launches) {
		test(`${world.name}: ${tee} boots by ${way}`, async (t) => {
			const told: GuestNews[] = [];
			const { boot: seen, machine } = await boot(world, spec(tee, way), (news) => told.push(news));
			t.is(seen.ended, 'milestones');
			t.deepEqual(
				seen.milestones.map(({ name, ms }) => [name, ms !== null]),
				[
					['firmware', true],
					['kernel', true],
					['login', true],
				],
			);
			const times = seen.milestones.map(({ ms }) => ms ?? 0);
			t.deepEqual(
				times,
				[...times].sort((a, b) => a - b),
			);
			t.is(told.filter(({ news }) => news === 'milestone').length, 3);
			t.is(told.filter(({ news }) => news === 'console').length, decoder.decode(seen.console).split('\n').length - 1);
			t.true(seen.argv.join(' ').includes(argument));
			t.regex(await ask(machine, 'journalctl', '-k', '-b', '-o', 'cat', '--no-pager'), log);
			t.is(await ask(machine, 'uname', '-r'), '6.11.4-301.fc41.x86_64\n');
			t.is(await ask(machine, 'rpm', '-q', 'kernel-core'), 'kernel-core-6.11.4-301.fc41.x86_64\n');
			t.like(await send(machine, pcrRead(['sha256'], 0)), {
				kind: 'fault',
				message: "cannot open '/dev/tpmrm0': No such file or directory",
			});
		});
	}
}

test('a plain guest shows no protection, with a BIOS under QEMU and EFI under libvirt', async (t) => {
	const libvirt = spec('none', 'disk', { launch: { ...spec('none', 'disk').launch, with: 'libvirt' } });
	const plain = await boot(f41Shipped, spec('none', 'disk', { limitMs: 20_000 }));
	t.is(plain.boot.ended, 'limit');
	t.is(plain.boot.milestones[0]?.ms, null);
	t.regex(decoder.decode(plain.boot.console), /^SeaBIOS/);
	const { boot: seen, machine } = await boot(f41Shipped, libvirt);
	t.is(seen.ended, 'milestones');
	t.regex(seen.xml ?? '', /<os firmware='efi'>/);
	t.notRegex(await ask(machine, 'dmesg'), /Memory Encryption/);
	t.regex(await ask(machine, 'stat', '-c', '%F', '/dev/sev-guest'), /^$/);
});

test('a guest below an SVSM: VMPL 2, its TPM, and measured boot', async (t) => {
	const guest = spec('snp', 'svsm', { launch: { ...spec('snp', 'svsm').launch, with: 'libvirt' } });
	const { boot: seen, machine } = await boot(f41Change, guest);
	t.is(seen.ended, 'milestones');
	t.regex(decoder.decode(seen.console), /^\[SVSM\] COCONUT Secure Virtual Machine Service Module Version /);
	t.regex(seen.argv.join(' '), /igvm-cfg=igvm0,kernel-irqchip=split,device-plane=2 .*-object igvm-cfg,id=igvm0,file=/);
	t.false(seen.argv.includes('-bios'));
	t.regex(seen.xml ?? '', /<launchSecurity type='sev-snp'>[\s\S]*<qemu:arg value='igvm-cfg,id=igvm0/);
	t.is(await ask(machine, 'cat', '/sys/devices/system/cpu/sev/vmpl'), '2\n');
	t.is(await ask(machine, 'readlink', '-f', '/sys/class/tpm/tpm0/device'), '/sys/devices/platform/tpm-svsm\n');
	t.regex(await ask(machine, 'readlink', '/sys/class/tpm/tpm0/device/driver'), /\/tpm-svsm\n$/);
	t.is(await ask(machine, 'cat', '/sys/class/tpm/tpm0/tpm_version_major'), '2\n');
	t.is(await ask(machine, 'stat', '-L', '-c', '%F', '/dev/tpmrm0', '/dev/sev-guest'), 'character special file\n'.repeat(2));
	const values = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16].map((pcr) => pcrHex(machine, pcr)));
	t.is(values.filter((value) => /^0+$/.test(value)).length, 1, 'only the debug PCR is zero');
	t.is(values[2], values[3], 'separators alone');
	t.not(values[0], values[2]);
	const again = await boot(f41Change, guest);
	t.is(await pcrHex(again.machine, 9), values[9] ?? '');
});

async function pcrHex(machine: RunningGuest['machine'], pcr: number): Promise<string> {
	const answer = await send(machine, pcrRead(['sha256'], pcr));
	const parsed = answer?.kind === 'bytes' ? parsePcrRead(answer.bytes) : null;
	return parsed?.ok ? Buffer.from(parsed.value[0]?.digest ?? []).toString('hex') : '';
}

test("a host's TPM is another one: driver and makers differ, and a BIOS measures nothing here", async (t) => {
	const launch = { ...spec('none', 'disk').launch, tpm: 'swtpm' } as const;
	const { machine } = await boot(
		f41Shipped,
		spec('none', 'disk', { launch, milestones: [{ name: 'login', pattern: 'login:' }] }),
	);
	t.is(await ask(machine, 'readlink', '/sys/class/tpm/tpm0/device/driver'), '../../../bus/acpi/drivers/tpm_crb\n');
	t.regex(await pcrHex(machine, 0), /^0{64}$/);
});

const snpArgument = 'sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000';
const { 'sev-snp-guest': _, ...objectsWithoutSnp } = f41Shipped.qemu.objects;
const refused: readonly (readonly [string, World, GuestSpec, string])[] = [
	[
		'QEMU without igvm-cfg',
		f41Shipped,
		spec('snp', 'svsm'),
		"qemu-system-x86_64: -object igvm-cfg,id=igvm0,file=/usr/share/coconut-svsm/coconut-qemu.igvm: Parameter 'qom-type' does not accept value 'igvm-cfg'\n",
	],
	[
		'QEMU with IGVM but without planes',
		{
			...f41Change,
			qemu: {
				...f41Change.qemu,
				machineProperties: f41Change.qemu.machineProperties.filter(({ name }) => name !== 'device-plane'),
			},
		},
		spec('snp', 'svsm'),
		"qemu-system-x86_64: Property 'pc-q35-9.1-machine.device-plane' not found\n",
	],
	[
		'QEMU without sev-snp-guest',
		{ ...f41Shipped, qemu: { ...f41Shipped.qemu, objects: objectsWithoutSnp } },
		spec('snp', 'disk'),
		`qemu-system-x86_64: -object ${snpArgument}: Parameter 'qom-type' does not accept value 'sev-snp-guest'\n`,
	],
	[
		'no RMP table',
		{ ...f41Shipped, sev: { ...f41Shipped.sev, rmp: null } },
		spec('snp', 'disk'),
		'qemu-system-x86_64: -accel kvm: vm-type snp not supported by KVM\nqemu-system-x86_64: -accel kvm: failed to initialize kvm: Operation not permitted\n',
	],
];

for (const [title, world, guest, stderr] of refused) {
	test(`${title}: the launch ends with QEMU's words`, async (t) => {
		const { boot: seen, machine } = await boot(world, guest);
		t.is(seen.ended, 'exit');
		t.is(seen.exitStatus, 1);
		t.is(decoder.decode(seen.stderr), stderr);
		t.is(seen.console.length, 0);
		t.true(seen.milestones.every(({ ms }) => ms === null));
		t.like(machine, { kind: 'fault', code: 'unreachable' });
	});
}

test('no emulator, a wrong pattern and an aborted run are faults', async (t) => {
	const bare = { ...f41Shipped, host: { ...f41Shipped.host, packages: [] } };
	const tell = () => {};
	t.like(await testSimulation(bare, clock).guests.boot(spec('snp', 'disk'), tell, never), {
		kind: 'fault',
		code: 'not-available',
	});
	const wrong = spec('snp', 'disk', { milestones: [{ name: 'bad', pattern: '(' }] });
	t.like(await testSimulation(f41Change, clock).guests.boot(wrong, tell, never), { kind: 'fault', code: 'not-available' });
	const aborted = await testSimulation(f41Change, clock).guests.boot(spec('snp', 'disk'), tell, AbortSignal.abort());
	t.like(aborted, { kind: 'fault', code: 'interrupted' });
});

test('the limit ends the watch, and what came later is not on the console', async (t) => {
	const { boot: seen } = await boot(f41Change, spec('snp', 'disk', { limitMs: 5_000 }));
	t.is(seen.ended, 'limit');
	t.deepEqual(
		seen.milestones.map(({ ms }) => ms !== null),
		[true, true, false],
	);
	t.false(decoder.decode(seen.console).includes('login:'));
});

test('each boot has its own boot id, the same in every run; a stopped guest is gone', async (t) => {
	const bootIds = async () => {
		const guests = testSimulation(f41Change, clock).guests;
		const ids: (string | null)[] = [];
		for (let count = 0; count < 2; count += 1) {
			const running = await guests.boot(spec('snp', 'disk'), () => {}, never);
			const machine = 'kind' in running || 'kind' in running.machine ? null : running.machine;
			ids.push(machine?.bootId ?? null);
			await guests.stop('guest-snp-disk');
			await guests.stop('guest-snp-disk');
			const [exchange] = (await machine?.perform([{ do: 'exec', argv: ['uname'] }], never)) ?? [];
			t.like(exchange?.answer, { kind: 'fault', code: 'unreachable' });
		}
		return ids;
	};
	const [first, second] = await bootIds();
	t.regex(first ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	t.not(first, second);
	t.deepEqual(await bootIds(), [first ?? null, second ?? null]);
});
