// Opens a recorded bundle: the three documents and the evidence, each line checked against its schema.

import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Plan, planSchema } from '../language/plan.ts';
import { type Results, resultsSchema } from '../language/results.ts';
import { type RunInfo, runInfoSchema } from '../language/run-info.ts';
import { listFiles } from './bundle-writer.ts';
import { sha256 } from './encoding.ts';
import { type ExchangeRecord, observationRecord } from './records.ts';

/** The bundle cannot be used; the message is one sentence with file, expected and actual. */
export class BundleError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'BundleError';
	}
}

export interface Bundle {
	readonly directory: string;
	readonly run: RunInfo;
	readonly plan: Plan;
	/** Null in a run that was killed before it could write them. */
	readonly results: Results | null;
	readonly exchanges: ReadonlyMap<string, ExchangeRecord>;
	/** Key of a request to the id of its exchange. */
	readonly uses: ReadonlyMap<string, string>;
	readonly sealed: boolean;
	/** What a reader should know: unsealed, or a last line that was cut off. */
	readonly warnings: readonly string[];
	blob(hash: string): Uint8Array;
}

/** Opens and verifies a bundle. A sealed one whose files do not match SHA256SUMS is refused. */
export function openBundle(directory: string): Bundle {
	if (!existsSync(directory) || !existsSync(join(directory, 'run.json'))) {
		throw new BundleError(`'${directory}' is no bundle: it has no run.json.`);
	}
	const sealed = existsSync(join(directory, 'SHA256SUMS'));
	if (sealed) {
		verifySums(directory);
	}
	const warnings = sealed ? [] : [`'${directory}' is not sealed: its run was interrupted or is still going on.`];
	const { exchanges, uses, cut } = readObservations(directory);
	return {
		directory,
		run: readDocument(directory, 'run.json', runInfoSchema),
		plan: readDocument(directory, 'plan.json', planSchema),
		results: existsSync(join(directory, 'results.json')) ? readDocument(directory, 'results.json', resultsSchema) : null,
		exchanges,
		uses,
		sealed,
		warnings: cut ? [...warnings, "The last line of 'evidence/observations.ndjson' is cut off and was left out."] : warnings,
		blob: (hash) => readBlob(directory, hash),
	};
}

function readDocument<Schema extends z.ZodType>(directory: string, name: string, schema: Schema): z.infer<Schema> {
	const path = join(directory, name);
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		throw new BundleError(`'${path}' cannot be read as JSON: ${error instanceof Error ? error.message : error}.`);
	}
	const parsed = schema.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new BundleError(`'${path}' is not what this snpgate writes: ${issue?.path.join('.')}: ${issue?.message}.`);
	}
	return parsed.data;
}

function readObservations(directory: string) {
	const path = join(directory, 'evidence', 'observations.ndjson');
	const exchanges = new Map<string, ExchangeRecord>();
	const uses = new Map<string, string>();
	const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
	const lines = text.split('\n');
	// Every line ends with a newline: what follows the last one was cut off by a crash.
	const cut = lines.pop() !== '';
	for (const [index, line] of lines.entries()) {
		const record = parseRecord(line);
		if (record === null) {
			throw new BundleError(`'${path}:${index + 1}' is not a line that this snpgate writes.`);
		}
		if (record.record === 'exchange') {
			exchanges.set(record.id, record);
		} else if (record.record === 'use') {
			uses.set(record.key, record.exchange);
		}
	}
	return { exchanges, uses, cut };
}

function parseRecord(line: string) {
	try {
		return observationRecord.safeParse(JSON.parse(line)).data ?? null;
	} catch {
		return null;
	}
}

function readBlob(directory: string, hash: string): Uint8Array {
	const path = join(directory, 'evidence', 'blobs', hash);
	if (!existsSync(path)) {
		throw new BundleError(`'${path}' is not there: a part of the evidence is missing.`);
	}
	const bytes = readFileSync(path);
	if (sha256(bytes) !== hash) {
		throw new BundleError(`'${path}' has other content than its name says.`);
	}
	return bytes;
}

function verifySums(directory: string): void {
	const path = join(directory, 'SHA256SUMS');
	const sums = new Map<string, string>();
	for (const line of readFileSync(path, 'utf8')
		.split('\n')
		.filter((text) => text !== '')) {
		const match = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line);
		if (match?.[1] === undefined || match[2] === undefined) {
			throw new BundleError(`'${path}' has a line that is no checksum: '${line.slice(0, 80)}'.`);
		}
		sums.set(match[2], match[1]);
	}
	for (const name of listFiles(directory)) {
		const file = join(directory, name);
		const expected = sums.get(name);
		if (expected === undefined || !lstatSync(file).isFile()) {
			throw new BundleError(`'${file}' is not listed in SHA256SUMS: the bundle was changed after it was sealed.`);
		}
		if (sha256(readFileSync(file)) !== expected) {
			throw new BundleError(`'${file}' does not match SHA256SUMS: the bundle was changed after it was sealed.`);
		}
		sums.delete(name);
	}
	const [missing] = sums.keys();
	if (missing !== undefined) {
		throw new BundleError(`'${join(directory, missing)}' is listed in SHA256SUMS and is not there.`);
	}
}
