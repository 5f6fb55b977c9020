// The file of --expect: what a report is validated against. Loaded only when it is given, since the language is large.

import { createPublicKey } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { amdKeyDigest } from '../domain/snp/amd-key.ts';
import type { Expectation } from '../domain/snp/expectation.ts';
import { loadExpect, toExpectation } from '../language/load-expect.ts';
import { formatProblems } from '../language/problems.ts';
import { UsageError } from './arguments.ts';
import { readBytes } from './input-files.ts';
import { readSource } from './source-file.ts';

/** Throws UsageError with every problem of the file. */
export function readExpectFile(file: string): { readonly expectation: Expectation; readonly allowMaskedChip: boolean } {
	const source = readSource(file);
	const { expect, problems } = loadExpect(source.text, source.path);
	if (expect === null || problems.length > 0) {
		const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
		throw new UsageError(`${count} in the expectation.\n\n${formatProblems(problems)}`);
	}
	const beside = (name: string) => resolve(dirname(file), name);
	return {
		expectation: toExpectation(expect, (name) => digestOfKeyFile(beside(name))),
		allowMaskedChip: expect['masked-chip-id'] === 'allowed',
	};
}

/** A public key or certificate in PEM; throws UsageError for anything but P-384. */
function digestOfKeyFile(file: string): Uint8Array {
	const bytes = readBytes(file);
	try {
		const digest = amdKeyDigest(createPublicKey(Buffer.from(bytes)));
		if (digest !== null) {
			return digest;
		}
	} catch {
		// Said below: what the library found wrong in it helps nobody.
	}
	throw new UsageError(`'${file}' holds no P-384 public key or certificate in PEM.`);
}
