import { appendFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { formatDocument } from '../language/document.ts';
import type { Answer } from '../ports.ts';
import { sketchPlan } from '../run/test-plan.ts';
import { openBundle } from './bundle-reader.ts';
import { createBundle } from './bundle-writer.ts';
import { decodeAnswer, encodeAnswer } from './encoding.ts';
import { createRecorder } from './recorder.ts';

const run = {
	format: 'snpgate.run/1',
	id: '20260101T000000Z-abcdef',
	snpgate: '0',
	argv: [],
	startedAt: '2026-01-01T00:00:00.000Z',
	endedAt: null,
	ended: 'complete',
	reality: 'hardware',
	counterfactual: [],
	matrix: { path: 'm', release: '41', title: 'm' },
	host: { name: 'h', os: 'o', cpu: 'c', generation: 'genoa', kernel: 'k' },
	profiles: ['p'],
	selection: null,
	bootIds: {},
	sources: [],
};

function makeBundle(t: { teardown(undo: () => void): void }, seal: boolean): string {
	const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	const bundle = createBundle(directory);
	bundle.write('run.json', formatDocument(run));
	bundle.write('plan.json', formatDocument(sketchPlan([{ id: 'a' }])));
	const recorder = createRecorder(bundle);
	const answer: Answer = { kind: 'file', bytes: Buffer.alloc(5000, 'x'), truncated: false };
	recorder.use(
		'c/a/first',
		recorder.exchange('host', 'boot', { do: 'read-file', path: '/x' }, { answer, startedAt: 1, endedAt: 2 }),
	);
	if (seal) {
		bundle.seal();
	} else {
		bundle.close();
	}
	return directory;
}

test('what was recorded is read back', (t) => {
	const bundle = openBundle(makeBundle(t, true));
	t.true(bundle.sealed);
	t.deepEqual(bundle.warnings, []);
	t.is(bundle.uses.get('c/a/first'), 'x1');
	const record = bundle.exchanges.get('x1');
	t.like(record, { machine: 'host', bootId: 'boot', startedAt: 1 });
	t.is(record?.answer.kind === 'file' && 'blob' in record.answer.bytes ? bundle.blob(record.answer.bytes.blob).length : 0, 5000);
});

test('an unsealed bundle opens with a warning, even when its last line was cut off', (t) => {
	const directory = makeBundle(t, false);
	appendFileSync(join(directory, 'evidence/observations.ndjson'), '{"record":"use","key":"c/');
	const bundle = openBundle(directory);
	t.false(bundle.sealed);
	t.is(bundle.warnings.length, 2);
	t.is(bundle.uses.size, 1);
});

test('a sealed bundle that was changed is refused by name', (t) => {
	const changes: readonly (readonly [string, (directory: string) => void, RegExp])[] = [
		['altered', (directory) => appendFileSync(join(directory, 'plan.json'), ' '), /plan\.json' does not match/],
		['added', (directory) => writeFileSync(join(directory, 'more'), ''), /more' is not listed/],
		['linked', (directory) => symlinkSync('/etc/passwd', join(directory, 'evidence', 'extra')), /extra' is not listed/],
		['removed', (directory) => rmSync(join(directory, 'plan.json')), /plan\.json' is listed .* not there/],
	];
	for (const [, change, message] of changes) {
		const directory = makeBundle(t, true);
		change(directory);
		t.throws(() => openBundle(directory), { message });
	}
});

test('what is no bundle says so', (t) => {
	t.throws(() => openBundle('/nonexistent'), { message: /is no bundle: it has no run\.json/ });
	const directory = makeBundle(t, false);
	writeFileSync(join(directory, 'run.json'), '{"format":"snpgate.run/9"}');
	t.throws(() => openBundle(directory), { message: /run\.json' is not what this snpgate writes: format/ });
});

test('a directory that is not empty is never written to', (t) => {
	t.throws(() => createBundle(makeBundle(t, true)), { message: /is not empty/ });
	t.throws(() => createBundle(''), { message: /is no directory/ });
	t.throws(() => createBundle(import.meta.filename), { message: /is a file/ });
});

test('a directory may be written in any way', (t) => {
	for (const spelling of ['./b', 'b/', 'x//b', 'x/../b']) {
		const parent = mkdtempSync(join(tmpdir(), 'bundle-'));
		t.teardown(() => rmSync(parent, { recursive: true }));
		const bundle = createBundle(`${parent}/${spelling}`);
		bundle.write('run.json', '{}');
		bundle.seal();
		t.true(readdirSync(bundle.directory).includes('SHA256SUMS'), spelling);
	}
});

test('evidence that is missing or altered is said by its name', (t) => {
	const directory = makeBundle(t, false);
	const [blob = ''] = readdirSync(join(directory, 'evidence', 'blobs'));
	writeFileSync(join(directory, 'evidence', 'blobs', blob), 'other');
	t.throws(() => openBundle(directory).blob(blob), { message: /has other content than its name says/ });
	rmSync(join(directory, 'evidence', 'blobs', blob));
	t.throws(() => openBundle(directory).blob(blob), { message: /is not there: a part of the evidence is missing/ });
});

test('any bytes survive the encoding', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 9000 }), fc.string({ unit: 'binary' }), (bytes, text) => {
				const blobs = new Map<string, Uint8Array>();
				const answer: Answer = {
					kind: 'exec',
					status: 0,
					timedOut: false,
					stdout: bytes,
					stderr: Buffer.from(text),
					truncated: false,
				};
				const encoded = JSON.parse(JSON.stringify(encodeAnswer(answer, (hash, content) => blobs.set(hash, content))));
				const back = decodeAnswer(encoded, (hash) => blobs.get(hash) ?? new Uint8Array());
				return (
					back.kind === 'exec' && Buffer.from(back.stdout).equals(bytes) && Buffer.from(back.stderr).equals(Buffer.from(text))
				);
			}),
		),
	);
});
