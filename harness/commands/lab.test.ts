// The lab: a real Linux guest with a real TPM 2.0 under emulation, from the command line to the sealed bundle.
// Needs `ci/lab/prepare`, so it runs only with SNPGATE_LAB=1.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import type { Results } from '../language/results.ts';
import type { Exchange, GuestControl, Machine, MachineRequest } from '../ports.ts';
import { parseArguments } from './arguments.ts';
import { performRun } from './perform-run.ts';
import { prepare } from './prepare.ts';
import { commands } from './table.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cli = join(root, 'harness', 'cli.ts');
const matrix = join(root, 'matrices', 'lab.yaml');

const lab = process.env.SNPGATE_LAB === '1' ? test.serial : test.skip;

const read = (path: string) => readFileSync(path, 'utf8');
const outcomes = (results: Results) =>
	Object.fromEntries(
		results.results.map(({ id, outcome, reason }) => [id, reason === null ? outcome : `${outcome} ${reason.code}`]),
	);

interface Place {
	/** Where everything temporary of the run goes, so that what it leaves can be told from what others do. */
	readonly temporary: string;
	readonly bundle: string;
}

function place(t: ExecutionContext): Place {
	const directory = mkdtempSync('/tmp/sg-');
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	const temporary = join(directory, 't');
	mkdirSync(temporary);
	return { temporary, bundle: join(directory, 'b') };
}

function start({ temporary, bundle }: Place, file: string, ...more: readonly string[]) {
	const args = [cli, 'run', '--matrix', file, '--host', 'local', '--out', bundle, ...more];
	return execa(process.execPath, args, { cwd: root, reject: false, env: { TMPDIR: temporary } });
}

/** Files in the run's temporary directory, and processes that know of it. */
function leftovers({ temporary }: Place): readonly string[] {
	const processes = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				const words = read(`/proc/${pid}/cmdline`).split('\0');
				return words.some((word) => word.includes(temporary)) ? [words.slice(0, 4).join(' ')] : [];
			} catch {
				return [];
			}
		});
	return [...processes, ...readdirSync(temporary)];
}

/** A matrix of the test's own beside the lab's files. */
function altered({ bundle }: Place, change: (text: string) => string): string {
	const text = change(read(matrix).replaceAll('../ci/lab/out', join(root, 'ci', 'lab', 'out')));
	const path = `${bundle}.yaml`;
	writeFileSync(path, text);
	return path;
}

