// The plan as data: what is to be observed where, what is judged under which profile, and why something is not.

import { z } from 'zod';

const skip = z.strictObject({ rule: z.string(), because: z.string() });

const underProfile = z.strictObject({
	required: z.boolean(),
	skip: skip.nullable(),
	/** Plain data made by the kind from the suite's parameters and the matrix. */
	expectation: z.unknown(),
});

const plannedCheck = z.strictObject({
	id: z.string(),
	/** `<cell>/<id>`, unique in a plan and stable across runs. */
	instance: z.string(),
	title: z.string(),
	why: z.string(),
	kind: z.string(),
	suite: z.string(),
	target: z.enum(['host', 'guest']),
	params: z.unknown(),
	/** Instances that must pass first. */
	needs: z.array(z.string()),
	/** Instance of the positive control. */
	control: z.string().nullable(),
	/** Observed after everything else of its machine. */
	last: z.boolean(),
	promise: z.string().nullable(),
	/** Ids of facts that it leans on and no real machine has shown yet. */
	unconfirmed: z.array(z.string()).default([]),
	source: z.string(),
	/** Under the deciding profile. */
	required: z.boolean(),
	/** False for a prerequisite that was pulled in. */
	selected: z.boolean(),
	/** Under the deciding profile. */
	skip: skip.nullable(),
	under: z.record(z.string(), underProfile),
});
export type PlannedCheck = z.infer<typeof plannedCheck>;

const launch = z.strictObject({
	with: z.enum(['qemu', 'libvirt']),
	kernel: z.string().optional(),
	initrd: z.string().optional(),
	append: z.string().optional(),
	firmware: z.strictObject({ code: z.string(), vars: z.string() }).optional(),
	tpm: z.enum(['none', 'swtpm']),
	memoryMiB: z.number(),
	cpus: z.number(),
});

const plannedGuest = z.strictObject({
	name: z.string(),
	role: z.enum(['subject', 'control']),
	tee: z.string(),
	boot: z.string(),
	guestOs: z.string(),
	launch,
	milestones: z.array(z.strictObject({ name: z.string(), pattern: z.string() })),
	limitMs: z.number(),
});
export type PlannedGuest = z.infer<typeof plannedGuest>;

const axes = z.strictObject({
	milestone: z.string(),
	generation: z.string(),
	tee: z.string(),
	boot: z.string(),
	'guest-os': z.string(),
});

const plannedCell = z.strictObject({
	id: z.string(),
	axes,
	host: z.string(),
	/** Why this host cannot run the cell; its checks are then all skipped by this rule. */
	skip: skip.nullable(),
	guests: z.array(plannedGuest),
	checks: z.array(plannedCheck),
});
export type PlannedCell = z.infer<typeof plannedCell>;

export const planSchema = z.strictObject({
	format: z.literal('snpgate.plan/1'),
	profiles: z.array(z.string()).min(1),
	/** 'matrix' when only the matrix's defaults and the host's facts chose the cells. */
	scope: z.enum(['matrix', 'selection']),
	/** How many checks the whole matrix has on this host, for 'n of m'. */
	checksInMatrix: z.number(),
	cells: z.array(plannedCell),
	promises: z.array(z.strictObject({ id: z.string(), title: z.string(), checks: z.array(z.string()) })),
});
export type Plan = z.infer<typeof planSchema>;
