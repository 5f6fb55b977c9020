// The kinds that speak to a TPM, each against the software TPM and against TPMs that are broken in one named way.

import test from 'ava';
import fc from 'fast-check';
import { hashOf } from '../domain/tpm/algorithms.ts';
import { pcrExtend as extendCommand, pcrRead } from '../domain/tpm/commands.ts';
import { TPM_CC } from '../domain/tpm/constants.ts';
import { concat, hex, u16, u32 } from '../domain/tpm/marshal.ts';
import { parsePcrRead } from '../domain/tpm/pcr-values.ts';
import { type CheckKind, Inconclusive, type Judgement, type Observations, type Place } from '../language/kind.ts';
import type { Answer, Request } from '../ports.ts';
import { coconutTpm, swtpmTpm } from '../sim/tpm/profile.ts';
import { createSoftwareTpm } from '../sim/tpm/software-tpm.ts';
import { pcrExtend } from './pcr-extend.ts';
import { pcrExtendReasons } from './pcr-extension.ts';
import { pcrReset, pcrResetReasons } from './pcr-reset.ts';
import { tpm, tpmReasons } from './tpm.ts';

/** What answers a request for the device: bytes, or something else that a machine may say. */
type Device = (command: Uint8Array) => Uint8Array | Answer;

const place: Place = {
	profile: 'shipped',
	axes: { milestone: 'ga', generation: 'milan', tee: 'snp', boot: 'direct', 'guest-os': 'f41' },
	release: 41,
	packages: {},
	limits: { boot: 180_000, 'boot-per-gib': 1_000, command: 30_000, 'host-return': 1_200_000 },
	trust: { by: 'pins' },
};

const random = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const digest = hashOf('sha256', random);
const done = Uint8Array.from(Buffer.from('80020000001300000000000000000000010000', 'hex'));
const refusal = (code: number) => concat(u16(0x8001), u32(10), u32(code));
const codeOf = (command: Uint8Array) => Buffer.from(command).readUInt32BE(6);

function answerOf(request: Request, device: Device): Answer {
	if (request.do === 'random') {
		return { kind: 'bytes', bytes: random.slice(0, request.length) };
	}
	if (request.do !== 'transceive') {
		throw new Error(`Unexpected request '${request.do}'`);
	}
	const answer = device(Uint8Array.from(Buffer.from(request.hex, 'hex')));
	return answer instanceof Uint8Array ? { kind: 'bytes', bytes: answer } : answer;
}

function observe(kind: CheckKind, params: unknown, device: Device): { observations: Observations; batches: Request[][] } {
	const observations = new Map<string, Answer>();
	const batches: Request[][] = [];
	const observing = kind.observe(params);
	for (let step = observing.next(observations); !step.done; step = observing.next(observations)) {
		batches.push(Object.values(step.value));
		for (const [name, request] of Object.entries(step.value)) {
			observations.set(name, answerOf(request, device));
		}
	}
	return { observations, batches };
}

function run(kind: CheckKind, given: unknown, device: Device): Judgement {
	const params = kind.params.parse(given);
	const { observations } = observe(kind, params, device);
	// Expectations are written to plan.json, so they must survive it.
	const expectation = JSON.parse(JSON.stringify(kind.expectation(params, place)));
	try {
		return kind.judge(observations, expectation);
	} catch (error) {
		if (error instanceof Inconclusive) {
			return { outcome: 'error', reason: error.reason };
		}
		throw error;
	}
}

const swtpm = (): Device => createSoftwareTpm(swtpmTpm).transceive;
const coconut = (): Device => createSoftwareTpm(coconutTpm).transceive;

/** The software TPM, but for commands of one code, of which the n-th (from 1) goes to `instead`. */
function broken(
	code: number,
	instead: (command: Uint8Array, n: number, tpm: (command: Uint8Array) => Uint8Array) => Uint8Array,
): Device {
	const { transceive } = createSoftwareTpm(coconutTpm);
	let n = 0;
	return (command) => {
		if (codeOf(command) !== code) {
			return transceive(command);
		}
		n += 1;
		return instead(command, n, transceive);
	};
}

