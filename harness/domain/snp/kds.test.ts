import test from 'ava';
import { derTag } from '../der/der.ts';
import { writeText } from '../der/write.ts';
import { formatPem, parsePem } from '../x509/pem.ts';
import { vekExtensions } from './amd-certificate.ts';
import { leafExtensions } from './build-chain.ts';
import { type KeyRequest, keyPath, keyText, neededKeys, possibleProducts } from './kds.ts';
import { type KdsFaultCode, requestFault } from './kds-fault.ts';
import { readKeyMaterial } from './kds-material.ts';
import { parseReport } from './report.ts';
import { testChain, testHwid, testTcb } from './test-chain.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const milan = hex(testHwid('Milan'));
const turin = hex(testHwid('Turin'));

const vcek = (product: 'Milan' | 'Genoa' | 'Turin'): KeyRequest & { readonly want: 'vcek' } => ({
	want: 'vcek',
	product,
	hwid: hex(testHwid(product)),
	tcb: testTcb[product],
});

const paths: readonly (readonly [KeyRequest, string])[] = [
	[vcek('Milan'), `/vcek/v1/Milan/${milan}?blSPL=04&teeSPL=00&snpSPL=24&ucodeSPL=219`],
	[vcek('Genoa'), `/vcek/v1/Genoa/${hex(testHwid('Genoa'))}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`],
	[vcek('Turin'), `/vcek/v1/Turin/${turin}?fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=04&ucodeSPL=81`],
	[{ want: 'chain', product: 'Milan', hierarchy: 'vcek' }, '/vcek/v1/Milan/cert_chain'],
	[{ want: 'chain', product: 'Turin', hierarchy: 'vlek' }, '/vlek/v1/Turin/cert_chain'],
	[{ want: 'crl', product: 'Genoa', hierarchy: 'vcek' }, '/vcek/v1/Genoa/crl'],
	[{ want: 'crl', product: 'Genoa', hierarchy: 'vlek' }, '/vlek/v1/Genoa/crl'],
];

test('where everything is', (t) => {
	for (const [request, path] of paths) {
		t.is(keyPath(request), path);
	}
	t.is(milan.length, 128);
	t.is(turin.length, 16);
	t.is(keyText(vcek('Turin')), `the VCEK of Turin chip ${turin} at fmc 1, bootloader 1, tee 1, snp 4, microcode 81`);
});

test('a report says what its verifier needs', (t) => {
	t.deepEqual(neededKeys(parseReport(testChain('Turin').report()), 'Turin'), {
		leaf: vcek('Turin'),
		chain: { want: 'chain', product: 'Turin', hierarchy: 'vcek' },
		crl: { want: 'crl', product: 'Turin', hierarchy: 'vcek' },
	});
	const older = { ...testTcb.Genoa, microcode: 70 };
	const lowered = testChain('Genoa').report({ tcb: { current: testTcb.Genoa, reported: older } });
	t.like(neededKeys(parseReport(lowered), 'Genoa').leaf, { tcb: older });
	t.deepEqual(neededKeys(parseReport(testChain('Milan').report({ signedWith: 'VLEK' })), 'Milan'), {
		leaf: null,
		chain: { want: 'chain', product: 'Milan', hierarchy: 'vlek' },
		crl: { want: 'crl', product: 'Milan', hierarchy: 'vlek' },
	});
});

test('a report of version 2 does not say which of two products it is of', (t) => {
	const of = (product: 'Milan' | 'Genoa' | 'Turin', parts = {}) =>
		possibleProducts(parseReport(testChain(product).report({ version: 2, ...parts })));
	t.deepEqual(of('Milan'), ['Milan', 'Genoa']);
	t.deepEqual(of('Turin'), ['Turin']);
	t.deepEqual(of('Turin', { hwid: null }), ['Milan', 'Genoa'], 'a masked chip says nothing');
	t.deepEqual(of('Genoa', { version: 3 }), ['Genoa']);
	t.deepEqual(of('Genoa', { version: 3, cpuid: { family: 0x1a, model: 0x50, stepping: 0 } }), []);
});

