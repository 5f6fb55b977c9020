// Answers from a bundle: the same requests find the same answers, and nothing is touched.

import { type Bundle, BundleError } from '../evidence/bundle-reader.ts';
import { decodeAnswer } from '../evidence/encoding.ts';
import type { ExchangeRecord } from '../evidence/records.ts';
import type { Answer, Request } from '../ports.ts';
import type { Answered, Source } from './source.ts';

export function createRecordedSource(bundle: Bundle): Source {
	return {
		ask: async (_lane, requests) => requests.map(({ key, request }) => lookUp(bundle, key, request)),
		release: async () => {},
	};
}

function lookUp(bundle: Bundle, key: string, request: Request): Answered {
	const record = bundle.exchanges.get(bundle.uses.get(key) ?? '');
	const { ended } = bundle.run;
	const cut = ended === 'deadline' || ended === 'interrupted' ? ended : null;
	if (record === undefined || JSON.stringify(record.request) !== JSON.stringify(request)) {
		const message = record === undefined ? `'${key}' is not in the recording` : `'${key}' was recorded with another request`;
		const code = record === undefined && cut !== null ? cut : 'not-recorded';
		return { answer: { kind: 'fault', code, message }, exchange: null, startedAt: 0, endedAt: 0 };
	}
	const answer = readAnswer(bundle, record);
	return {
		// The signal that ends a run is one and the same to a machine; run.json knows what it was.
		answer: answer.kind === 'fault' && answer.code === 'interrupted' && cut !== null ? { ...answer, code: cut } : answer,
		exchange: record.id,
		startedAt: record.startedAt,
		endedAt: record.endedAt,
	};
}

/** Evidence that is damaged was not recorded: the check is an error, and the others go on. */
function readAnswer(bundle: Bundle, record: ExchangeRecord): Answer {
	try {
		return decodeAnswer(record.answer, bundle.blob);
	} catch (error) {
		if (error instanceof BundleError) {
			return { kind: 'fault', code: 'not-recorded', message: error.message };
		}
		throw error;
	}
}
