// What the builders write is what the verifier takes for genuine, and what openssl takes for certificates.

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { readDer } from '../der/der.ts';
import { writeInteger } from '../der/write.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { parseRevocationList } from '../x509/crl.ts';
import { formatPem, parsePem } from '../x509/pem.ts';
import { readVek, vekExtensions } from './amd-certificate.ts';
import { leafExtensions } from './build-chain.ts';
import { snpProducts } from './product.ts';
import { parseReport } from './report.ts';
import { testChain, testHwid, testNow, testTcb } from './test-chain.ts';
import { verifyReport } from './verify.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
const withOpenssl = openssl ? test : test.skip;
const corpus = resolve(process.env.SNPGATE_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus'), 'attestation');
const withCorpus = existsSync(corpus) ? test : test.skip;

for (const product of snpProducts) {
	for (const signedWith of ['VCEK', 'VLEK'] as const) {
		for (const version of [2, 3, 4, 5] as const) {
			test(`a ${product} report of version ${version} under a ${signedWith} is genuine`, (t) => {
				const chain = testChain(product);
				const hierarchy = signedWith === 'VCEK' ? 'vcek' : 'vlek';
				const { genuine, reasons, notJudged } = verifyReport(
					{
						report: parseReport(chain.report({ version, signedWith })),
						certificates: [
							{ source: 'leaf', der: chain[hierarchy]() },
							...parsePem(chain.chainPem(hierarchy).toString()).map(({ bytes }) => ({ source: 'chain', der: bytes })),
						],
						revocationLists: [{ source: 'crl', der: chain.crl() }],
					},
					{ at: testNow, trust: chain.trust, requireCrl: true, allowMaskedChip: signedWith === 'VLEK' },
				);
				t.deepEqual(reasons, []);
				t.true(genuine);
				t.deepEqual(notJudged, []);
			});
		}
	}
}

test('every field of a report is where it belongs', (t) => {
	const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
	const older = { ...testTcb.Milan, snp: 23 };
	const report = parseReport(
		testChain('Milan').report({
			version: 5,
			vmpl: 2,
			guestSvn: 7,
			reportData: bytes(64, 1),
			measurement: bytes(48, 2),
			hostData: bytes(32, 3),
			reportId: bytes(32, 4),
			familyId: bytes(16, 5),
			imageId: bytes(16, 6),
			idKeyDigest: bytes(48, 7),
			authorKeyDigest: bytes(48, 8),
			tcb: { current: testTcb.Milan, reported: older, committed: older, launch: testTcb.Milan },
			firmware: { current: { major: 1, minor: 55, build: 40 }, committed: { major: 1, minor: 55, build: 39 } },
			mitigations: { launch: 0x3n, current: 0xbn },
		}),
	);
	t.like(report, {
		version: 5,
		vmpl: 2,
		guestSvn: 7,
		cpuid: { family: 0x19, model: 1, stepping: 1 },
		currentVersion: { major: 1, minor: 55, build: 40 },
		committedVersion: { major: 1, minor: 55, build: 39 },
		launchMitigations: 3n,
		currentMitigations: 11n,
		reservedNotZero: [],
	});
	t.true(report.keyInfo.authorKeyEnabled);
	for (const [name, value] of [
		['reportData', 1],
		['measurement', 2],
		['hostData', 3],
		['reportId', 4],
		['familyId', 5],
		['imageId', 6],
		['idKeyDigest', 7],
		['authorKeyDigest', 8],
		['reportIdMa', 0xff],
	] as const) {
		t.true(
			report[name].every((byte) => byte === value),
			name,
		);
	}
	t.is(Buffer.from(report.currentTcb).toString('hex'), '04000000000018db');
	t.is(Buffer.from(report.reportedTcb).toString('hex'), '04000000000017db');
	t.throws(() => testChain('Milan').report({ reportData: bytes(65, 1) }), { message: 'REPORT_DATA has 64 bytes, 65 were given' });
});

test('a leaf says what it was built with, and its identifier has no tag', (t) => {
	for (const product of snpProducts) {
		const vcek = parseCertificate(testChain(product).vcek());
		const facts = readVek(vcek);
		t.deepEqual(facts.tcb, testTcb[product]);
		t.deepEqual(Buffer.from(facts.hwid ?? []), Buffer.from(testHwid(product)));
		t.is(facts.structVersion, product === 'Turin' ? 1 : 0);
		t.is(facts.productName, product);
		t.is(vcek.extensions.has(vekExtensions.spl4), product !== 'Turin');
		t.is(readVek(parseCertificate(testChain(product).vlek())).cspId, 'CN=cc-test.example');
	}
});

test('the extensions of a leaf can be replaced, so that faults can be built', (t) => {
	const extensions = leafExtensions('Milan', testTcb.Milan, { hwid: testHwid('Milan') }).map((extension) =>
		extension.oid === vekExtensions.snpSPL ? { ...extension, value: writeInteger(9) } : extension,
	);
	t.is(readVek(parseCertificate(testChain('Milan').vcek({ extensions }))).tcb.snp, 9);
});

test('a revocation list names what it revokes', (t) => {
	const chain = testChain('Genoa');
	const list = parseRevocationList(chain.crl({ revoked: [chain.ask.serial, chain.asvk.serial] }));
	t.deepEqual([...list.revoked], [0x020001n, 0x020101n]);
	t.is(parseRevocationList(chain.crl({ nextUpdate: null })).nextUpdate, null);
});

withCorpus('[corpus] certificates are written as AMD writes its own: the same structure, value for value', (t) => {
	const shapes: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
		['ASK', first('ca/ask_ark_milan.pem', 0), testChain('Milan').ask.certificate],
		['ARK', first('ca/ask_ark_milan.pem', 1), testChain('Milan').root.certificate],
		['ASVK', first('ca/ask_ark_milan_vlek.pem', 0), testChain('Milan').asvk.certificate],
		['VLEK', readFileSync(join(corpus, 'milan-v3-vlek-aws.vlek.der')), testChain('Milan').vlek()],
		['VCEK of Turin', first('turin-v5-mstav.vcek.pem', 0), testChain('Turin').vcek()],
		['VCEK of Genoa', first('genoa-v3-mstav.vcek.pem', 0), testChain('Genoa').vcek()],
	];
	for (const [name, real, ours] of shapes) {
		t.deepEqual(shape(ours), shape(real), name);
	}
});

