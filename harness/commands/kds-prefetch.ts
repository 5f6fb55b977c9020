// snpgate kds prefetch: everything that verifying these reports, or any report of these products, will need.

import { basename } from 'node:path';
import { ParseError } from '../domain/parse-error.ts';
import { type Hierarchy, type KeyRequest, keyText, type NeededKeys, neededKeys, possibleProducts } from '../domain/snp/kds.ts';
import { type SnpProduct, snpProducts } from '../domain/snp/product.ts';
import { parseReport, type Report } from '../domain/snp/report.ts';
import { nearestWord } from '../domain/text/nearest.ts';
import type { Answer, Fault, KeyService } from '../ports.ts';
import { keyFault, keyHad, keyNote } from '../reporters/kds-page.ts';
import { UsageError } from './arguments.ts';
import { readBytes } from './input-files.ts';
import { keyStoreDirectory, openKeyService } from './key-service.ts';
import { clock } from './system.ts';

export async function prefetch(files: readonly string[], names: readonly string[]): Promise<number> {
	if (files.length === 0 && names.length === 0) {
		throw new UsageError(`'snpgate kds prefetch' needs '--report F' or '--product P' (${snpProducts.join(', ')}).`);
	}
	const products = names.map(readProduct);
	const reports = files.map((file) => ({ name: basename(file), report: readReport(file) }));
	const tell = (text: string) => process.stderr.write(`${text}\n`);
	const service = openKeyService({ offline: false, clock, tell });
	const complete = await fetchAll(reports, products, service, (line) => process.stdout.write(`${line}\n`));
	process.stdout.write(`Store: ${keyStoreDirectory()}\n`);
	return complete ? 0 : 3;
}

function readProduct(name: string): SnpProduct {
	const found = snpProducts.find((product) => product.toLowerCase() === name.toLowerCase());
	if (found !== undefined) {
		return found;
	}
	const near = nearestWord(name, snpProducts);
	const hint = /^(?:bergamo|siena)$/i.test(name) ? "Its keys are among 'Genoa'." : near === null ? '' : `Did you mean '${near}'?`;
	throw new UsageError(`'--product ${name}' is none of ${snpProducts.join(', ')}. ${hint}`.trim());
}

function readReport(file: string): Report {
	try {
		return parseReport(readBytes(file));
	} catch (error) {
		throw error instanceof ParseError ? new UsageError(`'${file}' is no attestation report: ${error.problem}.`) : error;
	}
}

interface NamedReport {
	readonly name: string;
	readonly report: Report;
}

/** Says one line for each thing. False when something could not be had. */
export async function fetchAll(
	reports: readonly NamedReport[],
	products: readonly SnpProduct[],
	service: KeyService,
	say: (line: string) => void,
): Promise<boolean> {
	const { signal } = new AbortController();
	const answers = new Map<string, Answer>();
	let complete = true;
	const fetchOnce = async (request: KeyRequest): Promise<Answer> => {
		const key = JSON.stringify(request);
		const answer = answers.get(key) ?? (await service.fetch(request, signal)).answer;
		answers.set(key, answer);
		return answer;
	};
	const said = new Set<string>();
	const tellOf = (request: KeyRequest, answer: Answer, of: string | null) => {
		const line = answer.kind === 'fault' ? keyFault(keyText(request), answer, of) : keyHad(keyText(request), of);
		complete &&= answer.kind !== 'fault';
		const key = JSON.stringify(request);
		if (!said.has(key)) {
			say(line);
		}
		said.add(key);
	};
	const get = async (request: KeyRequest, of: string | null) => tellOf(request, await fetchOnce(request), of);

	for (const { name, report } of reports) {
		const candidates = possibleProducts(report);
		if (candidates.length === 0) {
			complete = false;
			say(keyFault(`the keys of '${name}'`, unknownProcessor, null));
		}
		for (const needed of await fitting(report, candidates, fetchOnce)) {
			if (needed.leaf === null) {
				say(keyNote(`'${name}' is signed with a VLEK, which only its provider gives: it must come with the report`));
			} else {
				await get(needed.leaf, name);
			}
			await get(needed.chain, null);
			await get(needed.crl, null);
		}
	}
	for (const product of products) {
		for (const hierarchy of ['vcek', 'vlek'] satisfies Hierarchy[]) {
			await get({ want: 'chain', product, hierarchy }, null);
			await get({ want: 'crl', product, hierarchy }, null);
		}
	}
	return complete;
}

const unknownProcessor: Fault = {
	kind: 'fault',
	code: 'not-available',
	message: 'The report is of a processor whose keys are not known here.',
	next: 'Look at it with: snpgate inspect report F',
};

/** Of several products, the one whose service knows the chip; all of them where no chip is named. */
async function fitting(
	report: Report,
	candidates: readonly SnpProduct[],
	ask: (request: KeyRequest) => Promise<Answer>,
): Promise<readonly NeededKeys[]> {
	const all = candidates.map((product) => neededKeys(report, product));
	for (const needed of all) {
		const answer = all.length > 1 && needed.leaf !== null ? await ask(needed.leaf) : null;
		if (answer?.kind === 'bytes') {
			return [needed];
		}
	}
	return all;
}
