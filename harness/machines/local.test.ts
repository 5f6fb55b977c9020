import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Answer, ExecAnswer, Machine, MachineRequest } from '../ports.ts';
import { createLocalMachine } from './local.ts';

const decoder = new TextDecoder();
const clock = { now: () => Date.now() };
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

/** Where the shells of these tests make their directories. */
const temporary = mkdtempSync(join(tmpdir(), 'snpgate-shells-'));
const links = mkdtempSync(join(tmpdir(), 'snpgate-links-'));
process.env.TMPDIR = temporary;

test.after.always('no shell left its directory behind', (t) => {
	t.deepEqual(readdirSync(temporary), []);
	rmSync(temporary, { recursive: true });
	rmSync(links, { recursive: true });
});

/** Command of a shell for which `sh`, and each of these tools, is this program. */
function shellOf(program: string, tools: readonly string[] = []): readonly [string, ...string[]] {
	const path = findInPath(program);
	const directory = join(links, program);
	mkdirSync(directory);
	for (const name of ['sh', ...tools]) {
		if (name === 'sh' || spawnSync(path, [name, '--help']).status === 0) {
			symlinkSync(path, join(directory, name));
		}
	}
	return ['env', `PATH=${directory}${delimiter}${process.env.PATH}`, 'sh'];
}

function findInPath(program: string): string {
	return spawnSync('sh', ['-c', 'command -v "$0"', program]).stdout.toString().trim() || join('/absent', program);
}

/** The shells of Debian, of Fedora, and of a guest that has nothing but busybox. */
const shells: Readonly<Record<string, readonly [string, ...string[]]>> = {
	'/bin/sh': ['/bin/sh'],
	dash: shellOf('dash'),
	bash: shellOf('bash'),
	busybox: shellOf('busybox', ['base64', 'timeout', 'head', 'mktemp', 'dd', 'cksum', 'rm', 'sleep', 'setsid']),
};

type Work = (t: ExecutionContext, machine: Machine, directory: string) => Promise<void>;

/** One test for each shell that is installed here. */
function everywhere(title: string, work: Work): void {
	for (const [name, shell] of Object.entries(shells)) {
		const here = spawnSync(shell[0], [...shell.slice(1), '-c', ':']).status === 0 ? test : test.skip;
		here(`${name}: ${title}`, async (t) => {
			const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
			const machine = await createLocalMachine({ clock, random, shell });
			try {
				await work(t, machine, directory);
			} finally {
				await machine.close();
				rmSync(directory, { recursive: true });
			}
		});
	}
}

const never = new AbortController().signal;

async function answers(machine: Machine, requests: readonly MachineRequest[], signal = never): Promise<readonly Answer[]> {
	return (await machine.perform(requests, signal)).map(({ answer }) => answer);
}

