import test from 'ava';
import fc from 'fast-check';
import { ParseError } from '../parse-error.ts';
import { corpusBytes, corpusCertificates, hasAttestationCorpus } from '../snp/test-corpus.ts';
import { parseCertificate } from './certificate.ts';
import { readConstraints } from './constraints.ts';
import { parseRevocationList } from './crl.ts';
import { nameText } from './name.ts';

const withCorpus = hasAttestationCorpus ? test : test.skip;
const files = ['ca/ask_ark_milan.pem', 'ca/ask_ark_turin_vlek.pem', 'genoa-v3-mstav.vcek.pem', 'milan-v3-vlek-aws.vlek.der'];

withCorpus('[corpus] the parts of a root, an intermediate and a leaf', (t) => {
	const [ask, ark] = corpusCertificates('ca/ask_ark_milan.pem').map(({ der }) => parseCertificate(der));
	t.is(ark?.serial, 0x010000n);
	t.is(ask?.serial, 0x010001n);
	t.is(
		ark === undefined ? '' : nameText(ark.subject),
		'OU=Engineering, C=US, L=Santa Clara, ST=CA, O=Advanced Micro Devices, CN=ARK-Milan',
	);
	t.is(ask?.issuer.commonName, 'ARK-Milan');
	t.is(ark?.notBefore, Date.parse('2020-10-22T17:23:05Z'));
	t.is(ark?.notAfter, Date.parse('2045-10-22T17:23:05Z'));
	t.deepEqual(ark === undefined ? null : readConstraints(ark), {
		isCa: true,
		pathLength: null,
		signsCertificates: true,
		signsRevocations: true,
	});
	t.deepEqual(ask === undefined ? null : readConstraints(ask), {
		isCa: true,
		pathLength: 0,
		signsCertificates: true,
		signsRevocations: false,
	});
	const leaf = parseCertificate(corpusBytes('milan-v3-vlek-aws.vlek.der'));
	t.deepEqual(readConstraints(leaf), { isCa: false, pathLength: null, signsCertificates: null, signsRevocations: null });
	t.true([ark, ask, leaf].every((one) => one?.algorithm.isPssSha384 === true));
	t.is(leaf.extensions.size, 11);
});

withCorpus('[corpus] bytes cut off anywhere, or behind the end, are refused', (t) => {
	for (const { der, source } of files.flatMap(corpusCertificates)) {
		for (let length = 0; length < der.length; length += 7) {
			t.throws(() => parseCertificate(der.subarray(0, length)), { instanceOf: ParseError }, `${source} ${length}`);
		}
		t.throws(() => parseCertificate(Buffer.concat([der, Buffer.of(0)])), { instanceOf: ParseError }, source);
	}
});

withCorpus('[corpus] damaged certificates give nothing but ParseError', (t) => {
	const all = files.flatMap(corpusCertificates).map(({ der }) => der);
	const damaged = fc
		.record({
			der: fc.constantFrom(...all),
			at: fc.nat(1_600),
			put: fc.uint8Array({ minLength: 1, maxLength: 8 }),
			cut: fc.nat(8),
		})
		.map(({ der, at, put, cut }) => Buffer.concat([der.subarray(0, at), put, der.subarray(at + cut)]));
	t.notThrows(() =>
		fc.assert(
			fc.property(damaged, (bytes) => {
				try {
					readConstraints(parseCertificate(bytes));
				} catch (error) {
					return error instanceof ParseError;
				}
				return true;
			}),
			{ numRuns: 2_000 },
		),
	);
});

test('whatever the bytes, nothing but ParseError', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				for (const parse of [parseCertificate, parseRevocationList]) {
					try {
						parse(bytes);
					} catch (error) {
						if (!(error instanceof ParseError)) {
							return false;
						}
					}
				}
				return true;
			}),
		),
	);
});
