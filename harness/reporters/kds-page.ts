// What the key service gave and what is kept of it, as lines for people. Names of files come from reports of strangers.

import { type KeyRequest, keyText } from '../domain/snp/kds.ts';
import type { Fault } from '../ports.ts';
import { cleanLine, plural } from './plain-text.ts';

export interface KeptKey {
	readonly request: KeyRequest;
	/** Below the store's directory. */
	readonly path: string;
	readonly keptAt: string;
	readonly validFrom: string | null;
	/** Of a list: when the next one is due. */
	readonly validTo: string | null;
	readonly state: 'current' | 'early' | 'over' | 'damaged';
	readonly problem: string | null;
}

export interface KeptKeys {
	readonly store: string;
	readonly service: string;
	readonly entries: readonly KeptKey[];
}

const longest = 400;

export function keyHad(what: string, of: string | null): string {
	return `✓ ${what}${ofWhom(of)}`;
}

export function keyFault(what: string, { message, next }: Fault, of: string | null): string {
	const subject = message.includes(what) && of === null ? '' : `${what}${ofWhom(of)}: `;
	return cleanLine(`✗ ${subject}${message}${next === undefined ? '' : ` Next: ${next}`}`, 2 * longest);
}

export function keyNote(text: string): string {
	return cleanLine(`· ${text}`, longest);
}

function ofWhom(name: string | null): string {
	return name === null ? '' : ` (${cleanLine(name, 80)})`;
}

export function renderStore({ store, service, entries }: KeptKeys, now: number): string {
	const damaged = entries.filter(({ state }) => state === 'damaged').length;
	const over = entries.filter(({ state }) => state === 'over').length;
	const counts = [
		plural(entries.length, 'entry', 'entries'),
		...(damaged === 0 ? [] : [`${damaged} damaged`]),
		...(over === 0 ? [] : [`${over} over`]),
	];
	return [
		`Store    ${cleanLine(store, longest)}   (another: SNPGATE_KDS)`,
		`Service  ${cleanLine(service, longest)}   (a mirror: SNPGATE_KDS_URL, its authority: SNPGATE_KDS_CA)`,
		'',
		...entries.map((entry) => line(entry, now)),
		entries.length === 0
			? 'Nothing is kept yet. Where there is a network: snpgate kds prefetch --report F'
			: `${counts.join(', ')}.${damaged + over === 0 ? '' : ' What is damaged or over is fetched again when it is needed.'}`,
		'',
	].join('\n');
}

function line(entry: KeptKey, now: number): string {
	const { request, path, state, problem } = entry;
	const mark = { current: '✓', early: '!', over: '!', damaged: '✗' }[state];
	const kept = `kept ${age(now - Date.parse(entry.keptAt))}`;
	if (state === 'damaged') {
		return cleanLine(`${mark} ${path}: damaged, ${problem}`, longest);
	}
	const time = state === 'early' ? `valid only from ${entry.validFrom}` : until(entry);
	return cleanLine(`${mark} ${keyText(request)}: ${kept}, ${time}${problem === null ? '' : `; ${problem}`}`, longest);
}

function until({ request, validTo, state }: KeptKey): string {
	const isList = request.want === 'crl';
	if (validTo === null) {
		return 'without an end';
	}
	const word = state === 'over' ? (isList ? 'the next one was due' : 'ended') : isList ? 'the next one is due' : 'valid to';
	return `${word} ${validTo.slice(0, 10)}`;
}

const units: readonly (readonly [string, number])[] = [
	['day', 24 * 3_600_000],
	['hour', 3_600_000],
	['minute', 60_000],
];

function age(ms: number): string {
	const unit = units.find(([, length]) => ms >= length);
	return unit === undefined ? 'just now' : `${plural(Math.floor(ms / unit[1]), unit[0])} ago`;
}
