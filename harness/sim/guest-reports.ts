// How a simulated guest asks for its attestation report: the firmware's answer to its kernel, and configfs-tsm, which is the
// kernel's to its programs (Linux drivers/virt/coco/guest/report.c and sev-guest.c; facts/attestation.md 4.1, 4.2, 4.4).

import type { Errno, FileEntry, Found } from './files.ts';

/** What the firmware answers to MSG_REPORT_REQ: a report, or its status. */
type ReportAnswer =
	/** `table`: the host's certificates, empty when it gives none. */
	{ readonly report: Uint8Array; readonly table: Uint8Array } | { readonly status: number };
/** Asks at this level, for 64 bytes of data. */
export type AskReport = (vmpl: number, data: Uint8Array) => ReportAnswer;

/** INVALID_PARAM: among others a level that the asking one is not entitled to. */
export const invalidParam = 0x16;
const dataLength = 64;
const lowestLevel = 3;

const utf8 = new TextEncoder();
const decoder = new TextDecoder();
const text = (content: string): Found<Uint8Array> => ({ ok: true, value: utf8.encode(content) });
const failed = (errno: Errno): Found<Uint8Array> => ({ ok: false, errno });

/** The attributes of one request, as the kernel puts them into a directory that is made for it. `floor` is the guest's own level. */
export function reportRequest(ask: AskReport, floor: number): Readonly<Record<string, FileEntry>> {
	let data: Uint8Array | null = null;
	let level = 0;
	let generation = 0;
	let answered: { readonly generation: number; readonly report: Uint8Array; readonly table: Uint8Array } | null = null;

	const blob = (which: 'report' | 'table'): Found<Uint8Array> => {
		if (data === null || data.length !== dataLength) {
			return failed('EINVAL');
		}
		// Read again, it is the report of before.
		if (answered?.generation !== generation) {
			const answer = ask(level, data);
			if ('status' in answer) {
				return failed(answer.status === invalidParam ? 'EINVAL' : 'ENXIO');
			}
			answered = { generation, ...answer };
		}
		return { ok: true, value: answered[which] };
	};

	return {
		provider: { type: 'attribute', read: () => text('sev_guest\n') },
		generation: { type: 'attribute', read: () => text(`${generation}\n`) },
		privlevel_floor: { type: 'attribute', read: () => text(`${floor}\n`) },
		privlevel: {
			type: 'attribute',
			write: (bytes) => {
				const word = decoder.decode(bytes).trim();
				if (!/^\d+$/.test(word) || Number(word) < floor || Number(word) > lowestLevel) {
					return 'EINVAL';
				}
				level = Number(word);
				generation += 1;
				return null;
			},
		},
		inblob: {
			type: 'attribute',
			write: (bytes) => {
				if (bytes.length > dataLength) {
					return 'EFBIG';
				}
				data = Uint8Array.from(bytes);
				generation += 1;
				return null;
			},
		},
		outblob: { type: 'attribute', read: () => blob('report') },
		auxblob: { type: 'attribute', read: () => blob('table') },
	};
}
