// Everything that can be expected of a report: a value that it has, and one that it has not, with the reason.

import test from 'ava';
import type { ReportParts } from './build-report.ts';
import { defaultExpectation, type Expectation } from './expectation.ts';
import type { SnpProduct } from './product.ts';
import { parseReport } from './report.ts';
import { testChain, testHwid, testTcb } from './test-chain.ts';
import { validateReport } from './validate.ts';

const fill = (length: number, value: number) => new Uint8Array(length).fill(value);
const version = (build: number) => ({ major: 1, minor: 55, build });
const { Genoa: tcb } = testTcb;
const lower = { ...tcb, snp: tcb.snp - 1 };
const guid = '63da758d-e664-4564-adc5-f4b93be8accd';

const written: Partial<ReportParts> = {
	version: 5,
	reportData: fill(64, 1),
	measurement: fill(48, 2),
	hostData: fill(32, 3),
	reportId: fill(32, 4),
	familyId: fill(16, 5),
	imageId: fill(16, 6),
	idKeyDigest: fill(48, 7),
	authorKeyDigest: fill(48, 8),
	guestSvn: 9,
	policy: 0x3011fn,
	platformInfo: 0x25n,
	mitigations: { launch: 0b0011n, current: 0b1011n },
};

interface Asked {
	readonly expect?: Partial<Expectation>;
	readonly report?: Partial<ReportParts>;
	readonly product?: SnpProduct | null;
	readonly guids?: readonly string[] | null;
}

function said({ expect = {}, report = {}, product = 'Genoa', guids = null }: Asked): string {
	const bytes = testChain('Genoa').report({ ...written, ...report });
	const { acceptable, reasons } = validateReport(parseReport(bytes), { ...defaultExpectation, ...expect }, product, guids);
	const word = acceptable === true ? 'yes' : acceptable === false ? 'no' : 'open';
	return [word, ...reasons.map(({ code }) => code)].join(' ');
}

/** What is expected, a value that holds, and one that does not, with its reason. */
const fields: readonly (readonly [holds: Partial<Expectation>, differs: Partial<Expectation>, reason: string])[] = [
	[{ reportData: fill(64, 1) }, { reportData: fill(64, 2) }, 'report-data'],
	[{ reportData: fill(10, 1) }, { reportData: Uint8Array.of(1, 1, 2) }, 'report-data'],
	[{ measurements: [fill(48, 9), fill(48, 2)] }, { measurements: [fill(48, 9)] }, 'measurement'],
	[{ hostData: fill(32, 3) }, { hostData: fill(32, 0) }, 'host-data'],
	[{ reportId: fill(32, 4) }, { reportId: fill(32, 0) }, 'report-id'],
	[{ reportIdMa: fill(32, 0xff) }, { reportIdMa: fill(32, 0) }, 'report-id-ma'],
	[{ chipId: testHwid('Genoa') }, { chipId: testHwid('Genoa', 2) }, 'chip-id'],
	[{ familyId: fill(16, 5) }, { familyId: fill(16, 0) }, 'family-id'],
	[{ imageId: fill(16, 6) }, { imageId: fill(16, 0) }, 'image-id'],
	[{ signingKey: 'VCEK' }, { signingKey: 'VLEK' }, 'signing-key-kind'],
	[{ products: ['Milan', 'Genoa'] }, { products: ['Turin'] }, 'product'],
	[{ minVersion: 5 }, { minVersion: 6 }, 'report-version-floor'],
	[{ vmpl: 0 }, { vmpl: 2 }, 'vmpl'],
	[{ minGuestSvn: 9 }, { minGuestSvn: 10 }, 'guest-svn'],
	[{ policy: 0x3011fn }, { policy: 0x30000n }, 'policy'],
	[{ policyBits: { smt: true, singleSocket: false } }, { policyBits: { singleSocket: true } }, 'policy-bit'],
	[{ minAbi: { major: 1, minor: 31 } }, { minAbi: { major: 1, minor: 32 } }, 'policy-abi'],
	[{ minAbi: { major: 0, minor: 255 } }, { minAbi: { major: 2, minor: 0 } }, 'policy-abi'],
	[{ minTcb: { reported: tcb } }, { minTcb: { reported: { snp: tcb.snp + 1 } } }, 'tcb-floor'],
	[{ minTcb: { committed: { bootloader: 10 } } }, { minTcb: { committed: { bootloader: 11 } } }, 'tcb-floor'],
	[{ minTcb: { launch: { microcode: 84 } } }, { minTcb: { launch: { microcode: 85 } } }, 'tcb-floor'],
	[{ minTcb: { current: { tee: 0 } } }, { minTcb: { current: { tee: 1 } } }, 'tcb-floor'],
	// A component that the product has not is no floor that it reaches.
	[{ minTcb: { reported: {} } }, { minTcb: { reported: { fmc: 1 } } }, 'tcb-floor'],
	[{ minFirmware: version(40) }, { minFirmware: version(41) }, 'firmware-floor'],
	[{ platformBits: { ecc: true, tsme: false } }, { platformBits: { tsme: true } }, 'platform-bit'],
	[{ idKey: { digests: [] } }, { idKey: { digests: [fill(48, 9)] } }, 'id-key'],
	[{ authorKey: { digests: [fill(48, 9), fill(48, 8)] } }, { authorKey: { digests: [fill(48, 7)] } }, 'author-key'],
	[{ mitigations: { launch: 0b0001n } }, { mitigations: { launch: 0b0101n } }, 'mitigation-vector'],
	[{ mitigations: { current: 0b1011n } }, { mitigations: { current: 0b1111n } }, 'mitigation-vector'],
];

