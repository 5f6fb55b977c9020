// Every fact that the corpus states of a transcript, in more detail than its contract: the doctor gives all of them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { diagnose, diagnosisDocument } from './diagnose.ts';
import type { Fact, TextKind } from './reading.ts';
import { cause, hex, list, type Mapping, type Seen, type Table, verdict } from './test-expect.ts';
import { guestKernel, hostKernel, snphost } from './test-expect-host.ts';
import { avc, rpm, snpguest, svsm, tpm } from './test-expect-tools.ts';
import { domcaps, fwdesc, libvirt, qemu, qmp, vhv } from './test-expect-virt.ts';

interface Transcript {
	readonly file: string;
	readonly kind: TextKind;
	readonly expect: Readonly<Record<string, unknown>>;
}

/** Names with one meaning in all kinds that have them. */
const shared: Table = {
	cause,
	snp_ready: verdict,
	snp_usable: verdict,
	// '0x07' and '0x7' are one policy.
	policy: { is: ({ fact }) => fact('policy'), reads: hex },
	// The kernel pads addresses with zeros, the corpus does not.
	rmp_range: ({ fact }) => list(fact('rmpRange')).map(hex),
};

const byKind: Readonly<Record<TextKind, Table>> = {
	'host-kernel': hostKernel,
	'guest-kernel': guestKernel,
	snphost,
	domcaps,
	fwdesc,
	libvirt,
	vhv,
	qmp,
	qemu,
	snpguest,
	tpm,
	avc,
	rpm,
	svsm,
	unknown: {},
};

const mappingOf = (kind: TextKind, key: string): Mapping | undefined => byKind[kind][key] ?? shared[key];

const directory = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'transcripts');
const index = join(directory, 'expectations.json');
const transcripts: readonly Transcript[] = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : [];

function see(file: string, wanted: unknown): Seen {
	const text = readFileSync(join(directory, file), 'utf8');
	const [one] = diagnosisDocument(diagnose([{ file, text }])).files;
	return {
		file,
		text,
		snp: one?.snp ?? 'unknown',
		code: one?.cause?.code ?? null,
		fact: (...path) => path.reduce<unknown>((value, name) => Object(value)[name], one?.facts) as Fact | undefined,
		wanted,
		other: (name) => see(name, null),
	};
}

if (transcripts.length === 0) {
	test.skip('[corpus] every transcript gives what the corpus expects of it', (t) => t.fail('not run'));
} else {
	test('[corpus] every key of an expectation has a mapping', (t) => {
		const missing = transcripts.flatMap(({ file, kind, expect }) =>
			Object.keys(expect)
				.filter((key) => mappingOf(kind, key) === undefined)
				.map((key) => `${key} of ${kind} (${file})`),
		);
		t.deepEqual(missing, []);
	});
}

for (const { file, kind, expect } of transcripts) {
	test(`[corpus] what is expected of ${file}`, (t) => {
		const given = Object.entries(expect).map(([key, wanted]) => {
			const mapping = mappingOf(kind, key) ?? (() => 'no mapping');
			const seen = see(file, wanted);
			if (typeof mapping === 'string') {
				return [key, seen.fact(mapping), wanted];
			}
			return typeof mapping === 'function' ? [key, mapping(seen), wanted] : [key, mapping.is(seen), mapping.reads(wanted)];
		});
		t.deepEqual(
			Object.fromEntries(given.map(([key, value]) => [key, value])),
			Object.fromEntries(given.map(([key, , wanted]) => [key, wanted])),
		);
	});
}
