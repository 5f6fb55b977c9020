// Answers of a host as rows of a corpus: a safe name for each file, and what identifies one machine taken out.

import { sha256 } from '../evidence/encoding.ts';
import type { HostFacts } from '../plan/host-facts.ts';
import type { Exchange } from '../ports.ts';
import type { ReadRequest } from './host-asks.ts';

export interface Captured {
	readonly request: ReadRequest;
	readonly exchange: Exchange;
}

type Stream = 'stdout' | 'stderr' | 'content';

/** One file of the capture, or one answer that is no bytes. */
interface CaptureRow {
	/** Null when there was nothing to keep: no such file, or no answer. */
	readonly file: string | null;
	readonly argv?: readonly string[];
	readonly path?: string;
	readonly stream: Stream;
	/** As the shell gives it; null when the program was ended by its time limit or nothing was run. */
	readonly status: number | null;
	/** Why a file could not be read, or null. */
	readonly errno: string | null;
	/** Why there is no answer, or null. */
	readonly fault: string | null;
	/** The answer is longer than was read. */
	readonly truncated: boolean;
	/** Names and serial numbers that were taken out of the text. */
	readonly redacted: number;
	readonly sha256: string | null;
	readonly size: number | null;
	readonly host: HostFacts;
	/** When the answer had come, ISO 8601 UTC. */
	readonly at: string;
}

interface CaptureFile {
	readonly file: string;
	readonly bytes: Uint8Array;
}

/** Rows in the order of the requests, and the files that they name. Standard error is a row of its own when it said anything. */
export function captureFiles(
	captured: readonly Captured[],
	host: HostFacts,
	simulated: boolean,
): { readonly rows: readonly CaptureRow[]; readonly contents: readonly CaptureFile[] } {
	const contents: CaptureFile[] = [];
	const rows = captured.flatMap(({ request, exchange: { answer, endedAt } }, index): readonly CaptureRow[] => {
		const stream: Stream = request.do === 'exec' ? 'stdout' : 'content';
		const empty: CaptureRow = {
			file: null,
			...(request.do === 'exec' ? { argv: request.argv } : { path: request.path }),
			stream,
			status: answer.kind === 'exec' ? answer.status : null,
			errno: answer.kind === 'no-file' ? answer.errno : null,
			fault: answer.kind === 'fault' ? answer.message : null,
			truncated: (answer.kind === 'exec' || answer.kind === 'file') && answer.truncated,
			redacted: 0,
			sha256: null,
			size: null,
			host,
			at: new Date(endedAt).toISOString(),
		};
		const kept = (of: Stream, said: Uint8Array): CaptureRow => {
			const { bytes, redacted } = withoutIdentity(said);
			const ending = of === 'stderr' ? '.stderr.txt' : '.txt';
			const number = String(index + 1).padStart(2, '0');
			const file = `${simulated ? 'SIMULATED-' : ''}${number}-${safeName(request)}${ending}`;
			contents.push({ file, bytes });
			return { ...empty, file, stream: of, redacted, sha256: sha256(bytes), size: bytes.length };
		};
		if (answer.kind === 'exec') {
			return [kept('stdout', answer.stdout), ...(answer.stderr.length === 0 ? [] : [kept('stderr', answer.stderr)])];
		}
		return [answer.kind === 'file' ? kept('content', answer.bytes) : empty];
	});
	return { rows, contents };
}

const longestName = 80;

/** Letters, digits, '.', '_' and '-' only, and no '.' at the beginning: nothing of a path or an option is left. */
function safeName(request: ReadRequest): string {
	const words = request.do === 'exec' ? request.argv.join(' ') : request.path;
	const safe = words.replace(/[^A-Za-z0-9._]+/g, '-').slice(0, longestName);
	return safe.replace(/^[-.]+|[-.]+$/g, '') || 'request';
}

/**
 * No request asks for a name or a serial number, but the kernel's log tells both unasked: systemd its host name, USB and
 * other drivers serial numbers. Bytes are kept one to one otherwise, whatever their encoding.
 */
const identities = /(Hostname set to <|SerialNumber: |[Ss]erial [Nn]umber:? )[^\s>]+/g;

function withoutIdentity(said: Uint8Array): { readonly bytes: Uint8Array; readonly redacted: number } {
	let redacted = 0;
	const text = Buffer.from(said).toString('latin1');
	const clean = text.replace(identities, (_, before: string) => {
		redacted += 1;
		return `${before}REDACTED`;
	});
	return { bytes: redacted === 0 ? said : Buffer.from(clean, 'latin1'), redacted };
}
