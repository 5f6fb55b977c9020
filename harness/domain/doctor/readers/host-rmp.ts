// The reverse map table (RMP) in a host's kernel log: what firmware reserved, and what the kernel made of it.

import type { Fact } from '../reading.ts';
import { anyOf, type Finding, type Found, findAll, finding, findLast } from './kernel-messages.ts';

const range =
	/^SEV-SNP: (Segmented RMP base table physical range|RMP table physical range|RMP table physical address) \[?(0x[0-9a-f]+) - (0x[0-9a-f]+)/i;
/** arch/x86/virt/svm/sev.c */
const refusals = [
	{
		code: 'bios-rmp-not-reserved',
		form: 'not-reserved',
		pattern: /^SEV-SNP: Memory for the RMP table has not been reserved by BIOS/,
	},
	{
		code: 'rmp-does-not-cover-ram',
		form: 'too-small',
		pattern: /^SEV-SNP: (?:Memory reserved for the RMP table|Segmented RMP) does not cover full system RAM/,
	},
	{
		code: 'rmp-configuration-invalid',
		form: 'invalid',
		pattern:
			/^SEV-SNP: (?:RMP configuration not valid|RMP segment size \(|Invalid RMP |RMP segment descriptor already |Failed to (?:map|allocate) .*\bRMP\b)/,
	},
] as const;
/** drivers/iommu/amd/init.c, since it sets up the RMP: what became of it, after one of the above had said why. */
const givenUp = /^AMD-Vi: SNP: RMP initialization failed/;
const forms: ReadonlyMap<string, string> = new Map([
	['segmented rmp base table physical range', 'segmented'],
	['rmp table physical range', 'contiguous'],
	['rmp table physical address', 'contiguous-old-wording'],
]);
const updateFailures = [
	/^SEV-SNP: RMPUPDATE failed for PFN (?:0x)?([0-9a-f]+)(?:, pg_level: (\d+))?.*?\bret:? (-?\d+)/i,
	/^SEV-SNP: PFN: (?:0x)?([0-9a-f]+)(?:, pg_level: (\d+))?, RMPUPDATE failed\b.*?\bret:? (-?\d+)/i,
];
/** Pages that are lost, or whose entry could not be read or changed; kvm_amd has words of its own for the same. */
const pageTrouble =
	/^(?:SEV-SNP: (?:Leaking PFN range |Failed to (?:read RMP|split direct map)|.*\bRMPUPDATE failed)|(?:(?:kvm_amd|SVM|kvm): ){0,2}SEV: Failed to \w.*\bRMP (?:entry|table))/;
/** An entry in full, which the kernel prints behind either. */
const dump = /^SEV-SNP: PFN 0x[0-9a-f]+, RMP entry: \[/;
/** arch/x86/mm/fault.c, and kvm_amd where a guest's access brought it about. */
const violation =
	/^(?:#PF: error_code\(0x[0-9a-f]{1,16}\) - RMP violation|(?:(?:kvm_amd|SVM|kvm): ){0,2}SEV: Unexpected RMP fault\b)/;
/** All of these, and what only a host says beside them. A place for a number (`0x...`) is of documents. */
export const rmpWords = anyOf([
	/^SEV-SNP: (?:Memory (?:for|reserved for) the RMP|Segmented RMP (?:using|does)|RMP (?:configuration|segment) |Invalid RMP )/,
	/^SEV-SNP: (?:Segmented RMP base|RMP) table physical (?:range|address) \[?0x[0-9a-f]+ - 0x[0-9a-f]/,
	/^SEV-SNP: (?:Failed to (?:map|allocate) |RMPUPDATE failed|PFN:? 0x[0-9a-f]|Reserving start\/end of RMP table )/,
	givenUp,
	pageTrouble,
	violation,
]);
const mostFailures = 16;

export interface HostRmp {
	/** The table is where firmware put it and was not refused. */
	readonly present: boolean;
	readonly facts: { readonly [name: string]: Fact };
	readonly findings: readonly Finding[];
}

/**
 * The table, contiguous or segmented, and updates of it that failed while the host ran. A text without a word on the table
 * says that there is none only if it `spansBoot`; a shorter one may have lost the word.
 */
export function readRmp(messages: readonly string[], spansBoot: boolean): HostRmp {
	const table = findLast(messages, range);
	const [wording = '', start = '', end = ''] = table?.groups ?? [];
	const said = refusals.flatMap(({ code, form, pattern }) => asRefusal(code, form, findLast(messages, pattern)));
	const refused = said.length > 0 ? said : asRefusal('rmp-configuration-invalid', 'invalid', findLast(messages, givenUp));
	const failures = updateFailures.flatMap((pattern) => findAll(messages, pattern)).sort((a, b) => a.index - b.index);
	return {
		present: table !== null && refused.length === 0,
		facts: {
			rmp: refused[0]?.form ?? forms.get(wording.toLowerCase()) ?? (spansBoot ? 'absent' : 'unknown'),
			rmpRange: table === null ? null : [start, end],
			rmpUpdateFailures: failures.length,
			rmpUpdatesFailed: failures.slice(0, mostFailures).map(({ groups: [pfn = '', pgLevel, ret] }) => ({
				pfn,
				pgLevel: pgLevel === undefined ? null : Number(pgLevel),
				ret: Number(ret),
			})),
		},
		findings: [...refused.map((refusal) => refusal.finding), ...runtimeFindings(messages)],
	};
}

function asRefusal(code: string, form: string, found: Found | null) {
	return found === null ? [] : [{ form, finding: finding(code, found) }];
}

/** What went wrong while the host ran does not keep the next guest from running. */
function runtimeFindings(messages: readonly string[]): readonly Finding[] {
	const [violated] = findAll(messages, violation);
	// An entry alone shows that something was wrong with a page; beside an access that was forbidden it is of that.
	const [trouble] = findAll(messages, pageTrouble);
	const [shown] = violated === undefined && trouble === undefined ? findAll(messages, dump) : [];
	const failed = trouble ?? shown;
	return [
		...(violated === undefined ? [] : [finding('rmp-violation', violated, false)]),
		...(failed === undefined ? [] : [finding('rmpupdate-failed', failed, false)]),
	];
}
