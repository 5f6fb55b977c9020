// evidence/observations.ndjson: one line an exchange, one line for every use that a check made of it.

import { z } from 'zod';
import type { Request } from '../ports.ts';
import { encodedAnswer } from './encoding.ts';

const exchangeRecord = z.strictObject({
	record: z.literal('exchange'),
	id: z.string(),
	/** 'controller' for random numbers, the clock and boots. */
	machine: z.string(),
	bootId: z.string().nullable(),
	request: z.custom<Request>((value) => typeof value === 'object' && value !== null && 'do' in value),
	answer: encodedAnswer,
	/** Milliseconds since the epoch on the controller's clock. */
	startedAt: z.number(),
	endedAt: z.number(),
});
export type ExchangeRecord = z.infer<typeof exchangeRecord>;

const useRecord = z.strictObject({
	record: z.literal('use'),
	/** `<cell>/<check>/<name of the request>`, or `phase-0/<name>`. */
	key: z.string(),
	exchange: z.string(),
});

const headRecord = z.strictObject({ record: z.literal('head'), format: z.literal('snpgate.observations/1') });

export const observationRecord = z.discriminatedUnion('record', [headRecord, exchangeRecord, useRecord]);
export type ObservationRecord = z.infer<typeof observationRecord>;