const impossible: readonly (readonly [string, KeyRequest, KdsFaultCode, RegExp])[] = [
	['a masked chip', { ...vcek('Milan'), hwid: '0'.repeat(128) }, 'kds-masked-chip', /CHIP_ID is all zero.*MASK_CHIP_ID/],
	['a masked chip of Turin', { ...vcek('Turin'), hwid: '0'.repeat(16) }, 'kds-masked-chip', /all zero/],
	[
		'all of the field for Turin',
		{ ...vcek('Turin'), hwid: turin.padEnd(128, '0') },
		'kds-unknown-chip',
		/expected 16 .* found 128/,
	],
	['a chip of Turin as Milan', { ...vcek('Milan'), hwid: turin }, 'kds-unknown-chip', /expected 128 .* found 16/],
	['capitals', { ...vcek('Turin'), hwid: turin.toUpperCase() }, 'kds-unknown-chip', /found other characters/],
	['a path in place of a chip', { ...vcek('Turin'), hwid: '../../../etc/pass' }, 'kds-unknown-chip', /other characters/],
	[
		'Turin without FMC',
		{ ...vcek('Turin'), tcb: { ...testTcb.Turin, fmc: null } },
		'kds-unknown-chip',
		/fmc and levels .* fmc null/,
	],
	['Milan with FMC', { ...vcek('Milan'), tcb: { ...testTcb.Milan, fmc: 0 } }, 'kds-unknown-chip', /no fmc.* fmc 0/],
	['a level that is none', { ...vcek('Milan'), tcb: { ...testTcb.Milan, snp: 256 } }, 'kds-unknown-chip', /snp 256/],
];

for (const [title, request, code, message] of impossible) {
	test(`never sent: ${title}`, (t) => {
		const fault = requestFault(request);
		t.is(fault?.code, code);
		t.regex(fault?.message ?? '', message);
		t.true((fault?.next ?? '').length > 20);
	});
}

test('everything else is sent', (t) => {
	for (const [request] of paths) {
		t.is(requestFault(request), null);
	}
});

const chain = testChain('Milan');
const strangers = testChain('Milan', { name: 'strangers' });
const above = (() => {
	const material = readKeyMaterial(
		{ want: 'chain', product: 'Milan', hierarchy: 'vcek' },
		chain.chainPem('vcek'),
		chain.trust,
		null,
	);
	return 'bytes' in material ? material.chain : null;
})();

const flipped = (der: Uint8Array, fromEnd: number) => {
	const copy = Buffer.from(der);
	copy[copy.length - fromEnd] = (copy[copy.length - fromEnd] ?? 0) ^ 1;
	return copy;
};
const pem = (...ders: readonly Uint8Array[]) => Buffer.from(ders.map((der) => formatPem('CERTIFICATE', der)).join(''));
const chainRequest: KeyRequest = { want: 'chain', product: 'Milan', hierarchy: 'vcek' };
const listRequest: KeyRequest = { want: 'crl', product: 'Milan', hierarchy: 'vcek' };