function first(name: string, index: number): Uint8Array {
	const block = parsePem(readFileSync(join(corpus, name), 'utf8'))[index];
	if (block === undefined) {
		throw new Error(`${name} has no block ${index}`);
	}
	return block.bytes;
}

/** Tags in their nesting, without contents. */
function shape(der: Uint8Array): unknown {
	const reader = readDer(der);
	const values: unknown[] = [];
	while (reader.more) {
		const { tag, contents } = reader.any('x');
		values.push((tag & 0x20) === 0 ? tag : [tag, shape(contents)]);
	}
	return values;
}

test('a PEM block is read back, whatever is in it', (t) => {
	for (const length of [1, 47, 48, 49, 1500]) {
		const bytes = Buffer.alloc(length, 0xc3);
		t.deepEqual(parsePem(formatPem('CERTIFICATE', bytes)), [{ label: 'CERTIFICATE', bytes }]);
	}
});

withOpenssl('[openssl] verifies the chains and the lists', (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-chain-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	const put = (name: string, label: string, der: Uint8Array) => {
		const path = join(directory, name);
		writeFileSync(path, formatPem(label, der));
		return path;
	};
	const at = `${testNow / 1000}`;
	for (const product of snpProducts) {
		const chain = testChain(product);
		const root = put(`${product}-ark.pem`, 'CERTIFICATE', chain.root.certificate);
		const list = put(`${product}-crl.pem`, 'X509 CRL', chain.crl());
		const bad = put(`${product}-bad.pem`, 'X509 CRL', chain.crl({ revoked: [chain.ask.serial] }));
		const ask = put(`${product}-ask.pem`, 'CERTIFICATE', chain.ask.certificate);
		const asvk = put(`${product}-asvk.pem`, 'CERTIFICATE', chain.asvk.certificate);
		const vcek = put(`${product}-vcek.pem`, 'CERTIFICATE', chain.vcek());
		const vlek = put(`${product}-vlek.pem`, 'CERTIFICATE', chain.vlek());
		const verify = (...args: readonly string[]) =>
			spawnSync('openssl', ['verify', '-attime', at, '-CAfile', root, ...args], { encoding: 'utf8' });
		for (const args of [
			['-untrusted', ask, vcek],
			['-untrusted', asvk, vlek],
			['-crl_check', '-CRLfile', list, ask],
		]) {
			const { status, stderr } = verify(...args);
			t.is(status, 0, stderr);
		}
		t.regex(verify('-crl_check', '-CRLfile', bad, ask).stderr, /certificate revoked/);
		t.not(verify('-untrusted', asvk, vcek).status, 0);
		const parsed = new X509Certificate(readFileSync(ask));
		t.true(parsed.ca && parsed.checkIssued(new X509Certificate(readFileSync(root))));
	}
});
