// The inventory: machines that can be named with --host.

import { z } from 'zod';
import { identifier, sentence, text } from './scalars.ts';

const host = z.strictObject({
	at: z
		.string('Expected where the host is')
		// ssh would read a word that starts with '-' as an option.
		.regex(/^[^\s-]\S*$/, "Expected 'local', 'sim', 'sim:WORLD' or an OpenSSH destination")
		.refine((at) => at !== 'sim:', "Expected the name of a world after 'sim:'")
		.describe("'local', 'sim', 'sim:WORLD' or an OpenSSH destination such as root@epyc7"),
	become: z.enum(['none', 'sudo']).default('none').describe('How root rights are had on it'),
	shared: z.boolean().default(false).describe('Others use it at the same time: host-wide checks are informational'),
	console: text.optional().describe('How a person gets to its console'),
	power: text.optional().describe('How a person switches it off and on'),
	note: sentence.optional().describe('Anything else worth knowing'),
});

/** Words that --host knows already. */
const builtIn = ['local', 'sim'];

export const inventorySchema = z.strictObject({
	hosts: z
		.record(
			identifier.refine(
				(name) => !builtIn.includes(name),
				"Expected a name other than 'local' and 'sim', which every inventory has",
			),
			host,
		)
		.describe('Name to host'),
});

export type Inventory = z.infer<typeof inventorySchema>;
