// snpgate report BUNDLE --format F: a recorded bundle for people or for other programs.

import { writeFileSync } from 'node:fs';
import { openBundle } from '../evidence/bundle-reader.ts';
import { findBundle } from '../evidence/find-bundle.ts';
import { renderHtml } from '../reporters/html.ts';
import { renderJunit } from '../reporters/junit.ts';
import { renderMarkdown } from '../reporters/markdown.ts';
import type { RunReport } from '../reporters/report.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { reportOf } from './bundle-report.ts';
import { replayBundle } from './replay-bundle.ts';

const formats: Readonly<Record<string, (report: RunReport) => string>> = {
	html: renderHtml,
	junit: renderJunit,
	markdown: renderMarkdown,
};

const later = ['bug', 'junit-strict', 'resultsdb', 'tmt'];

export async function execute(args: Arguments): Promise<number> {
	const [word, ...more] = args.words;
	const format = args.one('format');
	if (word === undefined || more.length > 0 || format === undefined) {
		throw new UsageError(
			"Expected: snpgate report BUNDLE --format html|junit|markdown, for example 'snpgate report latest --format junit'.",
		);
	}
	if (later.includes(format)) {
		throw new UsageError(
			`Format '${format}' is not available yet in this version. There is: ${Object.keys(formats).join(', ')}.`,
		);
	}
	const render = formats[format];
	if (render === undefined) {
		throw new UsageError(`There is no format '${format}'. There is: ${Object.keys(formats).join(', ')}.`);
	}
	const bundle = openBundle(findBundle(word, 'reports'));
	for (const warning of bundle.warnings) {
		process.stderr.write(`${warning}\n`);
	}
	// A run that was killed has evidence and no results yet: they follow from it.
	const results = bundle.results ?? (await replayBundle(bundle));
	const text = render(reportOf({ ...bundle, results }));
	const out = args.one('out');
	if (out === undefined) {
		process.stdout.write(text);
	} else {
		writeReport(out, text);
	}
	return 0;
}

function writeReport(path: string, text: string): void {
	try {
		writeFileSync(path, text);
	} catch (error) {
		throw new UsageError(
			`'--out ${path}' cannot be written: ${error instanceof Error ? error.message : error}. Give another file.`,
		);
	}
}
