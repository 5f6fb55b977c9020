// report.html: one page that needs nothing else, runs no script and fits in 1 MB.

import { shellCommand } from './command-line.ts';
import { chooseContents } from './html/contents.ts';
import { cellsPart, madeUpPart, moment, promisesPart, runPart } from './html/facts.ts';
import { banners, firstScreen, lookPart } from './html/first-screen.ts';
import { html, nothing } from './html/markup.ts';
import { resultsPart } from './html/results.ts';
import { shapes } from './html/shapes.ts';
import { style } from './html/style.ts';
import { cleanLine } from './plain-text.ts';
import type { RunReport } from './report.ts';
import { summarise } from './summary.ts';
import { profileInWords, realityWords } from './words.ts';

/** Nothing is fetched and nothing runs, whatever a host managed to get into the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function renderHtml(report: RunReport): string {
	const { run, results } = report;
	const summary = summarise(report);
	const contents = chooseContents(report, summary);
	const [deciding] = results.verdicts;
	const title = `${run.reality === 'hardware' ? '' : `${realityWords[run.reality]} `}${deciding?.verdict ?? 'incomplete'}: ${cleanLine(run.matrix.title, 100)} ${profileInWords(deciding?.profile ?? '')}`;
	const parts: readonly (readonly [string, string, boolean])[] = [
		['look', 'What to look at', summary.troubles.length > 1],
		['promises', 'Promises', summary.promises.length > 0 && report.plan.scope === 'matrix'],
		['results', 'Results', true],
		['made-up', 'What this world makes up', run.counterfactual.length > 0],
		['cells', 'Cells', true],
		['run', 'The run', true],
	];
	const links = parts.flatMap(([id, name, there]) => (there ? [html`<li><a href="#${id}">${name}</a></li>`] : []));
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<a class="skip-link" href="#results">Skip to the results</a>
${shapes}
${banners(report, summary)}
<header class="page top"><span><b>snpgate</b> SEV-SNP host conformance</span><span>${cleanLine(run.id, 80)} · ${moment(run.startedAt)}</span></header>
<main class="page">
${firstScreen(report, summary, contents)}
<nav class="contents" aria-label="On this page"><ul>${links}</ul></nav>
${lookPart(summary, contents)}
${promisesPart(report, summary)}
${resultsPart(report, { summary, contents })}
${madeUpPart(report)}
${cellsPart(report)}
${runPart(report)}
</main>
<footer><div class="page">${run.reality === 'hardware' ? nothing : html`<b>${realityWords[run.reality]}: decides no gate.</b> `}Judged by snpgate ${cleanLine(
		run.snpgate,
		40,
	)} from the evidence in this bundle; ‘${shellCommand(['replay', run.id])}’ judges it again.</div></footer>
</body>
</html>
`.markup;
}
