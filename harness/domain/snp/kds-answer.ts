// What the key service's answer over HTTP means: the bytes that were asked for, another place to ask, or a fault, and whether
// asking again may help.

import { type KeyRequest, keyText } from './kds.ts';
import { capital, type KdsFault, kdsFault } from './kds-fault.ts';
import type { KeyMaterial } from './kds-material.ts';

export interface HttpAnswer {
	/** Where it came from. */
	readonly url: URL;
	readonly status: number;
	readonly contentType: string | null;
	readonly location: string | null;
	readonly retryAfter: string | null;
	readonly body: Uint8Array;
	/** There was more than such an answer has, and the rest was not read. */
	readonly oversize: boolean;
}

export type KdsJudgement =
	| { readonly got: Extract<KeyMaterial, { bytes: Uint8Array }> }
	| { readonly elsewhere: URL }
	/** `again`: the service may answer later; `afterMs` is how long it wants to be left alone, where it says so. */
	| { readonly fault: KdsFault; readonly again: { readonly afterMs: number | null } | null };

/** Most bytes of an answer that are read: a VCEK has 1.4 KiB, a chain 5 KiB; how long a list can become is not known. */
export function mostBytes(request: KeyRequest): number {
	return request.want === 'crl' ? 1024 * 1024 : 64 * 1024;
}

export interface AnswerContext {
	/** Milliseconds since 1970. */
	readonly now: number;
	/** How many times this request was sent elsewhere before. */
	readonly redirects: number;
	read(body: Uint8Array): KeyMaterial;
}

const mostRedirects = 3;
const redirecting: readonly number[] = [301, 302, 303, 307, 308];

export function judgeAnswer(request: KeyRequest, answer: HttpAnswer, context: AnswerContext): KdsJudgement {
	const { status, url } = answer;
	const afterMs = parseRetryAfter(answer.retryAfter, context.now);
	if (status === 200) {
		return judgeBody(request, answer, context);
	}
	if (redirecting.includes(status)) {
		return judgeRedirect(answer, context.redirects);
	}
	if (status === 404) {
		return { fault: request.want === 'vcek' ? unknownChip(request, url) : noSuchPage(request, url), again: null };
	}
	if (status === 429) {
		const wait = afterMs === null ? '' : `, and asks to be left alone for ${Math.ceil(afterMs / 1000)} s`;
		const message = `The key service at ${url.host} answered 429: too many requests from this address${wait}.`;
		return { fault: kdsFault('kds-throttled', message, waitAndPrefetch), again: { afterMs } };
	}
	if (status >= 500 || status === 408) {
		const message = `The key service at ${url.host} has trouble of its own: expected ${keyText(request)}, got status ${status}${pageOf(answer)}.`;
		return { fault: kdsFault('kds-unavailable', message, waitAndPrefetch), again: { afterMs } };
	}
	const message = `The key service at ${url.host} refused: expected ${keyText(request)}, got status ${status}${pageOf(answer)}.`;
	return { fault: kdsFault('kds-unavailable', message, lookBetween(url)), again: null };
}

const waitAndPrefetch = "Try again later with 'snpgate kds prefetch': what was had once stays in the store.";

function lookBetween(url: URL): string {
	return `See what stands between with 'curl -v ${url.origin}/vcek/v1/Milan/cert_chain': a proxy or a sign-in page may answer instead.`;
}

function judgeBody(request: KeyRequest, answer: HttpAnswer, { read }: AnswerContext): KdsJudgement {
	const { url, body, oversize } = answer;
	const material: KeyMaterial = oversize
		? { problem: `more than ${mostBytes(request) / 1024} KiB` }
		: body.length === 0
			? { problem: 'nothing' }
			: isWebPage(answer)
				? { problem: `a web page${pageOf(answer)}` }
				: read(body);
	if ('bytes' in material) {
		return { got: material };
	}
	const message = `The key service at ${url.host} answered with something else: expected ${keyText(request)}, got ${material.problem}.`;
	return { fault: kdsFault('kds-unavailable', message, lookBetween(url)), again: null };
}

