// junit.xml for Jenkins, GitLab and the like: a test suite for each cell and suite, through junit-report-builder.

import junit, { type Builder, type TestCase } from 'junit-report-builder';
import type { PlannedCheck } from '../language/plan.ts';
import type { Result } from '../language/results.ts';
import { cleanBlock, cleanLine } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { type Summary, summarise } from './summary.ts';
import { brokenOffInWords } from './summary-words.ts';
import { profileInWords, realityWords, selectionInWords, shortInstance } from './words.ts';

type Suite = ReturnType<Builder['testSuite']>;

/** The module is the builder itself; its type declarations say that it is one level deeper, which is so in no loader. */
const root = junit as unknown as Builder;

const longestName = 300;
const mostNotes = 5;
const mostEvidence = 20;

/** GitLab takes no file above 30 MB: the more cases there are, the less is said of each. */
function longestFor(cases: number): number {
	const fileBudget = 10_000_000;
	const textsOfCase = 10;
	return Math.min(2_000, Math.max(100, Math.floor(fileBudget / (textsOfCase * cases))));
}

interface Entry {
	readonly check: PlannedCheck | null;
	readonly result: Result | null;
	readonly instance: string;
	readonly cell: string;
}

export function renderJunit(report: RunReport): string {
	const summary = summarise(report);
	const builder = root.newBuilder().name(reportName(report, summary));
	const entries: readonly Entry[] = [
		...report.results.results.map((result) => ({
			check: summary.planned.get(result.instance) ?? null,
			result,
			instance: result.instance,
			cell: result.cell,
		})),
		...summary.missing.map(({ check, cell }) => ({ check, result: null, instance: check.instance, cell })),
	];
	const longest = longestFor(entries.length);
	const skips: string[] = [];
	const suiteName = ({ check, result, cell }: Entry) => `${cell} ${result?.suite ?? check?.suite ?? ''}`;
	for (const [name, group] of Map.groupBy(entries, suiteName)) {
		const suite = builder.testSuite().name(cleanLine(name, longestName));
		describeSuite(suite, report);
		suite.time(seconds(group.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0)));
		for (const entry of group) {
			const skip = addCase(suite, entry, longest);
			skips.push(...(skip === null ? [] : [skip]));
		}
	}
	return sayWhySkipped(builder.build(), skips);
}

/** 'snpgate SIMULATED Fedora Linux 41 as promised: fail' */
function reportName(report: RunReport, summary: Summary): string {
	const { run, results } = report;
	const [deciding] = results.verdicts;
	const reality = run.reality === 'hardware' ? '' : `${realityWords[run.reality]} `;
	const verdict = selectionInWords(report, deciding?.verdict ?? 'incomplete') ?? deciding?.verdict ?? 'incomplete';
	const brokenOff = brokenOffInWords(report, summary);
	const name = `snpgate ${reality}${run.matrix.title} ${profileInWords(deciding?.profile ?? '')}: ${verdict}`;
	return cleanLine(brokenOff === null ? name : `${name} (${brokenOff})`, longestName);
}

function describeSuite(suite: Suite, { run }: RunReport): void {
	// The form that Jenkins' junit-10.xsd asks for: no fraction, no zone (the time is UTC).
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(run.startedAt)) {
		suite.timestamp(run.startedAt.slice(0, 19));
	}
	const properties = {
		reality: run.reality,
		release: run.matrix.release,
		host: run.host.name,
		generation: run.host.generation,
		kernel: run.host.kernel,
		run: run.id,
		snpgate: run.snpgate,
	};
	for (const [name, value] of Object.entries(properties)) {
		suite.property(name, cleanLine(value, longestName));
	}
}

/** Adds one test case; returns why it was skipped, if it was. */
function addCase(suite: Suite, { check, result, instance, cell }: Entry, longest: number): string | null {
	// GitLab counts only the first of equal names: the cell is in the class, the rest of the instance is the name.
	const test = suite
		.testCase()
		.name(shortInstance({ instance, cell }, longestName))
		.className(cleanLine(`${cell}.${result?.suite ?? check?.suite ?? ''}`, longestName))
		.time(seconds(result?.durationMs ?? 0));
	if (result === null) {
		test.error('never run: the run ended before it', 'not-run');
		return null;
	}
	return tellOutcome(test, result, describe(check, result, longest), longest);
}

function tellOutcome(test: TestCase, { outcome, reason, rule, required }: Result, text: string, longest: number): string | null {
	const message = cleanLine(`${required ? '' : 'informational: '}${reason?.message ?? outcome}`, longest);
	const code = cleanLine(reason?.code ?? outcome, longestName);
	switch (outcome) {
		case 'passed':
			return null;
		case 'failed':
			test.failure(message, code).stacktrace(text);
			return null;
		case 'error':
			test.error(message, code, text);
			return null;
		case 'blocked':
			test.skipped();
			return `blocked: ${message}`;
		case 'skipped':
			test.skipped();
			return rule === null ? message : `${message} (rule '${cleanLine(rule, longestName)}')`;
	}
}

function describe(check: PlannedCheck | null, { expected, actual, reason, notes, evidence }: Result, longest: number): string {
	const lines: readonly (readonly [string, string | null | undefined])[] = [
		['check', check?.title],
		['why', check?.why],
		['reason', reason?.message],
		['expected', expected],
		['actual', actual],
		...notes.slice(0, mostNotes).map((note) => ['note', note] as const),
		['evidence', evidence.length === 0 ? null : evidence.slice(0, mostEvidence).join(' ')],
		['source', check?.source],
	];
	const text = lines.flatMap(([name, value]) => (value == null ? [] : [`${name}: ${cleanBlock(value, longest)}`])).join('\n');
	// It becomes CDATA, of which the builder mends only the first end inside it.
	return text.replaceAll(']]>', ']] >');
}

/** At most three decimals: Jenkins refuses a suite whose time has more. */
function seconds(ms: number): number {
	return Math.round(ms) / 1_000;
}

/**
 * The builder writes `<skipped/>` without a reason. Their order is that of the cases; text of hosts that looks the same
 * can only stand inside CDATA, which is passed over.
 */
function sayWhySkipped(xml: string, reasons: readonly string[]): string {
	const left = reasons.values();
	return xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<skipped\/>/g, (found) =>
		found === '<skipped/>' ? `<skipped message="${escapeAttribute(left.next().value ?? '')}"/>` : found,
	);
}

function escapeAttribute(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
