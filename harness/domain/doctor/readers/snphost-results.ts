// `snphost ok` and `sevctl ok`: the single tests, from text (0.4 to head, verbose sections too) or from JSON
// (facts/attestation.md 4.7; facts/peers.md 2.1).

import { rememberLast } from '../../text/remember-last.ts';
import { isObject, jsonObjects, stringList } from './json-objects.ts';
import { plainText } from './pasted-text.ts';
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

/** What a test of this name looks at, or null for a name that is of no such tool. */
export function subjectOf(name: string): Subject | null {
	return subjects.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

/** The tests of a text; where one is printed again, the last one counts. */
export const parseTests = rememberLast((text: string): readonly TestResult[] => {
	const every = jsonTests(text) ?? textTests(text);
	const found = new Map<string, TestResult>();
	for (let at = every.length - 1; at >= 0; at--) {
		const test = every[at];
		if (test !== undefined && !found.has(test.name)) {
			found.set(test.name, test);
		}
	}
	return [...found.values()].reverse();
});

/** A test has a name that only these tools use; `snpguest ok` prints the same form, and shares the name 'SNP'. */
export function hasOwnTests(text: string): boolean {
	return (
		/PASS|FAIL|"tests"/.test(text) &&
		parseTests(text).some(({ name }) => {
			const subject = subjectOf(name);
			return subject !== null && subject !== 'snpMsr';
		})
	);
}

/** Whether the test was an object of JSON; a line of text shows its status in brackets. */
export function isFromJson({ line }: TestResult): boolean {
	return testOfLine(line) === null;
}

function textTests(text: string): readonly TestResult[] {
	const tests: TestResult[] = [];
	for (const line of toolLines(text)) {
		const test = testOfLine(line);
		if (test !== null) {
			tests.push(test);
		}
	}
	return tests;
}

/** `[ PASS ]   - NAME: MESSAGE`, in sections without the dash. */
function testOfLine(line: string): TestResult | null {
	const words = line.trimStart();
	if (words[0] !== '[') {
		return null;
	}
	const end = words.indexOf(']');
	const status = words.slice(1, end).trim();
	if ((status !== 'PASS' && status !== 'FAIL' && status !== 'SKIP') || words[end + 1] !== ' ') {
		return null;
	}
	const rest = words.slice(end + 1).trim();
	return { ...splitName(rest.startsWith('- ') ? rest.slice(2) : rest), status, line };
}

function splitName(text: string): { readonly name: string; readonly message: string } {
	const inside = text.indexOf(': ');
	const colon = inside === -1 && text.endsWith(':') ? text.length - 1 : inside;
	return colon === -1
		? { name: text.trim(), message: '' }
		: { name: text.slice(0, colon).trim(), message: text.slice(colon + 1).trim() };
}

/** `snphost ok --output json`, once or more; null when the text has no such document. */
function jsonTests(text: string): readonly TestResult[] | null {
	if (!text.includes('"tests"')) {
		return null;
	}
	const documents = jsonObjects(plainText(text)).flatMap(({ tests, skipped }) =>
		Array.isArray(tests) ? [{ tests: tests.flatMap(jsonTest), skipped: stringList(skipped) ?? [] }] : [],
	);
	return documents.length === 0
		? null
		: documents.flatMap(({ tests, skipped }) => {
				const told = new Set(tests.map(({ name }) => name));
				const untold = skipped.filter((name) => !told.has(name));
				return [...tests, ...untold.map((name): TestResult => ({ name, status: 'SKIP', message: '', line: `${name}: skip` }))];
			});
}

function jsonTest(value: unknown): readonly TestResult[] {
	if (!isObject(value) || typeof value.name !== 'string' || typeof value.status !== 'string') {
		return [];
	}
	const status = /^(PASS|FAIL|SKIP)(?:P?ED)?$/.exec(value.status.toUpperCase())?.[1];
	if (status !== 'PASS' && status !== 'FAIL' && status !== 'SKIP') {
		return [];
	}
	const said = saidIn(value.message);
	const { name, message } = splitName(said === '' ? value.name : `${value.name}: ${said}`);
	const line = `${name}: ${value.status}${message === '' ? '' : `: ${message}`}`;
	return [{ name, status, message, line, ...(isObject(value.message) ? { tcb: tcbFromJson(value.message) } : {}) }];
}

/** Of an object only the comparison of TCB values is known; its words are those of the text. */
function saidIn(message: unknown): string {
	if (isObject(message) && typeof message.match === 'boolean') {
		return message.match ? 'TCB versions match' : 'The TCB versions did NOT match';
	}
	return typeof message === 'string' ? message : '';
}
