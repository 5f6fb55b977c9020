// For tests: reports with one fault each, for verifiers to find. Those that are signed over the fault are what a firmware could
// have written that does so; the others are what somebody did to a report on its way.

import { generateKeyPairSync } from 'node:crypto';
import { derTag } from '../der/der.ts';
import { writeInteger, writeOctets, writeText, writeValue } from '../der/write.ts';
import { basicConstraints, type ExtensionParts, subjectKeyIdentifier } from '../x509/build.ts';
import { vekExtensions } from './amd-certificate.ts';
import type { SnpProduct } from './product.ts';
import { type ReportField, reportFields } from './report.ts';
import type { Tcb } from './tcb.ts';
import { testHwid, testTcb } from './test-chain.ts';
import { type CaseParts, corpusCases, type PeerCase, peerCase } from './test-peer-case.ts';

const products = ['Milan', 'Genoa', 'Turin'] as const;
const at = Object.fromEntries(Object.entries(reportFields).map(([name, [offset]]) => [name, offset])) as Readonly<
	Record<ReportField, number>
>;

/** Good reports: of every product, hierarchy and version. */
export function goodReports(): readonly PeerCase[] {
	return products.flatMap((product) =>
		(['VCEK', 'VLEK'] as const).flatMap((signedWith) =>
			([2, 3, 4, 5] as const).map((version) =>
				peerCase({ kind: version === 2 ? 'good, version 2' : 'good', product, signedWith, report: { version } }),
			),
		),
	);
}

type Fault = Omit<CaseParts, 'product'>;

const put = (offset: number, ...bytes: readonly number[]) => ({
	unsigned: (report: Buffer) => report.set(bytes, offset),
});
const flip = (offset: number, bit: number) => ({
	unsigned: (report: Buffer) => {
		report.writeUInt8(report.readUInt8(offset + (bit >> 3)) ^ (1 << (bit & 7)), offset + (bit >> 3));
	},
});

/** Faults of a report that is signed all the same. */
function signedFaults(product: SnpProduct): readonly Fault[] {
	const tcb = testTcb[product];
	const isTurin = product === 'Turin';
	return [
		...[0, 9, 16, 18, 19, 20, 21, 22, 23, 24, 25].map((bit) => ({
			...{ kind: 'a known bit of the policy', note: `${bit}` },
			...flip(at.POLICY, bit),
		})),
		{ kind: 'bit 17 of the policy', ...flip(at.POLICY, 17) },
		...[26, 40, 63].map((bit) => ({ kind: 'an unknown bit of the policy', note: `${bit}`, ...flip(at.POLICY, bit) })),
		...[0, 1, 2, 3, 4, 5, 7].map((bit) => ({
			...{ kind: 'a known bit of the platform', note: `${bit}` },
			...flip(at.PLATFORM_INFO, bit),
		})),
		...[6, 8, 63].map((bit) => ({ kind: 'an unknown bit of the platform', note: `${bit}`, ...flip(at.PLATFORM_INFO, bit) })),
		{ kind: 'an author key', ...flip(at.KEY_INFO, 0) },
		{ kind: 'a masked chip key', ...flip(at.KEY_INFO, 1) },
		{ kind: 'the other signing key', ...flip(at.KEY_INFO, 2) },
		...[2, 3, 4, 5, 6].map((key) => ({ kind: 'a reserved signing key', note: `${key}`, ...put(at.KEY_INFO, key << 2) })),
		{ kind: 'no signing key', ...put(at.KEY_INFO, 7 << 2) },
		...[5, 31].map((bit) => ({ kind: 'a reserved bit of KEY_INFO', note: `${bit}`, ...flip(at.KEY_INFO, bit) })),
		...[0, 2, 0x101].map((value) => ({
			...{ kind: 'another algorithm', note: `${value}` },
			...put(at.SIGNATURE_ALGO, value & 0xff, value >> 8),
		})),
		...[0, 1].map((version) => ({ kind: 'version 0 or 1', note: `${version}`, ...put(at.VERSION, version) })),
		{ kind: 'version 6', ...put(at.VERSION, 6) },
		{ kind: 'version 2^24', ...put(at.VERSION, 0, 0, 0, 1) },
		...[1, 2, 3].map((vmpl) => ({ kind: 'a VMPL', note: `${vmpl}`, ...put(at.VMPL, vmpl) })),
		{ kind: 'VMPL 4', ...put(at.VMPL, 4) },
		{ kind: 'VMPL 2^32 - 1', ...put(at.VMPL, 255, 255, 255, 255) },
		...[0x4c, 0x4f, 0x19f, 0x1eb, 0x1ef, 0x208, 0x29f].map((offset) => ({
			...{ kind: 'a reserved byte', note: `0x${offset.toString(16)}` },
			...put(offset, 1),
		})),
		...(['CURRENT', 'REPORTED', 'COMMITTED', 'LAUNCH'] as const).map((name) => ({
			kind: `a reserved byte of ${name}_TCB`,
			...put(at[`${name}_TCB`] + 5, 1),
		})),
		...(['FAMILY_ID', 'IMAGE_ID', 'REPORT_DATA', 'MEASUREMENT', 'HOST_DATA', 'ID_KEY_DIGEST', 'REPORT_ID'] as const).map(
			(name) => ({
				...{ kind: 'another value', note: name },
				...flip(at[name], 3),
			}),
		),
		{ kind: 'a migration agent', ...flip(at.REPORT_ID_MA, 0) },
		{ kind: 'a masked chip', report: { hwid: null } },
		...(isTurin ? [{ kind: 'something behind the chip', ...put(at.CHIP_ID + 8, 1) }] : []),
		{ kind: 'provisional firmware', report: { tcb: { current: tcb, committed: lower(tcb), reported: lower(tcb) } } },
		{ kind: 'a reported TCB above the committed one', report: { tcb: { current: tcb, committed: lower(tcb) } } },
		{ kind: 'a committed TCB above the current one', report: { tcb: { current: lower(tcb), committed: tcb } } },
		{ kind: 'a launch TCB above the current one', report: { tcb: { current: lower(tcb), launch: tcb } } },
		{ kind: 'a microcode level above 127', report: { tcb: { current: { ...tcb, microcode: 200 } } } },
		{ kind: 'another level above 127', report: { tcb: { current: { ...tcb, bootloader: 200 } } } },
		{ kind: 'firmware that is above what runs', report: { firmware: { current: version(39), committed: version(40) } } },
	];
}

