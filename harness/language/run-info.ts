// run.json: what ran, where, when, with which versions, and how real it was (design section 6).

import { z } from 'zod';

const realities = ['hardware', 'emulated', 'simulated'] as const;
export type Reality = (typeof realities)[number];

const source = z.strictObject({ path: z.string(), sha256: z.string() });

export const runInfoSchema = z.strictObject({
	format: z.literal('snpgate.run/1'),
	/** `YYYYMMDDTHHMMSSZ-<6 hex>` */
	id: z.string(),
	snpgate: z.string(),
	/** The command line after `snpgate`. */
	argv: z.array(z.string()),
	startedAt: z.string(),
	/** Null while it runs, and for ever in a run that was killed. */
	endedAt: z.string().nullable(),
	ended: z.enum(['running', 'complete', 'deadline', 'interrupted']),
	reality: z.enum(realities),
	/** Parts of a simulated world that no real release had. */
	counterfactual: z.array(z.string()),
	matrix: z.strictObject({ path: z.string(), release: z.string(), title: z.string() }),
	host: z.strictObject({
		name: z.string(),
		os: z.string(),
		cpu: z.string(),
		generation: z.string(),
		kernel: z.string(),
	}),
	profiles: z.array(z.string()),
	/** What the user selected, in words; null for the whole matrix. */
	selection: z.string().nullable(),
	/** Machine name to boot id. */
	bootIds: z.record(z.string(), z.string()),
	/** Suites and matrix as read, kept as blobs. */
	sources: z.array(source),
});
export type RunInfo = z.infer<typeof runInfoSchema>;
