// A process of its own that fetches a chain and the VCEKs of some chips: URL STORE TRUST CHIPS. Prints the kinds of answers, or
// why there is none. For tests.

import type { Trust } from '../domain/snp/roots.ts';
import { testNow } from '../domain/snp/test-chain.ts';
import { createKeyClient } from './client.ts';
import { createKeyService } from './service.ts';
import { createKeyStore } from './store.ts';
import { chainRequest, vcekRequest } from './test-requests.ts';
import { createTransport } from './transport.ts';

const [url = '', directory = '', trustText = '', chips = ''] = process.argv.slice(2);
const trust = JSON.parse(trustText) as Trust;
const clock = { now: () => testNow };
const client = createKeyClient({
	baseUrl: new URL(url),
	transport: createTransport({ env: {}, caFile: null, connectMs: 5000, wholeMs: 10_000 }),
	clock,
	sleep: async () => {},
	patienceMs: 0,
	tell: () => {},
});
const service = createKeyService({ store: createKeyStore(directory, trust), client, trust, clock, tell: () => {} });
const { signal } = new AbortController();
const requests = [chainRequest, ...Array.from({ length: Number(chips) }, (_, index) => vcekRequest(index + 1))];
const words = new Set<string>();
for (const request of requests) {
	const { answer } = await service.fetch(request, signal);
	words.add(answer.kind === 'fault' ? answer.message : answer.kind);
}
process.stdout.write([...words].join('\n'));
