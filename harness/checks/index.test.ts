import { readdirSync } from 'node:fs';
import test from 'ava';
import { kinds } from './index.ts';

// Files of this folder that are no kinds but pieces that kinds share.
const pieces = [
	'guest-device.ts',
	'host-texts.ts',
	'index.ts',
	'live-emulator.ts',
	'matches.ts',
	'package-rules.ts',
	'pcr-extension.ts',
	'report-keys.ts',
	'report-request.ts',
	'report-verdict.ts',
	'test-attested-guest.ts',
	'test-observe.ts',
	'tpm-answer.ts',
];
// The TPM's kinds are tested together, against one software TPM and its misbehaving wrappers.
const testedIn: Readonly<Record<string, string>> = { tpm: 'tpm-kinds', 'pcr-extend': 'tpm-kinds', 'pcr-reset': 'tpm-kinds' };

test('every file is a registered kind of the same name', (t) => {
	const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts') && !pieces.includes(name));
	t.deepEqual(files.map((name) => name.replace(/\.ts$/, '')).sort(), kinds.map(({ kind }) => kind).sort());
});

test('every kind has a test of its own in which it fails', (t) => {
	const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
	t.deepEqual(
		kinds.map(({ kind }) => `${testedIn[kind] ?? kind}.test.ts`).filter((name) => !tests.includes(name)),
		[],
	);
});
