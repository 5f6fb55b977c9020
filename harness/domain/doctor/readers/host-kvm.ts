// kvm_amd in a host's kernel log: the ASIDs it hands out, in all wordings, and its module parameters.

import type { Fact } from '../reading.ts';
import { type Finding, type Found, findAll, finding, findLast } from './kernel-messages.ts';

const module = '^(?:(?:kvm_amd|SVM|kvm): ){0,2}';
/** Since Linux 5.15 or so; SEV-SNP since 6.11; 'unusable' since a range can be empty. */
const rangeLine = new RegExp(`${module}(SEV|SEV-ES|SEV-SNP) (enabled|disabled|unusable) \\(ASIDs (\\d{1,9}) - (\\d{1,9})\\)`);
/** Before that, and in AMD's own kernels, where SEV-ES and SEV-SNP share one line. */
const countLine = new RegExp(`${module}(SEV|SEV-ES|SEV-SNP|SEV-ES and SEV-SNP) supported: (\\d{1,9}) ASIDs`);
const hiding = new RegExp(`${module}SEV-SNP ciphertext hiding enabled`);
const memfdMissing = new RegExp(`${module}SEV-SNP requires private memory support via guest_memfd`);
const moduleLine = /^(?:kvm_amd|SVM): /;

interface Range {
	readonly found: Found;
	readonly state: string;
	readonly min: number;
	readonly max: number;
}

export interface HostKvm {
	/** kvm_amd has ASIDs for SEV-SNP guests. */
	readonly snpEnabled: boolean;
	/** Where it last announced SEV-SNP, or -1. */
	readonly snpIndex: number;
	/** It announced ASIDs, in whichever wording. */
	readonly speaks: boolean;
	/** It gave SEV-SNP some, whether it wants them or not. */
	readonly snpAsids: boolean;
	readonly sev: Range | null;
	readonly sevEs: Range | null;
	/** The old wording, where it leaves none to SEV-ES and SEV-SNP. */
	readonly onlySevCount: Found | null;
	readonly facts: { readonly [name: string]: Fact };
	readonly findings: readonly Finding[];
}

/**
 * What the last load of kvm_amd said in `messages`, and `/sys/module/kvm_amd/parameters/sev_snp` where the text, `lines`,
 * shows it beside them.
 */
export function readKvm(messages: readonly string[], lines: readonly string[]): HostKvm {
	const ranges = findAll(messages, rangeLine);
	const loads = ranges.filter(({ groups: [name] }) => name === 'SEV');
	// A load begins with the line of SEV: what an earlier load said of the others is outdated.
	const lastLoad = loads.at(-1)?.index ?? -1;
	const rangeOf = (name: string) => toRange(ranges.findLast(({ index, groups }) => index >= lastLoad && groups[0] === name));
	const [sev, es, snp] = [rangeOf('SEV'), rangeOf('SEV-ES'), rangeOf('SEV-SNP')];
	const counts = findAll(messages, countLine);
	const countOf = (names: readonly string[]) => counts.findLast(({ groups: [name = ''] }) => names.includes(name)) ?? null;
	const [sevCount, esCount, snpCount] = [
		countOf(['SEV']),
		countOf(['SEV-ES', 'SEV-ES and SEV-SNP']),
		countOf(['SEV-SNP', 'SEV-ES and SEV-SNP']),
	];
	const missing = findAll(messages, memfdMissing);
	const parameter = snpParameter(lines);
	return {
		snpEnabled: isUsable(snp) === true,
		snpIndex: snp?.found.index ?? -1,
		speaks: ranges.length + counts.length > 0,
		snpAsids: (snp !== null && snp.max > 0) || snpCount !== null,
		sev,
		sevEs: es,
		onlySevCount: esCount === null && snpCount === null ? sevCount : null,
		facts: {
			asids: { sev: bounds(sev), sevEs: bounds(es), sevSnp: bounds(snp) },
			asidStates: { sev: sev?.state ?? null, sevEs: es?.state ?? null, sevSnp: snp?.state ?? null },
			asidsUsable: { sev: isUsable(sev), sevEs: isUsable(es), sevSnp: isUsable(snp) },
			legacyAsidCounts: { sev: count(sevCount), sevEs: count(esCount), sevSnp: count(snpCount) },
			ciphertextHiding: findLast(messages, hiding) !== null,
			guestMemfdMissing: missing.length,
			kvmAmdLoads: loads.length + counts.filter(({ groups: [name] }) => name === 'SEV').length,
			parameterSevSnp: parameter?.value ?? null,
		},
		findings: [
			...rangeFindings(sev, es, snp),
			...(snp === null && snpCount === null ? silenceFindings(messages, es, sevCount, esCount) : []),
			...(snp === null && snpCount !== null ? [finding('out-of-tree-snp-kernel', snpCount, false)] : []),
			...missing.slice(0, 1).map((found) => finding('kernel-without-guest-memfd', found)),
			...(parameter !== null && /[N0]/.test(parameter.value)
				? [finding('kvm-amd-sev-snp-off', { ...parameter, index: messages.length })]
				: []),
		],
	};
}

