// A matrix: which release needs what, on which machines, judged under which profiles.

import { z } from 'zod';
import { requirement } from './requirement.ts';
import { duration, identifier, pattern, sentence, text } from './scalars.ts';

export const axisNames = ['milestone', 'generation', 'tee', 'boot', 'guest-os'] as const;
export type AxisName = (typeof axisNames)[number];

export const milestones = ['beta', 'ga', 'updates'] as const;
/** CPU generations by family and model; a host that is none of them is 'other'. */
export const generations = ['milan', 'genoa', 'turin'] as const;
const tees = ['snp', 'sev-es', 'sev', 'none'] as const;
const boots = ['disk', 'direct', 'svsm'] as const;

/** One value per axis. */
export type Axes = Readonly<Record<AxisName, string>>;

const axis = {
	milestone: 'The state of the release',
	generation: 'The generation of the EPYC',
	tee: 'What protects the guest',
	boot: 'How the guest boots',
	'guest-os': "The guest: an entry of 'guests'",
} as const satisfies Record<AxisName, string>;

const someOf = <const Values extends readonly [string, ...string[]]>(values: Values) => z.array(z.enum(values)).min(1);
const oneOrSome = <const Values extends readonly [string, ...string[]]>(values: Values) =>
	z.union([z.enum(values), someOf(values)], `Expected one of ${values.join(', ')}, or a list of them`);

const isNotEmpty = (mapping: object) => Object.keys(mapping).length > 0;

/** Values of axes that a rule speaks of; a cell matches when each named axis has one of the values. */
export const where = z
	.strictObject({
		milestone: oneOrSome(milestones).optional().describe(axis.milestone),
		generation: oneOrSome([...generations, 'other'])
			.optional()
			.describe(axis.generation),
		tee: oneOrSome(tees).optional().describe(axis.tee),
		boot: oneOrSome(boots).optional().describe(axis.boot),
		'guest-os': z
			.union([identifier, z.array(identifier).min(1)])
			.optional()
			.describe(axis['guest-os']),
	})
	.refine(isNotEmpty, 'Expected at least one axis: an empty mapping means every cell')
	.describe('The cells that are meant: each named axis has one of the values');
export type Where = z.infer<typeof where>;

const byMilestone = z
	.strictObject({
		beta: requirement.optional().describe('At the beta'),
		ga: requirement.optional().describe('At general availability'),
		updates: requirement.optional().describe('With all stable updates'),
	})
	.refine(isNotEmpty, {
		error: 'Expected a requirement for at least one milestone, or one for all of them',
		// Else zod takes a requirement with a flaw for a mapping of milestones with unknown keys.
		abort: true,
	});

/** What a package must be: `feature` holds under every profile, any other key is a profile's name. */
const packageRule = z
	.record(identifier, z.union([requirement, byMilestone]))
	.refine(isNotEmpty, "Expected a requirement for at least one profile, or for all of them under 'feature'")
	.describe("Profile to requirement; 'feature' holds under every profile");
export type PackageRule = z.infer<typeof packageRule>;

const limit = duration.refine((ms) => ms > 0, 'Expected more than 0: nothing is done in no time');

const limits = z.strictObject({
	boot: limit.prefault('180s').describe('Longest boot of a guest, without its memory'),
	'boot-per-gib': duration.prefault('1s').describe('What each GiB of guest memory adds to it'),
	command: limit.prefault('30s').describe('Longest single command'),
	'host-return': duration.prefault('20min').describe('How long a host that vanished is waited for'),
});
export type Limits = z.infer<typeof limits>;

const path = (what: string) => text.describe(`${what}; relative paths are relative to the matrix`);