const corrupt = (bytes: Uint8Array, index: number) => bytes.with(index, (bytes.at(index) ?? 0) ^ 0xff);
const extend384 = extendCommand(16, new Map([['sha384', hashOf('sha384', random)]]));

test('pcr-extend: COCONUT passes in both active banks, and the PCR is left at zeros', (t) => {
	const device = coconut();
	const judgement = run(pcrExtend, {}, device);
	t.is(judgement.outcome, 'passed');
	// What was computed and what was read, both in full: the same values under two names.
	const form =
		/^PCR 16 (H\(H\(0 ‖ digest\) ‖ digest\)|read): (sha256 = [0-9a-f]{64}, sha384 = [0-9a-f]{96}), and 0 after the reset$/;
	const computed = form.exec(judgement.expected ?? '');
	const read = form.exec(judgement.actual ?? '');
	t.is(computed?.[1], 'H(H(0 ‖ digest) ‖ digest)');
	t.is(read?.[1], 'read');
	t.is(computed?.[2], read?.[2]);
	const left = device(pcrRead(['sha256', 'sha384'], 16));
	const values = left instanceof Uint8Array ? parsePcrRead(left) : null;
	t.deepEqual(values?.ok && values.value.map((value) => hex(value.digest)), ['00'.repeat(32), '00'.repeat(48)]);
});

test('pcr-extend: all four banks, one bank, PCR 23 and another device pass', (t) => {
	for (const params of [{}, { banks: ['sha1', 'sha512'] }, { pcr: 23, banks: ['sha256'] }, { device: '/dev/tpm0' }]) {
		t.is(run(pcrExtend, params, swtpm()).outcome, 'passed', JSON.stringify(params));
	}
});

test('pcr-extend: the second round is one batch, in the order of the experiment', (t) => {
	const { observations, batches } = observe(pcrExtend, pcrExtend.params.parse({}), coconut());
	t.deepEqual([...observations.keys()].slice(0, 2), ['banks', 'random']);
	t.deepEqual([...observations.keys()].slice(2), [
		'reset',
		'before',
		'extend',
		'after',
		'extend-again',
		'again',
		'reset-after',
		'left',
	]);
	t.deepEqual(
		batches.map((batch) => batch.length),
		[2, 8],
	);
});

test('pcr-extend: an active bank of an unknown hash is said not to be judged', (t) => {
	const { transceive } = createSoftwareTpm({ ...coconutTpm, banks: { sha256: 'active' } });
	const judgement = run(pcrExtend, {}, (command) =>
		codeOf(command) === TPM_CC.GetCapability
			? Uint8Array.from(Buffer.from('80010000001f00000000000000000500000002000b03ffffff001203ffffff', 'hex'))
			: transceive(command),
	);
	t.is(judgement.outcome, 'passed');
	t.deepEqual(judgement.notes, ['Not judged: the active bank 0x0012, whose hash is not known here']);
});

