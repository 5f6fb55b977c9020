// A guest reached its milestones. Booting is a task of the run with evidence of its own; this only judges it.
// Design section 3: a missed milestone is the product's failure when the plain control guest of the same run reached it.

import { z } from 'zod';
import { findPanic, stripTerminal } from '../domain/boot/console.ts';
import { defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { bootAnswer } from '../language/observations.ts';
import type { BootAnswer } from '../ports.ts';
import { quote } from './matches.ts';

const lossy = new TextDecoder();

export const guestBoot = defineKind({
	kind: 'guest-boot',
	summary: "The cell's guest boots through the milestones that the matrix names",
	target: 'guest',
	params: z.strictObject({ reaches: z.literal('milestones').describe("All milestones of the matrix's entry for this guest-os") }),
	expectation: () => ({}),
	*observe() {
		const seen = yield { subject: { do: 'boot', role: 'subject' } };
		const subject = seen.get('subject');
		if (subject?.kind === 'boot' && subject.ended !== 'milestones') {
			yield { control: { do: 'boot', role: 'control' } };
		}
	},
	judge(observations) {
		const subject = bootAnswer(observations, 'subject');
		const expected = subject.milestones.map(({ name }) => name).join(' → ');
		const missed = subject.milestones.find(({ ms }) => ms === null);
		if (subject.milestones.length === 0) {
			throw new Inconclusive('no-milestones', 'the matrix names no milestones for this guest');
		}
		if (missed === undefined) {
			const actual = subject.milestones.map(({ name, ms }) => `${name} ${seconds(ms ?? 0)}`).join(' → ');
			return { outcome: 'passed', expected, actual };
		}
		return judgeMissed(observations, subject, missed.name, expected);
	},
});

function judgeMissed(observations: Observations, subject: BootAnswer, missed: string, expected: string): Judgement {
	const reason = whyMissed(subject, missed);
	const actual = `${describeProgress(subject)}${lastWords(subject)}`;
	const control = observations.get('control');
	if (control?.kind === 'boot' && control.milestones.some(({ name, ms }) => name === missed && ms !== null)) {
		const note = `The plain control guest of the same run reached '${missed}'`;
		return { outcome: 'failed', reason, expected, actual, notes: [note] };
	}
	const without =
		control?.kind === 'boot'
			? `the plain control guest did not reach '${missed}' either (${control.ended})`
			: control?.kind === 'fault'
				? control.message
				: 'no control guest';
	return {
		outcome: 'error',
		reason: { code: 'control-failed', message: `${reason.message}; without a healthy control guest nothing follows: ${without}` },
		expected,
		actual,
	};
}

function whyMissed(boot: BootAnswer, missed: string): { readonly code: string; readonly message: string } {
	const panic = findPanic(boot.console);
	if (panic !== null) {
		return { code: 'kernel-panic', message: `The guest's kernel panicked before '${missed}': ${quote(panic)}` };
	}
	if (boot.ended === 'exit') {
		return {
			code: 'guest-exited',
			message: `The guest's process ended with ${boot.exitStatus ?? 'a signal'} before '${missed}'`,
		};
	}
	return { code: 'milestone-missed', message: `The guest did not reach '${missed}' within ${seconds(boot.limitMs)}` };
}

function describeProgress(boot: BootAnswer): string {
	const reached = boot.milestones.filter(({ ms }) => ms !== null).map(({ name, ms }) => `${name} ${seconds(ms ?? 0)}`);
	return reached.length === 0 ? 'no milestone' : reached.join(' → ');
}

/** What the launcher complained of, else the console's last line. */
function lastWords(boot: BootAnswer): string {
	const lines = (bytes: Uint8Array) =>
		stripTerminal(lossy.decode(bytes))
			.split('\n')
			.map(quote)
			.filter((line) => line !== '');
	const words = lines(boot.stderr).at(0) ?? lines(boot.console).at(-1);
	return words === undefined ? '' : `; last words: ${words}`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}
