// What the tests of `snphost ok` and `sevctl ok` say besides passing and failing: versions, numbers, addresses.

import type { Fact } from '../reading.ts';
import { isFromJson, type Subject, subjectOf, type TestResult } from './snphost-results.ts';
import { tcbFact, tcbFromLines } from './snphost-tcb.ts';

/** `snphost ok --verbose` groups its tests under these; `--short` leaves out what passed. */
const section =
	/^=== (?:CPU Support|CPU Info|BIOS Configured|Platform Initialized|KVM Config|Compliance|Optional Features|DETECTED ISSUES) ===$/;
const shortTitle = /^(?:Failures|SKIPPED):$/;
/** The last line of the newer forms; `--short` says nothing else of what passed. */
export const testCounts = /^\s*\d{1,4} tests: (\d{1,4}) passed, (\d{1,4}) failed, (\d{1,4}) skipped$/;
/** A failed test of the firmware names the floor first, and its own version at the end of the message, on the next line. */
const firmwareFloor = /\bat least \d{1,3}\.\d{1,3}/;
const firmwareNow = /\bcurrent firmware version: (\d{1,3}\.\d{1,3})\b/;
/** Decimal up to 0.5, hexadecimal after it. */
const addresses = /^(?:Addresses:? )?(0x[0-9a-f]{1,16}|\d{1,20}) - (0x[0-9a-f]{1,16}|\d{1,20})$/i;

/** `inconclusive` are the names of failed tests from which nothing follows; `lines` are all of the text's. */
export function snphostFacts(
	tests: readonly TestResult[],
	inconclusive: readonly string[],
	lines: readonly string[],
): Readonly<Record<string, Fact>> {
	const having = (status: TestResult['status']) => tests.filter((test) => test.status === status).map(({ name }) => name);
	const subjects = tests.map(({ name }) => subjectOf(name));
	const bySubject = Map.groupBy(tests, (_, index) => subjects[index] ?? null);
	const messages = (subject: Subject) => (bySubject.get(subject) ?? []).map(({ message }) => message);
	const match = (subject: Subject, form: RegExp) => messages(subject).flatMap((message) => form.exec(message)?.slice(1) ?? []);
	const number = (subject: Subject) => match(subject, /^(\d{1,9})\b/).map(Number)[0] ?? null;
	const [firmware = ''] = messages('firmware');
	const rmpRange = match('rmpAddresses', addresses).map((address) => `0x${BigInt(address).toString(16)}`);
	const [tcb] = bySubject.get('tcb') ?? [];
	const versions = tcb?.tcb ?? tcbFromLines(lines);
	const failed = having('FAIL');
	const skipped = having('SKIP');
	const remarks = remarksIn(lines);
	const format = formatOf(tests, remarks.format);
	return {
		format,
		testList: format === 'tree' ? testList(subjects) : null,
		failed,
		skipped,
		inconclusive,
		counts: remarks.counts ?? { pass: tests.length - failed.length - skipped.length, fail: failed.length, skip: skipped.length },
		firmware: remarks.firmware ?? /\b\d{1,3}\.\d{1,3}\b/.exec(firmware.replace(firmwareFloor, ''))?.[0] ?? null,
		vmpls: number('vmpl'),
		cBit: number('cBit'),
		reducedPhysicalBits: number('reduction'),
		minSevAsid: number('asid'),
		maxGuests: number('guests'),
		rmpRange: rmpRange.length === 2 ? rmpRange : null,
		rmpInitialized: passed(bySubject.get('rmpInit')?.[0], inconclusive),
		// A comparison that could not be made fails too.
		tcbMatch: tcb?.status === 'FAIL' && !/\bdid NOT match\b/.test(tcb.message) ? null : passed(tcb, inconclusive),
		platformTcb: tcbFact(versions.platform),
		reportedTcb: tcbFact(versions.reported),
	};
}

interface Remarks {
	readonly counts: { readonly pass: number; readonly fail: number; readonly skip: number } | null;
	readonly firmware: string | null;
	readonly format: 'verbose-sections' | 'short' | null;
}

/** What the lines say that are no tests. */
function remarksIn(lines: readonly string[]): Remarks {
	let counts: Remarks['counts'] = null;
	let firmware: string | null = null;
	let [hasSections, isShort] = [false, false];
	for (const line of lines) {
		const words = line.trimStart();
		const first = words[0] ?? '';
		if (first === '[') {
			continue;
		}
		hasSections ||= first === '=' && section.test(words);
		isShort ||= (first === 'F' || first === 'S') && shortTitle.test(words);
		firmware ??= words.includes('current firmware') ? (firmwareNow.exec(words)?.[1] ?? null) : null;
		const [, pass, fail, skip] = first >= '0' && first <= '9' ? (testCounts.exec(words) ?? []) : [];
		counts = pass === undefined ? counts : { pass: Number(pass), fail: Number(fail), skip: Number(skip) };
	}
	return { counts, firmware, format: hasSections ? 'verbose-sections' : isShort ? 'short' : null };
}

function passed(test: TestResult | undefined, inconclusive: readonly string[]): boolean | null {
	if (test === undefined || test.status === 'SKIP') {
		return null;
	}
	return test.status === 'PASS' ? true : inconclusive.includes(test.name) ? null : false;
}

function formatOf([first]: readonly TestResult[], ofLines: Remarks['format']): string | null {
	return first === undefined ? null : isFromJson(first) ? 'json' : (ofLines ?? 'tree');
}

/** Tests that sevctl never had. */
const snphostOnly: ReadonlySet<Subject | null> = new Set([
	'sme',
	'snpMsr',
	'firmware',
	'sevInit',
	'snpInit',
	'rmpAddresses',
	'rmpInit',
	'alias',
	'tcb',
	'kvmSnp',
]);

/**
 * Whose list of tests it is, in the order in which they are made; neither tool says its name. sevctl looks only at the
 * processor between SEV-ES and what follows SEV-SNP, and so did snphost up to 0.2: a list of sevctl's that is cut before
 * KVM may be of such a snphost. Either way nothing in it says that SEV-SNP is initialized.
 */
function testList(subjects: readonly (Subject | null)[]): 'snphost' | 'sevctl' | null {
	if (subjects.some((subject) => snphostOnly.has(subject))) {
		return 'snphost';
	}
	const es = subjects.indexOf('es');
	return es >= 0 && subjects[es + 1] === 'snp' && subjects.slice(es).includes('reduction') ? 'sevctl' : null;
}