const extendFailures: readonly [string, unknown, Device, (typeof pcrExtendReasons)[number], RegExp][] = [
	['extensions dropped', {}, broken(TPM_CC.PCR_Extend, () => done), 'pcr-unchanged', /^PCR 16 sha256 = 0{64} \(unchanged\)$/],
	[
		'the second extension dropped',
		{},
		broken(TPM_CC.PCR_Extend, (command, n, tpm) => (n === 1 ? tpm(command) : done)),
		'pcr-unchanged',
		/^PCR 16 sha256 = [0-9a-f]{64} \(unchanged\)$/,
	],
	[
		'the wrong bank extended',
		{ banks: ['sha256'] },
		broken(TPM_CC.PCR_Extend, (_, _n, tpm) => tpm(extend384)),
		'pcr-unchanged',
		/^PCR 16 sha256 = 0{64} \(unchanged\)$/,
	],
	[
		'one bank of two extended',
		{},
		broken(TPM_CC.PCR_Extend, (_, _n, tpm) => tpm(extendCommand(16, new Map([['sha256', digest]])))),
		'pcr-unchanged',
		/^PCR 16 sha384 = 0{96} \(unchanged\)$/,
	],
	[
		'another bank extended too',
		{ banks: ['sha256'] },
		broken(TPM_CC.PCR_Extend, (command, _, tpm) => {
			tpm(extend384);
			return tpm(command);
		}),
		'other-bank-changed',
		/^PCR 16 sha384 = [0-9a-f]{96}$/,
	],
	[
		'another digest extended',
		{},
		broken(TPM_CC.PCR_Extend, (command, _, tpm) => tpm(corrupt(command, -1))),
		'pcr-wrong-value',
		/^PCR 16 sha384 = [0-9a-f]{96}$/,
	],
	[
		'extended twice',
		{},
		broken(TPM_CC.PCR_Extend, (command, _, tpm) => {
			tpm(command);
			return tpm(command);
		}),
		'pcr-wrong-value',
		/^PCR 16 sha256 = [0-9a-f]{64}$/,
	],
	[
		'extensions refused',
		{},
		broken(TPM_CC.PCR_Extend, () => refusal(0x907)),
		'extend-refused',
		/PCR_Extend of PCR 16: TPM_RC_LOCALITY \(0x907\)$/,
	],
	[
		'the second extension refused',
		{},
		broken(TPM_CC.PCR_Extend, (command, n, tpm) => (n === 1 ? tpm(command) : refusal(0x101))),
		'extend-refused',
		/TPM_RC_FAILURE \(0x101\)$/,
	],
	[
		'resets refused',
		{},
		broken(TPM_CC.PCR_Reset, () => refusal(0x907)),
		'reset-refused',
		/PCR_Reset of PCR 16: TPM_RC_LOCALITY \(0x907\)$/,
	],
	[
		'the last reset refused',
		{},
		broken(TPM_CC.PCR_Reset, (command, n, tpm) => (n === 1 ? tpm(command) : refusal(0x9a2))),
		'reset-refused',
		/TPM_RC_BAD_AUTH of session 1 \(0x9a2\)$/,
	],
	['resets ignored', {}, broken(TPM_CC.PCR_Reset, () => done), 'pcr-not-left-reset', /^PCR 16 sha256 = [0-9a-f]{64}$/],
	[
		'a reset to another value',
		{},
		broken(TPM_CC.PCR_Reset, (command, _, tpm) => {
			tpm(command);
			return tpm(extendCommand(16, new Map([['sha256', digest]])));
		}),
		'pcr-not-zero-after-reset',
		/^PCR 16 sha256 = [0-9a-f]{64}$/,
	],
	[
		'no active bank',
		{},
		createSoftwareTpm({ ...coconutTpm, banks: { sha256: 'inactive' } }).transceive,
		'no-active-bank',
		/^active banks none$/,
	],
	['an inactive bank asked for', { banks: ['sha256', 'sha1'] }, coconut(), 'bank-not-active', /^active banks sha256, sha384$/],
];

for (const [title, params, device, code, actual] of extendFailures) {
	test(`pcr-extend fails: ${title}`, (t) => {
		const judgement = run(pcrExtend, params, device);
		t.is(judgement.outcome, 'failed');
		t.is(judgement.outcome === 'failed' && judgement.reason.code, code);
		t.regex(judgement.actual ?? '', actual);
		t.not(judgement.expected, judgement.actual);
	});
}

test('pcr-extend: every reason has a TPM that shows it', (t) => {
	t.deepEqual([...new Set(extendFailures.map(([, , , code]) => code))].sort(), [...pcrExtendReasons].sort());
});

/** Ways in which every kind cannot find out. */
const inconclusive: readonly [string, Device, string][] = [
	['no device', () => ({ kind: 'no-file', errno: 'ENOENT' }), 'no-device'],
	['no way to the device', () => ({ kind: 'fault', code: 'not-available', message: 'cannot open' }), 'no-device'],
	['a time-out', () => ({ kind: 'fault', code: 'timeout', message: 'no answer' }), 'timeout'],
	['garbage', () => Uint8Array.from(Buffer.from('no TPM at all')), 'unrecognised-output'],
	['nothing', () => new Uint8Array(0), 'unrecognised-output'],
	['an answer cut short', (command) => createSoftwareTpm(swtpmTpm).transceive(command).slice(0, -1), 'unrecognised-output'],
	['a TPM without startup', () => refusal(0x100), 'unrecognised-output'],
	['a TPM that asks for a retry', () => refusal(0x922), 'tpm-busy'],
];

