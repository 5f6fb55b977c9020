// snpgate capture from outside, and its rows for answers that the simulated host does not give.

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import type { Answer } from '../ports.ts';
import { captureFiles } from './capture-rows.ts';
import { hostAsks, projectSuites, type ReadRequest } from './host-asks.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cli = join(root, 'harness', 'cli.ts');

function capture(cwd: string, ...args: readonly string[]) {
	return execa(process.execPath, [cli, 'capture', ...args], { cwd, reject: false, stdin: 'ignore' });
}

function scratch(t: { teardown(undo: () => void): void }): string {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

const host = { os: 'x', osId: 'x', osVersion: '1', cpu: 'x', product: 'x', generation: 'genoa', kernel: '6.11' } as const;
const run: ReadRequest = { do: 'exec', argv: ['../sh', '-c', 'a/b\n*'] };
const reading: ReadRequest = { do: 'read-file', path: '/sys/x' };

function rowsOf(request: ReadRequest, answer: Answer) {
	return captureFiles([{ request, exchange: { answer, startedAt: 0, endedAt: 1 } }], host, false);
}

const ran = (stdout: string | Uint8Array, stderr = '', status: number | null = 0): Answer => ({
	kind: 'exec',
	status,
	timedOut: false,
	stdout: Buffer.from(stdout),
	stderr: Buffer.from(stderr),
	truncated: false,
});

test('a simulated host: every request once, every file in the index with its hash, and SIMULATED in every name', async (t) => {
	const out = join(scratch(t), 'c');
	const { exitCode, stdout, stderr } = await capture(root, '--host', 'sim', '--out', out);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^SIMULATED · \d+ answers in \d+ files, with 'index\.json', in '/);
	t.true(stdout.includes(out));
	const { format, simulated, rows } = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8'));
	t.is(format, 'snpgate.capture/1');
	t.true(simulated);
	const asked = hostAsks(projectSuites()).map(({ request }) => (request.do === 'exec' ? request.argv : request.path));
	t.deepEqual(
		rows
			.filter(({ stream }: { stream: string }) => stream !== 'stderr')
			.map(({ argv, path }: Record<string, unknown>) => argv ?? path),
		asked,
	);
	const named = rows.flatMap(({ file }: { file: string | null }) => (file === null ? [] : [file]));
	t.deepEqual([...named, 'index.json'].sort(), readdirSync(out).sort());
	for (const { file, sha256, size, host: facts, at } of rows) {
		t.is(facts.generation, 'genoa');
		t.false(Number.isNaN(Date.parse(at)));
		if (file !== null) {
			t.regex(file, /^SIMULATED-\d\d-[A-Za-z0-9._-]+\.txt$/);
			const bytes = readFileSync(join(out, file));
			t.deepEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')], [size, sha256]);
		}
	}
});

test("without '--out' the directory is named by the time", async (t) => {
	const cwd = scratch(t);
	const { exitCode, stderr } = await capture(cwd, '--host', 'sim');
	t.is(exitCode, 0, stderr);
	t.regex(readdirSync(cwd).join(), /^capture-\d{8}T\d{6}Z$/);
});

test('a directory that holds something, a file and a stray word are refused before the host is asked', async (t) => {
	const directory = scratch(t);
	writeFileSync(join(directory, 'mine'), 'x');
	for (const [args, message] of [
		[['--out', directory], /is not empty: a capture needs a directory of its own/],
		[['--out', join(directory, 'mine')], /is a file/],
		[['--out='], /is no directory/],
		[['sim'], /takes no 'sim'/],
	] as const) {
		const { exitCode, stderr } = await capture(root, '--host', 'sim', ...args);
		t.is(exitCode, 2, stderr);
		t.regex(stderr, message);
	}
	t.deepEqual(readdirSync(directory), ['mine']);
});

test('nothing but reads is asked: no request changes anything, and each is asked once', (t) => {
	const requests = hostAsks(projectSuites()).map(({ request }) => request);
	t.true(requests.every((request) => request.do === 'read-file' || (request.do === 'exec' && request.changes === undefined)));
	t.is(new Set(requests.map((request) => JSON.stringify(request))).size, requests.length);
	const words = requests.flatMap((request) => (request.do === 'exec' ? request.argv : [request.path]));
	t.deepEqual(
		words.filter((word) => /hostname|serial|machine-id|product_uuid|dmidecode/i.test(word)),
		[],
	);
});

test('a name of a file holds nothing of a path', (t) => {
	t.is(rowsOf(run, ran('x')).contents[0]?.file, '01-sh-c-a-b.txt');
	t.is(rowsOf({ do: 'exec', argv: ['***'] }, ran('x')).contents[0]?.file, '01-request.txt');
	t.true((rowsOf({ do: 'exec', argv: ['x'.repeat(500)] }, ran('x')).contents[0]?.file.length ?? 0) < 100);
});

test('standard error is a row of its own, a missing file and a fault are rows without a file', (t) => {
	t.like(rowsOf(run, ran('o', 'e', 3)).rows, [
		{ stream: 'stdout', status: 3, size: 1 },
		{ stream: 'stderr', status: 3, file: '01-sh-c-a-b.stderr.txt', size: 1 },
	]);
	t.like(rowsOf(reading, { kind: 'no-file', errno: 'EACCES' }).rows[0], {
		file: null,
		errno: 'EACCES',
		path: '/sys/x',
		sha256: null,
	});
	t.like(rowsOf(reading, { kind: 'fault', code: 'timeout', message: 'too late' }).rows[0], { file: null, fault: 'too late' });
});

test('names and serial numbers that the log tells are taken out, other bytes are kept', (t) => {
	const log = 'systemd[1]: Hostname set to <epyc7.example>.\nusb 1-1: SerialNumber: AB12\nusb 1-1: Mfr=1, SerialNumber=3\n';
	const { rows, contents } = rowsOf(run, ran(log));
	t.is(
		Buffer.from(contents[0]?.bytes ?? []).toString(),
		'systemd[1]: Hostname set to <REDACTED>.\nusb 1-1: SerialNumber: REDACTED\nusb 1-1: Mfr=1, SerialNumber=3\n',
	);
	t.is(rows[0]?.redacted, 2);
	const odd = Buffer.from([0xff, 0x00, 0xfe, ...Buffer.from('é SerialNumber: X')]);
	t.deepEqual(
		Buffer.from(rowsOf(run, ran(odd)).contents[0]?.bytes ?? []),
		Buffer.concat([odd.subarray(0, -1), Buffer.from('REDACTED')]),
	);
});
