// Everything that was exchanged becomes evidence the moment it is known.

import type { Exchange, Request } from '../ports.ts';
import type { BundleWriter } from './bundle-writer.ts';
import { encodeAnswer } from './encoding.ts';
import type { ObservationRecord } from './records.ts';

export interface Recorder {
	/** Records an exchange and gives its id. */
	exchange(machine: string, bootId: string | null, request: Request, exchange: Exchange): string;
	/** Records that the request with this key was answered by that exchange. */
	use(key: string, exchange: string): void;
}

export function createRecorder(bundle: BundleWriter): Recorder {
	let count = 0;
	const append = (record: ObservationRecord) => bundle.append('evidence/observations.ndjson', JSON.stringify(record));
	append({ record: 'head', format: 'snpgate.observations/1' });
	return {
		exchange: (machine, bootId, request, { answer, startedAt, endedAt }) => {
			count += 1;
			const id = `x${count}`;
			const encoded = encodeAnswer(answer, bundle.putBlob);
			append({ record: 'exchange', id, machine, bootId, request, answer: encoded, startedAt, endedAt });
			return id;
		},
		use: (key, exchange) => append({ record: 'use', key, exchange }),
	};
}
