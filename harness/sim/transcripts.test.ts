// Ties the texts of the simulated tools to transcripts of real ones: the same form, line by line, once numbers and names are masked.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { GuestSpec, Machine } from '../ports.ts';
import { createSimulatedHost } from './host.ts';
import { hostFiles } from './host-files.ts';
import { testSimulation } from './test-simulation.ts';
import { unconfirmed } from './unconfirmed.ts';
import type { World } from './world.ts';
import { f41Change } from './worlds/f41-change.ts';
import { f41Shipped } from './worlds/f41-shipped.ts';

const corpus = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const clock = { now: () => Date.parse('2025-01-01T00:00:01.431Z') };
const never = new AbortController().signal;
const decoder = new TextDecoder();

/** A test over lines of transcripts; skipped without the corpus. */
function tie(
	title: string,
	names: readonly string[],
	body: (t: ExecutionContext, ...transcripts: string[][]) => Promise<void>,
): void {
	const withCorpus = existsSync(corpus) ? test : test.skip;
	withCorpus(`[corpus] ${title}`, async (t) => {
		await body(t, ...names.map((name) => linesOf(readFileSync(join(corpus, name), 'utf8'))));
	});
}

function linesOf(text: string): string[] {
	return text.split('\n').filter((line, index, all) => index < all.length - 1 || line !== '');
}

/** Numbers and hexadecimal become marks; nothing else is touched, blanks least of all. */
function mask(line: string): string {
	return line
		.replace(/^\[ *\d+\.\d+\] /, '')
		.replace(/^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \S+ kernel: /, 'DATE HOST kernel: ')
		.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME')
		.replace(/0x[0-9a-f]+/g, '0x#')
		.replace(/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d/g, 'PCI')
		.replace(/\d+/g, '#');
}

async function output(machine: Machine, ...argv: string[]): Promise<string[]> {
	const [exchange] = await machine.perform([{ do: 'exec', argv }], never);
	return exchange?.answer.kind === 'exec' ? linesOf(decoder.decode(exchange.answer.stdout)) : [];
}

const host = (world: World) => createSimulatedHost(world, { clock, files: hostFiles(world) });
const sevLine = /SEV|: sev |kvm_amd/;

tie('kernel log of the host, as journalctl -k prints it: Genoa', ['host-kernel-genoa-journal-good.log'], async (t, real = []) => {
	const sim = (await output(host(f41Shipped), 'journalctl', '-k')).filter((line) => sevLine.test(line));
	t.deepEqual(sim.map(mask), real.map(mask));
});

tie(
	'kernel log of the host, as dmesg prints it: Milan with two PSP functions',
	['rc-host-kernel-milan-611-two-ccp.log'],
	async (t, real = []) => {
		const sim = await output(host(f41Shipped), 'dmesg');
		const forms = sim.map(mask);
		for (const line of real) {
			t.true(forms.includes(mask(line)), line);
		}
		const start = /^\[ *\d+\.\d{6}\] /;
		t.deepEqual(
			new Set(sim.map((line) => start.exec(line)?.[0].length)),
			new Set(real.map((line) => start.exec(line)?.[0].length)),
		);
	},
);

tie('kernel log of a host without RMP table', ['rc-host-kernel-rmp-not-reserved.log'], async (t, real = []) => {
	const sim = await output(host({ ...f41Shipped, sev: { ...f41Shipped.sev, rmp: null } }), 'dmesg');
	const told = real.map(mask).filter((line) => line.startsWith('SEV-SNP:'));
	t.deepEqual(
		sim.map(mask).filter((line) => line.startsWith('SEV-SNP:')),
		told,
	);
});

tie('snphost ok of 0.5 on a good host', ['snphost-ok-05x-aws-milan-pass.txt'], async (t, real = []) => {
	const sim = (await output(host(f41Shipped), 'snphost', 'ok')).map(mask);
	const start = sim.indexOf(mask(real[0] ?? ''));
	t.true(start > 0);
	t.deepEqual(sim.slice(start), real.map(mask));
});

tie('snphost ok of 0.5 on a host without SNP', ['rc-snphost-ok-05x-snp-off-in-msr.txt'], async (t, real = []) => {
	const sim = await output(host({ ...f41Shipped, sev: { ...f41Shipped.sev, rmp: null } }), 'snphost', 'ok');
	t.deepEqual(sim.slice(0, real.length).map(mask), real.map(mask));
});

