import test from 'ava';
import type { KeyRequest } from './kds.ts';
import { type HttpAnswer, judgeAnswer, mostBytes, outOfTimeFault, parseRetryAfter } from './kds-answer.ts';
import { testHwid, testTcb } from './test-chain.ts';

const now = Date.UTC(2026, 5, 1, 12);
const vcek: KeyRequest = {
	want: 'vcek',
	product: 'Milan',
	hwid: Buffer.from(testHwid('Milan')).toString('hex'),
	tcb: testTcb.Milan,
};
const turin: KeyRequest = { want: 'vcek', product: 'Turin', hwid: '0206a5a5a5a5a501', tcb: testTcb.Turin };
const chain: KeyRequest = { want: 'chain', product: 'Milan', hierarchy: 'vcek' };

const answer = (parts: Partial<HttpAnswer> & { readonly text?: string }): HttpAnswer => ({
	url: new URL('https://kds.example/vcek/v1/Milan/x'),
	status: 200,
	contentType: 'application/octet-stream',
	location: null,
	retryAfter: null,
	body: Buffer.from(parts.text ?? 'x'),
	oversize: false,
	...parts,
});

const judge = (request: KeyRequest, given: HttpAnswer, redirects = 0) =>
	judgeAnswer(request, given, { now, redirects, read: () => ({ problem: 'bytes that are not a certificate: cut off' }) });

interface Row {
	readonly title: string;
	readonly request?: KeyRequest;
	readonly answer: Parameters<typeof answer>[0];
	readonly code: string;
	readonly says: RegExp;
	readonly next: RegExp;
	/** Milliseconds, null where the service does not say, undefined where asking again is no use. */
	readonly again?: number | null;
}

const page = '<!DOCTYPE html><html><head><title>\n Sign in to\u2028 Example Corp </title></head></html>';

