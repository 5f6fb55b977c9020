import test from 'ava';
import type { Answer, MachineRequest } from '../ports.ts';
import { createSimulatedHost } from './host.ts';
import { hostFiles } from './host-files.ts';
import { sevState } from './sev-state.ts';
import type { World } from './world.ts';
import { f41Change } from './worlds/f41-change.ts';
import { f41Shipped } from './worlds/f41-shipped.ts';
import { findWorld, worldNames } from './worlds/index.ts';

const clock = { now: () => 1_730_000_000_000 };

async function ask(world: World, ...requests: MachineRequest[]): Promise<readonly Answer[]> {
	const machine = createSimulatedHost(world, { clock, files: hostFiles(world) });
	const exchanges = await machine.perform(requests, new AbortController().signal);
	return exchanges.map(({ answer }) => answer);
}

const exec = (...argv: string[]): MachineRequest => ({ do: 'exec', argv });
const read = (path: string): MachineRequest => ({ do: 'read-file', path });

function text(answer: Answer | undefined): string {
	const bytes = answer?.kind === 'exec' ? answer.stdout : answer?.kind === 'file' ? answer.bytes : new Uint8Array(0);
	return new TextDecoder().decode(bytes);
}

test('the worlds are data that survive JSON, and are found by name', (t) => {
	t.deepEqual(worldNames, ['f41-change', 'f41-shipped']);
	for (const name of worldNames) {
		const world = findWorld(name);
		t.deepEqual(JSON.parse(JSON.stringify(world)), world);
	}
	t.is(findWorld('nope'), undefined);
});

test('what never shipped is said to be counterfactual, and is not in the shipped world', (t) => {
	const names = (world: World) => new Set(world.host.packages.map((pack) => pack.name));
	t.deepEqual([...names(f41Change).difference(names(f41Shipped))].sort(), [
		'coconut-svsm',
		'igvm-libs',
		'igvm-tools',
		'snpguest',
	]);
	for (const name of [
		'coconut-svsm',
		'igvm-libs',
		'snpguest',
		'libvirt',
		'QEMU',
		'OVMF',
		'guest kernel',
		'host kernel',
		'descriptor',
	]) {
		t.true(
			f41Change.counterfactual.some((sentence) => sentence.includes(name)),
			name,
		);
	}
	t.deepEqual(f41Shipped.counterfactual, []);
	t.false('igvm-cfg' in f41Shipped.qemu.objects);
});

test('files of the host', async (t) => {
	const answers = await ask(
		f41Shipped,
		...['/etc/os-release', '/proc/cmdline', '/proc/sys/kernel/random/boot_id', '/sys/module/kvm_amd/parameters/sev_snp'].map(
			read,
		),
		...['/sys/module/kernel/parameters/crash_kexec_post_notifiers', '/sys/fs/cgroup/misc.capacity', '/proc/cpuinfo'].map(read),
		...['/nope', '/etc', '/dev/sev', '/usr/share/coconut-svsm/coconut-qemu.igvm'].map(read),
	);
	t.regex(text(answers[0]), /^ID=fedora\nVERSION_ID=41\n/m);
	t.regex(text(answers[1]), /vmlinuz-6\.11\.4-301\.fc41\.x86_64 .*\n$/);
	t.is(text(answers[2]), `${f41Shipped.host.bootId}\n`);
	t.is(text(answers[3]), 'Y\n');
	t.is(text(answers[4]), 'Y\n');
	t.is(text(answers[5]), 'sev 907\nsev_es 99\n');
	t.is(text(answers[6]).match(/^processor\t: /gm)?.length, 64);
	t.deepEqual(answers.slice(7), [
		{ kind: 'no-file', errno: 'ENOENT' },
		{ kind: 'no-file', errno: 'EISDIR' },
		{ kind: 'no-file', errno: 'EINVAL' },
		{ kind: 'no-file', errno: 'ENOENT' },
	]);
});

test('a written file is kept by this host alone', async (t) => {
	const machine = createSimulatedHost(f41Change, { clock, files: hostFiles(f41Change) });
	const write: MachineRequest = { do: 'write-file', path: '/tmp/note', text: 'kept' };
	const [written, found] = await machine.perform([write, read('/tmp/note')], new AbortController().signal);
	t.deepEqual(written?.answer, { kind: 'file', bytes: new Uint8Array(0), truncated: false });
	t.is(text(found?.answer), 'kept');
	t.deepEqual(await ask(f41Change, read('/tmp/note'), { ...write, path: '/proc/cmdline' }), [
		{ kind: 'no-file', errno: 'ENOENT' },
		{ kind: 'no-file', errno: 'EACCES' },
	]);
});

test('unknown tools, full paths, standard input and devices', async (t) => {
	const answers = await ask(
		f41Change,
		exec('frobnicate', '-x'),
		exec('/opt/frobnicate'),
		exec('/usr/bin/uname', '-r'),
		{ do: 'exec', argv: ['cat'], stdin: 'zürich' },
		{ do: 'transceive', device: '/dev/tpmrm0', hex: '80' },
		{ do: 'transceive', device: '/dev/tpmrm0', hex: '8' },
		exec(),
		exec('cat', 'a\0b'),
	);
	const [unknown, path, uname, cat, device, hex, empty, nul] = answers;
	t.like(unknown, { status: 127, stderr: new TextEncoder().encode('sh: line 1: frobnicate: command not found\n') });
	t.like(path, { status: 127, stderr: new TextEncoder().encode('sh: line 1: /opt/frobnicate: No such file or directory\n') });
	t.is(text(uname), '6.11.4-301.fc41.x86_64\n');
	t.is(text(cat), 'zürich');
	t.like(device, { kind: 'fault', code: 'unreachable', message: "cannot open '/dev/tpmrm0': No such file or directory" });
	t.deepEqual(
		[hex, empty, nul].map((answer) => (answer?.kind === 'fault' ? answer.code : null)),
		['protocol', 'protocol', 'protocol'],
	);
});

