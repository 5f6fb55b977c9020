// Files that commands are given: bytes with a bound, certificates and revocation lists by their content.

import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { derTag, readDer } from '../domain/der/der.ts';
import { ParseError } from '../domain/parse-error.ts';
import { parseCertificateTable } from '../domain/snp/certificate-table.ts';
import { parseRevocationList } from '../domain/x509/crl.ts';
import { looksLikePem, parsePem } from '../domain/x509/pem.ts';
import { UsageError } from './arguments.ts';

/** No certificate, report or log that is meant here is larger. */
const mostBytes = 16 * 1024 * 1024;

/** The bytes of a file, a pipe or a device; throws UsageError when it cannot be read or does not end. */
export function readBytes(file: string, option = file): Uint8Array {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		const descriptor = openSync(file, 'r');
		try {
			for (;;) {
				const chunk = Buffer.allocUnsafe(65_536);
				const count = readSync(descriptor, chunk);
				if (count === 0) {
					return Buffer.concat(chunks);
				}
				chunks.push(chunk.subarray(0, count));
				length += count;
				if (length > mostBytes) {
					throw new UsageError(`'${option}' is longer than ${mostBytes / 1024 / 1024} MiB, which nothing of this kind is.`);
				}
			}
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		if (error instanceof UsageError) {
			throw error;
		}
		throw new UsageError(`'${option}' cannot be read: ${error instanceof Error ? error.message.split(',')[0] : error}.`);
	}
}

/** One certificate or list, and where it came from. */
export interface GivenDer {
	readonly source: string;
	readonly der: Uint8Array;
}

export interface GivenCertificates {
	readonly certificates: readonly GivenDer[];
	/** GUIDs of a certificate table among the files, or null without one. */
	readonly tableGuids: readonly string[] | null;
}

const certificateFile = /\.(?:pem|der|crt|cer|cert)$/i;

/** Certificates of files or of the certificate files in a directory: PEM or DER, one or many a file, or a guest's certificate table. */
export function readCertificateFiles(paths: readonly string[]): GivenCertificates {
	const certificates: GivenDer[] = [];
	let tableGuids: string[] | null = null;
	for (const { path, named } of paths.flatMap(filesOf)) {
		const bytes = readBytes(path);
		if (!named && !holdsCertificates(bytes)) {
			continue;
		}
		const table = asTable(bytes);
		if (table === null) {
			certificates.push(...split(bytes, basename(path), 'CERTIFICATE'));
			continue;
		}
		tableGuids = [...(tableGuids ?? []), ...table.map(({ guid }) => guid)];
		certificates.push(
			...table.flatMap(({ guid, role, data }) =>
				role === null || role === 'CRL' ? [] : [{ source: `${basename(path)} ${guid}`, der: data }],
			),
		);
	}
	return { certificates, tableGuids };
}

/** Revocation lists of files, PEM or DER. */
export function readRevocationLists(paths: readonly string[]): readonly GivenDer[] {
	return paths.flatMap((path) => split(readBytes(path), basename(path), 'X509 CRL'));
}

function filesOf(path: string): readonly { readonly path: string; readonly named: boolean }[] {
	const there = statSync(path, { throwIfNoEntry: false });
	if (there?.isDirectory() !== true) {
		return [{ path, named: true }];
	}
	return readdirSync(path)
		.filter((name) => certificateFile.test(name))
		.sort()
		.map((name) => ({ path: join(path, name), named: false }));
}

/** Keys and revocation lists lie beside certificates in a directory; a file that was named is never passed over. */
function holdsCertificates(bytes: Uint8Array): boolean {
	const text = latin1(bytes);
	if (looksLikePem(text)) {
		return text.includes('-----BEGIN CERTIFICATE-----');
	}
	try {
		parseRevocationList(bytes);
		return false;
	} catch {
		return true;
	}
}

/** A certificate table starts with a GUID of AMD's, which is the beginning of nothing else. */
function asTable(bytes: Uint8Array): ReturnType<typeof parseCertificateTable> | null {
	if (bytes.length < 48 || bytes[0] === derTag.sequence || looksLikePem(latin1(bytes))) {
		return null;
	}
	try {
		const table = parseCertificateTable(bytes);
		return table.some(({ role }) => role !== null) ? table : null;
	} catch (error) {
		if (error instanceof ParseError) {
			return null;
		}
		throw error;
	}
}

/** What cannot be taken apart is given on as it is, so that the verifier says what is wrong with it. An empty file holds none. */
function split(bytes: Uint8Array, name: string, label: string): readonly GivenDer[] {
	if (bytes.length === 0) {
		return [];
	}
	const text = latin1(bytes);
	try {
		const found = looksLikePem(text)
			? parsePem(text).map((block) => (block.label === label ? block.bytes : Buffer.from(`not a ${label}: ${block.label}`)))
			: series(bytes);
		return found.map((der, index) => ({ source: found.length === 1 ? name : `${name} #${index + 1}`, der }));
	} catch (error) {
		if (error instanceof ParseError) {
			return [{ source: name, der: bytes }];
		}
		throw error;
	}
}

/** DER values one after the other. */
function series(bytes: Uint8Array): readonly Uint8Array[] {
	const reader = readDer(bytes);
	const values: Uint8Array[] = [];
	while (reader.more) {
		values.push(reader.next(derTag.sequence, 'Certificate').raw);
	}
	return values;
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
