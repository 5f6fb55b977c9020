// snpgate inspect: what a file says, decoded. Exit 2 when it is not what it claims.

import { basename } from 'node:path';
import { ParseError } from '../domain/parse-error.ts';
import { readCertificates } from '../domain/snp/chain-given.ts';
import { productOf, type SnpProduct } from '../domain/snp/product.ts';
import { parseReport, type Report } from '../domain/snp/report.ts';
import { certificateDocument, reportDocument } from '../domain/snp/report-document.ts';
import { formatDocument } from '../language/document.ts';
import { renderCertificates, renderReport } from '../reporters/attestation-page.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { readBytes, readCertificateFiles } from './input-files.ts';

const later = ['igvm', 'eventlog', 'bundle'];

export function execute(args: Arguments): number {
	const [what, file, ...more] = args.words;
	if (what !== undefined && later.includes(what)) {
		throw new UsageError(`'snpgate inspect ${what}' is not available yet in this version.`);
	}
	const inspect = what === 'report' ? inspectReport : what === 'certificates' ? inspectCertificates : null;
	if (inspect === null || file === undefined || more.length > 0) {
		throw new UsageError("'snpgate inspect' takes 'report' or 'certificates', and one file.");
	}
	process.stdout.write(inspect(file, args.flag('json')));
	return 0;
}

function inspectReport(file: string, json: boolean): string {
	const report = read(file);
	const product = report.cpuid === null ? shapeOf(report) : productOf(report.cpuid);
	return json
		? formatDocument(reportDocument(report, product))
		: `${basename(file)}\n${renderReport(report, product).join('\n')}\n`;
}

/** Before version 3 only Turin's identifier tells its product, by its eight bytes. */
function shapeOf({ chipId }: Report): SnpProduct | null {
	return chipId.some((byte) => byte !== 0) && chipId.subarray(8).every((byte) => byte === 0) ? 'Turin' : null;
}

function read(file: string): Report {
	try {
		return parseReport(readBytes(file));
	} catch (error) {
		if (error instanceof ParseError) {
			throw new UsageError(`'${file}' is no attestation report: ${error.problem}.`);
		}
		throw error;
	}
}

function inspectCertificates(file: string, json: boolean): string {
	const { read: certificates, reasons } = readCertificates(readCertificateFiles([file]).certificates);
	const [first] = reasons;
	if (first !== undefined) {
		throw new UsageError(`${first.message}: expected ${first.expected}, found ${first.actual}.`);
	}
	if (certificates.length === 0) {
		throw new UsageError(`'${file}' holds no certificate.`);
	}
	const rows = certificates.map(certificateDocument);
	return json ? formatDocument({ certificates: rows }) : renderCertificates(rows);
}
