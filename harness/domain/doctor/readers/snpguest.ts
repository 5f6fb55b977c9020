// snpguest in the guest, and reports displayed by tools of its kind.

import { rememberLast } from '../../text/remember-last.ts';
import type { TextReader } from '../reading.ts';
import { plainText } from './pasted-text.ts';
import { isDisplayedReport, readDisplayedReport } from './snpguest-display.ts';
import { readSnpguestWords } from './snpguest-verify.ts';
import { firstOfEach, notFound, sign, toolLines } from './tool-lines.ts';
import { isWritten } from './written-text.ts';

const missingTool = notFound('snpguest');
const crash = /\bpanicked at\b|\bSegmentation fault\b|\bcore dumped\b/;
/** Without one of these words somewhere, a text need not be taken apart. */
const worth =
	/[Rr]eport|REPORT|[Pp]olicy|Guest SVN|VCEK|VLEK|VEK|ARK|ASK|ASVK|(?:pem|der): OK|nable to fetch|sev-guest|SEV|SNP|snpguest/;
const nameOfTool = /\bsnpguest\b/;

const parts = rememberLast((text: string) => {
	const lines = toolLines(text);
	return {
		words: readSnpguestWords(lines),
		report: isDisplayedReport(lines) ? readDisplayedReport(lines) : null,
		missing: text.includes('not found') ? lines.find((line) => missingTool.test(line)) : undefined,
		crashed: crash.test(text) ? lines.find((line) => crash.test(line)) : undefined,
	};
});

export const snpguest: TextReader = {
	kind: 'snpguest',
	recognise(text) {
		if (!worth.test(text)) {
			return 0;
		}
		const { words, report, missing, crashed } = parts(text);
		const score =
			missing !== undefined || report !== null || words.known ? 3 : crashed !== undefined && nameOfTool.test(text) ? 2 : 0;
		return score > 0 && isWritten(plainText(text)) ? 0 : score;
	},
	/**
	 * A tool in the guest that says 'verified' is a witness and no judge (design section 1), and a displayed report proves
	 * nothing: `usable` is only what the register of the running guest says (`snpguest ok`).
	 */
	read(text) {
		const { words, report, missing, crashed } = parts(text);
		const signs = firstOfEach([
			...words.signs,
			...(report?.signs ?? []),
			...(missing === undefined ? [] : [sign('tool-missing', missing)]),
			...(crashed === undefined ? [] : [sign('tool-crashed', crashed)]),
		]);
		return {
			kind: 'snpguest',
			snp: words.active === false ? 'unusable' : signs.length === 0 && words.active === true ? 'usable' : 'unknown',
			facts: { ...words.facts, ...report?.facts },
			signs,
		};
	},
};