const launchFields = {
	kernel: path('A kernel to boot directly').optional(),
	initrd: path('Its initial RAM disk').optional(),
	append: text.optional().describe('Kernel command line'),
	firmware: z.strictObject({ code: path('Code image'), vars: path('Variable store to start from') }).describe('pflash images'),
	tpm: z.enum(['none', 'swtpm']).describe('The TPM that the host gives'),
	memory: z.int().min(64).describe('MiB'),
	cpus: z.int().min(1).describe('Virtual CPUs'),
	milestones: z
		.record(identifier, pattern)
		.refine(isNotEmpty, 'Expected at least one line that the console must show')
		.describe('Lines the console must show, in order: name and regular expression'),
};

const guest = z.strictObject({
	...launchFields,
	with: z.enum(['qemu', 'libvirt']).describe('What launches it'),
	firmware: launchFields.firmware.optional(),
	tpm: launchFields.tpm.default('none'),
	memory: launchFields.memory.default(2048),
	cpus: launchFields.cpus.default(2),
	control: z
		.strictObject({
			...launchFields,
			firmware: z
				.union([z.literal('none'), launchFields.firmware])
				.optional()
				.describe("pflash images, or 'none'"),
			tpm: launchFields.tpm.optional(),
			memory: launchFields.memory.optional(),
			cpus: launchFields.cpus.optional(),
			milestones: launchFields.milestones.optional(),
		})
		.optional()
		.describe('How the plain control guest differs from the subject'),
});
export type GuestEntry = z.infer<typeof guest>;

const rule = {
	because: sentence.describe('Why, in one sentence; reports show it'),
	where: where.optional(),
	checks: z.array(identifier).min(1).optional().describe('Ids of checks'),
	suites: z.array(identifier).min(1).optional().describe('Names of suites'),
	profiles: z.array(identifier).min(1).optional().describe('Under these profiles only'),
};

const aRelease = "Expected a release number, or a word such as 'rawhide'";

export const matrixSchema = z.strictObject({
	release: z
		.union([z.int(), identifier.refine((word) => /^[A-Za-z]/.test(word), aRelease)], aRelease)
		.describe('41, or a word such as rawhide'),
	title: sentence,
	reality: z.enum(['hardware', 'emulated']).default('hardware').describe('emulated: no verdict here is of an EPYC'),
	world: identifier.optional().describe('The simulated world that `--host sim` means'),
	axes: z
		.strictObject({
			milestone: someOf(milestones).describe(axis.milestone),
			generation: someOf(generations).describe(axis.generation),
			tee: someOf(tees).describe(axis.tee),
			boot: someOf(boots).describe(axis.boot),
			'guest-os': z.array(identifier).min(1).describe(axis['guest-os']),
		})
		.describe('Every value that the matrix has; their combinations are its cells'),
	defaults: z
		.strictObject({
			milestone: z.enum(milestones).optional().describe(axis.milestone),
			generation: z.enum(generations).optional().describe(axis.generation),
			tee: z.enum(tees).optional().describe(axis.tee),
			boot: z.enum(boots).optional().describe(axis.boot),
			'guest-os': identifier.optional().describe(axis['guest-os']),
		})
		.default({})
		.describe('The value of an axis that nobody set; without one the host decides, or every value is taken'),
	profiles: z.array(identifier).min(1).describe('A run judges under each; the first decides the exit code'),
	suites: z.array(identifier).min(1).describe('What a run of the whole matrix runs, in this order'),
	promises: z.record(identifier, sentence).default({}).describe('What the Change promised: id and sentence'),
	exclude: z
		.array(z.strictObject({ where, because: rule.because }))
		.default([])
		.describe('Combinations that are no cell'),
	skip: z
		.array(z.strictObject({ rule: identifier.describe('The name that reports give for it'), ...rule }))
		.default([])
		.describe('Checks that are not run'),
	informational: z.array(z.strictObject(rule)).default([]).describe('Checks that do not count for the gate'),
	packages: z.record(text, packageRule).default({}).describe('Binary package to what it must be'),
	limits: limits.prefault({}).describe('How long things may take'),
	guests: z.record(identifier, guest).default({}).describe('How the guest of each guest-os is launched'),
});

export type Matrix = z.infer<typeof matrixSchema>;