lab('[lab] the gate conforms, replays to the same bytes, and leaves nothing', async (t) => {
	const here = place(t);
	const { bundle } = here;
	const run = await start(here, matrix);
	t.is(run.exitCode, 0, run.stdout);
	t.regex(run.stdout, /EMULATED/);
	const results = JSON.parse(read(join(bundle, 'results.json'))) as Results;
	const ended = outcomes(results);
	for (const id of [
		'guest.boot',
		'vtpm.present',
		'vtpm.tpm2',
		'vtpm.pcr-extend',
		'vtpm.pcr-extend.application',
		'vtpm.boot-pcr-fixed',
		'guest.plain',
	]) {
		t.is(ended[id], 'passed', id);
	}
	for (const { outcome, rule, id } of results.results) {
		t.true(outcome !== 'skipped' || rule?.endsWith('-in-the-lab') === true, `${id} is skipped by ${rule}`);
	}
	t.is((await execa('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: bundle, reject: false })).exitCode, 0);
	const replay = await execa(process.execPath, [cli, 'replay', bundle, '--json'], { cwd: root, reject: false });
	t.is(replay.exitCode, 0);
	const { changed, ...again } = JSON.parse(replay.stdout);
	t.deepEqual(changed, []);
	t.is(`${JSON.stringify(again, null, 1)}\n`, read(join(bundle, 'results.json')));
	t.deepEqual(leftovers(here), []);
});

/** Answers TPM2_PCR_Extend with success and keeps the command from the TPM behind it. Everything else is the real one's. */
function droppingExtend(machine: Machine): Machine {
	const extend = '00000182';
	const success = Buffer.from('80020000001300000000000000000000010000', 'hex');
	const isExtend = (request: MachineRequest) => request.do === 'transceive' && request.hex.slice(12, 20) === extend;
	return {
		name: machine.name,
		bootId: machine.bootId,
		channelKey: machine.channelKey,
		close: () => machine.close(),
		perform: async (requests, signal) => {
			const passed = requests.filter((request) => !isExtend(request));
			const answers = [...(await machine.perform(passed, signal))];
			const now = Date.now();
			const dropped: Exchange = { answer: { kind: 'bytes', bytes: success }, startedAt: now, endedAt: now };
			return requests.map((request) => (isExtend(request) ? dropped : (answers.shift() ?? dropped)));
		},
	};
}

function lying(guests: GuestControl): GuestControl {
	return {
		stop: (name) => guests.stop(name),
		boot: async (...args) => {
			const running = await guests.boot(...args);
			return 'kind' in running || 'kind' in running.machine ? running : { ...running, machine: droppingExtend(running.machine) };
		},
	};
}

lab('[lab] a TPM that says success and does not extend is caught', async (t) => {
	const { bundle } = place(t);
	const command = commands.find(({ name }) => name === 'run');
	if (command === undefined) {
		throw new Error('there is no command run');
	}
	const stop = new AbortController();
	const args = parseArguments(command, [
		'--matrix',
		matrix,
		'--host',
		'local',
		'--only',
		'vtpm.pcr-extend',
		'--only',
		'vtpm.boot-pcr-fixed',
	]);
	const prepared = await prepare(args, () => {}, stop.signal);
	const { results } = await performRun(
		{ ...prepared, connection: { ...prepared.connection, guests: lying(prepared.connection.guests) } },
		{ jobs: 1, out: bundle, argv: [], stop, words: { write: () => {} } },
	);
	const ended = outcomes(results);
	t.is(ended['vtpm.pcr-extend'], 'failed pcr-unchanged');
	t.is(ended['vtpm.boot-pcr-fixed'], 'error control-failed');
	t.is(ended['vtpm.present'], 'passed');
});

lab('[lab] a kernel that panics is failed with that reason, since the control guest boots', async (t) => {
	const here = place(t);
	const { bundle } = here;
	const panicking = altered(here, (text) =>
		text
			.replace('append: console=ttyS0', 'append: rdinit=/missing console=ttyS0')
			.replace('    control:\n', '    control:\n      append: console=ttyS0 panic=-1\n'),
	);
	const run = await start(here, panicking);
	t.is(run.exitCode, 1, run.stdout);
	const results = JSON.parse(read(join(bundle, 'results.json'))) as Results;
	const ended = outcomes(results);
	t.is(ended['guest.boot'], 'failed kernel-panic');
	t.is(ended['vtpm.pcr-extend'], 'blocked blocked');
	t.regex(results.results.find(({ id }) => id === 'guest.boot')?.reason?.message ?? '', /Kernel panic - not syncing/);
	t.deepEqual(leftovers(here), []);
});

lab('[lab] Ctrl-C in the middle of a boot: exit 4, a bundle that reads, and nothing left', async (t) => {
	const here = place(t);
	const { bundle } = here;
	const run = start(here, matrix);
	for await (const line of run.iterable({ preserveNewlines: true })) {
		if (/'(?:firmware|kernel)' after/.test(line)) {
			run.kill('SIGINT');
			break;
		}
	}
	const { exitCode, stdout } = await run;
	t.is(exitCode, 4, stdout);
	t.false(existsSync(join(bundle, 'SHA256SUMS')));
	t.regex(read(join(bundle, 'report.html')), /INTERRUPTED/);
	const ended = outcomes(JSON.parse(read(join(bundle, 'results.json'))) as Results);
	t.is(ended['guest.boot'], 'error interrupted');
	const replay = await execa(process.execPath, [cli, 'replay', bundle], { cwd: root, reject: false });
	t.is(replay.exitCode, 4, replay.stderr);
	t.regex(replay.stderr, /is not sealed/);
	t.deepEqual(leftovers(here), []);
});

lab('[lab] a deadline in the middle of a boot: error deadline, exit 3, sealed, and nothing left', async (t) => {
	const here = place(t);
	const { bundle } = here;
	const run = await start(here, matrix, '--deadline', '4s');
	t.is(run.exitCode, 3, run.stdout);
	t.true(existsSync(join(bundle, 'SHA256SUMS')));
	t.is(outcomes(JSON.parse(read(join(bundle, 'results.json'))) as Results)['guest.boot'], 'error deadline');
	t.is((await execa(process.execPath, [cli, 'replay', bundle], { cwd: root, reject: false })).exitCode, 3);
	t.deepEqual(leftovers(here), []);
});

lab('[lab] what is missing is said with its next step, and is never a pass', async (t) => {
	const here = place(t);
	const run = await start(
		here,
		altered(here, (text) => text.replaceAll('vmlinuz', 'no-such-kernel')),
	);
	t.is(run.exitCode, 3);
	t.regex(run.stdout, /no-such-kernel/);
});
