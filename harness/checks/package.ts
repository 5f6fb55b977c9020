// A package of the host: installed or not, and in which version. The suite says what is required, or else the matrix.

import { z } from 'zod';
import { type InstalledPackage, packageLabel, parseRpmAnswer, rpmQuery } from '../domain/rpm/query.ts';
import { judgeVersion } from '../domain/version/requirement.ts';
import { kernelReleaseRequest } from '../language/host-requests.ts';
import { defineKind, Inconclusive, type Judgement, type Observations } from '../language/kind.ts';
import { decodeText, execAnswer, execText } from '../language/observations.ts';
import { requirement } from '../language/requirement.ts';
import { text } from '../language/scalars.ts';
import type { Answer } from '../ports.ts';
import { quote } from './matches.ts';
import { matrixRules, type ReadRule, type Rule, readRule, ruleLine } from './package-rules.ts';

/** Builds that a line names before it says 'and n more'. */
const longestList = 8;

/** Fedora's packaging guidelines, section Naming; above all no option of rpm. */
const packageName = text.regex(/^[\w][\w.+-]*$/, "Expected the name of a binary package, for example 'qemu-system-x86-core'");

const params = z.union([
	packageName,
	z.strictObject({
		name: packageName,
		requirement: requirement.optional().describe('What it must be; without this the matrix says so'),
		running: z.literal('kernel').optional().describe('Judge only the build that the running kernel comes from'),
	}),
]);

interface Expectation {
	readonly name: string;
	readonly running: 'kernel' | null;
	readonly rules: readonly Rule[];
	/** Where in the matrix a rule for this place belongs. */
	readonly key: string;
	readonly release: string;
}

export const packageKind = defineKind({
	kind: 'package',
	summary: 'A package: installed, and in a version that the suite or the matrix requires',
	target: 'host',
	params,
	expectation(given, place): Expectation {
		const { name, requirement: own, running } = subject(given);
		const { rules, key } = matrixRules(name, place);
		return {
			name,
			running: running ?? null,
			rules: own === undefined ? rules : [{ from: 'suite', requirement: own }],
			key,
			release: String(place.release),
		};
	},
	*observe(given) {
		const { name, running } = subject(given);
		if (running === undefined) {
			yield { rpm: { do: 'exec', argv: rpmQuery(name) } };
			return;
		}
		const answers = yield { uname: kernelReleaseRequest };
		const kernel = kernelRelease(answers.get('uname'));
		if (kernel !== null) {
			yield { rpm: { do: 'exec', argv: rpmQuery(`${name}-${kernel}`) } };
		}
	},
	judge(observations, expectation) {
		const rules = expectation.rules.map(readRule);
		if (rules.length === 0) {
			const message = `Nothing says what '${expectation.name}' must be here: add '${expectation.key}' to the matrix, or a 'requirement' to the check`;
			return { outcome: 'error', reason: { code: 'no-requirement', message } };
		}
		const finding = findPackages(observations, expectation);
		return finding.installed.length === 0
			? judgeMissing(expectation.name, rules, finding.sought)
			: judgeInstalled(expectation, rules, finding.installed);
	},
});

function subject(given: z.infer<typeof params>): Exclude<z.infer<typeof params>, string> {
	return typeof given === 'string' ? { name: given } : given;
}

/** The release that uname named, or null when its answer is anything but one such word. */
function kernelRelease(answer: Answer | undefined): string | null {
	if (answer?.kind !== 'exec' || answer.status !== 0 || answer.truncated) {
		return null;
	}
	return /^([\w.+~^-]{1,128})\n?$/.exec(decodeText(answer.stdout) ?? '')?.[1] ?? null;
}

interface Finding {
	/** What was looked for, in words. */
	readonly sought: string;
	readonly installed: readonly InstalledPackage[];
}

