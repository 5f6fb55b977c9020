// `snphost ok` and `sevctl ok`: the single tests, from text (0.4 to head, verbose sections too) or from JSON
// (facts/attestation.md 4.7; facts/peers.md 2.1).

import { type TcbVersions, tcbFromJson } from './snphost-tcb.ts';
import { toolLines } from './tool-lines.ts';

type TestStatus = 'PASS' | 'FAIL' | 'SKIP';

export interface TestResult {
	/** As the tool names it in this version. */
	readonly name: string;
	readonly status: TestStatus;
	/** What follows the name; '' for nothing. */
	readonly message: string;
	readonly line: string;
	/** Of the comparison of TCB values in JSON; in text it follows on lines of its own. */
	readonly tcb?: TcbVersions;
}

/** What a test looks at, whatever its name is in a version. */
export type Subject = keyof typeof names;

// 0.4 and 0.5 say '… INIT', 0.6 and later '… initialized'.
const names = {
	cpu: /^AMD CPU$/i,
	sme: /^SME(?: enabled(?: in MSR)?)?$/i,
	sev: /^Secure Encrypted Virtualization(?: \(SEV\))?$/i,
	es: /^Encrypted State(?: \(SEV-ES\))?$/i,
	snp: /^Secure Nested Paging(?: \(SEV-SNP\))?$/i,
	vmpl: /^(?:VM Permission Levels|Number of VMPLs)$/i,
	snpMsr: /^(?:SEV-)?SNP(?: enabled(?: in MSR)?)?$/i,
	firmware: /^SEV firmware version$/i,
	sevInit: /^SEV(?:-ES)? (?:INIT|initiali[sz]ed)$/i,
	snpInit: /^(?:SEV-)?SNP (?:INIT|initiali[sz]ed)$/i,
	rmpAddresses: /^(?:Read(?:ing)? RMP tables?|RMP table addresses)$/i,
	rmpInit: /^RMP(?: table)? (?:INIT|initiali[sz]ed)$/i,
	alias: /^Alias check$/i,
	tcb: /^(?:Comparing|Compare) TCB values$|^TCB values$/i,
	deviceRead: /^(?:Reading \/dev\/sev|\/dev\/sev readable)$/i,
	deviceWrite: /^(?:Writing \/dev\/sev|\/dev\/sev writable)$/i,
	kvm: /^KVM support(?:ed)?$/i,
	kvmSev: /^SEV(?:-ES)? enabled in KVM$/i,
	kvmSnp: /^SEV-SNP enabled in KVM$/i,
	asid: /^Minimum ASID value for SEV-enabled\b/i,
	cBit: /^C-bit location$/i,
	reduction: /^Physical address bit reduction$/i,
	guests: /^Number of encrypted guests supported simultaneously$/i,
	pageFlush: /^Page flush MSR$/i,
	memlock: /^Memlock resource limit$/i,
} as const;
const subjects = Object.entries(names) as readonly (readonly [Subject, RegExp])[];

const testLine = /^\s*\[ *(PASS|FAIL|SKIP) *\]\s+(?:- +)?(\S.*)$/;

/** What a test of this name looks at, or null for a name that is of no such tool. */
export function subjectOf(name: string): Subject | null {
	return subjects.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

/** The tests of a text; where one is printed again, the last one counts. */
export function parseTests(text: string): readonly TestResult[] {
	const found = new Map<string, TestResult>();
	for (const test of everyTest(text)) {
		found.delete(test.name);
		found.set(test.name, test);
	}
	return [...found.values()];
}

/** A test has a name that only these tools use; `snpguest ok` prints the same form, and shares the name 'SNP'. */
export function hasOwnTests(text: string): boolean {
	if (!/PASS|FAIL|"tests"/.test(text)) {
		return false;
	}
	for (const { name } of everyTest(text)) {
		const subject = subjectOf(name);
		if (subject !== null && subject !== 'snpMsr') {
			return true;
		}
	}
	return false;
}

/** Whether the test was an object of JSON; a line of text shows its status in brackets. */
export function isFromJson({ line }: TestResult): boolean {
	return !testLine.test(line);
}

function everyTest(text: string): Iterable<TestResult> {
	return jsonTests(text) ?? textTests(text);
}

function* textTests(text: string): Generator<TestResult> {
	for (const line of toolLines(text)) {
		const [, status, rest = ''] = testLine.exec(line) ?? [];
		if (status === 'PASS' || status === 'FAIL' || status === 'SKIP') {
			yield { ...splitName(rest), status, line };
		}
	}
}

function splitName(text: string): { readonly name: string; readonly message: string } {
	const colon = text.search(/:(?: |$)/);
	return colon === -1
		? { name: text.trim(), message: '' }
		: { name: text.slice(0, colon).trim(), message: text.slice(colon + 1).trim() };
}

/** `snphost ok --output json`; null when the text is no such document. */
function jsonTests(text: string): readonly TestResult[] | null {
	const from = text.indexOf('{');
	if (from === -1 || !text.includes('"tests"')) {
		return null;
	}
	const document = parseJson(text.slice(from, text.lastIndexOf('}') + 1));
	if (!isRecord(document) || !Array.isArray(document.tests)) {
		return null;
	}
	const tests = document.tests.flatMap(jsonTest);
	const told = new Set(tests.map(({ name }) => name));
	const skipped = Array.isArray(document.skipped) ? document.skipped : [];
	return [
		...tests,
		...skipped
			.filter((name) => typeof name === 'string' && !told.has(name))
			.map((name): TestResult => ({ name, status: 'SKIP', message: '', line: `${name}: skip` })),
	];
}

function jsonTest(value: unknown): readonly TestResult[] {
	if (!isRecord(value) || typeof value.name !== 'string' || typeof value.status !== 'string') {
		return [];
	}
	const status = /^(PASS|FAIL|SKIP)(?:P?ED)?$/.exec(value.status.toUpperCase())?.[1];
	if (status !== 'PASS' && status !== 'FAIL' && status !== 'SKIP') {
		return [];
	}
	const said = saidIn(value.message);
	const { name, message } = splitName(said === '' ? value.name : `${value.name}: ${said}`);
	const line = `${name}: ${value.status}${message === '' ? '' : `: ${message}`}`;
	return [{ name, status, message, line, ...(isRecord(value.message) ? { tcb: tcbFromJson(value.message) } : {}) }];
}

/** Of an object only the comparison of TCB values is known; its words are those of the text. */
function saidIn(message: unknown): string {
	if (isRecord(message) && typeof message.match === 'boolean') {
		return message.match ? 'TCB versions match' : 'The TCB versions did NOT match';
	}
	return typeof message === 'string' ? message : '';
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
