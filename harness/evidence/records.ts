// evidence/observations.ndjson: one line an exchange, one line for every use that a check made of it.

import { z } from 'zod';
import type { KeyRequest, Request } from '../ports.ts';
import { encodedAnswer } from './encoding.ts';

const product = z.enum(['Milan', 'Genoa', 'Turin']);
const level = z.int().min(0).max(255);
const keyRequest = z.union([
	z.strictObject({
		want: z.literal('vcek'),
		product,
		hwid: z.string().regex(/^[0-9a-f]*$/),
		tcb: z.strictObject({ fmc: level.nullable(), bootloader: level, tee: level, snp: level, microcode: level }),
	}),
	z.strictObject({ want: z.enum(['chain', 'crl']), product, hierarchy: z.enum(['vcek', 'vlek']) }),
]) satisfies z.ZodType<KeyRequest>;

/** What a replay compares word by word is only looked at as far as readers take it apart. */
function isRequest(value: unknown): boolean {
	if (typeof value !== 'object' || value === null || !('do' in value)) {
		return false;
	}
	return value.do !== 'fetch-key' || ('key' in value && keyRequest.safeParse(value.key).success);
}

const exchangeRecord = z.strictObject({
	record: z.literal('exchange'),
	id: z.string(),
	/** 'controller' for random numbers, the clock and boots. */
	machine: z.string(),
	bootId: z.string().nullable(),
	request: z.custom<Request>(isRequest),
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
