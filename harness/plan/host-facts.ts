// Phase 0: what the host is, never whether something works. It decides the matrix, the generation axis and nothing else.

import { parseCpuinfo } from '../domain/cpu/cpuinfo.ts';
import { findProduct, type Generation } from '../domain/cpu/generation.ts';
import { parseOsRelease } from '../domain/os/os-release.ts';
import { cpuinfoRequest, kernelReleaseRequest, osReleaseRequest } from '../language/host-requests.ts';
import type { Batch, Observations } from '../language/kind.ts';
import { decodeText } from '../language/observations.ts';

export const phase0: Batch = {
	'os-release': osReleaseRequest,
	cpuinfo: cpuinfoRequest,
	kernel: kernelReleaseRequest,
};

export interface HostFacts {
	/** PRETTY_NAME, or 'unknown system'. */
	readonly os: string;
	/** ID and VERSION_ID of os-release, empty when they could not be read. */
	readonly osId: string;
	readonly osVersion: string;
	readonly cpu: string;
	readonly product: string;
	readonly generation: Generation;
	readonly kernel: string;
}

/** What could not be read is 'unknown' or 'other'; the checks that need it say why. */
export function readHostFacts(observations: Observations): HostFacts {
	const text = (name: string): string => {
		const answer = observations.get(name);
		const bytes = answer?.kind === 'exec' && answer.status === 0 ? answer.stdout : answer?.kind === 'file' ? answer.bytes : null;
		return bytes === null ? '' : (decodeText(bytes) ?? '');
	};
	const os = parseOsRelease(text('os-release'));
	const identity = parseCpuinfo(text('cpuinfo'));
	const product =
		identity === null
			? ({ generation: 'other', product: 'unknown' } as const)
			: findProduct(identity.vendor, identity.family, identity.model);
	return {
		os: os.get('PRETTY_NAME') ?? 'unknown system',
		osId: os.get('ID') ?? '',
		osVersion: os.get('VERSION_ID') ?? '',
		cpu: identity?.modelName ?? 'unknown CPU',
		product: product.product,
		generation: product.generation,
		kernel: text('kernel').trim() || 'unknown kernel',
	};
}
