// For tests: the attestation corpus, read where SNPGATE_CORPUS says; null where it is absent.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePem } from '../x509/pem.ts';
import type { GivenCertificate } from './chain-given.ts';

const directory = join(process.env.SNPGATE_CORPUS ?? '../shared/corpus', 'attestation');

export const hasAttestationCorpus = existsSync(join(directory, 'index.txt'));

export const corpusPath = (name: string) => join(directory, name);
export const corpusBytes = (name: string) => readFileSync(corpusPath(name));

/** Certificates of a PEM or DER file of the corpus. */
export function corpusCertificates(name: string): readonly GivenCertificate[] {
	const bytes = corpusBytes(name);
	return name.endsWith('.der')
		? [{ source: name, der: bytes }]
		: parsePem(bytes.toString('latin1')).map((block, index) => ({ source: `${name} #${index + 1}`, der: block.bytes }));
}

export interface CorpusRow {
	readonly report: string;
	readonly leaf: string;
	readonly chain: string;
	readonly product: 'Milan' | 'Genoa' | 'Turin';
	/** Reasons at the time of the test, without options; the empty list is a pass. */
	readonly reasons: readonly string[];
	/** Options under which it passes. */
	readonly passesWith: readonly string[];
}

/** Every report of the corpus with the certificates that belong to it. */
export const corpusRows: readonly CorpusRow[] = [
	{
		report: 'milan-v2-gosevguest.report.bin',
		leaf: 'milan-v2-gosevguest.vcek.der',
		chain: 'ca/ask_ark_milan.pem',
		product: 'Milan',
		reasons: ['debug-allowed'],
		passesWith: ['--allow-debug'],
	},
	{
		report: 'milan-v3-mstav.report.bin',
		leaf: 'milan-v3-mstav.vcek.pem',
		chain: 'ca/ask_ark_milan.pem',
		product: 'Milan',
		reasons: [],
		passesWith: [],
	},
	{
		report: 'milan-v3-mstav.report.bin',
		leaf: 'milan-v3-mstav.vcek-earlier.pem',
		chain: 'ca/ask_ark_milan.pem',
		product: 'Milan',
		reasons: [],
		passesWith: [],
	},
	{
		report: 'milan-v3-vlek-aws.report.bin',
		leaf: 'milan-v3-vlek-aws.vlek.der',
		chain: 'ca/ask_ark_milan_vlek.pem',
		product: 'Milan',
		reasons: ['certificate-expired', 'provisional-firmware'],
		passesWith: ['--at', '2025-06-01', '--allow-provisional'],
	},
	{
		report: 'milan-v5-gcp-vmpl0.report.bin',
		leaf: 'milan-v5-gcp.vcek.pem',
		chain: 'ca/ask_ark_milan.pem',
		product: 'Milan',
		reasons: [],
		passesWith: [],
	},
	{
		report: 'genoa-v3-mstav.report.bin',
		leaf: 'genoa-v3-mstav.vcek.pem',
		chain: 'ca/ask_ark_genoa.pem',
		product: 'Genoa',
		reasons: [],
		passesWith: [],
	},
	{
		report: 'turin-v5-mstav.report.bin',
		leaf: 'turin-v5-mstav.vcek.pem',
		chain: 'ca/ask_ark_turin_vcek.pem',
		product: 'Turin',
		reasons: [],
		passesWith: [],
	},
];

/** A time at which every certificate of the corpus but the VLEK is valid. */
export const corpusTime = Date.parse('2026-11-23T00:00:00Z');
