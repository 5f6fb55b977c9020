// snpgate doctor: a host, or pasted texts, to one cause and one next step.

import { closeSync, openSync, readSync } from 'node:fs';
import { causes } from '../domain/doctor/causes/index.ts';
import { type Diagnosis, diagnose, diagnosisDocument, type PastedText } from '../domain/doctor/diagnose.ts';
import { unconfirmedFacts } from '../domain/unconfirmed.ts';
import { formatDocument } from '../language/document.ts';
import { readHostFacts } from '../plan/host-facts.ts';
import { renderCauses, renderDiagnosis, renderUnconfirmed } from '../reporters/doctor-page.ts';
import { unconfirmed } from '../sim/unconfirmed.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { askHost } from './doctor-host.ts';
import { showPermissions } from './doctor-permissions.ts';
import { connect, readDestination } from './hosts.ts';
import { defaultWorld } from './load.ts';

/** As much of a file as is read; what is longer is not judged (design section 6). */
const mostBytes = 16 * 1024 * 1024;

export async function execute(args: Arguments): Promise<number> {
	const [word] = args.words;
	const files = args.all('from');
	const json = args.flag('json');
	if (word !== undefined) {
		throw new UsageError(`'${word}' is no option; every text is given with its own '--from', for example '--from ${word}'.`);
	}
	if (args.flag('codes')) {
		if (files.length > 0 || args.flag('permissions')) {
			throw new UsageError("'--codes' lists all causes and reads nothing: leave out '--from' and '--permissions'.");
		}
		const document = { format: 'snpgate.causes/1', causes, unconfirmed: unconfirmedFacts, simulated: unconfirmed };
		process.stdout.write(
			json ? formatDocument(document) : `${renderCauses(causes)}\n${renderUnconfirmed(unconfirmedFacts, unconfirmed)}`,
		);
		return 0;
	}
	if (args.flag('permissions')) {
		if (files.length > 0 || args.all('host').length > 0) {
			throw new UsageError(
				"'--permissions' lists what each capability is needed for and looks at no machine: leave out the rest.",
			);
		}
		showPermissions(json);
		return 0;
	}
	if (files.length === 0) {
		return examineHost(args.all('host'), json);
	}
	if (args.all('host').length > 0) {
		throw new UsageError("Give either '--from' for texts or '--host' for a machine, not both.");
	}
	const diagnosis = diagnose(files.map(readText));
	process.stdout.write(json ? formatDocument(diagnosisDocument(diagnosis)) : renderDiagnosis(diagnosis));
	return exitCode(diagnosis);
}

/** Asks a machine in one round trip and judges what it said, together. */
async function examineHost(words: readonly string[], json: boolean): Promise<number> {
	const connection = await connect(readDestination(words, undefined), defaultWorld());
	try {
		const { texts, silent, answers } = await askHost(connection.machine, new AbortController().signal);
		const facts = readHostFacts(answers);
		const diagnosis = diagnose(texts);
		const simulated = connection.simulated !== null;
		if (json) {
			process.stdout.write(formatDocument({ ...diagnosisDocument(diagnosis), host: facts, silent, simulated }));
		} else {
			const head = `${simulated ? 'SIMULATED · ' : ''}${facts.os} · ${facts.cpu} (${facts.product}) · kernel ${facts.kernel}`;
			const guest = diagnosis.files.some(({ reading }) => reading.kind === 'guest-kernel');
			const note = guest ? 'Note:    this machine is itself a guest; an SEV-SNP host is the EPYC server below it\n' : '';
			const lines = silent.map((line) => `Silent:  ${line}\n`);
			process.stdout.write(`${head}\n${renderDiagnosis(diagnosis)}${note}${lines.join('')}`);
		}
		return exitCode(diagnosis);
	} finally {
		await connection.machine.close();
	}
}

/** Design section 5: unusable or a cause, before unknown, before usable. */
function exitCode({ snp, root }: Diagnosis): number {
	if (snp === 'unusable' || root !== null) {
		return 1;
	}
	return snp === 'unknown' ? 3 : 0;
}

/** Reads until the end or the bound: a pipe or a device has no size to ask for. */
function readText(file: string): PastedText {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		const descriptor = openSync(file, 'r');
		try {
			for (;;) {
				const chunk = Buffer.allocUnsafe(65_536);
				const count = readSync(descriptor, chunk);
				if (count === 0) {
					break;
				}
				chunks.push(chunk.subarray(0, count));
				length += count;
				if (length > mostBytes) {
					return { file, text: '', truncated: true };
				}
			}
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new UsageError(`'--from ${file}' cannot be read: ${why}. Give a file with the text.`);
	}
	// Bytes that are no UTF-8 are kept as U+FFFD, and a byte order mark goes.
	return { file, text: new TextDecoder().decode(Buffer.concat(chunks)) };
}