function script(text: string, timeoutMs?: number): MachineRequest {
	return { do: 'exec', argv: ['sh', '-c', text], ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

async function exec(t: ExecutionContext, machine: Machine, request: MachineRequest): Promise<ExecAnswer> {
	const [answer] = await answers(machine, [request]);
	if (answer?.kind !== 'exec') {
		t.log(answer);
		throw new Error('no exec answer');
	}
	return answer;
}

/** Processes whose command line holds this word. */
function processesWith(word: string): string[] {
	return readdirSync('/proc').filter((pid) => {
		try {
			return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word);
		} catch {
			return false;
		}
	});
}

/** The same after a moment: the watchdog of busybox timeout is a daemon that looks once a second whether its work is gone. */
async function left(word: string): Promise<string[]> {
	for (let tries = 0; tries < 25 && processesWith(word).length > 0; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	return processesWith(word);
}

everywhere('reads the boot id and separates the streams', async (t, machine) => {
	t.is(machine.bootId, readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
	const answer = await exec(t, machine, script('echo out; echo err >&2; exit 3'));
	t.is(decoder.decode(answer.stdout), 'out\n');
	t.is(decoder.decode(answer.stderr), 'err\n');
	t.is(answer.status, 3);
	t.false(answer.timedOut || answer.truncated);
});

everywhere('statuses are those of a shell, and a signal is 128 and its number', async (t, machine, directory) => {
	writeFileSync(join(directory, 'data'), 'x');
	const rows: readonly [MachineRequest, number | null][] = [
		[{ do: 'exec', argv: ['no-such-command'] }, 127],
		[{ do: 'exec', argv: [join(directory, 'data')] }, 126],
		[{ do: 'exec', argv: ['cd', '/'] }, 127],
		[script('exit 124'), 124],
		[script('exit 255'), 255],
		[script('exit 130'), 130],
		[script('kill -9 $$'), 137],
		[script('kill -15 $$'), 143],
	];
	const got = await answers(
		machine,
		rows.map(([request]) => request),
	);
	for (const [index, [request, status]] of rows.entries()) {
		const answer = got[index];
		t.is(answer?.kind === 'exec' ? answer.status : undefined, status, JSON.stringify(request));
		t.false(answer?.kind === 'exec' && answer.timedOut, JSON.stringify(request));
	}
});

everywhere('every byte comes back, from a file, from standard input and from a stream', async (t, machine, directory) => {
	const path = join(directory, "all 'bytes'");
	const all = Uint8Array.from({ length: 1024 }, (_, n) => n & 255);
	writeFileSync(path, all);
	const text = `naïve 你好 \u0000\u0081\u0088\r\n'"$\`\\ ${'x'.repeat(5000)}`;
	const [file, stream, echoed, words, empty] = await answers(machine, [
		{ do: 'read-file', path },
		{ do: 'exec', argv: ['cat', path] },
		{ do: 'exec', argv: ['cat'], stdin: text },
		{ do: 'exec', argv: ['printf', '%s|', text.replaceAll('\0', ''), '', '-n', '$(id)', 'a\nb'] },
		{ do: 'exec', argv: ['cat'] },
	]);
	t.deepEqual(file?.kind === 'file' && new Uint8Array(file.bytes), all);
	t.deepEqual(stream?.kind === 'exec' && new Uint8Array(stream.stdout), all);
	t.is(echoed?.kind === 'exec' && decoder.decode(echoed.stdout), text);
	t.is(words?.kind === 'exec' && decoder.decode(words.stdout), `${text.replaceAll('\0', '')}||-n|$(id)|a\nb|`);
	t.is(empty?.kind === 'exec' && empty.stdout.length, 0);
});

everywhere('files that cannot be read or written have an errno', async (t, machine, directory) => {
	writeFileSync(join(directory, 'data'), 'x');
	const rows: readonly [MachineRequest, string][] = [
		[{ do: 'read-file', path: join(directory, 'absent') }, 'ENOENT'],
		[{ do: 'read-file', path: join(directory, 'data', 'below') }, 'ENOENT'],
		[{ do: 'read-file', path: directory }, 'EISDIR'],
		[{ do: 'read-file', path: '/proc/self/mem' }, 'EIO'],
		[{ do: 'write-file', path: join(directory, 'absent', 'x'), text: '' }, 'ENOENT'],
		[{ do: 'write-file', path: directory, text: '' }, 'EISDIR'],
		[{ do: 'transceive', device: join(directory, 'absent'), hex: '00' }, 'ENOENT'],
		[{ do: 'transceive', device: join(directory, 'data'), hex: '00' }, 'EIO'],
		...(process.getuid?.() === 0 ? [] : [[{ do: 'read-file', path: '/proc/1/mem' }, 'EACCES'] as const]),
	].map(([request, errno]) => [request as MachineRequest, errno as string]);
	const got = await answers(
		machine,
		rows.map(([request]) => request),
	);
	for (const [index, [request, errno]] of rows.entries()) {
		t.deepEqual(got[index], { kind: 'no-file', errno }, JSON.stringify(request));
	}
});

everywhere('bytes are written as they are', async (t, machine, directory) => {
	const path = join(directory, 'bytes');
	const hex = Buffer.from(Uint8Array.from({ length: 256 }, (_, n) => n)).toString('hex');
	t.deepEqual(
		(await answers(machine, [{ do: 'write-file', path, hex }])).map(({ kind }) => kind),
		['file'],
	);
	t.is(readFileSync(path).toString('hex'), hex);
});

/** What the kernel answers for a request of a report (configfs-tsm), as dd says it: GNU coreutils, then busybox. */
const reasons: readonly (readonly [words: string, errno: string])[] = [
	["dd: error reading '/x': Invalid argument", 'EINVAL'],
	['dd: /x: Invalid argument', 'EINVAL'],
	["dd: failed to open '/x': No such device or address", 'ENXIO'],
	["dd: error writing '/x': Device or resource busy", 'EBUSY'],
	["dd: error reading '/x': Inappropriate ioctl for device", 'ENOTTY'],
	["dd: error reading '/x': Connection timed out", 'ETIMEDOUT'],
	["dd: error reading '/x': Bad message", 'EBADMSG'],
	["dd: closing output file '/x': File too large", 'EFBIG'],
	["dd: error reading '/x': Cannot allocate memory", 'ENOMEM'],
	["dd: error reading '/x': Input/output error", 'EIO'],
	["dd: error reading '/x': Something that nobody knows", 'EIO'],
];

test('each reason of the kernel has its errno', async (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	for (const [words, errno] of reasons) {
		writeFileSync(join(directory, 'dd'), `#!/bin/sh\necho "${words}" >&2\nexit 1\n`, { mode: 0o755 });
		const shell = ['env', `PATH=${directory}${delimiter}${process.env.PATH}`, 'sh'] as const;
		const machine = await createLocalMachine({ clock, random, shell });
		const [read, written] = await answers(machine, [
			{ do: 'read-file', path: '/x' },
			{ do: 'write-file', path: '/x', hex: '00' },
		]);
		await machine.close();
		t.deepEqual(
			[read, written],
			[
				{ kind: 'no-file', errno },
				{ kind: 'no-file', errno },
			],
			words,
		);
	}
});

everywhere('a file is written whole, and a device is written and read once', async (t, machine, directory) => {
	const path = join(directory, 'écrit');
	const text = `line\n\0é${'y'.repeat(200_000)}`;
	const [written, answered] = await answers(machine, [
		{ do: 'write-file', path, text },
		{ do: 'transceive', device: '/dev/zero', hex: '8001' },
	]);
	t.deepEqual(written, { kind: 'file', bytes: new Uint8Array(), truncated: false });
	t.is(readFileSync(path, 'utf8'), text);
	t.is(answered?.kind === 'bytes' && answered.bytes.length, 4096);
});

everywhere('a time limit ends the command and all that it started', async (t, machine) => {
	const mark = `3600.${randomBytes(4).readUInt32BE()}`;
	const answer = await exec(t, machine, script(`echo before; sh -c 'sleep ${mark}' & sleep ${mark}; echo after`, 1_500));
	t.true(answer.timedOut);
	t.is(answer.status, null);
	t.is(decoder.decode(answer.stdout), 'before\n');
	t.deepEqual(await left(mark), []);
	const stubborn = await exec(t, machine, script(`trap '' TERM; sleep ${mark}; sleep ${mark}`, 200));
	t.true(stubborn.timedOut);
	t.deepEqual(await left(mark), []);
	t.is((await exec(t, machine, script('exit 7'))).status, 7, 'the session goes on');
});

/** Commands that end while a child of theirs keeps their output open. */
const lingering: readonly (readonly [command: string, stdout: string, stderr: string])[] = [
	['sleep 3600 & echo ok', 'ok\n', ''],
	['setsid sleep 3600 & echo ok >&2', '', 'ok\n'],
	['setsid sleep 3600 >/dev/null & echo out; echo err >&2', 'out\n', 'err\n'],
	['setsid sleep 3600 2>/dev/null & echo out; echo err >&2', 'out\n', 'err\n'],
	[
		'for i in $(seq 600); do echo fine; done; echo FORBIDDEN; setsid sleep 3600 & exit 0',
		`${'fine\n'.repeat(600)}FORBIDDEN\n`,
		'',
	],
	['head -c 3000000 /dev/zero | tr "\\0" x; printf end; sleep 3600 &', `${'x'.repeat(3_000_000)}end`, ''],
	['printf "a\\0b"; setsid sleep 3600 &', 'a\0b', ''],
];

everywhere('a command ends when it ends, with all its bytes, whatever its children keep open', async (t, machine) => {
	for (const [command, stdout, stderr] of lingering) {
		const started = performance.now();
		const answer = await exec(t, machine, script(command));
		const took = performance.now() - started;
		t.is(answer.status, 0, command);
		t.true(decoder.decode(answer.stdout) === stdout, command);
		t.is(decoder.decode(answer.stderr), stderr, command);
		t.false(answer.timedOut || answer.truncated, command);
		t.true(took < 10_000, `${command}: ${Math.round(took)} ms`);
	}
	t.is((await exec(t, machine, script('exit 7'))).status, 7, 'the session goes on');
});

everywhere('what a child goes on writing takes no byte from the answer, and ends with it', async (t, machine) => {
	const answer = await exec(t, machine, script('echo before; (while :; do echo later; sleep 0.01; done) & exit 3'));
	t.is(answer.status, 3);
	t.false(answer.timedOut || answer.truncated);
	t.regex(decoder.decode(answer.stdout), /^(?:later\n)*before\n(?:later\n)*$/);
	const flooded = await exec(t, machine, script('echo before; cat /dev/zero & exit 3'));
	t.true(flooded.status === 3 && flooded.truncated && flooded.stdout.length === 16 * 1024 * 1024);
	t.is((await exec(t, machine, script('exit 7'))).status, 7, 'the session goes on');
});

everywhere('an answer that could not be whole says so', async (t, machine) => {
	const late = await exec(t, machine, script('echo a; setsid sleep 3600 & sleep 0.95', 1_000));
	t.true(late.timedOut ? late.status === null : decoder.decode(late.stdout) === 'a\n');
});

for (const [name, shell] of Object.entries(shells)) {
	const here = spawnSync(shell[0], [...shell.slice(1), '-c', ':']).status === 0 ? test : test.skip;
	here(`${name}: where there is no room for the output, the answer says that it was cut`, async (t) => {
		const machine = await createLocalMachine({ clock, random, shell: [...shell, '-c', 'ulimit -f 8; exec sh'] });
		const [fits, out, err] = await answers(machine, [
			script('echo fits'),
			script('head -c 10000 /dev/zero | tr "\\0" x'),
			script('head -c 10000 /dev/zero | tr "\\0" x >&2; exit 5'),
		]);
		await machine.close();
		t.true(fits?.kind === 'exec' && !fits.truncated && decoder.decode(fits.stdout) === 'fits\n');
		t.true(out?.kind === 'exec' && out.truncated && decoder.decode(out.stdout) === 'x'.repeat(out.stdout.length));
		t.true(err?.kind === 'exec' && err.truncated && err.status === 5 && err.stdout.length === 0);
	});
}

everywhere('what left the session is ended with it', async (t, machine) => {
	const mark = `3600.${randomBytes(4).readUInt32BE()}`;
	await exec(
		t,
		machine,
		script(`setsid sleep ${mark} >/dev/null 2>&1 & (setsid sh -c 'sleep ${mark} & wait' >/dev/null 2>&1 &)`),
	);
	for (let tries = 0; tries < 50 && processesWith(`sleep\0${mark}`).length < 2; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	t.is(processesWith(`sleep\0${mark}`).length, 2);
	await machine.close();
	t.deepEqual(await left(mark), []);
});

everywhere('large streams are whole up to 16 MiB and say when they were longer', async (t, machine, directory) => {
	const path = join(directory, 'large');
	writeFileSync(path, Buffer.alloc(17 * 1024 * 1024, 'snp'));
	const [both, long, file] = await answers(machine, [
		script('head -c 2000000 /dev/zero | tr "\\0" o & head -c 2000000 /dev/zero | tr "\\0" e >&2; wait'),
		{ do: 'exec', argv: ['cat', path] },
		{ do: 'read-file', path },
	]);
	t.true(both?.kind === 'exec' && both.stdout.length === 2_000_000 && both.stdout.every((byte) => byte === 0x6f));
	t.true(
		both?.kind === 'exec' && both.stderr.length === 2_000_000 && both.stderr.every((byte) => byte === 0x65) && !both.truncated,
	);
	t.true(long?.kind === 'exec' && long.truncated && long.stdout.length === 16 * 1024 * 1024);
	t.true(file?.kind === 'file' && file.truncated && file.bytes.length === 16 * 1024 * 1024);
});

everywhere('200 requests go in one batch and come back in order', async (t, machine) => {
	const requests = Array.from({ length: 200 }, (_, n): MachineRequest => ({ do: 'exec', argv: ['echo', String(n)] }));
	const exchanges = await machine.perform(requests, never);
	t.deepEqual(
		exchanges.map(({ answer }) => answer.kind === 'exec' && Number(decoder.decode(answer.stdout))),
		requests.map((_, n) => n),
	);
	t.true(exchanges.every(({ startedAt, endedAt }, n) => startedAt <= endedAt && startedAt >= (exchanges[n - 1]?.endedAt ?? 0)));
});

everywhere('batches asked for at the same time do not mix', async (t, machine) => {
	const got = await Promise.all(
		['a', 'b', 'c'].map((word) => answers(machine, Array(3).fill({ do: 'exec', argv: ['echo', word] }))),
	);
	t.deepEqual(
		got.map((batch) => batch.map((answer) => answer.kind === 'exec' && decoder.decode(answer.stdout)).join('')),
		['a\na\na\n', 'b\nb\nb\n', 'c\nc\nc\n'],
	);
});

everywhere('what cannot be said is refused before anything is sent', async (t, machine) => {
	const got = await answers(machine, [
		{ do: 'exec', argv: ['echo', 'a\0b'] },
		{ do: 'exec', argv: [] },
		{ do: 'exec', argv: ['echo', 'said'] },
		{ do: 'read-file', path: '/etc\0/passwd' },
		{ do: 'transceive', device: '/dev/null', hex: '8' },
	]);
	t.deepEqual(
		got.map((answer) => (answer.kind === 'fault' ? answer.code : answer.kind)),
		['protocol', 'protocol', 'exec', 'protocol', 'protocol'],
	);
});

everywhere('a killed shell is a fault for the rest of the batch, and the next batch has a new shell', async (t, machine) => {
	const parentOf = 'cut -d" " -f4 /proc/$p/stat';
	const findShell = `p=$$; while [ "$(${parentOf})" != ${process.pid} ]; do p=$(${parentOf}); done; echo "$p"`;
	const [first, killed, after] = await answers(machine, [
		script('echo 1'),
		script(`kill -9 "$(${findShell})"; sleep 5`),
		script('echo 3'),
	]);
	t.is(first?.kind, 'exec');
	t.is(killed?.kind === 'fault' && killed.code, 'unreachable');
	t.is(after?.kind === 'fault' && after.code, 'unreachable');
	t.is((await exec(t, machine, script('exit 7'))).status, 7);
});

everywhere('an interruption ends the batch at once and leaves nothing running', async (t, machine) => {
	const mark = `3600.${randomBytes(4).readUInt32BE()}`;
	const controller = new AbortController();
	const watch = setInterval(() => {
		if (processesWith(`sleep\0${mark}`).length > 0) {
			clearInterval(watch);
			// Later, so that the first answer, which has been sent by now, is read before.
			setTimeout(() => controller.abort(), 100);
		}
	}, 50);
	const got = await answers(machine, [script('echo 1'), script(`sleep ${mark}`), script('echo 3')], controller.signal);
	t.deepEqual(
		got.map((answer) => (answer.kind === 'fault' ? answer.code : answer.kind)),
		['exec', 'interrupted', 'interrupted'],
	);
	t.deepEqual(await left(mark), []);
	t.is((await answers(machine, [script('echo 4')], controller.signal))[0]?.kind, 'fault');
	t.is((await exec(t, machine, script('exit 7'))).status, 7);
});

everywhere('closing ends the shell and what it runs', async (t, machine) => {
	const mark = `3600.${randomBytes(4).readUInt32BE()}`;
	const running = answers(machine, [script(`sleep ${mark}`)]);
	await new Promise((resolve) => setTimeout(resolve, 200));
	await machine.close();
	t.is((await running)[0]?.kind, 'fault');
	t.deepEqual(await left(mark), []);
	t.is((await answers(machine, [script('echo')]))[0]?.kind, 'fault');
});

test('a machine without a shell answers with faults', async (t) => {
	const machine = await createLocalMachine({ clock, random, shell: ['/no/such/shell'] });
	t.is(machine.bootId, null);
	t.is((await answers(machine, [script('echo')]))[0]?.kind, 'fault');
	await machine.close();
});

test.serial('30 small commands go quickly', async (t) => {
	const machine = await createLocalMachine({ clock, random });
	const started = performance.now();
	await answers(machine, Array<MachineRequest>(30).fill({ do: 'exec', argv: ['true'] }));
	const took = performance.now() - started;
	t.log(`${Math.round(took)} ms`);
	await machine.close();
	t.true(took < 3_000, 'even on a busy machine');
});
