// What a matrix can require of a package: exactly one engine, named.

import { z } from 'zod';
import { text } from './scalars.ts';

export const requirement = z.union([
	z.enum(['present', 'absent']),
	z.strictObject({ upstream: text }),
	z.strictObject({ evr: text }),
	z.strictObject({ date: text }),
	z.strictObject({ calver: text }),
]);

export type Requirement = z.infer<typeof requirement>;