const lower = (tcb: Tcb): Tcb => ({ ...tcb, snp: tcb.snp - 1 });
const version = (build: number) => ({ major: 1, minor: 55, build });

/** Faults of the processor that a report names. */
function processorFaults(): readonly CaseParts[] {
	const processor = (kind: string, product: SnpProduct, family: number, model: number, stepping = 1): CaseParts => ({
		...{ kind, note: `family ${family}, model ${model}, stepping ${stepping}`, product },
		report: { cpuid: { family, model, stepping } },
	});
	return [
		processor('another stepping', 'Milan', 0x19, 0x01, 2),
		processor('another stepping', 'Genoa', 0x19, 0x11, 0),
		processor('a stepping above 15', 'Milan', 0x19, 0x01, 17),
		processor('another model', 'Milan', 0x19, 0x00, 0),
		processor('another model', 'Milan', 0x19, 0x0f),
		processor('another model', 'Genoa', 0x19, 0x10),
		processor('another model', 'Genoa', 0x19, 0x1f),
		processor('another model', 'Genoa', 0x19, 0xa0),
		processor('model 0xaf', 'Genoa', 0x19, 0xaf),
		processor('another model', 'Turin', 0x1a, 0x11),
		processor('the processor of a product with the same TCB', 'Milan', 0x19, 0x11),
		processor('the processor of a product with the same TCB', 'Genoa', 0x19, 0x01),
		processor('the processor of a product with another TCB', 'Milan', 0x1a, 0x02),
		processor('the processor of a product with another TCB', 'Turin', 0x19, 0x11),
		processor('an unknown processor', 'Milan', 0x19, 0x50),
		processor('an unknown processor', 'Genoa', 0x17, 0x31),
		processor('an unknown processor', 'Turin', 0x1a, 0x50),
		processor('no processor', 'Milan', 0, 0, 0),
	];
}

