// A matrix: which release needs what, on which machines, judged under which profiles.

import { z } from 'zod';
import { requirement } from './requirement.ts';
import { duration, identifier, sentence, text } from './scalars.ts';

export const axisNames = ['milestone', 'generation', 'tee', 'boot', 'guest-os'] as const;
export type AxisName = (typeof axisNames)[number];

export const milestones = ['beta', 'ga', 'updates'] as const;
/** CPU generations by family and model; a host that is none of them is 'other'. */
export const generations = ['milan', 'genoa', 'turin'] as const;
const tees = ['snp', 'sev-es', 'sev', 'none'] as const;
const boots = ['disk', 'direct', 'svsm'] as const;

/** One value per axis. */
export type Axes = Readonly<Record<AxisName, string>>;

const someOf = <const Values extends readonly [string, ...string[]]>(values: Values) => z.array(z.enum(values)).min(1);

/** Values of axes that a rule speaks of; a cell matches when each named axis has one of the values. */
export const where = z.strictObject({
	milestone: z.union([z.enum(milestones), someOf(milestones)]).optional(),
	generation: z.union([z.enum([...generations, 'other']), someOf([...generations, 'other'])]).optional(),
	tee: z.union([z.enum(tees), someOf(tees)]).optional(),
	boot: z.union([z.enum(boots), someOf(boots)]).optional(),
	'guest-os': z.union([identifier, z.array(identifier).min(1)]).optional(),
});
export type Where = z.infer<typeof where>;

const byMilestone = z.strictObject({
	beta: requirement.optional(),
	ga: requirement.optional(),
	updates: requirement.optional(),
});

/** What a package must be: `feature` holds under every profile, any other key is a profile's name. */
const packageRule = z.record(identifier, z.union([requirement, byMilestone]));
export type PackageRule = z.infer<typeof packageRule>;

const limits = z.strictObject({
	boot: duration.default(180_000).describe('Longest boot of a guest, without its memory'),
	'boot-per-gib': duration.default(1_000).describe('What each GiB of guest memory adds to it'),
	command: duration.default(30_000).describe('Longest single command'),
	'host-return': duration.default(1_200_000).describe('How long a host that vanished is waited for'),
});
export type Limits = z.infer<typeof limits>;

const launchFields = {
	with: z.enum(['qemu', 'libvirt']),
	kernel: text.optional().describe('A kernel to boot directly; relative paths are relative to the matrix'),
	initrd: text.optional(),
	append: text.optional().describe('Kernel command line'),
	firmware: z.strictObject({ code: text, vars: text }).optional().describe('pflash images'),
	tpm: z.enum(['none', 'swtpm']),
	memory: z.int().min(64).describe('MiB'),
	cpus: z.int().min(1),
};

const guest = z.strictObject({
	...launchFields,
	tpm: launchFields.tpm.default('none'),
	memory: launchFields.memory.default(2048),
	cpus: launchFields.cpus.default(2),
	milestones: z.record(identifier, text).describe('Lines the console must show, in order: name and regular expression'),
	control: z
		.strictObject({
			kernel: text.optional(),
			initrd: text.optional(),
			append: text.optional(),
			firmware: z.union([z.literal('none'), launchFields.firmware.unwrap()]).optional(),
			tpm: launchFields.tpm.optional(),
			memory: launchFields.memory.optional(),
			cpus: launchFields.cpus.optional(),
			milestones: z.record(identifier, text).optional(),
		})
		.optional()
		.describe('How the plain control guest differs from the subject'),
});
export type GuestEntry = z.infer<typeof guest>;

const rule = {
	because: sentence,
	where: where.optional(),
	checks: z.array(identifier).min(1).optional(),
	suites: z.array(identifier).min(1).optional(),
	profiles: z.array(identifier).min(1).optional(),
};

export const matrixSchema = z.strictObject({
	release: z.union([z.int(), identifier]).describe('41, or a word such as rawhide'),
	title: sentence,
	reality: z.enum(['hardware', 'emulated']).default('hardware').describe('emulated: no verdict here is of an EPYC'),
	world: identifier.optional().describe('The simulated world that `--host sim` means'),
	axes: z.strictObject({
		milestone: someOf(milestones),
		generation: someOf(generations),
		tee: someOf(tees),
		boot: someOf(boots),
		'guest-os': z.array(identifier).min(1),
	}),
	defaults: z
		.strictObject({
			milestone: z.enum(milestones).optional(),
			generation: z.enum(generations).optional(),
			tee: z.enum(tees).optional(),
			boot: z.enum(boots).optional(),
			'guest-os': identifier.optional(),
		})
		.default({}),
	profiles: z.array(identifier).min(1).describe('A run judges under each; the first decides the exit code'),
	suites: z.array(identifier).min(1).describe('What a run of the whole matrix runs, in this order'),
	promises: z.record(identifier, sentence).default({}),
	exclude: z
		.array(z.strictObject({ where, because: sentence }))
		.default([])
		.describe('Combinations that are no cell'),
	skip: z.array(z.strictObject({ rule: identifier, ...rule })).default([]),
	informational: z.array(z.strictObject(rule)).default([]).describe('Checks that do not count for the gate'),
	packages: z.record(text, packageRule).default({}),
	limits: limits.prefault({}),
	guests: z.record(identifier, guest).default({}),
});

export type Matrix = z.infer<typeof matrixSchema>;
