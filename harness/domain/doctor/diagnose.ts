// Several texts of one machine, read and judged together: one root cause, and what follows from it.

import { unconfirmedIds } from '../unconfirmed.ts';
import { findCause } from './causes/index.ts';
import { withVendorNames } from './firmware-setup.ts';
import type { Cause, Fact, Reading, SnpState, TextKind } from './reading.ts';
import { readText } from './registry.ts';

export interface PastedText {
	/** How it is called in the answer: the path as it was given. */
	readonly file: string;
	readonly text: string;
	/** The text was cut off at the bound: nothing is judged by it. */
	readonly truncated?: boolean;
}

/** One cause, and every line that shows it. */
export interface Finding {
	readonly cause: Cause;
	readonly evidence: readonly { readonly file: string; readonly line: string }[];
}

interface FileDiagnosis {
	readonly file: string;
	readonly reading: Reading;
	/** The root by this text alone. */
	readonly root: Finding | null;
}

export interface Diagnosis {
	readonly files: readonly FileDiagnosis[];
	/** As bad as the worst text says: unusable before unknown before usable. */
	readonly snp: SnpState;
	readonly root: Finding | null;
	/** Every other cause that was seen, the nearest to the root first. */
	readonly consequences: readonly Finding[];
	/** What to do about the root, in the words of the machine's vendor where a text names it; null without a root. */
	readonly next: string | null;
	/** Facts that no real machine has shown yet and a reading leans on. */
	readonly unconfirmed: readonly string[];
}

const severities: readonly Cause['severity'][] = ['blocks-snp', 'weakens', 'tool', 'note'];

/** Linear in the size of the texts; throws only when a reader names a code that is not in the closed list (a defect). */
export function diagnose(texts: readonly PastedText[]): Diagnosis {
	const read = texts.map((text) => ({ file: text.file, reading: readWhole(text) }));
	const [root = null, ...consequences] = findingsOf(read);
	return {
		files: read.map((one) => ({ ...one, root: findingsOf([one])[0] ?? null })),
		snp: worst(read.map(({ reading }) => reading.snp)),
		root,
		consequences,
		next: root === null ? null : withVendorNames(root.cause.next, dmiOf(read.map(({ reading }) => reading))),
		unconfirmed: unconfirmedIds.filter((id) => read.some(({ reading }) => reading.unconfirmed?.includes(id) === true)),
	};
}

/** What the kernel says of the machine's maker, in the first text that tells it. */
function dmiOf(readings: readonly Reading[]): string | null {
	return readings.flatMap(({ facts: { dmi } }) => (typeof dmi === 'string' ? [dmi] : []))[0] ?? null;
}

function readWhole({ text, truncated }: PastedText): Reading {
	return truncated === true ? { kind: 'unknown', snp: 'unknown', facts: { error: 'truncated' }, signs: [] } : readText(text);
}

/** The causes that these readings show, the root first. A note explains nothing, so that it comes after all others. */
function findingsOf(read: readonly { readonly file: string; readonly reading: Reading }[]): readonly Finding[] {
	const seen = new Map<
		string,
		{ readonly cause: Cause; readonly evidence: { readonly file: string; readonly line: string }[] }
	>();
	for (const { file, reading } of read) {
		for (const { code, evidence } of reading.signs) {
			const finding = seen.get(code) ?? { cause: findCause(code), evidence: [] };
			finding.evidence.push({ file, line: evidence });
			seen.set(code, finding);
		}
	}
	const isNote = ({ cause }: Finding) => Number(cause.severity === 'note');
	// Stable: of two causes at the same place in the chain and as severe, the one that was seen first is the root.
	return [...seen.values()].sort(
		(a, b) =>
			isNote(a) - isNote(b) ||
			a.cause.rank - b.cause.rank ||
			severities.indexOf(a.cause.severity) - severities.indexOf(b.cause.severity),
	);
}

function worst(states: readonly SnpState[]): SnpState {
	return states.includes('unusable') ? 'unusable' : states.includes('unknown') || states.length === 0 ? 'unknown' : 'usable';
}

interface CauseDocument {
	readonly code: string;
	readonly message: string;
	readonly next: string;
}

interface DiagnosisDocument {
	readonly files: readonly {
		readonly file: string;
		readonly kind: TextKind;
		readonly snp: SnpState;
		readonly facts: { readonly [name: string]: Fact };
		readonly cause: CauseDocument | null;
	}[];
	readonly cause: CauseDocument | null;
}

/** What `doctor --from --json` prints (design section 5). */
export function diagnosisDocument({ files, root }: Diagnosis): DiagnosisDocument {
	const dmi = dmiOf(files.map(({ reading }) => reading));
	return {
		files: files.map(({ file, reading: { kind, snp, facts, unconfirmed = [] }, root: own }) => ({
			file,
			kind,
			snp,
			facts: unconfirmed.length === 0 ? facts : { ...facts, unconfirmed },
			cause: causeDocument(own, dmi),
		})),
		cause: causeDocument(root, dmi),
	};
}

function causeDocument(finding: Finding | null, dmi: string | null): CauseDocument | null {
	if (finding === null) {
		return null;
	}
	const { cause, evidence } = finding;
	const [first] = evidence;
	return {
		code: cause.code,
		message: first === undefined ? cause.meaning : `${cause.meaning} Seen: ${first.line}`,
		next: withVendorNames(cause.next, dmi),
	};
}
