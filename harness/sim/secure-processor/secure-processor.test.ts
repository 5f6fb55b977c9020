import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { defaultExpectation } from '../../domain/snp/expectation.ts';
import { judgeReport } from '../../domain/snp/judge-report.ts';
import { snpProducts } from '../../domain/snp/product.ts';
import type { Trust } from '../../domain/snp/roots.ts';
import type { Tcb } from '../../domain/snp/tcb.ts';
import { parseCertificate } from '../../domain/x509/certificate.ts';
import { parsePem } from '../../domain/x509/pem.ts';
import type { KeyRequest } from '../../ports.ts';
import { testAuthorities } from '../test-simulation.ts';
import { loadAuthorities } from './authorities.ts';
import { createChip } from './chip.ts';
import { createSimulatedKeyService } from './key-service.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const clock = { now: () => now };
const { signal } = new AbortController();

const tcbs: Readonly<Record<(typeof snpProducts)[number], Tcb>> = {
	Milan: { fmc: null, bootloader: 4, tee: 0, snp: 24, microcode: 219 },
	Genoa: { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 },
	Turin: { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 },
};

function processor(product: (typeof snpProducts)[number], hwid: Buffer = Buffer.alloc(product === 'Turin' ? 8 : 64, 0xa7)) {
	const authorities = testAuthorities(product);
	const chip = createChip({ product, hwid, authorities, cspId: 'CN=cc-simulated.example' });
	const keys = createSimulatedKeyService(chip, authorities, clock);
	const trust: Trust = { by: 'root', hashes: [createHash('sha256').update(authorities.ARK.certificate).digest('hex')] };
	const fetch = async (request: KeyRequest) => (await keys.fetch(request, signal)).answer;
	const bytes = async (request: KeyRequest) => {
		const answer = await fetch(request);
		return answer.kind === 'bytes' ? answer.bytes : new Uint8Array();
	};
	return { chip, hwid, trust, fetch, bytes };
}

for (const product of snpProducts) {
	for (const version of [2, 3, 5] as const) {
		for (const signedWith of ['VCEK', 'VLEK'] as const) {
			const title = `${product}, version ${version}, ${signedWith}`;
			test(`${title}: genuine by its own root, and by no other`, async (t) => {
				const { chip, hwid, trust, bytes } = processor(product);
				const tcb = tcbs[product];
				const hierarchy = signedWith === 'VCEK' ? 'vcek' : 'vlek';
				const leaf =
					signedWith === 'VCEK'
						? await bytes({ want: 'vcek', product, hwid: hwid.toString('hex'), tcb })
						: chip.certificate('VLEK', tcb, now);
				const chain = parsePem(Buffer.from(await bytes({ want: 'chain', product, hierarchy })).toString());
				const evidence = {
					report: chip.report({
						version,
						signedWith,
						policy: 0x30000n,
						platformInfo: 0x25n,
						vmpl: 0,
						tcb: { current: tcb },
						firmware: { current: { major: 1, minor: 55, build: 40 } },
					}),
					certificates: [leaf, ...chain.map((block) => block.bytes)].map((der) => ({ source: 'chain', der })),
					revocationLists: [{ source: 'crl', der: await bytes({ want: 'crl', product, hierarchy }) }],
					tableGuids: null,
				};
				const options = { at: now, requireCrl: true, allowMaskedChip: false };
				const judged = judgeReport(evidence, { ...options, trust }, defaultExpectation);
				t.deepEqual([judged.verdict, judged.reasons], ['pass', []]);
				const byAmd = judgeReport(evidence, { ...options, trust: { by: 'pins' } }, defaultExpectation);
				t.is(byAmd.verdict, 'fail');
				t.true(byAmd.reasons.some(({ code }) => code === 'root-not-pinned'));
				const byOther = judgeReport(
					evidence,
					{ ...options, trust: { by: 'root', hashes: ['00'.repeat(32)] } },
					defaultExpectation,
				);
				t.is(byOther.verdict, 'fail');
			});
		}
	}
}

test('a key belongs to one chip and one TCB, and is the same whenever it is asked for', (t) => {
	const key = (last: number, tcb: Tcb, name: 'VCEK' | 'VLEK' = 'VCEK') =>
		parseCertificate(processor('Milan', Buffer.alloc(64, last)).chip.certificate(name, tcb, now)).publicKeyInfo;
	const { Milan: current } = tcbs;
	t.deepEqual(key(1, current), key(1, current));
	t.notDeepEqual(key(1, current), key(2, current));
	t.notDeepEqual(key(1, current), key(1, { ...current, snp: 23 }));
	t.deepEqual(key(1, current, 'VLEK'), key(2, current, 'VLEK'), "a VLEK is its provider's");
});

test('the key service knows one chip of one product', async (t) => {
	const { fetch, hwid } = processor('Genoa');
	const request = { want: 'vcek', product: 'Genoa', hwid: hwid.toString('hex'), tcb: tcbs.Genoa } as const;
	t.is((await fetch(request)).kind, 'bytes');
	t.like(await fetch({ ...request, hwid: '00'.repeat(64) }), { kind: 'fault', code: 'kds-unknown-chip' });
	t.like(await fetch({ want: 'chain', product: 'Milan', hierarchy: 'vcek' }), { kind: 'fault', code: 'kds-unknown-chip' });
});

test.serial('the signing keys are made once, kept for their user alone, and made anew when they are damaged', async (t) => {
	const directory = mkdtempSync(join(tmpdir(), 'snpgate-keys-'));
	t.teardown(() => rmSync(directory, { recursive: true }));
	const root = async () => (await loadAuthorities(join(directory, 'new')))('Milan').ARK.certificate;
	const [first, second] = await Promise.all([root(), root()]);
	t.deepEqual(first, second, 'two that start at the same time trust one root');
	const file = join(directory, 'new', 'simulated-keys-1.json');
	t.is(statSync(file).mode & 0o777, 0o600);
	t.is(JSON.parse(readFileSync(file, 'utf8')).format, 'snpgate.simulated-keys/1');
	writeFileSync(file, '{');
	const anew = await root();
	t.notDeepEqual(anew, first);
	t.deepEqual(await root(), anew);
	t.deepEqual(readdirSync(join(directory, 'new')), ['simulated-keys-1.json']);
});
