// summary.md: one screen for a job summary or a ticket. GitHub takes at most 1024 KiB, so rows are bounded.

import type { Result } from '../language/results.ts';
import type { RunInfo } from '../language/run-info.ts';
import { nextStep } from './next-step.ts';
import { cleanLine, plural } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { type Summary, summarise } from './summary.ts';
import { brokenOffInWords, countsInWords, leftOutInWords, promisesInWords, runDuration } from './summary-words.ts';
import { factInWords, hostInWords, profileInWords, realityWords, selectionInWords } from './words.ts';

const mostRows = 100;
const verdictMarks = { pass: '✓', fail: '✗', incomplete: '?' } as const;

export function renderMarkdown(report: RunReport): string {
	const { run, results } = report;
	const summary = summarise(report);
	const brokenOff = brokenOffInWords(report, summary);
	const selection = selectionInWords(report, results.verdicts[0]?.verdict ?? 'incomplete');
	const promises = promisesInWords(report, summary);
	const duration = runDuration(report);
	const next = nextStep(report, summary);
	const reality = run.reality === 'hardware' ? '' : `${realityWords[run.reality]}: `;
	const paragraphs = [
		`# ${reality}${escapeMarkdown(run.matrix.title, 80)} · SEV-SNP host conformance`,
		...(reality === '' ? [] : [`**${realityWords[run.reality]}: decides no gate.**`]),
		...(brokenOff === null ? [] : [`**${brokenOff}**`]),
		...(selection === null ? [] : [`**${selection}**`]),
		results.verdicts.map(({ profile, verdict, reasons }) => verdictItem(profile, verdict, reasons)).join('\n'),
		`${countsInWords(summary)}${duration === null ? '' : ` (${duration})`}`,
		...leftOutInWords(summary).map((text) => `Not applicable: ${escapeMarkdown(text, 300)}`),
		escapeMarkdown(hostFacts(run), 400),
		...troubleTable(summary),
		...(promises === null ? [] : ['## Promises', escapeMarkdown(promises, 600), promiseTable(summary)]),
		`Next: ${escapeMarkdown(next.why, 300)}:`,
		codeBlock(next.command),
		`Run ${code(run.id)}, snpgate ${escapeMarkdown(run.snpgate, 40)}`,
	];
	return `${paragraphs.join('\n\n')}\n`;
}

function hostFacts(run: RunInfo): string {
	const [cpu, kernel, os] = [run.host.cpu, run.host.kernel, run.host.os].map((fact) => factInWords(fact, 120));
	return `Host ${hostInWords(run)}, CPU ${cpu}, kernel ${kernel}, system ${os}`;
}

function verdictItem(profile: string, verdict: keyof typeof verdictMarks, reasons: readonly string[]): string {
	const why = reasons[0] === undefined ? '' : `: ${escapeMarkdown(reasons[0], 400)}`;
	return `- ${verdictMarks[verdict]} **${verdict}** ${escapeMarkdown(profileInWords(profile), 100)}${why}`;
}

function troubleTable({ troubles, planned, blockedBy }: Summary): readonly string[] {
	if (troubles.length === 0) {
		return [];
	}
	const row = (result: Result): string => {
		const { instance, outcome, required, expected, actual, reason } = result;
		const blocks = blockedBy.get(instance)?.length ?? 0;
		const said = outcome === 'failed' ? [expected ?? '', actual ?? ''] : ['', reason?.message ?? ''];
		const cells = [
			`${outcome === 'failed' ? '✗ failed' : '? error'}${required ? '' : ' (informational)'}`,
			code(instance),
			...said.map((text) => escapeMarkdown(text, 200)),
			blocks === 0 ? '' : String(blocks),
			code(planned.get(instance)?.source ?? ''),
		];
		return `| ${cells.join(' | ')} |`;
	};
	const head = '| outcome | check | expected | actual | blocks | source |\n| --- | --- | --- | --- | ---: | --- |';
	const table = `${head}\n${troubles.slice(0, mostRows).map(row).join('\n')}`;
	const rest = troubles.length - mostRows;
	return ['## What to look at', table, ...(rest > 0 ? [`… and ${plural(rest, 'more row')} in report.html.`] : [])];
}

function promiseTable({ promises }: Summary): string {
	const kept = (value: boolean | null) => (value === null ? '? not judged' : value ? '✓ kept' : '✗ not kept');
	const rows = promises.map(
		(promise) => `| ${kept(promise.kept)} | ${escapeMarkdown(promise.title, 160)} | ${promise.checks.length} |`,
	);
	return ['| promise | what | checks |', '| --- | --- | ---: |', ...rows].join('\n');
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'@': '&#64;',
	'://': '&#58;//',
	'www.': 'www&#46;',
};

/** One line of text that no Markdown renderer takes for markup, a link, a mention or a table's end. */
function escapeMarkdown(text: string, longest: number): string {
	return cleanLine(text, longest).replace(
		/[&<>@\\`*_[\]|~#!]|:\/\/|www\./gi,
		(special) => entities[special.toLowerCase()] ?? `\\${special}`,
	);
}

/** An id or a path in code type; anything with characters that could end the code is escaped text instead. */
function code(text: string): string {
	const line = cleanLine(text, 160);
	return /^[\w.:/#@+ -]+$/.test(line) ? `\`${line}\`` : escapeMarkdown(line, 160);
}

/** Indented, since nothing in a single line can end such a block. */
function codeBlock(line: string): string {
	return `    ${line}`;
}
