import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { measureLaunch } from '../domain/snp/measure/launch-digest.ts';
import { parseOvmf } from '../domain/snp/measure/ovmf.ts';
import { parseReport } from '../domain/snp/report.ts';
import type { Answer, GuestSpec, Machine, MachineRequest } from '../ports.ts';
import { firmwareImage } from './firmware-image.ts';
import { testSimulation } from './test-simulation.ts';
import type { World } from './world.ts';
import { f41Change } from './worlds/f41-change.ts';
import { f41Shipped } from './worlds/f41-shipped.ts';

const clock = { now: () => Date.parse('2026-11-25T12:00:00Z') };
const { signal } = new AbortController();
const directory = '/sys/kernel/config/tsm/report/one';
const data = Buffer.alloc(64, 0x5a);

function spec(name: string, tee: string, boot: string): GuestSpec {
	const launch = { with: 'libvirt', tpm: 'none', memoryMiB: 4096, cpus: 4 } as const;
	return { name, role: 'subject', tee, boot, guestOs: 'f41', launch, milestones: [], limitMs: 184_000 };
}

async function guest(world: World, tee = 'snp', boot = 'disk', name = 'one') {
	const simulation = testSimulation(world, clock);
	const running = await simulation.guests.boot(spec(name, tee, boot), () => {}, signal);
	if ('kind' in running || 'kind' in running.machine) {
		throw new Error('the guest did not start');
	}
	return { ...simulation, guest: running.machine, boot: running.boot };
}

async function ask(machine: Machine, ...requests: MachineRequest[]): Promise<readonly Answer[]> {
	return (await machine.perform(requests, signal)).map(({ answer }) => answer);
}

const read = (name: string): MachineRequest => ({ do: 'read-file', path: `${directory}/${name}` });
const write = (name: string, text: string): MachineRequest => ({ do: 'write-file', path: `${directory}/${name}`, text });
const writeData = (bytes: Uint8Array): MachineRequest => ({
	do: 'write-file',
	path: `${directory}/inblob`,
	hex: Buffer.from(bytes).toString('hex'),
});
const exec = (...argv: string[]): MachineRequest => ({ do: 'exec', argv });
const mkdir = exec('mkdir', directory);

const brief = (answer: Answer | undefined): string => {
	switch (answer?.kind) {
		case 'file':
			return answer.bytes.length > 40 ? `${answer.bytes.length} bytes` : Buffer.from(answer.bytes).toString();
		case 'no-file':
			return answer.errno;
		case 'exec':
			return `${answer.status} ${Buffer.from(answer.stdout)}${Buffer.from(answer.stderr)}`;
		default:
			return JSON.stringify(answer);
	}
};

test('configfs-tsm: provider, floor, generation, and a report for the data and the level', async (t) => {
	const { guest: machine } = await guest(f41Change);
	const answers = await ask(
		machine,
		mkdir,
		read('provider'),
		read('privlevel_floor'),
		read('generation'),
		write('privlevel', '0\n'),
		writeData(data),
		read('generation'),
		read('outblob'),
		read('auxblob'),
		read('inblob'),
		write('generation', '7'),
		exec('rmdir', directory),
		read('provider'),
	);
	t.deepEqual(answers.map(brief), [
		'0 ',
		'sev_guest\n',
		'0\n',
		'0\n',
		'',
		'',
		'2\n',
		'1184 bytes',
		'',
		'EACCES',
		'EACCES',
		'0 ',
		'ENOENT',
	]);
	const [, , , , , , , outblob] = answers;
	const report = parseReport(outblob?.kind === 'file' ? outblob.bytes : new Uint8Array());
	t.deepEqual(Buffer.from(report.reportData), data);
	t.is(report.vmpl, 0);
	t.is(report.version, 3);
});

test('a report that is read twice is the same one; another is made when something was written', async (t) => {
	const { guest: machine } = await guest(f41Change);
	await ask(machine, mkdir, writeData(data));
	const [first, second] = await ask(machine, read('outblob'), read('outblob'));
	t.deepEqual(first, second);
	await ask(machine, writeData(Buffer.alloc(64, 1)));
	const [third] = await ask(machine, read('outblob'));
	t.notDeepEqual(third, first);
});

