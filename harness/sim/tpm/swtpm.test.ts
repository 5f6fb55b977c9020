// The software TPM beside a real one: the same commands to both, the same answers from both.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { type HashName, hashNames, hashOf } from '../../domain/tpm/algorithms.ts';
import { parseTpmProperties } from '../../domain/tpm/capability.ts';
import { getPcrBanks, getTpmProperties, pcrExtend, pcrRead, pcrReset } from '../../domain/tpm/commands.ts';
import { headerSize, TPM_PT } from '../../domain/tpm/constants.ts';
import { concat, hex, u32 } from '../../domain/tpm/marshal.ts';
import { swtpmTpm, type TpmProfile } from './profile.ts';
import { createSoftwareTpm } from './software-tpm.ts';

const lab = process.env.SNPGATE_LAB === '1' ? test.serial : test.serial.skip;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const swtpm = { program: 'swtpm', setup: 'swtpm_setup' };
const identityCount = TPM_PT.FIRMWARE_VERSION_2 - TPM_PT.FAMILY_INDICATOR + 1;

type Transceive = (command: Uint8Array) => Promise<Uint8Array>;

/** A real TPM of these banks, manufactured and started for one test. */
async function startSwtpm(t: ExecutionContext, active: readonly HashName[]): Promise<Transceive> {
	const directory = await mkdtemp(join(tmpdir(), 'snpgate-swtpm-'));
	t.teardown(() => rm(directory, { recursive: true, force: true }));
	await promisify(execFile)(swtpm.setup, ['--tpm2', '--tpmstate', directory, '--pcr-banks', active.join(',')]);
	const path = join(directory, 'socket');
	const state = ['--tpmstate', `dir=${directory}`, '--flags', 'not-need-init,startup-clear'];
	const child = spawn(swtpm.program, ['socket', '--tpm2', ...state, '--server', `type=unixio,path=${path}`], { stdio: 'ignore' });
	t.teardown(async () => {
		if (child.exitCode === null && child.kill()) {
			await once(child, 'exit');
		}
	});
	const socket = await open(path);
	t.teardown(() => socket.destroy());
	return async (command) => {
		socket.write(command);
		let answer = new Uint8Array(0);
		while (answer.length < headerSize || answer.length < new DataView(answer.buffer).getUint32(2)) {
			const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
			answer = Uint8Array.from([...answer, ...chunk]);
		}
		return answer;
	};
}

async function open(path: string): Promise<Socket> {
	for (let tries = 0; ; tries += 1) {
		const socket = connect(path);
		try {
			await once(socket, 'connect');
			return socket;
		} catch (error) {
			if (tries === 100) {
				throw error;
			}
			await sleep(50);
		}
	}
}

/** The profile of the swtpm that is installed: the versions of the specification and the firmware are its own. */
async function installedProfile(real: Transceive, active: readonly HashName[]): Promise<TpmProfile> {
	const answer = parseTpmProperties(await real(getTpmProperties(TPM_PT.FAMILY_INDICATOR, identityCount)));
	const property = (tag: number) => (answer.ok ? (answer.value.get(tag) ?? 0) : 0);
	const state = (bank: HashName) => (active.includes(bank) ? 'active' : 'inactive');
	return {
		banks: { sha1: state('sha1'), sha256: state('sha256'), sha384: state('sha384'), sha512: state('sha512') },
		properties: {
			...swtpmTpm.properties,
			firmwareVersion: [property(TPM_PT.FIRMWARE_VERSION_1), property(TPM_PT.FIRMWARE_VERSION_2)],
			revision: property(TPM_PT.REVISION),
			dayOfYear: property(TPM_PT.DAY_OF_YEAR),
			year: property(TPM_PT.YEAR),
		},
	};
}

const digests = new Map(hashNames.map((name) => [name, hashOf(name, Uint8Array.of(1, 2, 3))]));

const good: readonly Uint8Array[] = [
	getPcrBanks(),
	getTpmProperties(TPM_PT.FAMILY_INDICATOR, identityCount),
	...[0, 7, 16, 17, 22, 23].flatMap((pcr) => [
		pcrRead(hashNames, pcr),
		pcrExtend(pcr, digests),
		pcrRead(hashNames, pcr),
		pcrExtend(pcr, new Map([['sha384', hashOf('sha384', Uint8Array.of(pcr))]])),
		pcrRead(hashNames, pcr),
		pcrReset(pcr),
		pcrRead(hashNames, pcr),
	]),
	...[
		'8001000000140000017e00000001000b03ffffff',
		'8001000000200000017e00000003000b03000000000403000081000c03ffffff',
		'8001000000160000017a000000010000001000000002',
		'8001000000160000017a000000014000000000000080',
		'8001000000160000017a000000020000017a00000001',
		'80020000001b0000013d0000001000000009400000090000000001',
		'8002000000240000013d0000001000000012400000090000000000400000090000000000',
		'8002000000210000017e0000000940000009000000000000000001000b03000001',
	].map(bytes),
];

for (const active of [hashNames, ['sha256', 'sha384'], ['sha256']] as const) {
	lab(`[lab] swtpm with ${active.join(', ')} answers as the software TPM does`, async (t) => {
		const real = await startSwtpm(t, active);
		const ours = createSoftwareTpm(await installedProfile(real, active));
		for (const command of good) {
			t.is(hex(ours.transceive(command)), hex(await real(command)), `command ${hex(command)}`);
		}
	});
}

/** A command whose bytes after the header are damaged; the size stays right, for a socket waits for what is missing. */
const damaged = fc
	.tuple(
		fc.constantFrom(...good),
		fc.array(fc.tuple(fc.nat(64), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 9, 0x40))), { maxLength: 2 }),
		fc.nat(120),
		fc.uint8Array({ maxLength: 3 }),
	)
	.map(([command, changes, length, tail]) => {
		const body = concat(command.slice(headerSize, headerSize + length), tail);
		for (const [index, byte] of changes) {
			if (index < body.length) {
				body[index] = byte;
			}
		}
		return concat(command.slice(0, 2), u32(headerSize + body.length), command.slice(6, headerSize), body);
	});

/** Only of its own commands, properties and algorithms can the software TPM know all that a real one lists. */
function listsMore(command: Uint8Array): boolean {
	const isGetCapability = hex(command.slice(6, headerSize)) === '0000017a';
	return isGetCapability && !['00000001', '00000005'].includes(hex(command.slice(headerSize, headerSize + 4)));
}

lab('[lab] swtpm refuses damaged commands with the same codes', async (t) => {
	const real = await startSwtpm(t, hashNames);
	const ours = createSoftwareTpm(await installedProfile(real, hashNames));
	await fc.assert(
		fc.asyncProperty(
			damaged.filter((command) => !listsMore(command)),
			async (command) => {
				t.is(hex(ours.transceive(command)), hex(await real(command)), `command ${hex(command)}`);
			},
		),
		{ numRuns: 3000 },
	);
});
