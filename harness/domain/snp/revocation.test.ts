import test from 'ava';
import { writeInteger } from '../der/write.ts';
import { buildRevocationList, crlNumber, type ExtensionParts, pssSha384 } from '../x509/build.ts';
import { parsePem } from '../x509/pem.ts';
import { defaultExpectation } from './expectation.ts';
import { judgeReport } from './judge-report.ts';
import { testChain, testNow } from './test-chain.ts';

const day = 24 * 3600 * 1000;
const chain = testChain('Milan');
const { ask, root } = chain;
const strange = '1.3.6.1.4.1.99999.1';
const unknown = (critical: boolean): ExtensionParts => ({ oid: strange, critical, value: writeInteger(1) });

function list(extensions: readonly ExtensionParts[], entry: readonly ExtensionParts[] | null = null): Uint8Array {
	const revoked = entry === null ? [] : [{ serial: 77n, at: testNow - day, extensions: entry }];
	const times = { thisUpdate: testNow - day, nextUpdate: testNow + day };
	return buildRevocationList(
		{ algorithm: pssSha384({ trailer: true }), issuer: root.name, ...times, revoked, extensions },
		root.key.sign,
	);
}

function judge(lists: readonly Uint8Array[], requireCrl = false): string {
	const certificates = [chain.vcek(), ...parsePem(chain.chainPem('vcek').toString()).map(({ bytes }) => bytes)];
	const { verdict, reasons } = judgeReport(
		{
			report: chain.report(),
			certificates: certificates.map((der) => ({ source: 'certificate', der })),
			revocationLists: lists.map((der) => ({ source: 'list', der })),
			tableGuids: null,
		},
		{ at: testNow, trust: chain.trust, requireCrl, allowMaskedChip: false },
		defaultExpectation,
	);
	return [verdict, ...reasons.map(({ code }) => code)].join(' ');
}

const rows: readonly (readonly [title: string, lists: readonly Uint8Array[], requireCrl: boolean, expected: string])[] = [
	['no list', [], false, 'pass'],
	['no list where one must be', [], true, 'unknown crl-unavailable'],
	['an empty list', [chain.crl()], true, 'pass'],
	['the intermediate is listed', [chain.crl({ revoked: [ask.serial] })], false, 'fail intermediate-revoked'],
	['another one is listed', [chain.crl({ revoked: [ask.serial + 1n] })], true, 'pass'],
	['a list that is over', [chain.crl({ thisUpdate: testNow - 9 * day, nextUpdate: testNow - day })], false, 'unknown crl-stale'],
	['a list that is not yet', [chain.crl({ thisUpdate: testNow + day })], false, 'unknown crl-stale'],
	[
		'a list that is over and names it all the same',
		[chain.crl({ thisUpdate: testNow - 9 * day, nextUpdate: testNow - day, revoked: [ask.serial] })],
		false,
		'fail crl-stale intermediate-revoked',
	],
	['a list without an end', [chain.crl({ nextUpdate: null })], true, 'pass'],
	["a stranger's list of the same name", [testChain('Milan', { name: 'stranger' }).crl()], false, 'fail crl-signature'],
	["another product's list", [testChain('Genoa').crl()], false, 'unknown crl-unavailable'],
	['bytes that are no list', [Buffer.from('no list')], false, 'fail crl-malformed crl-unavailable'],
	['a byte behind the list', [Buffer.concat([chain.crl(), Buffer.of(0)])], false, 'fail crl-malformed crl-unavailable'],
	['two lists of which one names it', [chain.crl(), chain.crl({ revoked: [ask.serial] })], false, 'fail intermediate-revoked'],
	['an extension that is not known', [list([crlNumber(1n), unknown(false)])], true, 'pass'],
	['a critical one that is not known', [list([crlNumber(1n), unknown(true)])], true, 'unknown crl-not-understood'],
	['a delta list', [list([{ oid: '2.5.29.27', critical: true, value: writeInteger(1) }])], true, 'unknown crl-not-understood'],
	['a critical one in an entry', [list([crlNumber(1n)], [unknown(true)])], true, 'unknown crl-not-understood'],
	['one in an entry', [list([crlNumber(1n)], [unknown(false)])], true, 'pass'],
	['an extension twice', [list([unknown(false), unknown(false)])], false, 'fail crl-malformed crl-unavailable'],
];

for (const [title, lists, requireCrl, expected] of rows) {
	test(title, (t) => {
		t.is(judge(lists, requireCrl), expected);
	});
}
