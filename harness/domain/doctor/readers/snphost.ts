// `snphost ok`, `sevctl ok` and AMD's sev_component_test: what the host's own tools say of the platform.

import type { Reading, Sign, TextReader } from '../reading.ts';
import { isComponentTest, readComponentTest } from './sev-component-test.ts';
import { guestOkList } from './snpguest-verify.ts';
import { snphostFacts } from './snphost-facts.ts';
import { absent, denied, judgeTests } from './snphost-judge.ts';
import { hasOwnTests, parseTests } from './snphost-results.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';

/** The tool ended in another way than by its last test: no FAIL needs to be in such a text. */
const crash =
	/\bpanicked at\b|\bSegmentation fault\b|\bcore dumped\b|^(?:Aborted|Killed|Bus error|Illegal instruction)\b|\bRUST_BACKTRACE=/;
const errorLine = /^\s*(?:ERROR|Error|because|\d{1,2}): /;
const summary = /One or more tests in (?:sevctl[- ]ok|snphost ok) reported a failure/;
const missingTool = /\b(?:snphost|sevctl): (?:command )?not found\b|\bsudo: (?:snphost|sevctl): command not found\b/;
/** The sev library's words, which QEMU does not use. */
const unopened = /^\s{0,8}(?:ERROR|Error|because|\d{1,2}): unable to open \/dev\/sev$/;
const nameOfTool = /(?:^|[\s/:`'"])(?:snphost|sevctl)(?:[\s:[`'"/]|$)/;

export const snphost: TextReader = {
	kind: 'snphost',
	recognise(text) {
		if (isComponentTest(text) || missingTool.test(text) || hasOwnTests(text)) {
			return 3;
		}
		if (summary.test(text)) {
			// `snpguest ok` took the sentence over from sevctl.
			return toolLines(text).some((line) => guestOkList.test(line)) ? 0 : 3;
		}
		if (text.includes('unable to open /dev/sev') && toolLines(text).some((line) => unopened.test(line))) {
			return 2;
		}
		return nameOfTool.test(text) && toolLines(text).some((line) => crash.test(line)) ? 2 : 0;
	},
	read(text) {
		return isComponentTest(text) ? readComponentTest(text) : readOk(text);
	},
};

function readOk(text: string): Reading {
	const tests = parseTests(text);
	const verdict = judgeTests(tests);
	const lines = toolLines(text);
	const broken = brokenOff(lines);
	return {
		kind: 'snphost',
		snp: broken.length > 0 && verdict.snp === 'usable' ? 'unknown' : verdict.snp,
		facts: snphostFacts(tests, verdict.inconclusive, lines),
		signs: firstOfEach([...verdict.signs, ...broken]),
	};
}

function brokenOff(lines: readonly string[]): readonly Sign[] {
	const missing = lines.find((line) => missingTool.test(line));
	if (missing !== undefined) {
		return [sign('tool-missing', missing)];
	}
	const open = lines.find((line) => unopened.test(line));
	if (open !== undefined) {
		const why = lines.some((line) => denied.test(line))
			? 'not-root'
			: lines.some((line) => absent.test(line))
				? 'dev-sev-missing'
				: null;
		return [sign(why ?? 'dev-sev-missing-or-denied', open)];
	}
	const line = lines.find((one) => crash.test(one)) ?? lines.find((one) => errorLine.test(one) && !summary.test(one));
	return line === undefined ? [] : [sign('tool-crashed', line)];
}
