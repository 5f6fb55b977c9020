// What a report lacks and nobody gave: from AMD's key service, or from what is kept of it.

import type { AttestationJudgement } from '../domain/snp/judge-report.ts';
import { type KeyRequest, neededKeys, possibleProducts } from '../domain/snp/kds.ts';
import type { AttestationReason, GenuineReason } from '../domain/snp/reasons.ts';
import type { Report } from '../domain/snp/report.ts';
import { parsePem } from '../domain/x509/pem.ts';
import type { Fault } from '../ports.ts';
import type { GivenDer } from './input-files.ts';
import { openKeyService } from './key-service.ts';
import { clock } from './system.ts';

export interface Fetched {
	readonly certificates: readonly GivenDer[];
	readonly revocationLists: readonly GivenDer[];
	/** Why something could not be had. */
	readonly reasons: readonly AttestationReason<GenuineReason>[];
}

const faultCodes: Readonly<Record<string, GenuineReason>> = {
	'kds-masked-chip': 'kds-masked-chip',
	'kds-unknown-chip': 'kds-unknown-chip',
	'kds-throttled': 'kds-throttled',
};

/** Asks for the roles that are missing, and for no other. Of a report that does not name its product, the one that knows the chip counts. */
export async function fetchMissing(report: Report, judged: AttestationJudgement, offline: boolean): Promise<Fetched> {
	const lacks = (...codes: readonly GenuineReason[]) => judged.reasons.some(({ code }) => codes.some((one) => one === code));
	const tell = (text: string) => process.stderr.write(`${text}\n`);
	const service = openKeyService({ offline, clock, tell, patienceMs: null });
	const { signal } = new AbortController();
	const ask = async (key: KeyRequest): Promise<Uint8Array | Fault> => {
		const { answer } = await service.fetch(key, signal);
		return answer.kind === 'bytes' ? answer.bytes : (answer as Fault);
	};
	const products = judged.product === null ? possibleProducts(report) : [judged.product];
	let faults: Fault[] = [];
	for (const product of products) {
		const { leaf, chain, crl } = neededKeys(report, product);
		const wanted: readonly (readonly [string, KeyRequest])[] = [
			...(lacks('vek-missing') && leaf !== null ? [['VCEK of the key service', leaf] as const] : []),
			...(lacks('intermediate-missing', 'root-missing') || judged.product === null
				? [['chain of the key service', chain] as const]
				: []),
			...(lacks('crl-unavailable') ? [['revocation list of the key service', crl] as const] : []),
		];
		const answers = [];
		for (const [source, key] of wanted) {
			answers.push({ source, key, answer: await ask(key) });
		}
		const failed = answers.flatMap(({ answer }) => (answer instanceof Uint8Array ? [] : [answer]));
		const had = answers.flatMap(({ source, key, answer }) => (answer instanceof Uint8Array ? [{ source, key, answer }] : []));
		faults = [...faults, ...failed];
		// A chip that this product's service does not know may be another product's.
		if (products.length > 1 && failed.some(({ code }) => code === 'kds-unknown-chip')) {
			continue;
		}
		return {
			certificates: had.flatMap(({ source, key, answer }) => certificatesOf(source, key, answer, lacks)),
			revocationLists: had.filter(({ key }) => key.want === 'crl').map(({ source, answer }) => ({ source, der: answer })),
			reasons: failed.map(reasonOf),
		};
	}
	return { certificates: [], revocationLists: [], reasons: faults.map(reasonOf) };
}

/** A chain is intermediate and root: what was given of them stays. */
function certificatesOf(
	source: string,
	{ want }: KeyRequest,
	bytes: Uint8Array,
	lacks: (...codes: readonly GenuineReason[]) => boolean,
): readonly GivenDer[] {
	if (want !== 'chain') {
		return want === 'vcek' ? [{ source, der: bytes }] : [];
	}
	const [intermediate, root] = parsePem(Buffer.from(bytes).toString('latin1'));
	const known = lacks('intermediate-missing') || lacks('root-missing');
	return [
		...(intermediate !== undefined && (!known || lacks('intermediate-missing')) ? [{ source, der: intermediate.bytes }] : []),
		...(root !== undefined && (!known || lacks('root-missing')) ? [{ source, der: root.bytes }] : []),
	];
}

function reasonOf({ code, message, next }: Fault): AttestationReason<GenuineReason> {
	return {
		code: faultCodes[code] ?? 'kds-unavailable',
		message: next === undefined ? message : `${message} Next: ${next}`,
		expected: 'an answer of the key service',
		actual: code,
		decides: 'unknown',
	};
}
