// For tests: the questions that snpgate and sev-snp-measure both answer, and how each is asked.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { ParseError } from '../../parse-error.ts';
import { buildImage, type ImagePlan } from './build-ovmf.ts';
import { hashCommandLine, hashNothing } from './kernel-hashes.ts';
import { LaunchError, measureLaunch } from './launch-digest.ts';
import { parseOvmf } from './ovmf.ts';

/** Needs `ci/peers/prepare`. */
export const peers = process.env.SNPGATE_PEERS === '1' ? test : test.skip;
const root = resolve(import.meta.dirname, '..', '..', '..', '..');
export const cli = join(root, 'harness', 'cli.ts');
const python = join(root, 'ci', 'peers', 'out', 'python', 'bin', 'python');
const script = join(root, 'ci', 'peers', 'sev-snp-measure.py');

type Answer = Readonly<Partial<Record<'digest' | 'text' | 'error', string>>>;

/** All questions in one process; an answer each, in the same order. */
export async function ask(t: ExecutionContext, questions: readonly unknown[]): Promise<readonly Answer[]> {
	if (!existsSync(python)) {
		t.fail("'ci/peers/out' is not there: run 'ci/peers/prepare'");
	}
	const { stdout } = await execa(python, [script], { input: questions.map((each) => `${JSON.stringify(each)}\n`).join('') });
	return stdout.split('\n').map((line) => JSON.parse(line));
}

export interface Input {
	readonly plan: ImagePlan;
	readonly vcpus: number;
	readonly signature: number;
	readonly features: bigint;
	/** Null when it is not given. */
	readonly kernel: Uint8Array | null;
	readonly initrd: Uint8Array | null;
	readonly append: string | null;
}

/** Puts the files of an input into a directory that goes after the test; names are null for what is not given. */
export function filesOf(directory: string, index: number, { plan, kernel, initrd }: Input) {
	const write = (name: string, bytes: Uint8Array | null) => {
		const path = join(directory, `${index}.${name}`);
		if (bytes !== null) {
			writeFileSync(path, bytes);
		}
		return bytes === null ? null : path;
	};
	return {
		image: write('image', buildImage(plan)),
		kernel: write('kernel', kernel),
		initrd: kernel === null ? null : write('initrd', initrd),
	};
}

export function scratch(t: ExecutionContext): string {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-test-'));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

export function question({ vcpus, signature, features, append }: Input, files: ReturnType<typeof filesOf>) {
	return { digest: { vcpus, signature, features: `${features}`, append, ...files } };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** The digest, or 'refused' with the reason. */
export function ours({ plan, vcpus, signature, features, kernel, initrd, append }: Input): string {
	try {
		const hashes = kernel && {
			kernel: sha256(kernel),
			initrd: initrd === null ? hashNothing() : sha256(initrd),
			cmdline: hashCommandLine(append ?? ''),
		};
		const launch = {
			ovmf: parseOvmf(buildImage(plan)),
			vcpus,
			vcpuSignature: signature,
			guestFeatures: features,
			kernel: hashes,
		};
		return measureLaunch(launch).digest;
	} catch (error) {
		if (error instanceof LaunchError || error instanceof ParseError) {
			return `refused: ${error.message}`;
		}
		throw error;
	}
}
