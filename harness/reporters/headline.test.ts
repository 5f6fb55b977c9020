import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import type { Verdict } from '../language/results.ts';
import { renderEnding } from './ending.ts';
import { renderHeadline } from './headline.ts';
import { buildReport, type ReportParts, simulated } from './test-report.ts';

const verdict: Verdict = { profile: 'change', verdict: 'pass', retryable: false, reasons: [] };
const parts: ReportParts = { cases: [{ check: { id: 'host.cpu' }, result: {} }], verdicts: [verdict] };

for (const [name, report] of [
	['a run of the matrix', buildReport(parts)],
	['a simulated one', buildReport({ ...parts, run: simulated })],
	['a selection', buildReport({ ...parts, scope: 'selection', run: simulated })],
] as const) {
	for (const colour of [false, true]) {
		test(`the ending of ${name} begins with the headline${colour ? ', in colours' : ''}`, (t) => {
			const head = renderHeadline(report, verdict, { colour });
			t.true(renderEnding(report, { colour }).startsWith(`${head}\n`));
			t.is(stripVTControlCharacters(head) === head, !colour);
		});
	}
}

test('the verdict is the one that is handed in', (t) => {
	const head = (scope: 'matrix' | 'selection') =>
		renderHeadline(buildReport({ ...parts, scope }), { ...verdict, profile: 'shipped', verdict: 'fail' }, { colour: false });
	t.regex(head('matrix'), /^GATE {2}fail {3}Fedora Linux 41 as shipped · host epyc7 \(Genoa, real machine\) · kernel \S+$/);
	t.regex(
		head('selection'),
		/^SELECTION FAILED: 1 of 1 check\. Not a gate verdict\.\n {6}Fedora Linux 41 as shipped · host epyc7 /,
	);
});
