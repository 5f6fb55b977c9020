// Answers of the key service as evidence: written, read back, found again in a replay.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { formatDocument } from '../language/document.ts';
import type { Answer, FaultCode, KeyRequest, Request } from '../ports.ts';
import { createRecordedSource } from '../run/recorded.ts';
import { sketchPlan } from '../run/test-plan.ts';
import { openBundle } from './bundle-reader.ts';
import { createBundle } from './bundle-writer.ts';
import { createRecorder } from './recorder.ts';
import { observationRecord } from './records.ts';
import { viewExchange } from './view.ts';

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
	host: { name: 'h', os: 'o', cpu: 'c', generation: 'milan', kernel: 'k' },
	profiles: ['p'],
	selection: null,
	bootIds: {},
	sources: [],
};

const vcek: KeyRequest = {
	want: 'vcek',
	product: 'Milan',
	hwid: 'ab'.repeat(64),
	tcb: { fmc: null, bootloader: 4, tee: 0, snp: 24, microcode: 219 },
};
const chain: KeyRequest = { want: 'chain', product: 'Turin', hierarchy: 'vlek' };
const codes: readonly FaultCode[] = ['kds-unavailable', 'kds-throttled', 'kds-unknown-chip', 'kds-masked-chip', 'offline'];

const rows: readonly (readonly [string, Request, Answer])[] = [
	['leaf', { do: 'fetch-key', key: vcek }, { kind: 'bytes', bytes: Buffer.alloc(1_400, 0x30) }],
	['chain', { do: 'fetch-key', key: chain }, { kind: 'bytes', bytes: Buffer.alloc(5_000, 0x2d) }],
	...codes.map(
		(code) =>
			[code, { do: 'fetch-key', key: vcek }, { kind: 'fault', code, message: 'no', next: 'wait' }] satisfies [
				string,
				Request,
				Answer,
			],
	),
];

test('a key is recorded with its bytes, and a replay finds it by its request', async (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	const bundle = createBundle(directory);
	bundle.write('run.json', formatDocument(run));
	bundle.write('plan.json', formatDocument(sketchPlan([{ id: 'a' }])));
	const recorder = createRecorder(bundle);
	for (const [name, request, answer] of rows) {
		recorder.use(`c/a/${name}`, recorder.exchange('controller', null, request, { answer, startedAt: 1, endedAt: 9 }));
	}
	bundle.seal();

	const opened = openBundle(directory);
	const source = createRecordedSource(opened);
	const found = await source.ask(
		{ on: 'host', phase: 'main' },
		rows.map(([name, request]) => ({ key: `c/a/${name}`, request: structuredClone(request), asker: 'a' })),
	);
	t.deepEqual(
		found.map(({ answer }) => answer),
		rows.map(([, , answer]) => answer),
	);
	const other = await source.ask({ on: 'host', phase: 'main' }, [
		{ key: 'c/a/leaf', request: { do: 'fetch-key', key: chain }, asker: 'a' },
	]);
	t.like(other[0]?.answer, { kind: 'fault', code: 'not-recorded' });
	const lines = readFileSync(join(directory, 'evidence', 'observations.ndjson'), 'utf8').split('\n');
	t.true(
		lines.every((line) => line.length < 8192),
		'a long answer is a blob',
	);

	const views = [...opened.exchanges.values()].map((record) => viewExchange(record, opened.blob));
	t.is(
		views[0]?.request,
		'from the key service: the VCEK of Milan chip abababababababab… at bootloader 4, tee 0, snp 24, microcode 219',
	);
	t.is(views[1]?.request, 'from the key service: the certificates above the VLEKs of Turin');
	t.deepEqual(
		views.map(({ answer }) => answer),
		['1400 bytes', '5000 bytes', ...codes.map((code) => `${code}: no`)],
	);
});

test('a request for no key is no record', (t) => {
	const record = (key: unknown) => ({
		record: 'exchange',
		id: 'x1',
		machine: 'controller',
		bootId: null,
		request: { do: 'fetch-key', key },
		answer: { kind: 'fault', code: 'offline', message: 'no' },
		startedAt: 1,
		endedAt: 2,
	});
	for (const key of [vcek, chain]) {
		t.true(observationRecord.safeParse(record(key)).success);
	}
	for (const key of [
		undefined,
		null,
		'vcek',
		{},
		{ ...chain, product: 'Rome' },
		{ ...chain, more: 1 },
		{ ...vcek, hwid: '../..' },
		{ ...vcek, tcb: { bootloader: 4 } },
		{ want: 'vlek', product: 'Milan', hierarchy: 'vlek' },
	]) {
		t.false(observationRecord.safeParse(record(key)).success, JSON.stringify(key));
	}
});