const subjects: readonly [CheckKind, unknown][] = [
	[pcrExtend, {}],
	[pcrReset, { pcr: 0, outcome: 'refused' }],
	[tpm, { family: '2.0' }],
	[tpm, { banks: { 'must-not': ['sha1'] } }],
];

for (const [kind, params] of subjects) {
	for (const [title, device, code] of inconclusive) {
		test(`${kind.kind} ${JSON.stringify(params)} cannot find out: ${title}`, (t) => {
			const judgement = run(kind, params, device);
			t.is(judgement.outcome, 'error');
			t.is(judgement.outcome === 'error' && judgement.reason.code, code);
		});
	}
}

test('pcr-extend asks no more when the banks are not to be had', (t) => {
	for (const [, device] of inconclusive) {
		t.is(observe(pcrExtend, pcrExtend.params.parse({}), device).batches.length, 1);
	}
});

test('pcr-extend: garbage in the second round is an error, not a failure', (t) => {
	for (const code of [TPM_CC.PCR_Read, TPM_CC.PCR_Extend, TPM_CC.PCR_Reset]) {
		for (const answer of [new Uint8Array(0), done.slice(0, 12), Uint8Array.of(1, 2, 3), refusal(0)]) {
			const judgement = run(
				pcrExtend,
				{},
				broken(code, () => answer),
			);
			t.is(judgement.outcome === 'error' && judgement.reason.code, 'unrecognised-output');
		}
	}
});

test('pcr-extend: a read without the value is an error', (t) => {
	const judgement = run(
		pcrExtend,
		{},
		broken(TPM_CC.PCR_Read, (_, _n, tpm) => tpm(pcrRead(['sha256', 'sha384'], 15))),
	);
	t.is(judgement.outcome === 'error' && judgement.reason.code, 'unrecognised-output');
});

test('no kind throws on a damaged answer', (t) => {
	const change = fc.tuple(fc.nat(12), fc.nat(80), fc.integer({ min: 1, max: 255 }));
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.constantFrom(...subjects), change, ([kind, params], [nth, index, mask]) => {
				const { transceive } = createSoftwareTpm(coconutTpm);
				let n = 0;
				const { outcome } = run(kind, params, (command) => {
					const answer = transceive(command);
					n += 1;
					return n - 1 === nth && index < answer.length ? answer.with(index, (answer[index] ?? 0) ^ mask) : answer;
				});
				return ['passed', 'failed', 'error'].includes(outcome);
			}),
			{ numRuns: 1000 },
		),
	);
});

test('pcr-reset: refusal for locality passes, whatever the TPM', (t) => {
	for (const device of [swtpm(), coconut()]) {
		t.deepEqual(run(pcrReset, { pcr: 0, outcome: 'refused' }, device), {
			outcome: 'passed',
			expected: 'TPM2_PCR_Reset of PCR 0: TPM_RC_LOCALITY (0x907)',
			actual: 'TPM2_PCR_Reset of PCR 0: TPM_RC_LOCALITY (0x907)',
		});
	}
});

test('pcr-reset: a reset that is accepted fails', (t) => {
	const judgement = run(
		pcrReset,
		{ pcr: 7, outcome: 'refused' },
		broken(TPM_CC.PCR_Reset, () => done),
	);
	t.is(judgement.outcome === 'failed' && judgement.reason.code, pcrResetReasons[0]);
	t.is(judgement.actual, 'TPM2_PCR_Reset of PCR 7: TPM_RC_SUCCESS (0x000)');
});

test('pcr-reset: another refusal says nothing about the PCR and is named', (t) => {
	const judgement = run(
		pcrReset,
		{ pcr: 7, outcome: 'refused' },
		broken(TPM_CC.PCR_Reset, () => refusal(0x9a2)),
	);
	t.deepEqual(judgement.outcome === 'error' && judgement.reason, {
		code: 'unrecognised-output',
		message: "The TPM answered 'reset' with TPM_RC_BAD_AUTH of session 1 (0x9a2)",
	});
});