function judgeRedirect({ url, status, location }: HttpAnswer, redirects: number): KdsJudgement {
	const target = location === null ? null : URL.parse(location, url.href);
	const refused = (what: string): KdsJudgement => {
		const message = `The key service at ${url.host} sent us elsewhere (${status}): expected an answer of its own, got ${what}.`;
		return { fault: kdsFault('kds-unavailable', message, lookBetween(url)), again: null };
	};
	if (target === null) {
		return refused(location === null ? 'no address' : 'an address that is none');
	}
	// Only onto its own ground, where TLS may begin and never end.
	const upgraded = url.protocol === 'http:' && target.protocol === 'https:' && target.hostname === url.hostname;
	if (target.origin !== url.origin && !upgraded) {
		return refused(`'${clean(target.protocol.startsWith('http') ? target.origin : target.protocol)}'`);
	}
	target.username = '';
	target.password = '';
	return redirects >= mostRedirects ? refused(`more than ${mostRedirects} of them one after the other`) : { elsewhere: target };
}

function unknownChip(request: KeyRequest & { readonly want: 'vcek' }, url: URL): KdsFault {
	const message = `The key service at ${url.host} knows no such key (404): expected ${keyText(request)}.`;
	const shape = request.product === 'Turin' ? ' (of Turin that of snphost 0.7.0 or newer: older ones leave out fmcSPL)' : '';
	const next = `Compare with 'snphost show vcek-url' on the host${shape}. Silicon that is not for production has no certificate, and a TCB may not be published yet; the service has also said 404 on a bad day.`;
	return kdsFault('kds-unknown-chip', message, next);
}

function noSuchPage(request: KeyRequest, url: URL): KdsFault {
	const message = `The key service at ${url.host} has no such page (404): expected ${keyText(request)}.`;
	return kdsFault('kds-unavailable', message, lookBetween(url));
}

function isWebPage({ contentType, body }: HttpAnswer): boolean {
	return /^\s*text\/html/i.test(contentType ?? '') || /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(latin1(body, 256));
}

/** The title of a web page, as what a proxy wants to say mostly stands there. */
function pageOf({ body }: HttpAnswer): string {
	const title = /<title[^>]{0,100}>([^<]{1,200})/i.exec(latin1(body, 4096))?.[1]?.trim();
	return title === undefined || title === '' ? '' : ` ('${clean(title)}')`;
}

function latin1(bytes: Uint8Array, most: number): string {
	return Buffer.from(bytes.subarray(0, most)).toString('latin1');
}

/** Words of a stranger in one line: printable ASCII, not too many. */
function clean(text: string): string {
	return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 80);
}

/** A longer time than this is as good as never. */
const longestMs = 24 * 60 * 60 * 1000;

/** Retry-After in milliseconds from `now`: seconds, which is what AMD sends, or a date (RFC 9110 section 10.2.3); null for neither. */
export function parseRetryAfter(value: string | null, now: number): number | null {
	const text = value?.trim() ?? '';
	if (/^\d{1,10}$/.test(text)) {
		return Math.min(Number(text) * 1000, longestMs);
	}
	const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(date) ? null : Math.min(Math.max(date - now, 0), longestMs);
}

/** What came over the network is right and not of this time: a clock is wrong, here or there. */
export function outOfTimeFault(request: KeyRequest, from: number, to: number | null, now: number): KdsFault {
	const iso = (ms: number) => new Date(ms).toISOString();
	const span = to === null ? `from ${iso(from)}` : `${iso(from)} to ${iso(to)}`;
	return kdsFault(
		'kds-unavailable',
		`${capital(keyText(request))} came for another time: expected what is valid at ${iso(now)}, got ${span}.`,
		"Compare this machine's clock with the right time; a list that has ended is for AMD to renew.",
	);
}