function faultsOfLeaves(product: SnpProduct): readonly Fault[] {
	const tcb = testTcb[product];
	const isTurin = product === 'Turin';
	const without = (name: keyof typeof vekExtensions) => (plain: readonly ExtensionParts[]) =>
		plain.filter(({ oid }) => oid !== vekExtensions[name]);
	const value = (name: keyof typeof vekExtensions, bytes: Uint8Array) => (plain: readonly ExtensionParts[]) =>
		plain.map((one) => (one.oid === vekExtensions[name] ? { ...one, value: bytes } : one));
	const more = (extension: ExtensionParts) => (plain: readonly ExtensionParts[]) => [...plain, extension];
	const ia5 = (text: string) => writeText(text, derTag.ia5String);
	const names = ['bootloader', 'tee', 'snp', 'microcode'] as const;
	const strange = { oid: '1.3.6.1.4.1.99999.1', value: writeInteger(1) };
	return [
		...names.map((name) => ({ kind: "another TCB's leaf", note: name, leafTcb: { ...tcb, [name]: tcb[name] + 1 } })),
		...(isTurin ? [{ kind: "another TCB's leaf", note: 'fmc', leafTcb: { ...tcb, fmc: 2 } }] : []),
		{ kind: "another chip's leaf", leafHwid: testHwid(product, 2) },
		...(['blSPL', 'teeSPL', 'snpSPL', 'ucodeSPL', ...(isTurin ? (['fmcSPL'] as const) : [])] as const).map((name) => ({
			...{ kind: 'a leaf without a level', note: name, extensions: without(name) },
		})),
		...(['structVersion', 'productName', 'spl5', ...(isTurin ? [] : (['spl4'] as const))] as const).map((name) => ({
			...{ kind: 'a leaf without another extension', note: name, extensions: without(name) },
		})),
		{ kind: 'a leaf without a chip', extensions: without('hwID') },
		{ kind: 'a leaf of chip and provider', extensions: more({ oid: vekExtensions.cspID, value: ia5('CN=cc-test.example') }) },
		{ kind: 'a reserved level', extensions: value('spl6', writeInteger(1)) },
		{ kind: 'another structVersion', extensions: value('structVersion', writeInteger(isTurin ? 0 : 1)) },
		{ kind: 'structVersion 7', extensions: value('structVersion', writeInteger(7)) },
		...(product === 'Genoa' ? ['Genoa-B2'] : product === 'Milan' ? ['Milan-B1', 'Milan'] : ['Turin-B1']).map((name) => ({
			...{ kind: 'another stepping in the leaf', note: name, extensions: value('productName', ia5(name)) },
		})),
		{ kind: "another product's name", extensions: value('productName', ia5(product === 'Genoa' ? 'Milan-B0' : 'Genoa-B0')) },
		{ kind: "no product's name", extensions: value('productName', ia5('Rome-B0')) },
		{ kind: 'a name in UTF-8', extensions: value('productName', writeText(product)) },
		{ kind: 'a level that is not minimal', extensions: value('snpSPL', writeValue(derTag.integer, Uint8Array.of(0, tcb.snp))) },
		{ kind: 'a level that is negative', extensions: value('ucodeSPL', writeInteger(tcb.microcode - 256)) },
		{ kind: 'a level with more behind it', extensions: value('snpSPL', Buffer.concat([writeInteger(9), Buffer.of(tcb.snp)])) },
		{ kind: 'a chip in DER armour', extensions: value('hwID', writeOctets(testHwid(product))) },
		{ kind: "an extension that is not AMD's", extensions: more(strange) },
		{ kind: 'a key identifier', extensions: more(subjectKeyIdentifier(Buffer.alloc(20, 7))) },
		{ kind: "a critical extension that is not AMD's", extensions: more({ ...strange, critical: true }) },
		{ kind: "another extension of AMD's", extensions: more({ oid: '1.3.6.1.4.1.3704.1.3.12', value: writeInteger(1) }) },
		{ kind: 'an extension twice', extensions: more({ oid: vekExtensions.blSPL, value: writeInteger(tcb.bootloader) }) },
		{ kind: 'a leaf that is an authority', extensions: more(basicConstraints(null)) },
		{ kind: 'a key on P-256', key: smallKey },
	];
}

const smallKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const order = BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973');

type Damage = readonly [kind: string, note: string, change: (report: Buffer) => Uint8Array | undefined];