test('tpm: what it asserts, and no more, is in the result', (t) => {
	const params = { family: '2.0', manufacturer: 'XYZ ', banks: { must: ['sha256'], 'must-not': ['sha1'] } };
	t.deepEqual(run(tpm, params, coconut()), {
		outcome: 'passed',
		expected: 'family 2.0, manufacturer XYZ, active banks sha256, no sha1',
		actual: 'family 2.0 (0x322e3000), manufacturer XYZ (0x58595a20), active banks sha256, sha384',
	});
	t.deepEqual(run(tpm, { manufacturer: 'IBM' }, swtpm()), {
		outcome: 'passed',
		expected: 'manufacturer IBM',
		actual: 'manufacturer IBM (0x49424d00)',
	});
});

const older: Device = broken(TPM_CC.GetCapability, (command, _, device) => {
	const answer = device(command);
	const family = Buffer.from(answer).indexOf('2.0');
	return family < 0 ? answer : answer.with(family, 0x31);
});

const tpmFailures: readonly [string, unknown, Device, (typeof tpmReasons)[number], string, string][] = [
	['another family', { family: '2.0' }, older, 'wrong-family', 'family 2.0', 'family 1.0 (0x312e3000)'],
	[
		'another manufacturer',
		{ manufacturer: 'XYZ' },
		swtpm(),
		'wrong-manufacturer',
		'manufacturer XYZ',
		'manufacturer IBM (0x49424d00)',
	],
	[
		'a bank that is missing',
		{ banks: { must: ['sha256', 'sha512'] } },
		coconut(),
		'bank-missing',
		'active banks sha256, sha512',
		'active banks sha256, sha384',
	],
	[
		'a bank that is inactive',
		{ banks: { must: ['sha1'] } },
		coconut(),
		'bank-missing',
		'active banks sha1',
		'active banks sha256, sha384',
	],
	[
		'a bank that must not be',
		{ banks: { 'must-not': ['sha1'] } },
		swtpm(),
		'bank-present',
		'no sha1',
		'active banks sha1, sha256, sha384, sha512',
	],
];

for (const [title, params, device, code, expected, actual] of tpmFailures) {
	test(`tpm fails: ${title}`, (t) => {
		const judgement = run(tpm, params, device);
		t.deepEqual(
			[judgement.outcome === 'failed' && judgement.reason.code, judgement.expected, judgement.actual],
			[code, expected, actual],
		);
	});
}

test('tpm: every reason has a TPM that shows it', (t) => {
	t.deepEqual([...new Set(tpmFailures.map(([, , , code]) => code))].sort(), [...tpmReasons].sort());
});

const wrongParams: readonly [CheckKind, unknown, RegExp][] = [
	[pcrExtend, { pcr: 0 }, /Expected 16 or 23: .* can be reset by the guest/],
	[pcrExtend, { pcr: '16' }, /Expected 16 or 23/],
	[pcrExtend, { confirm: 'quote' }, /'quote' is not available yet/],
	[pcrExtend, { banks: [] }, /at least one bank/],
	[pcrExtend, { banks: ['md5'] }, /Expected 'active' or a list of sha1/],
	[pcrExtend, { device: 'tpmrm0' }, /Expected a path that starts with/],
	[pcrExtend, { digest: 'ab' }, /digest/],
	[pcrReset, { pcr: 16, outcome: 'refused' }, /Expected a PCR of 0 to 15/],
	[pcrReset, { pcr: 1.5, outcome: 'refused' }, /Expected the number of a PCR/],
	[pcrReset, { pcr: 0 }, /Expected 'refused'/],
	[pcrReset, { pcr: 0, outcome: 'accepted' }, /Expected 'refused'/],
	[tpm, {}, /without them nothing is asserted/],
	[tpm, { banks: {} }, /without them nothing is asserted/],
	[tpm, { banks: { must: [] } }, /at least one bank/],
	[tpm, { banks: { must: ['sha1'], 'must-not': ['sha1'] } }, /not both: no TPM can pass/],
	[tpm, { family: 2 }, /Expected text in quotes, for example "2.0"/],
	[tpm, { manufacturer: 'COCONUT' }, /one to four ASCII characters/],
];

for (const [kind, params, message] of wrongParams) {
	test(`${kind.kind} does not take ${JSON.stringify(params)}`, (t) => {
		const parsed = kind.params.safeParse(params);
		t.false(parsed.success);
		t.regex(parsed.error?.issues.map((issue) => issue.message).join('; ') ?? '', message);
	});
}