for (const [index, [holds, differs, reason]] of fields.entries()) {
	test(`${index}: ${Object.keys(holds).join(', ')}`, (t) => {
		t.is(said({ expect: holds }), 'yes');
		t.is(said({ expect: differs }), `no ${reason}`);
	});
}

const firmware = { current: version(39), committed: version(38) };
const rows: readonly (readonly [title: string, asked: Asked, expected: string])[] = [
	['nothing is asked', {}, 'yes'],
	['debugging', { report: { policy: 0xb0000n } }, 'no debug-allowed'],
	['debugging, for who wants it', { report: { policy: 0xb0000n }, expect: { allowDebug: true } }, 'yes'],
	[
		'debugging is not allowed by the policy that is expected',
		{ report: { policy: 0xb0000n }, expect: { policy: 0xb0000n } },
		'no debug-allowed',
	],
	['a migration agent may be', { report: { policy: 0x70000n } }, 'no migration-allowed'],
	['a migration agent, for who wants it', { report: { policy: 0x70000n }, expect: { allowMigrationAgent: true } }, 'yes'],
	['a bit of the policy that nobody knows', { report: { policy: 0x4030000n } }, 'no policy-unknown-bit'],
	['one that is expected', { report: { policy: 0x4030000n }, expect: { policy: 0x4030000n } }, 'yes'],
	['a bit of the platform that nobody knows', { report: { platformInfo: 0x65n } }, 'yes'],
	['one that is refused', { report: { platformInfo: 0x65n }, expect: { refuseUnknownPlatformBits: true } }, 'no platform-bit'],
	[
		'firmware that is not committed',
		{ report: { tcb: { current: tcb, committed: lower, reported: lower } } },
		'no provisional-firmware',
	],
	[
		'that, for who wants it',
		{ report: { tcb: { current: tcb, committed: lower, reported: lower } }, expect: { allowProvisional: true } },
		'yes',
	],
	['another version of the same TCB', { report: { firmware } }, 'yes'],
	['that, for who asks for the version', { report: { firmware }, expect: { committedVersion: true } }, 'no provisional-firmware'],
	[
		'a version that is committed above the one that runs',
		{ report: { firmware: { current: version(39), committed: version(40) } } },
		'no tcb-order',
	],
	[
		'a TCB reported above the committed one',
		{ report: { tcb: { current: tcb, committed: lower } } },
		'no provisional-firmware tcb-order',
	],
	[
		'a TCB committed above the current one',
		{ report: { tcb: { current: lower, committed: tcb, reported: lower } } },
		'no provisional-firmware tcb-order',
	],
	['a launch above all: it may have been elsewhere', { report: { tcb: { current: lower, launch: tcb } } }, 'yes'],
	['a lowered TCB', { report: { tcb: { current: tcb, reported: lower } } }, 'yes'],
	['no ID block', { report: { idKeyDigest: fill(48, 0) }, expect: { idKey: { digests: [] } } }, 'no id-key'],
	['no author key', { report: { authorKeyDigest: fill(48, 0) }, expect: { authorKey: { digests: [] } } }, 'no author-key'],
	[
		'no mitigations before version 5',
		{ report: { version: 3 }, expect: { mitigations: { current: 1n } } },
		'no mitigation-vector',
	],
	['a floor where the product is not known', { product: null, expect: { minTcb: { reported: { snp: 1 } } } }, 'open tcb-floor'],
	['a product where none is known', { product: null, expect: { products: ['Genoa'] } }, 'no product'],
	['a certificate table that has it', { guids: [guid], expect: { certificateTable: [guid] } }, 'yes'],
	['a certificate table that lacks it', { guids: [], expect: { certificateTable: [guid] } }, 'no certificate-table'],
	['no certificate table', { expect: { certificateTable: [guid] } }, 'no certificate-table'],
];

for (const [title, asked, expected] of rows) {
	test(title, (t) => {
		t.is(said(asked), expected);
	});
}

test('what nobody asked for is said, and so is what nobody knows', (t) => {
	const report = parseReport(testChain('Genoa').report({ ...written, platformInfo: 0x65n }));
	const { notJudged } = validateReport(report, { ...defaultExpectation, vmpl: 0 }, 'Genoa');
	t.true(notJudged.includes('MEASUREMENT: nothing was expected'));
	t.false(notJudged.includes('VMPL: nothing was expected'));
	t.true(notJudged.includes('PLATFORM_INFO bit 6: not known here'));
});
