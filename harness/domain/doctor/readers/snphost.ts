// `snphost ok`, `sevctl ok` and AMD's sev_component_test: what the host's own tools say of the platform.

import type { Reading, Sign, TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { isComponentTest, readComponentTest } from './sev-component-test.ts';
import { guestOkList } from './snpguest-verify.ts';
import { snphostFacts, testCounts } from './snphost-facts.ts';
import { absent, denied, judgeTests } from './snphost-judge.ts';
import { hasOwnTests, parseTests } from './snphost-results.ts';
import { firstOfEach, notFound, sign, toolLines } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

/** The tool ended in another way than by its last test: no FAIL needs to be in such a text. */
const crash =
	/\bpanicked at\b|\bSegmentation fault\b|\bcore dumped\b|^(?:Aborted|Killed|Bus error|Illegal instruction)\b|\bRUST_BACKTRACE=/m;
const errorLine = /^\s*(?:ERROR|Error|because|\d{1,2}): /;
const summary = /^\s*(?:(?:ERROR|Error): )?One or more tests in (?:sevctl[- ]ok|snphost ok) reported a failure\.?$/;
const missingTool = notFound('snphost|sevctl');
/** The sev library's words, which QEMU does not use. */
const unopened = /^\s{0,8}(?:ERROR|Error|because|\d{1,2}): unable to open \/dev\/sev$/;
const nameOfTool = /(?:^|[\s/:`'"])(?:snphost|sevctl)(?:[\s:[`'"/]|$)/;

export const snphost: TextReader = {
	kind: 'snphost',
	recognise(text) {
		const score = recogniseOk(text);
		return score > 0 && isWritten(plainText(text)) ? 0 : score;
	},
	read(text) {
		return isComponentTest(text) ? readComponentTest(text) : readOk(text);
	},
};

function recogniseOk(text: string): 0 | 2 | 3 {
	const line = (mark: string, form: RegExp) => text.includes(mark) && toolLines(text).some((one) => form.test(one));
	if (isComponentTest(text) || hasOwnTests(text) || line('not found', missingTool)) {
		return 3;
	}
	if (line('reported a failure', summary)) {
		// `snpguest ok` took the sentence over from sevctl.
		return toolLines(text).some((one) => guestOkList.test(one)) ? 0 : 3;
	}
	if (line('unable to open /dev/sev', unopened)) {
		return 2;
	}
	const named = nameOfTool.test(text);
	return named && (line(' tests: ', testCounts) || (crash.test(text) && toolLines(text).some((one) => crash.test(one)))) ? 2 : 0;
}

function readOk(text: string): Reading {
	const tests = parseTests(text);
	const verdict = judgeTests(tests);
	const lines = toolLines(text);
	const broken = brokenOff(text, lines);
	return {
		kind: 'snphost',
		snp: broken.length > 0 && verdict.snp === 'usable' ? 'unknown' : verdict.snp,
		facts: snphostFacts(tests, verdict.inconclusive, lines),
		signs: firstOfEach([...verdict.signs, ...broken]),
	};
}

function brokenOff(text: string, lines: readonly string[]): readonly Sign[] {
	const find = (mark: string, form: RegExp) => (text.includes(mark) ? lines.find((line) => form.test(line)) : undefined);
	const missing = find('not found', missingTool);
	if (missing !== undefined) {
		return [sign('tool-missing', missing)];
	}
	const open = find('unable to open /dev/sev', unopened);
	if (open !== undefined) {
		const why = lines.some((line) => denied.test(line))
			? 'not-root'
			: lines.some((line) => absent.test(line))
				? 'dev-sev-missing'
				: null;
		return [sign(why ?? 'dev-sev-missing-or-denied', open)];
	}
	const line =
		(crash.test(text) ? lines.find((one) => crash.test(one)) : undefined) ??
		lines.find((one) => one.includes(': ') && errorLine.test(one) && !summary.test(one));
	return line === undefined ? [] : [sign('tool-crashed', line)];
}
