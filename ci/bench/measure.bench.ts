// A launch digest is two SHA-384 a page: of its 4096 bytes and of the 112 of its PAGE_INFO. Everything else should cost nearly
// nothing.

import { hash, randomBytes } from 'node:crypto';
import { amdSevPlan, buildImage } from '../../harness/domain/snp/measure/build-ovmf.ts';
import { measureLaunch } from '../../harness/domain/snp/measure/launch-digest.ts';
import { parseOvmf } from '../../harness/domain/snp/measure/ovmf.ts';
import type { Bench } from './bench.ts';

const pages = 1024;
const image = buildImage({ ...amdSevPlan, pages, fill: randomBytes(65_521) });
const pageInfo = Buffer.alloc(112);

export const benches: readonly Bench[] = [
	{
		title: 'launch digest of a 4 MiB OVMF, parsing included',
		against: 'the two SHA-384 a page of the image',
		bound: 1.3,
		ours: () =>
			measureLaunch({ ovmf: parseOvmf(image), vcpus: 1, vcpuSignature: 0x800f12, guestFeatures: 1n, kernel: null }).digest,
		bare: () => {
			for (let page = 0; page < pages; page++) {
				hash('sha384', image.subarray(page * 4096, (page + 1) * 4096), 'buffer');
				hash('sha384', pageInfo, 'buffer');
			}
		},
	},
];