/** What somebody can do to a report that is signed. */
const damages: readonly Damage[] = [
	...Object.entries(reportFields)
		.filter(([name]) => name !== 'SIGNATURE')
		.map(([name, [offset, length]]): Damage => ['a flipped bit', name, flipAt(offset + length - 1)]),
	...(['CURRENT', 'REPORTED', 'COMMITTED', 'LAUNCH'] as const).map(
		(name): Damage => ['a flipped bit in the reserved part of a TCB', name, flipAt(at[`${name}_TCB`] + 5)],
	),
	['a flipped bit of R', '', flipAt(at.SIGNATURE + 3)],
	['a flipped bit of S', '', flipAt(at.SIGNATURE + 72 + 47)],
	['something in the padding of R', '', flipAt(at.SIGNATURE + 48)],
	['something in the padding of S', '', flipAt(at.SIGNATURE + 72 + 71)],
	['something behind S', '', flipAt(at.SIGNATURE + 144)],
	['something behind S', 'the last byte', flipAt(0x49f)],
	['R is zero', '', (report) => withNumber(report, 0, 0n)],
	['S is zero', '', (report) => withNumber(report, 72, 0n)],
	['R is the order', '', (report) => withNumber(report, 0, order)],
	['S is the order', '', (report) => withNumber(report, 72, order)],
	['S and the order', '', (report) => withNumber(report, 72, numberAt(report, 72) + order)],
	['the order without S', '', (report) => withNumber(report, 72, order - numberAt(report, 72))],
	[
		'R and S swapped',
		'',
		(report) => withNumber(withNumber(Buffer.from(report), 0, numberAt(report, 72)), 72, numberAt(report, 0)),
	],
	['a byte less', '', (report) => report.subarray(0, -1)],
	['a byte more', '', (report) => Buffer.concat([report, Buffer.of(0)])],
	['nothing', '', () => Buffer.alloc(0)],
	['zeros', '', (report) => Buffer.alloc(report.length)],
];

function flipAt(offset: number): (report: Buffer) => undefined {
	return (report) => {
		report.writeUInt8(report.readUInt8(offset) ^ 1, offset);
	};
}

/** R is at 0 and S at 72 in a signature. */
function numberAt(report: Buffer, place: number): bigint {
	const start = at.SIGNATURE + place;
	return BigInt(
		`0x${Buffer.from(report.subarray(start, start + 72))
			.reverse()
			.toString('hex')}`,
	);
}

function withNumber(report: Buffer, place: number, value: bigint): Buffer {
	const bytes = Buffer.from(value.toString(16).padStart(144, '0'), 'hex').reverse();
	report.set(bytes, at.SIGNATURE + place);
	return report;
}

/** Faults of reports that a firmware would have to sign. */
export function reportFaults(): readonly PeerCase[] {
	const milan = (fault: Fault): CaseParts => ({ ...fault, product: 'Milan' });
	return [
		...products.flatMap((product) => signedFaults(product).map((fault): CaseParts => ({ ...fault, product }))),
		...processorFaults(),
		...([2, 3, 4] as const).flatMap((version) =>
			[0x1f8, 0x207].map((offset) =>
				milan({
					kind: 'a mitigation before version 5',
					note: `0x${offset.toString(16)}`,
					report: { version },
					...put(offset, 1),
				}),
			),
		),
		milan({ kind: 'a processor in version 2', report: { version: 2 }, ...put(0x188, 0x19, 1, 1) }),
		milan({ kind: 'mitigations', report: { version: 5, mitigations: { launch: 3n, current: 11n } } }),
		milan({ kind: 'the other signing key', signedWith: 'VLEK', ...put(at.KEY_INFO, 0) }),
	].map(peerCase);
}

/** Faults of what a leaf says; the report that it signed is good. */
export function leafFaults(): readonly PeerCase[] {
	return [
		...products.flatMap((product) => faultsOfLeaves(product).map((fault): CaseParts => ({ ...fault, product }))),
		{ kind: 'a VLEK without a provider', product: 'Milan' as const, signedWith: 'VLEK' as const, extensions: withoutProvider },
	].map(peerCase);
}

const withoutProvider = (plain: readonly ExtensionParts[]) => plain.filter(({ oid }) => oid !== vekExtensions.cspID);

/** Every damage to these reports. */
export function damaged(cases: readonly PeerCase[]): readonly PeerCase[] {
	return cases.flatMap((one) =>
		damages.map(([kind, note, change]) => {
			const copy = Buffer.from(one.report);
			return { ...one, kind, title: `${kind} ${note}: ${one.title}`, report: change(copy) ?? copy };
		}),
	);
}

/** Every report of the corpus under each other leaf of its hierarchy. */
export function swappedLeaves(): readonly PeerCase[] {
	const cases = corpusCases('given');
	return cases.flatMap((one) =>
		cases
			.filter(({ product, hierarchy }) => product === one.product && hierarchy === one.hierarchy)
			.filter(({ report }) => Buffer.compare(report, one.report) !== 0)
			.map(({ leaf, title }) => ({ ...one, kind: "another report's leaf", title: `${one.title}: leaf of ${title}`, leaf })),
	);
}