const refusals: readonly (readonly [title: string, boot: string, requests: readonly MachineRequest[], expected: string])[] = [
	['no data', 'disk', [mkdir, read('outblob')], 'EINVAL'],
	['data of 63 bytes', 'disk', [mkdir, writeData(data.subarray(1)), read('outblob')], 'EINVAL'],
	['data of 65 bytes', 'disk', [mkdir, writeData(Buffer.alloc(65))], 'EFBIG'],
	['a level above 3', 'disk', [mkdir, write('privlevel', '4')], 'EINVAL'],
	['a level that is no number', 'disk', [mkdir, write('privlevel', 'low')], 'EINVAL'],
	['a level below the floor', 'svsm', [mkdir, write('privlevel', '1')], 'EINVAL'],
	// The level that nobody wrote is 0, which is the SVSM's.
	['no level below an SVSM', 'svsm', [mkdir, writeData(data), read('outblob')], 'EINVAL'],
	['a directory twice', 'disk', [mkdir, mkdir], `1 mkdir: cannot create directory '${directory}': File exists\n`],
	[
		'a guest that is not of SEV-SNP',
		'none',
		[mkdir],
		`1 mkdir: cannot create directory '${directory}': No such file or directory\n`,
	],
];

for (const [title, boot, requests, expected] of refusals) {
	test(`refused: ${title}`, async (t) => {
		const { guest: machine } = await guest(f41Change, boot === 'none' ? 'none' : 'snp', boot === 'none' ? 'disk' : boot);
		t.is(brief((await ask(machine, ...requests)).at(-1)), expected);
	});
}

test('the report says what the emulator was told, and what is in the firmware that it loaded', async (t) => {
	const { guest: machine, boot, machine: host } = await guest(f41Shipped);
	await ask(machine, mkdir, write('privlevel', '0'), writeData(data));
	const [outblob] = await ask(machine, read('outblob'));
	const report = parseReport(outblob?.kind === 'file' ? outblob.bytes : new Uint8Array());
	const { digest } = measureLaunch({
		ovmf: parseOvmf(firmwareImage(f41Shipped)),
		vcpus: 4,
		vcpuSignature: 0x800f12,
		guestFeatures: 1n,
		kernel: null,
	});
	t.is(Buffer.from(report.measurement).toString('hex'), digest);
	t.is(report.policy.raw, 0x30000n);
	t.deepEqual({ ...report.cpuid }, { family: 0x19, model: 0x11, stepping: 1 });
	t.deepEqual(
		(await ask(host, { do: 'read-file', path: `/proc/${boot.pid}/cmdline` }, exec('readlink', `/proc/${boot.pid}/exe`))).map(
			brief,
		),
		[`${Buffer.byteLength(boot.argv.map((word) => `${word}\0`).join(''))} bytes`, '0 /usr/bin/qemu-system-x86_64\n'],
	);
});

test('an emulator that ended is not in /proc any more', async (t) => {
	const { guests, machine: host, boot } = await guest(f41Shipped);
	await guests.stop('one');
	t.is(brief((await ask(host, { do: 'read-file', path: `/proc/${boot.pid}/cmdline` }))[0]), 'ENOENT');
});

test('each boot has a REPORT_ID, each guest an SSH host key', async (t) => {
	const simulation = testSimulation(f41Change, clock);
	const start = async (name: string) => {
		const running = await simulation.guests.boot(spec(name, 'snp', 'disk'), () => {}, signal);
		if ('kind' in running || 'kind' in running.machine) {
			throw new Error('the guest did not start');
		}
		const { machine } = running;
		await ask(machine, mkdir, writeData(data));
		const [outblob] = await ask(machine, read('outblob'));
		const { reportId } = parseReport(outblob?.kind === 'file' ? outblob.bytes : new Uint8Array());
		const [file] = await ask(machine, { do: 'read-file', path: '/etc/ssh/ssh_host_ed25519_key.pub' });
		const line = file?.kind === 'file' ? Buffer.from(file.bytes).toString() : '';
		const key = Buffer.from(machine.channelKey ?? []);
		t.is(line, `ssh-ed25519 ${key.toString('base64')} root@fedora\n`);
		return { id: Buffer.from(reportId).toString('hex'), key: key.toString('hex') };
	};
	const [first, again, other] = [await start('one'), await start('one'), await start('two')];
	t.not(first.id, again.id);
	t.not(first.id, other.id);
	t.is(first.key, again.key);
	t.not(first.key, other.key);
	t.regex(first.key, /^0000000b7373682d6564323535313900000020[0-9a-f]{64}$/);
});

test('an emulator that gives certificates gives them in the table', async (t) => {
	const world = { ...f41Change, sev: { ...f41Change.sev, givesCertificates: true } };
	const { guest: machine } = await guest(world);
	await ask(machine, mkdir, writeData(data));
	const [outblob, auxblob] = await ask(machine, read('outblob'), read('auxblob'));
	t.is(brief(outblob), '1184 bytes');
	t.true(auxblob?.kind === 'file' && auxblob.bytes.length > 1000);
});

