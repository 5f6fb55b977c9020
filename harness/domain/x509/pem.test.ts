import test from 'ava';
import fc from 'fast-check';
import { ParseError } from '../parse-error.ts';
import { corpusBytes, hasAttestationCorpus } from '../snp/test-corpus.ts';
import { looksLikePem, parsePem } from './pem.ts';

const block = (bytes: Uint8Array, label = 'CERTIFICATE', end = label) =>
	`-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n').replace(/\n?$/, '\n')}-----END ${end}-----\n`;
const some = Uint8Array.from({ length: 100 }, (_, index) => index);

test('blocks in their order, with words around them and either line end', (t) => {
	const text = `subject=CN = x\n${block(some)}\n${block(some.subarray(1), 'X509 CRL')}`;
	for (const form of [text, text.replaceAll('\n', '\r\n')]) {
		t.deepEqual(
			parsePem(form).map(({ label, bytes }) => [label, bytes.length]),
			[
				['CERTIFICATE', 100],
				['X509 CRL', 99],
			],
		);
	}
	t.deepEqual(parsePem(''), []);
	t.true(looksLikePem(text));
	t.false(looksLikePem('0\u0082'));
});

const damaged: readonly (readonly [string, string])[] = [
	['no end', block(some).replace(/-----END.*\n/, '')],
	['no beginning', block(some).replace(/-----BEGIN.*\n/, '')],
	['another end', block(some, 'CERTIFICATE', 'X509 CRL')],
	['a dash too few', block(some).replace('-----BEGIN', '----BEGIN')],
	['a blank in the base64', block(some).replace('AAEC', 'AA C')],
	['base64 without its padding', block(Uint8Array.of(1)).replace('==', '')],
	['base64 with bits that mean nothing', block(Uint8Array.of(1)).replace('AQ==', 'AR==')],
	['nothing inside', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
	['an empty line inside', block(some).replace('\n', '\n\n')],
	['a vertical tab for a line end', block(some).replace('-----\n', '-----\v')],
];
for (const [title, text] of damaged) {
	test(`refused: ${title}`, (t) => {
		t.throws(() => parsePem(text), { instanceOf: ParseError });
	});
}

test('whatever the text, nothing but ParseError', (t) => {
	const piece = fc.constantFrom('-----BEGIN CERTIFICATE-----\n', '-----END CERTIFICATE-----\n', 'AAAA\n', '=', '\r', '\n');
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
				try {
					parsePem(parts.join(''));
				} catch (error) {
					return error instanceof ParseError;
				}
				return true;
			}),
		),
	);
});

const withCorpus = hasAttestationCorpus ? test : test.skip;
withCorpus('[corpus] no flipped bit of a PEM file goes unnoticed', (t) => {
	const bytes = corpusBytes('ca/ask_ark_turin_vcek.pem');
	const read = (text: Buffer) => Buffer.concat(parsePem(text.toString('latin1')).map((one) => one.bytes)).toString('hex');
	const good = read(bytes);
	const unnoticed: number[] = [];
	for (let bit = 0; bit < 8 * bytes.length; bit++) {
		const copy = Buffer.from(bytes);
		copy[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		try {
			if (read(copy) === good) {
				unnoticed.push(bit);
			}
		} catch (error) {
			t.true(error instanceof ParseError);
		}
	}
	t.deepEqual(unnoticed, []);
});