const faults: readonly Row[] = [
	{
		title: 'a web page with status 200',
		answer: { contentType: 'text/html; charset=utf-8', text: page },
		code: 'kds-unavailable',
		says: /expected the VCEK of Milan chip 0206a5a5a5a5a5a5… at bootloader 4, .*, got a web page \('Sign in to +Example Corp'\)\.$/,
		next: /curl -v https:\/\/kds\.example\/vcek/,
	},
	{
		title: 'a web page that is called a certificate',
		answer: { text: `\r\n  ${page}` },
		code: 'kds-unavailable',
		says: /got a web page \('Sign in/,
		next: /proxy or a sign-in page/,
	},
	{ title: 'nothing', answer: { text: '' }, code: 'kds-unavailable', says: /got nothing\.$/, next: /curl/ },
	{
		title: 'bytes cut off',
		answer: {},
		code: 'kds-unavailable',
		says: /got bytes that are not a certificate: cut off\.$/,
		next: /curl/,
	},
	{ title: 'too much', answer: { oversize: true }, code: 'kds-unavailable', says: /got more than 64 KiB\.$/, next: /curl/ },
	{
		title: '404 for a chip',
		answer: { status: 404 },
		code: 'kds-unknown-chip',
		says: /knows no such key \(404\): expected the VCEK of Milan chip/,
		next: /snphost show vcek-url.*not for production.*TCB may not be published/,
	},
	{
		title: '404 for a chip of Turin',
		request: turin,
		answer: { status: 404 },
		code: 'kds-unknown-chip',
		says: /Turin chip 0206a5a5a5a5a501 at fmc 1/,
		next: /snphost 0\.7\.0/,
	},
	{
		title: '404 for a chain',
		request: chain,
		answer: { status: 404 },
		code: 'kds-unavailable',
		says: /no such page \(404\)/,
		next: /curl/,
	},
	{
		title: '429 with seconds',
		answer: { status: 429, retryAfter: '17' },
		code: 'kds-throttled',
		says: /429: too many requests from this address, and asks to be left alone for 17 s/,
		next: /snpgate kds prefetch/,
		again: 17_000,
	},
	{
		title: '429 with a date',
		answer: { status: 429, retryAfter: new Date(now + 90_000).toUTCString() },
		code: 'kds-throttled',
		says: /for 90 s/,
		next: /later/,
		again: 90_000,
	},
	{ title: '429 without a word', answer: { status: 429 }, code: 'kds-throttled', says: /address\.$/, next: /later/, again: null },
	{
		title: '429 with nonsense',
		answer: { status: 429, retryAfter: 'soon' },
		code: 'kds-throttled',
		says: /address\.$/,
		next: /later/,
		again: null,
	},
	{
		title: '503',
		answer: { status: 503, retryAfter: '5', text: '<html><title>Maintenance</title>' },
		code: 'kds-unavailable',
		says: /trouble of its own: .* got status 503 \('Maintenance'\)/,
		next: /later/,
		again: 5000,
	},
	{ title: '500', answer: { status: 500 }, code: 'kds-unavailable', says: /got status 500\.$/, next: /later/, again: null },
	{ title: '403', answer: { status: 403 }, code: 'kds-unavailable', says: /refused: .* got status 403/, next: /curl/ },
	{ title: '407', answer: { status: 407 }, code: 'kds-unavailable', says: /got status 407/, next: /proxy/ },
	{ title: '204', answer: { status: 204, text: '' }, code: 'kds-unavailable', says: /got status 204/, next: /curl/ },
	{
		title: 'a redirect to another host',
		answer: { status: 302, location: 'https://login.example/?back=https://kds.example' },
		code: 'kds-unavailable',
		says: /sent us elsewhere \(302\): .* got 'https:\/\/login\.example'\.$/,
		next: /curl/,
	},
	{
		title: 'a redirect out of TLS',
		answer: { status: 301, location: 'http://kds.example/x' },
		code: 'kds-unavailable',
		says: /got 'http:\/\/kds/,
		next: /curl/,
	},
	{
		title: 'a redirect to another port',
		answer: { status: 301, location: 'https://kds.example:444/x' },
		code: 'kds-unavailable',
		says: /got 'https:\/\/kds\.example:444'/,
		next: /curl/,
	},
	{
		title: 'a redirect to a file',
		answer: { status: 301, location: 'file:///etc/passwd' },
		code: 'kds-unavailable',
		says: /got 'file:'/,
		next: /curl/,
	},
	{ title: 'a redirect to nowhere', answer: { status: 307 }, code: 'kds-unavailable', says: /got no address/, next: /curl/ },
	{
		title: 'a redirect to nonsense',
		answer: { status: 308, location: 'http://[' },
		code: 'kds-unavailable',
		says: /address that is none/,
		next: /curl/,
	},
];

for (const { title, request = vcek, answer: given, code, says, next, again } of faults) {
	test(`a fault: ${title}`, (t) => {
		const judged = judge(request, answer(given));
		if (!('fault' in judged)) {
			t.fail(JSON.stringify(judged));
			return;
		}
		t.is(judged.fault.code as string, code);
		t.regex(judged.fault.message, says);
		t.regex(judged.fault.next, next);
		t.deepEqual(judged.again, again === undefined ? null : { afterMs: again });
		t.regex(`${judged.fault.message}${judged.fault.next}`, /^[\x20-\x7e…]*$/, 'one clean line');
	});
}

test('a redirect on its own ground is followed, three times', (t) => {
	const moved = answer({ status: 302, location: '/elsewhere?x=1' });
	for (const redirects of [0, 1, 2]) {
		const judged = judge(vcek, moved, redirects);
		t.is('elsewhere' in judged ? judged.elsewhere.href : '', 'https://kds.example/elsewhere?x=1');
	}
	const judged = judge(vcek, moved, 3);
	t.regex('fault' in judged ? judged.fault.message : '', /more than 3 of them/);
	const url = new URL('http://kds.example/x');
	const upgraded = judge(vcek, answer({ url, status: 301, location: 'https://me:secret@kds.example/x' }));
	t.is('elsewhere' in upgraded ? upgraded.elsewhere.href : '', 'https://kds.example/x');
});

test('what was asked for is given on', (t) => {
	const material = { bytes: Buffer.from('ok'), validity: { from: 0, to: null }, chain: null };
	t.deepEqual(judgeAnswer(vcek, answer({}), { now, redirects: 0, read: () => material }), { got: material });
});

test('Retry-After', (t) => {
	for (const [value, ms] of [
		['0', 0],
		['120', 120_000],
		[' 7 ', 7000],
		['9999999999', 24 * 3600 * 1000],
		['Mon, 01 Jun 2026 12:00:30 GMT', 30_000],
		['Mon, 01 Jun 2026 11:00:00 GMT', 0],
		['-1', null],
		['1.5', null],
		['2026', 2_026_000],
		['tomorrow', null],
		['', null],
		[null, null],
	] as const) {
		t.is(parseRetryAfter(value, now), ms, String(value));
	}
});

test('a list may be long, a certificate is not', (t) => {
	t.is(mostBytes(vcek), 65_536);
	t.is(mostBytes(chain), 65_536);
	t.is(mostBytes({ want: 'crl', product: 'Milan', hierarchy: 'vcek' }), 1_048_576);
});

test('what is right and not of this time is the fault of a clock, not of a host', (t) => {
	const fault = outOfTimeFault(vcek, now + 1000, now + 9000, now);
	t.is(fault.code, 'kds-unavailable');
	t.regex(
		fault.message,
		/^The VCEK of .* came for another time: expected what is valid at 2026-06-01T12:00:00\.000Z, got 2026-06-01T12:00:01\.000Z to/,
	);
	t.regex(fault.next, /clock/);
});