/** Names that depend on the machine: CPU features and models, firmware files, the socket's id. */
const maskXml = (line: string) =>
	mask(line)
		.replace(/(<feature policy='\w+' name=)'[^']*'/, "$1'…'")
		.replace(/(<model fallback='forbid'>)[^<]*/, '$1…')
		.replace(/(<value>)\/[^<]*/, '$1PATH')
		.replace(/(<cpu#Id>)[^<]*/, '$1…');

tie(
	'domain capabilities of an SNP host',
	['domcaps-amdsev-qemu-10.0-q35.xml', 'domcaps-qemu-9.1.0-q35-plain.xml'],
	async (t, amd = [], plain = []) => {
		const sim = (await output(host(f41Shipped), 'virsh', '-c', 'qemu:///system', 'domcapabilities', '--machine', 'q35')).map(
			maskXml,
		);
		const known = new Set([...amd, ...plain].map(maskXml));
		for (const line of sim.filter((text) => text !== '')) {
			t.true(known.has(line), line);
		}
		// Elements that came after libvirt 10.7: firmware features, variable store, TDX.
		const later = / *<firmwareFeatures[\s\S]*?<\/firmwareFeatures>\n|.*<varstore .*\n|.*<tdx .*\n/g;
		const expected = linesOf(`${amd.join('\n')}\n`.replace(later, ''))
			.filter((line) => line.trim() !== '')
			.map(maskXml);
		let position = 0;
		for (const line of expected) {
			const found = sim.indexOf(line, position);
			t.true(found >= 0, `in this order: ${line}`);
			position = found < 0 ? position : found + 1;
		}
	},
);

async function boot(world: World, tee: string, how: string, cpus: number, launch: 'qemu' | 'libvirt' = 'qemu') {
	const spec: GuestSpec = {
		name: 'vm0',
		role: 'subject',
		tee,
		boot: how,
		guestOs: 'f41',
		launch: { with: launch, tpm: 'none', memoryMiB: 2048, cpus },
		milestones: [],
		limitMs: 100_000,
	};
	const running = await testSimulation(world, clock).guests.boot(spec, () => {}, never);
	if ('kind' in running) {
		throw new Error(running.message);
	}
	const log = 'kind' in running.machine ? [] : await output(running.machine, 'dmesg');
	return {
		log: log.map(mask).filter((line) => /SEV|sev-guest|tpm-svsm/.test(line) && !line.startsWith('systemd')),
		console: linesOf(decoder.decode(running.boot.console).replaceAll('\r', '')),
		stderr: linesOf(decoder.decode(running.boot.stderr)),
	};
}

tie(
	'kernel log of an SNP guest',
	['guest-kernel-snp-vmpl0-612.log', 'guest-kernel-snp-kata.log'],
	async (t, real = [], kata = []) => {
		const { log } = await boot(f41Shipped, 'snp', 'disk', 1);
		// The 6.12 guest's driver names no key; kata's does, as 6.11 did.
		t.deepEqual(
			log.map((line) => line.replace(/ \(using .*/, '')),
			real.map(mask),
		);
		t.is(log.at(-1), mask(kata.at(-1) ?? ''));
	},
);

tie('kernel log of a guest below an SVSM', ['guest-kernel-svsm-vmpl2.log'], async (t, real = []) => {
	const { log } = await boot(f41Change, 'snp', 'svsm', 2);
	t.deepEqual(log, real.map(mask));
});

tie('console of the SVSM', ['rc-svsm-console-init-failed.txt'], async (t, real = []) => {
	const { console } = await boot(f41Change, 'snp', 'svsm', 2);
	const start = console.indexOf(real[0] ?? '');
	t.deepEqual(console.slice(start, start + real.length), real);
});

tie('a QEMU that does not know the object', ['rc-qemu-err-object-unknown.txt'], async (t, real = []) => {
	const { stderr } = await boot(f41Shipped, 'snp', 'svsm', 2);
	const form = (line: string) =>
		mask(line)
			.replace(/(-object )\S+:/, '$1OBJECT:')
			.replace(/'[a-z-]+'$/, "'TYPE'");
	t.deepEqual(stderr.map(form), real.map(form));
});

tie('a launch that fails under libvirt', ['rc-qemu-err-launch-start-22-libvirt.txt'], async (t, real = []) => {
	const { stderr } = await boot({ ...f41Shipped, sev: { ...f41Shipped.sev, rmp: null } }, 'snp', 'disk', 2, 'libvirt');
	const frame = (line: string) => mask(line).replace(/(-accel kvm: ).*/, '$1…');
	t.deepEqual(stderr.slice(0, 2).map(frame), real.slice(0, 2).map(frame));
	t.is(mask(stderr.at(-1) ?? ''), mask(real.at(-1) ?? ''));
});

test('the list of unconfirmed forms only shrinks', (t) => {
	t.true(unconfirmed.length <= 15, `${unconfirmed.length} forms: confirm one before another is added`);
	t.is(new Set(unconfirmed.map(({ tool, form }) => `${tool} ${form}`)).size, unconfirmed.length);
});
