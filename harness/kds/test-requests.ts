// Requests of tests: what the test chain of Milan has.

import type { KeyRequest } from '../domain/snp/kds.ts';
import { testHwid, testTcb } from '../domain/snp/test-chain.ts';

/** The VCEK of the n-th chip. */
export const vcekRequest = (n = 1): KeyRequest & { readonly want: 'vcek' } => ({
	want: 'vcek',
	product: 'Milan',
	hwid: Buffer.from(testHwid('Milan', n)).toString('hex'),
	tcb: testTcb.Milan,
});
export const chainRequest: KeyRequest = { want: 'chain', product: 'Milan', hierarchy: 'vcek' };
export const listRequest: KeyRequest = { want: 'crl', product: 'Milan', hierarchy: 'vcek' };
