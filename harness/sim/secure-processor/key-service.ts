// AMD's key service, but for the chips of a simulated host: the port's answers without any network.

import { buildRevocations } from '../../domain/snp/build-chain.ts';
import { keyText } from '../../domain/snp/kds.ts';
import { formatPem } from '../../domain/x509/pem.ts';
import type { Answer, Clock, KeyRequest, KeyService } from '../../ports.ts';
import type { Authorities } from './authorities.ts';
import type { Chip } from './chip.ts';

const day = 24 * 3600 * 1000;

/** Knows one chip, the certificates above its keys, and that none of them is revoked. */
export function createSimulatedKeyService(chip: Chip, authorities: Authorities, clock: Clock): KeyService {
	const answer = (request: KeyRequest): Answer => {
		if (request.product !== chip.product) {
			return unknown(request);
		}
		const now = clock.now();
		switch (request.want) {
			case 'vcek':
				return request.hwid === Buffer.from(chip.hwid).toString('hex')
					? { kind: 'bytes', bytes: chip.certificate('VCEK', request.tcb, now) }
					: unknown(request);
			case 'chain': {
				const intermediate = request.hierarchy === 'vcek' ? authorities.ASK : authorities.ASVK;
				const pem = [intermediate, authorities.ARK].map(({ certificate }) => formatPem('CERTIFICATE', certificate));
				return { kind: 'bytes', bytes: Buffer.from(pem.join('')) };
			}
			case 'crl': {
				const thisUpdate = now - (now % day);
				const parts = { thisUpdate, nextUpdate: thisUpdate + 30 * day, revoked: [] };
				return { kind: 'bytes', bytes: buildRevocations(authorities.ARK, parts) };
			}
		}
	};
	return {
		fetch: async (request) => {
			const startedAt = clock.now();
			return { answer: answer(request), startedAt, endedAt: clock.now() };
		},
	};
}

function unknown(request: KeyRequest): Answer {
	const message = `The simulated key service does not have ${keyText(request)}.`;
	return { kind: 'fault', code: 'kds-unknown-chip', message };
}
