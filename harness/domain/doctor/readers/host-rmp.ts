// The reverse map table (RMP) in a host's kernel log: what firmware reserved, and what the kernel made of it.

import type { Fact } from '../reading.ts';
import { type Finding, findAll, finding, findLast } from './kernel-messages.ts';

const range =
	/^SEV-SNP: (Segmented RMP base table physical range|RMP table physical range|RMP table physical address) \[?(0x[0-9a-f]+) - (0x[0-9a-f]+)/i;
/** arch/x86/virt/svm/sev.c, and drivers/iommu/amd/init.c since it sets up the RMP. */
const refusals = [
	{
		code: 'bios-rmp-not-reserved',
		form: 'not-reserved',
		pattern: /^SEV-SNP: Memory for the RMP table has not been reserved by BIOS/,
	},
	{
		code: 'rmp-does-not-cover-ram',
		form: 'too-small',
		pattern: /^SEV-SNP: Memory reserved for the RMP table does not cover full system RAM/,
	},
	{
		code: 'rmp-configuration-invalid',
		form: 'invalid',
		pattern:
			/^(?:SEV-SNP: (?:RMP configuration not valid|RMP segment size \(|Failed to (?:map|allocate) .*\bRMP\b)|AMD-Vi: SNP: RMP initialization failed)/,
	},
] as const;
const forms: ReadonlyMap<string, string> = new Map([
	['segmented rmp base table physical range', 'segmented'],
	['rmp table physical range', 'contiguous'],
	['rmp table physical address', 'contiguous-old-wording'],
]);
const updateFailure = /^SEV-SNP: RMPUPDATE failed for PFN (?:0x)?([0-9a-f]+)(?:, pg_level: (\d+))?.*?\bret:? (-?\d+)/i;
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
	const refused = refusals.flatMap(({ code, form, pattern }) =>
		findAll(messages, pattern)
			.slice(-1)
			.map((found) => ({ form, finding: finding(code, found) })),
	);
	const failures = findAll(messages, updateFailure);
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
		findings: [
			...refused.map((refusal) => refusal.finding),
			...failures.slice(0, 1).map((failure) => finding('rmpupdate-failed', failure, false)),
		],
	};
}