test('snpguest: its version, a report, and its verdict on it', async (t) => {
	const { guest: machine, keys } = await guest(f41Change);
	const { sev } = f41Change;
	await ask(machine, { do: 'write-file', path: '/tmp/request', hex: data.toString('hex') });
	t.deepEqual(
		(await ask(machine, exec('snpguest', '--version'), exec('snpguest', 'report', '/tmp/r', '/tmp/request', '--vmpl', '0'))).map(
			brief,
		),
		['0 snpguest 0.9.1\n', '0 '],
	);
	const fetch = async (request: Parameters<typeof keys.fetch>[0]) => {
		const { answer } = await keys.fetch(request, signal);
		return answer.kind === 'bytes' ? Buffer.from(answer.bytes) : Buffer.alloc(0);
	};
	const vcek = await fetch({ want: 'vcek', product: 'Genoa', hwid: sev.chipId, tcb: { fmc: null, ...sev.tcb } });
	const [ask1 = '', ark = ''] = (await fetch({ want: 'chain', product: 'Genoa', hierarchy: 'vcek' }))
		.toString()
		.split(/(?<=END CERTIFICATE-----\n)/);
	await ask(
		machine,
		{ do: 'write-file', path: '/tmp/vcek.der', hex: vcek.toString('hex') },
		{ do: 'write-file', path: '/tmp/ask.pem', text: ask1 },
		{ do: 'write-file', path: '/tmp/ark.pem', text: ark },
	);
	t.deepEqual(
		(
			await ask(machine, exec('snpguest', 'verify', 'certs', '/tmp'), exec('snpguest', 'verify', 'attestation', '/tmp', '/tmp/r'))
		).map(brief),
		[
			'0 The AMD ARK was self-signed!\nThe AMD ASK was signed by the AMD ARK!\nThe VCEK was signed by the AMD ASK!\n',
			'0 Reported TCB Boot Loader from certificate matches the attestation report.\nReported TCB TEE from certificate matches the attestation report.\nReported TCB SNP from certificate matches the attestation report.\nReported TCB Microcode from certificate matches the attestation report.\nVEK signed the Attestation Report!\n',
		],
	);
	const [report] = await ask(machine, { do: 'read-file', path: '/tmp/r' });
	const flipped = Buffer.from(report?.kind === 'file' ? report.bytes : []);
	flipped[0x90] = (flipped[0x90] ?? 0) ^ 1;
	await ask(machine, { do: 'write-file', path: '/tmp/bad', hex: flipped.toString('hex') });
	const [bad] = await ask(machine, exec('snpguest', 'verify', 'attestation', '/tmp', '/tmp/bad'));
	t.regex(brief(bad), /^1 [\s\S]*Error: VEK did NOT sign the Attestation Report!\n$/);
});

const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const withCorpus = existsSync(corpus) ? test : test.skip;

withCorpus(
	"[corpus] snpguest's words for the firmware's refusal, below an SVSM with the level it asks for by itself",
	async (t) => {
		const { guest: machine } = await guest(f41Change, 'snp', 'svsm');
		await ask(machine, { do: 'write-file', path: '/tmp/request', hex: data.toString('hex') });
		const [refused] = await ask(machine, exec('snpguest', 'report', '/tmp/r', '/tmp/request'));
		t.is(
			refused?.kind === 'exec' ? Buffer.from(refused.stderr).toString() : '',
			readFileSync(join(corpus, 'rc-snpguest-report-fw-0x16.txt'), 'utf8'),
		);
	},
);

const inLab = process.env.SNPGATE_LAB === '1' ? test : test.skip;

inLab('[lab] the host key is one that OpenSSH reads', async (t) => {
	const { guest: machine } = await guest(f41Change);
	const [file] = await ask(machine, { do: 'read-file', path: '/etc/ssh/ssh_host_ed25519_key.pub' });
	const { stdout, status } = spawnSync('ssh-keygen', ['-lf', '-'], {
		input: file?.kind === 'file' ? file.bytes : '',
		encoding: 'utf8',
	});
	t.is(status, 0);
	const hash = createHash('sha256')
		.update(machine.channelKey ?? new Uint8Array())
		.digest('base64')
		.replace(/=+$/, '');
	t.regex(stdout, new RegExp(`^256 SHA256:${hash.replace(/[+/]/g, '\\$&')} `));
});