function findPackages(observations: Observations, { name, running }: Expectation): Finding {
	const kernel = running === null ? null : runningKernel(observations);
	const label = kernel === null ? name : `${name}-${kernel}`;
	const answer = execAnswer(observations, 'rpm');
	const finding = parseRpmAnswer(
		{ status: answer.status, stdout: execText(observations, 'rpm'), stderr: execText(observations, 'rpm', 'stderr') },
		name,
		label,
	);
	const sought = kernel === null ? `'${name}'` : `'${name}' of the running kernel '${kernel}'`;
	switch (finding.found) {
		case 'no-rpm':
			throw new Inconclusive(
				'tool-missing',
				"'rpm' could not be run: either this is no RPM system, or its PATH lacks the directory of rpm",
			);
		case 'unrecognised':
			throw new Inconclusive('unrecognised-output', `'rpm -q ${label}' answered what it should not: '${quote(finding.text)}'`);
		case 'not-installed':
			return { sought, installed: [] };
		case 'installed': {
			const stray = finding.packages.find((one) => kernel !== null && `${one.version}-${one.release}.${one.arch}` !== kernel);
			if (stray !== undefined || (kernel !== null && finding.packages.length > 1)) {
				throw new Inconclusive('unrecognised-output', `Expected exactly one package ${sought}, got ${labels(finding.packages)}`);
			}
			return { sought, installed: finding.packages };
		}
	}
}

function runningKernel(observations: Observations): string {
	const answer = execAnswer(observations, 'uname');
	const kernel = kernelRelease(answer);
	if (kernel === null) {
		throw answer.status === 127
			? new Inconclusive('tool-missing', "'uname' was not found, so nobody says which kernel runs")
			: new Inconclusive(
					'unrecognised-output',
					`'uname -r' answered what it should not: '${quote(execText(observations, 'uname'))}'`,
				);
	}
	return kernel;
}

function judgeMissing(name: string, rules: readonly ReadRule[], sought: string): Judgement {
	const unmet = rules.filter(({ requirement: { engine } }) => engine !== 'absent');
	const expected = ruleLine(name, unmet.length === 0 ? rules : unmet);
	const actual = `${name} is not installed`;
	if (unmet.length === 0) {
		return { outcome: 'passed', expected, actual };
	}
	const message = `Expected ${expected}, but ${sought} is not installed: 'dnf install ${name}' installs what this release offers`;
	return { outcome: 'failed', reason: { code: 'not-installed', message }, expected, actual };
}

/**
 * A requirement must hold for every installed build: of a multi-install package any one can be the one in use, and the newest
 * is not it until the next boot. Only `running: kernel` knows better, and then there is exactly one.
 */
function judgeInstalled(
	{ name, release }: Expectation,
	rules: readonly ReadRule[],
	installed: readonly InstalledPackage[],
): Judgement {
	const actual = labels(installed);
	const absent = rules.filter(({ requirement: { engine } }) => engine === 'absent');
	if (absent.some(({ from }) => from === 'suite')) {
		const expected = ruleLine(name, absent);
		const message = `Expected ${expected}, got ${actual}: 'dnf remove ${name}' removes it`;
		return { outcome: 'failed', reason: { code: 'unexpectedly-installed', message }, expected, actual };
	}
	const judged = rules
		.filter(({ requirement: { engine } }) => engine !== 'absent')
		.flatMap(({ from, requirement: required }) => installed.map((one) => ({ from, ...judgeVersion(required, one) })));
	const wrong = judged.flatMap((one) => (one.ok === false ? [one] : []));
	if (wrong.length > 0) {
		const expected = [...new Set(wrong.map((one) => `${one.expected} (${one.from})`))].join(', ');
		const message = `Expected ${expected}, got ${actual}: 'dnf list --showduplicates ${name}' shows the builds on offer`;
		return { outcome: 'failed', reason: { code: 'wrong-version', message }, expected, actual };
	}
	const expected = ruleLine(name, rules);
	const unread = judged.find((one) => one.ok === null);
	if (unread?.ok === null) {
		return { outcome: 'error', reason: { code: 'version-unreadable', message: unread.why }, expected, actual };
	}
	const notes = absent.length === 0 ? [] : [`${actual} is installed, though Fedora ${release} does not carry it`];
	return { outcome: 'passed', expected, actual, notes: [...notes, ...vendorNotes(installed)] };
}

/** Who built it is no requirement, but a verdict on somebody else's build is worth a word. */
function vendorNotes(installed: readonly InstalledPackage[]): string[] {
	const strangers = installed.filter(({ vendor }) => vendor !== 'Fedora Project').slice(0, longestList);
	return strangers.map(
		(one) =>
			`${packageLabel(one)} has ${one.vendor === null ? 'no vendor' : `the vendor '${quote(one.vendor)}'`}, and Fedora's own builds have 'Fedora Project'`,
	);
}

/** Builds for several architectures have one label. */
function labels(installed: readonly InstalledPackage[]): string {
	const all = [...new Set(installed.map(packageLabel))];
	return (
		all.slice(0, longestList).map(quote).join(', ') + (all.length > longestList ? ` and ${all.length - longestList} more` : '')
	);
}
