// snpguest in the guest, and reports displayed by tools of its kind.

import type { TextReader } from '../reading.ts';
import { isDisplayedReport, readDisplayedReport } from './snpguest-display.ts';
import { readSnpguestWords } from './snpguest-verify.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';

const missingTool = /\bsnpguest: (?:command )?not found\b/;
const crash = /\bpanicked at\b|\bSegmentation fault\b|\bcore dumped\b/;
/** Without one of these words somewhere, a text need not be taken apart. */
const worth = /snpguest|report|policy|Guest SVN|V[CL]?EK\b|ARK|ASK|ASVK|(?:pem|der): OK|certificate|sev-guest|SEV|SNP/i;
const nameOfTool = /\bsnpguest\b/;

export const snpguest: TextReader = {
	kind: 'snpguest',
	recognise(text) {
		if (!worth.test(text)) {
			return 0;
		}
		const lines = toolLines(text);
		if (missingTool.test(text) || isDisplayedReport(lines) || readSnpguestWords(lines).known) {
			return 3;
		}
		return nameOfTool.test(text) && lines.some((line) => crash.test(line)) ? 2 : 0;
	},
	/**
	 * A tool in the guest that says 'verified' is a witness and no judge (design section 1), and a displayed report proves
	 * nothing: `usable` is only what the register of the running guest says (`snpguest ok`).
	 */
	read(text) {
		const lines = toolLines(text);
		const words = readSnpguestWords(lines);
		const report = isDisplayedReport(lines) ? readDisplayedReport(lines) : { facts: {}, signs: [] };
		const broken = lines.find((line) => missingTool.test(line));
		const crashed = lines.find((line) => crash.test(line));
		const signs = firstOfEach([
			...words.signs,
			...report.signs,
			...(broken === undefined ? [] : [sign('tool-missing', broken)]),
			...(crashed === undefined ? [] : [sign('tool-crashed', crashed)]),
		]);
		return {
			kind: 'snpguest',
			snp: words.active === false ? 'unusable' : signs.length === 0 && words.active === true ? 'usable' : 'unknown',
			facts: { ...words.facts, ...report.facts },
			signs,
		};
	},
};
