// AMD's sev_component_test: one line a component with what was found and what was expected, one verdict a technology.
// Its OK is not trusted: it has been seen after a register bit that was not the expected one.

import type { Reading, Sign } from '../reading.ts';
import { firstOfEach, sign, toolLines } from './tool-lines.ts';

const verdictLine = /^(SYSTEM SUPPORT|SEV(?:-ES|-SNP)?)(?: COMPONENT TEST)? (PASS|FAIL)$/;
const itemLine = /^- ([^[\]]{1,120}?) \[[^\]]{0,200}\] Found: (.{0,400}?) {1,2}Expected: (.{0,400}?) +([A-Z]+)$/;
const rangeLine = /^RMP table physical address range (0x[0-9a-f]{1,16}) - (0x[0-9a-f]{1,16})$/i;
const tcbLine = /^Current TCB: (\d{1,20}) Reported TCB: (\d{1,20})$/;

const codes: readonly (readonly [RegExp, string])[] = [
	[/ bit 1 for SEV$/, 'sev-off-in-bios'],
	[/ bit 4 for SEV-SNP$/, 'snp-off-in-bios'],
	[/^SNP enabled in MSR$/, 'snp-not-enabled-in-msr'],
	[/^System SEV firmware version$/, 'firmware-below-floor'],
	[/^SNP INIT$/, 'snp-not-initialised'],
	[/^RMP INIT$/, 'rmp-not-initialised'],
];

/** The tool's own words are in the text. */
export function isComponentTest(text: string): boolean {
	return /\bSEV(?:-ES|-SNP)? COMPONENT TEST (?:PASS|FAIL)\b|\bsev_component_test\.py\b/.test(text);
}

export function readComponentTest(text: string): Reading {
	const verdicts: Record<string, string> = {};
	const failed = new Set<string>();
	const doubtful = new Set<string>();
	const signs: Sign[] = [];
	let firmware: string | null = null;
	let rmpRange: readonly string[] | null = null;
	let rmpInitialized: boolean | null = null;
	let tcbMatch: boolean | null = null;
	for (const line of toolLines(text).map((one) => one.trim())) {
		const [, technology, verdict] = verdictLine.exec(line) ?? [];
		if (technology !== undefined && verdict !== undefined) {
			verdicts[technology] = verdict;
		}
		const [, name, found = '', expected = '', word] = itemLine.exec(line) ?? [];
		if (name === undefined) {
			continue;
		}
		firmware = name === 'System SEV firmware version' ? found : firmware;
		rmpRange = name === 'RMP table addresses' ? (rangeLine.exec(found)?.slice(1) ?? null) : rmpRange;
		rmpInitialized = name === 'RMP INIT' ? (found === '1' ? true : found === '0' ? false : null) : rmpInitialized;
		const [, current, reported] = name === 'Comparing TCB versions' ? (tcbLine.exec(found) ?? []) : [];
		tcbMatch = current === undefined ? tcbMatch : current === reported;
		if (word !== 'OK') {
			failed.add(name);
			const code = codes.find(([pattern]) => pattern.test(name))?.[1];
			signs.push(...(code === undefined ? [] : [sign(code, line)]));
		} else if (bitOf(found) !== bitOf(expected)) {
			doubtful.add(name);
		}
	}
	const good = verdicts['SEV-SNP'] === 'PASS' && failed.size === 0 && doubtful.size === 0;
	return {
		kind: 'snphost',
		snp: signs.length > 0 ? 'unusable' : good ? 'usable' : 'unknown',
		facts: {
			tool: 'sev_component_test',
			failed: [...failed],
			doubtful: [...doubtful],
			verdicts,
			firmware,
			rmpRange,
			rmpInitialized,
			tcbMatch,
		},
		signs: firstOfEach(signs),
	};
}

function bitOf(text: string): string | null {
	return /\bb?it (\d{1,2}) /.exec(text)?.[1] ?? null;
}
