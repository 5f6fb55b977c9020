import test from 'ava';
import type { Answer, BootAnswer } from '../ports.ts';
import { guestBoot } from './guest-boot.ts';
import { brief, drive } from './test-observe.ts';

type Change = Partial<Omit<BootAnswer, 'console' | 'stderr' | 'milestones'>> & {
	readonly ms?: readonly (number | null)[];
	readonly console?: string;
	readonly stderr?: string;
};

function boot({ ms = [100, 2000, 9000], console = '', stderr = '', ...rest }: Change = {}): Answer {
	return {
		kind: 'boot',
		pid: null,
		role: 'subject',
		ended: ms.includes(null) ? 'limit' : 'milestones',
		milestones: ['firmware', 'kernel', 'login']
			.slice(0, ms.length)
			.map((name, index) => ({ name, ms: ms[index] ?? null, line: name })),
		argv: [],
		xml: null,
		limitMs: 180_000,
		exitStatus: null,
		...rest,
		console: Buffer.from(console),
		stderr: Buffer.from(stderr),
	};
}

const fault: Answer = { kind: 'fault', code: 'not-started', message: "'qemu-system-x86_64' is not installed" };
const hung = boot({ ms: [100, null, null], console: 'BdsDxe: starting Boot0001\n' });
const panicked = boot({
	ms: [100, 2000, null],
	ended: 'panic',
	console: 'Kernel panic - not syncing: VFS: Unable to mount root fs\n',
});
const exited = boot({
	ms: [null, null, null],
	ended: 'exit',
	exitStatus: 1,
	stderr: "Parameter 'qom-type' does not accept value\n",
});

const rows = [
	['every milestone', boot(), boot(), 'passed'],
	['hung, and the control booted', hung, boot(), 'failed milestone-missed'],
	['panicked, and the control booted', panicked, boot(), 'failed kernel-panic'],
	['the emulator ended, and the control booted', exited, boot(), 'failed guest-exited'],
	['hung, and the control hung too', hung, hung, 'error control-failed'],
	[
		'hung where the control never comes by',
		boot({ ms: [null, null, null] }),
		boot({ ms: [null, 2000, 9000] }),
		'error control-failed',
	],
	['panicked, and there is no control', panicked, fault, 'error control-failed'],
	['could not even try', fault, boot(), 'error not-started'],
	['no milestones are named', boot({ ms: [] }), boot(), 'error no-milestones'],
] as const;

for (const [title, subject, control, expected] of rows) {
	test(title, (t) => {
		const driven = drive(guestBoot, { reaches: 'milestones' }, (name) => (name === 'subject' ? subject : control));
		t.is(brief(driven.judgement), expected);
	});
}

test('the control is booted only when the subject missed a milestone', (t) => {
	const asked = (subject: Answer) =>
		drive(guestBoot, { reaches: 'milestones' }, (name) => (name === 'subject' ? subject : boot())).asked.map(([name]) => name);
	t.deepEqual(asked(boot()), ['subject']);
	t.deepEqual(asked(fault), ['subject']);
	t.deepEqual(asked(hung), ['subject', 'control']);
});

test('what the emulator complained of is in the actual', (t) => {
	const { judgement } = drive(guestBoot, { reaches: 'milestones' }, (name) => (name === 'subject' ? exited : boot()));
	t.is(judgement.actual, "no milestone; last words: Parameter 'qom-type' does not accept value");
	t.is(judgement.expected, 'firmware → kernel → login');
});
