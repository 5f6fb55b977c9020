// The controller's own clock and generator.

import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../ports.ts';

export const clock: Clock = { now: () => Date.now() };
export const random: Random = { bytes: (length) => randomBytes(length) };