/** The words 'enabled' and 'disabled' say what was asked for; the range says what there is. */
function rangeFindings(sev: Range | null, es: Range | null, snp: Range | null): readonly Finding[] {
	const noShare = es !== null && es.state === 'disabled' && es.max === 0;
	if (snp === null) {
		if (es !== null && es.state === 'disabled') {
			return [finding(noShare ? 'snp-and-es-off-in-bios' : 'kvm-amd-sev-snp-off', es.found)];
		}
		return sev !== null && sev.state === 'disabled' ? [finding('kvm-amd-sev-snp-off', sev.found)] : [];
	}
	if (snp.state === 'disabled') {
		return [finding(noShare || snp.max === 0 ? 'snp-and-es-off-in-bios' : 'kvm-amd-sev-snp-off', noShare ? es.found : snp.found)];
	}
	return isEmpty(snp) || snp.state === 'unusable' ? [finding('empty-asid-range', snp.found)] : [];
}

/**
 * kvm_amd announces SEV-SNP after SEV-ES, or not at all: then the kernel is older than 6.11, or the feature was taken
 * back at boot. A log that ends with the line of SEV-ES may only be cut.
 */
function silenceFindings(
	messages: readonly string[],
	es: Range | null,
	sevCount: Found | null,
	esCount: Found | null,
): readonly Finding[] {
	if (es !== null && es.state !== 'disabled') {
		const more = messages.some((line, index) => index > es.found.index && moduleLine.test(line));
		return more ? [finding('kvm-amd-without-snp', es.found)] : [];
	}
	return es === null && sevCount !== null && esCount !== null ? [finding('kvm-amd-without-snp', esCount)] : [];
}

const parameterValue = /^(?:\/sys\/module\/kvm_amd\/parameters\/)?sev_snp: ?([YN01])$/;
const catCommand = /\bcat((?: +\/sys\/module\/kvm_amd\/parameters\/\w+)+)$/;
const mostParameters = 64;

/** The last value shown of the module parameter: `cat` with its paths, or `grep . …`. */
function snpParameter(lines: readonly string[]): { readonly line: string; readonly value: string } | null {
	let last: string | null = null;
	for (let index = 0; index < lines.length; index++) {
		const line = lines[index] ?? '';
		if (!line.includes('sev_snp')) {
			continue;
		}
		last = parameterValue.exec(line)?.[1] ?? last;
		const paths = line.includes('cat ') ? (catCommand.exec(line)?.[1]?.trim().split(/ +/, mostParameters) ?? []) : [];
		const place = paths.findIndex((path) => path.endsWith('/sev_snp'));
		const values = lines.slice(index + 1, index + 2 + place);
		if (place >= 0 && values.length > place && values.every((one) => /^(?:[YN]|\d+)$/.test(one))) {
			last = values.at(-1) ?? last;
		}
	}
	return last === null ? null : { line: `kvm_amd sev_snp: ${last}`, value: last };
}

function toRange(found: Found | undefined): Range | null {
	const [, state, min, max] = found?.groups ?? [];
	return found === undefined || state === undefined ? null : { found, state, min: Number(min), max: Number(max) };
}

/** ASID 0 is the host's own. */
function isEmpty({ min, max }: Range): boolean {
	return max === 0 || min > max;
}

/** Null for what was not announced. */
function isUsable(range: Range | null): boolean | null {
	return range === null ? null : range.state === 'enabled' && !isEmpty(range);
}

function bounds(range: Range | null): readonly number[] | null {
	return range === null ? null : [range.min, range.max];
}

function count(found: Found | null): number | null {
	return found === null ? null : Number(found.groups[1]);
}