const refused: readonly (readonly [string, KeyRequest, Uint8Array, RegExp])[] = [
	[
		'another chip',
		vcek('Milan'),
		chain.vcek({ hwid: testHwid('Milan', 2) }),
		/another chip's \(expected 0206a5.*01, got 0206a5.*02\)/,
	],
	['another TCB', vcek('Milan'), chain.vcek({ tcb: { ...testTcb.Milan, snp: 23 } }), /another TCB.*snp 24.*snp 23/],
	['another product', vcek('Milan'), testChain('Genoa').vcek(), /a VCEK of Genoa instead of the VCEK of Milan/],
	['a provider key', vcek('Milan'), chain.vlek(), /a VLEK of Milan instead of the VCEK/],
	['its issuer', vcek('Milan'), chain.ask.certificate, /an ASK of Milan instead of/],
	[
		'a wrong signature',
		vcek('Milan'),
		flipped(chain.vcek(), 1),
		/signature of the certificate is wrong \(expected that of SEV-Milan/,
	],
	['one signed by strangers', vcek('Milan'), strangers.vcek(), /signature of the certificate is wrong/],
	['a certificate cut off', vcek('Milan'), chain.vcek().subarray(0, 700), /expected \d+ more bytes, \d+ are left/],
	['a certificate and more', vcek('Milan'), Buffer.concat([chain.vcek(), Buffer.alloc(1)]), /1 bytes are left over/],
	['two certificates', vcek('Milan'), pem(chain.vcek(), chain.vcek()), /2 certificates instead of one/],
	['text', vcek('Milan'), Buffer.from('Not Found'), /is damaged: 'Certificate' at byte 2: expected 111 more bytes, 7 are left$/],
	[
		'an identifier wrapped in DER',
		vcek('Milan'),
		chain.vcek({
			extensions: leafExtensions('Milan', testTcb.Milan, { hwid: testHwid('Milan') }).map((extension) =>
				extension.oid === vekExtensions.hwID
					? { ...extension, value: Buffer.concat([Buffer.of(4, 64), extension.value]) }
					: extension,
			),
		}),
		/another chip's/,
	],
	[
		'another productName',
		vcek('Milan'),
		chain.vcek({
			extensions: leafExtensions('Milan', testTcb.Milan, { hwid: testHwid('Milan') }).map((extension) =>
				extension.oid === vekExtensions.productName ? { ...extension, value: writeText('Genoa', derTag.ia5String) } : extension,
			),
		}),
		/productName .*expected Milan, got Genoa/,
	],
	[
		'the chain of the other hierarchy',
		chainRequest,
		chain.chainPem('vlek'),
		/ASVK of Milan, ARK of Milan instead of ASK and ARK/,
	],
	['a chain without its root', chainRequest, pem(chain.ask.certificate), /ASK of Milan instead of/],
	[
		'a chain with a leaf',
		chainRequest,
		pem(chain.vcek(), chain.ask.certificate, chain.root.certificate),
		/VCEK of Milan, ASK of Milan, ARK/,
	],
	[
		'the chain of another root',
		chainRequest,
		strangers.chainPem('vcek'),
		/an ARK of Milan that is not the trusted one \(SHA-256 [0-9a-f]{64}\)/,
	],
	['a chain of two', chainRequest, pem(strangers.ask.certificate, chain.root.certificate), /signature of certificate 1 is wrong/],
	['the chain of another product', chainRequest, testChain('Genoa').chainPem('vcek'), /ASK of Genoa, ARK of Genoa instead of/],
	['a chain cut off', chainRequest, chain.chainPem('vcek').subarray(0, 1500), /no end|damaged/],
	[
		'a list in place of a chain',
		chainRequest,
		Buffer.from(formatPem('X509 CRL', chain.crl())),
		/expected 'CERTIFICATE', found 'X509 CRL'/,
	],
	['the list of another product', listRequest, testChain('Genoa').crl(), /no revocation list is of ARK-Milan/],
	['a list of strangers', listRequest, strangers.crl(), /not signed by/],
	['a list with a wrong signature', listRequest, flipped(chain.crl(), 1), /not signed by/],
	['a list cut off', listRequest, chain.crl().subarray(0, 300), /more bytes/],
	['a certificate in place of a list', listRequest, chain.vcek(), /not a revocation list/],
];

for (const [title, request, body, problem] of refused) {
	test(`not what was asked for: ${title}`, (t) => {
		const material = readKeyMaterial(request, body, chain.trust, above);
		t.regex('problem' in material ? material.problem : 'taken', problem);
	});
}

test('what was asked for is taken, in either form, and given on in one', (t) => {
	const take = (request: KeyRequest, body: Uint8Array) => {
		const material = readKeyMaterial(request, body, chain.trust, above);
		return 'bytes' in material ? hex(material.bytes) : material.problem;
	};
	const leaf = chain.vcek();
	t.is(take(vcek('Milan'), leaf), hex(leaf));
	t.is(take(vcek('Milan'), pem(leaf)), hex(leaf));
	const list = chain.crl();
	t.is(take(listRequest, list), hex(list));
	t.is(take(listRequest, Buffer.from(formatPem('X509 CRL', list))), hex(list));
	const text = chain.chainPem('vcek');
	t.is(take(chainRequest, text), hex(text));
	const turnedRound = parsePem(text.toString())
		.map(({ bytes }) => bytes)
		.reverse();
	t.is(take(chainRequest, pem(...turnedRound)), hex(text), 'intermediate first');
	t.is(take(chainRequest, Buffer.from(text.toString().replaceAll('\n', '\r\n'))), hex(text));
});

test('without the certificates above, a signature is not looked at; everything else is', (t) => {
	const unsigned = readKeyMaterial(vcek('Milan'), flipped(chain.vcek(), 1), chain.trust, null);
	t.true('bytes' in unsigned && unsigned.chain === null);
	const other = readKeyMaterial(vcek('Milan'), chain.vcek({ hwid: testHwid('Milan', 2) }), chain.trust, null);
	t.true('problem' in other);
});

test('no flipped bit of a stored entry passes', (t) => {
	for (const [request, whole] of [
		[vcek('Milan'), chain.vcek()],
		[chainRequest, chain.chainPem('vcek')],
		[listRequest, chain.crl()],
	] as const) {
		for (let at = 0; at < whole.length; at += 7) {
			const copy = Buffer.from(whole);
			copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
			const material = readKeyMaterial(request, copy, chain.trust, above);
			// A line break may be another one: what is read is then the same, byte for byte.
			t.true('problem' in material || Buffer.compare(material.bytes, whole) === 0, `${request.want} byte ${at}`);
		}
	}
});