test('an interrupted run is answered with faults', async (t) => {
	const [exchange] = await createSimulatedHost(f41Change, { clock, files: hostFiles(f41Change) }).perform(
		[exec('uname')],
		AbortSignal.abort(),
	);
	t.like(exchange?.answer, { kind: 'fault', code: 'interrupted' });
});

interface Broken {
	readonly title: string;
	readonly world: World;
	readonly log: RegExp;
	readonly failed: readonly string[];
}

const withCmdline = (option: string): World => ({
	...f41Change,
	host: { ...f41Change.host, kernel: { ...f41Change.host.kernel, cmdline: `${f41Change.host.kernel.cmdline} ${option}` } },
});
const leaf = f41Change.cpu.encryptedMemory;
const noSnp = ['SNP', 'SNP INIT', 'SEV-SNP enabled in KVM', 'RMP INIT'];

/** One changed fact, seen by every witness. */
const broken: readonly Broken[] = [
	{
		title: 'no RMP table',
		world: { ...f41Change, sev: { ...f41Change.sev, rmp: null } },
		log: /^SEV-SNP: Memory for the RMP table has not been reserved by BIOS$/m,
		failed: ['SNP', 'SNP INIT', 'SEV-SNP enabled in KVM', 'RMP table addresses', 'RMP INIT'],
	},
	{
		title: 'iommu=pt',
		world: withCmdline('iommu=pt'),
		log: /^AMD-Vi: SNP: IOMMU disabled or configured in passthrough mode, SNP cannot be supported\.$/m,
		failed: noSnp,
	},
	{
		title: 'amd_iommu=pgtbl_v2',
		world: withCmdline('amd_iommu=pgtbl_v2'),
		log: /^AMD-Vi: SNP: IOMMU is configured with V2 page table mode, SNP cannot be supported\.$/m,
		failed: noSnp,
	},
	{
		title: 'an IOMMU without SNP',
		world: { ...f41Change, sev: { ...f41Change.sev, iommuSnp: false } },
		log: /^AMD-Vi: SNP: IOMMU SNP feature not enabled, SNP cannot be supported\.$/m,
		failed: noSnp,
	},
	{
		title: 'kvm_amd.sev_snp=0',
		world: { ...f41Change, sev: { ...f41Change.sev, kvmAmd: { ...f41Change.sev.kvmAmd, sevSnp: false } } },
		log: /^kvm_amd: SEV-SNP disabled \(ASIDs 1 - 99\)$/m,
		failed: ['SEV-SNP enabled in KVM'],
	},
	{
		title: 'SEV-SNP off in CPUID',
		world: { ...f41Change, cpu: { ...f41Change.cpu, encryptedMemory: { ...leaf, eax: leaf.eax & ~0x30 } } },
		log: /^kvm_amd: SEV-ES enabled \(ASIDs 1 - 99\)$/m,
		failed: ['Secure Nested Paging (SEV-SNP)', 'SEV-SNP enabled in KVM', 'RMP INIT'],
	},
];

for (const { title, world, log, failed } of broken) {
	test(`${title}: every witness says so`, async (t) => {
		const [journal, parameter, domcaps, snphost] = await ask(
			world,
			exec('journalctl', '-k', '-b', '-o', 'cat', '--no-pager'),
			read('/sys/module/kvm_amd/parameters/sev_snp'),
			exec('virsh', '-c', 'qemu:///system', 'domcapabilities', '--machine', 'q35'),
			exec('snphost', 'ok'),
		);
		t.false(sevState(world).kvm.sevSnp);
		t.regex(text(journal), log);
		t.notRegex(text(journal), /SEV-SNP enabled/);
		t.is(text(parameter), 'N\n');
		t.false(text(domcaps).includes('<value>sev-snp</value>'));
		const names = [...text(snphost).matchAll(/^\[ FAIL \] *- ([^:\n]+)/gm)].map(([, name]) => name);
		t.deepEqual(names, [...failed]);
		t.like(snphost, { status: 1 });
	});
}

test('ASID ranges follow from CPUID, and an empty range is unusable', async (t) => {
	const asids = (edx: number): World => ({ ...f41Change, cpu: { ...f41Change.cpu, encryptedMemory: { ...leaf, edx } } });
	const kvm = async (world: World) =>
		text((await ask(world, exec('dmesg', '-t')))[0])
			.split('\n')
			.filter((line) => line.startsWith('kvm_amd'));
	t.deepEqual(await kvm(asids(1007)), [
		'kvm_amd: SEV unusable (ASIDs 1007 - 1006)',
		'kvm_amd: SEV-ES enabled (ASIDs 1 - 1006)',
		'kvm_amd: SEV-SNP enabled (ASIDs 1 - 1006)',
	]);
	t.deepEqual(await kvm(asids(1)), [
		'kvm_amd: SEV enabled (ASIDs 1 - 1006)',
		'kvm_amd: SEV-ES disabled (ASIDs 0 - 0)',
		'kvm_amd: SEV-SNP disabled (ASIDs 0 - 0)',
	]);
});
