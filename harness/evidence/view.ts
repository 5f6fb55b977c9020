// Exchanges in a form fit for a page.

import { keyText } from '../domain/snp/kds.ts';
import type { Request } from '../ports.ts';
import type { EncodedBytes } from './encoding.ts';
import type { ExchangeRecord } from './records.ts';

const longestShown = 6000;
const lossy = new TextDecoder();

export interface ExchangeView {
	readonly id: string;
	readonly request: string;
	readonly machine: string;
	readonly answer: string;
	readonly stdout: string;
	readonly stderr: string;
	readonly durationMs: number;
}

/** Streams are cut in the middle, so that both their beginning and their end are seen. */
export function viewExchange(record: ExchangeRecord, blob: (hash: string) => Uint8Array): ExchangeView {
	const show = (bytes: EncodedBytes): string => {
		const text = 'text' in bytes ? bytes.text : lossy.decode(blob(bytes.blob));
		const half = longestShown / 2;
		return text.length <= longestShown
			? text
			: `${text.slice(0, half)}\n… ${text.length - longestShown} characters left out …\n${text.slice(-half)}`;
	};
	const { answer } = record;
	const streams =
		answer.kind === 'exec'
			? { stdout: show(answer.stdout), stderr: show(answer.stderr) }
			: answer.kind === 'boot'
				? { stdout: show(answer.console), stderr: show(answer.stderr) }
				: answer.kind === 'file'
					? { stdout: show(answer.bytes), stderr: '' }
					: { stdout: answer.kind === 'bytes' ? answer.hex : '', stderr: '' };
	return {
		id: record.id,
		request: describeRequest(record.request),
		machine: record.machine,
		answer: describeAnswer(answer),
		...streams,
		durationMs: record.endedAt - record.startedAt,
	};
}

/** A request in one line, as a person would write it. */
function describeRequest(request: Request): string {
	switch (request.do) {
		case 'exec':
			return request.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
		case 'read-file':
			return `read ${request.path}`;
		case 'write-file':
			return `write ${request.path}`;
		case 'transceive':
			return `${request.device} ← ${request.hex}`;
		case 'random':
			return `${request.length} random bytes`;
		case 'now':
			return 'the time';
		case 'channel-key':
			return "the key of the channel's other end";
		case 'boot':
			return `boot the ${request.role} guest`;
		case 'fetch-key':
			return `from the key service: ${keyText(request.key)}`;
	}
}

function describeAnswer(answer: ExchangeRecord['answer']): string {
	switch (answer.kind) {
		case 'exec':
			return answer.timedOut ? 'time limit' : `exit ${answer.status}`;
		case 'file':
			return 'read';
		case 'no-file':
			return answer.errno;
		case 'bytes':
			return `${answer.hex.length / 2} bytes`;
		case 'long-bytes':
			return `${answer.size} bytes`;
		case 'time':
			return answer.iso;
		case 'boot':
			return `ended: ${answer.ended}`;
		case 'fault':
			return `${answer.code}: ${answer.message}`;
	}
}
