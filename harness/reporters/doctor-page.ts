// What the doctor says to people: a verdict, one cause with its evidence, one next step.

import type { Diagnosis, Finding } from '../domain/doctor/diagnose.ts';
import type { Cause } from '../domain/doctor/reading.ts';
import { type UnconfirmedFact, unconfirmedNote } from '../domain/unconfirmed.ts';
import { cleanLine, plural } from './plain-text.ts';

const longestPath = 120;
const longestLine = 240;
/** Lines of evidence that are shown for one cause; a log repeats itself. */
const mostEvidence = 3;

/** A short page of plain text; paths and evidence are hostile and made harmless. */
export function renderDiagnosis(diagnosis: Diagnosis): string {
	const { root, consequences } = diagnosis;
	const lines = [
		verdict(diagnosis),
		...(root === null ? [] : causeLines(root)),
		row('Next', nextStep(diagnosis)),
		...(root === null ? [] : [row('Look at', root.cause.lookAt)]),
		...consequences.map(({ cause }, index) => row(index === 0 ? 'Also' : '', `${cause.code}: ${cause.meaning}`)),
		...fileLines(diagnosis),
		...diagnosis.unconfirmed.map((id, index) => row(index === 0 ? 'Leans' : '', `on what is ${unconfirmedNote(id)}`)),
	];
	return `${lines.join('\n')}\n`;
}

/** The closed list of causes, one paragraph each. */
export function renderCauses(causes: readonly Cause[]): string {
	return `${causes
		.map(({ code, severity, meaning, isNot, next, lookAt }) =>
			[`${code}   ${severity}`, row('Means', meaning), row('Is not', isNot), row('Next', next), row('Look at', lookAt)].join(
				'\n',
			),
		)
		.join('\n\n')}\n`;
}

/** What is taken for true and no real machine has shown yet. */
export function renderUnconfirmed(facts: readonly UnconfirmedFact[], forms: readonly { tool: string; form: string }[]): string {
	return [
		'Not confirmed yet on a real host:',
		...facts.map(({ id, assumed, settledBy }) => `  ${id}: ${assumed}. It would be shown by ${settledBy}.`),
		'',
		'Forms of the simulated tools that nothing confirms:',
		...forms.map(({ tool, form }) => `  ${tool}: ${form}`),
		'',
	].join('\n');
}

function verdict({ snp, root, files }: Diagnosis): string {
	if (snp === 'unknown') {
		const silent = files.filter(({ reading }) => reading.snp === 'unknown').length;
		const who = `${silent} of ${plural(files.length, 'text')} ${silent === 1 ? 'does' : 'do'} not say`;
		return `DOCTOR   unknown: ${who} whether SEV-SNP is usable`;
	}
	const more = snp === 'usable' && root !== null && root.cause.severity !== 'note' ? ', but read on' : '';
	return `DOCTOR   SEV-SNP is ${snp}, by ${plural(files.length, 'text')}${more}`;
}

function causeLines({ cause, evidence }: Finding): readonly string[] {
	const shown = evidence.slice(0, mostEvidence);
	const more = evidence.length - shown.length;
	return [
		row(cause.severity === 'note' ? 'Note' : 'Cause', `${cause.code}: ${cause.meaning}`),
		...shown.map(({ file, line }) => row('', `${cleanLine(file, longestPath)}: ${cleanLine(line, longestLine)}`)),
		...(more === 0 ? [] : [row('', `and ${plural(more, 'line')} more`)]),
	];
}

function nextStep({ snp, next, files }: Diagnosis): string {
	if (next !== null) {
		return next;
	}
	if (files.some(({ reading }) => reading.facts.error === 'truncated')) {
		return 'cut what is needed out of the file that is too long (16 MiB are read), for example the log of one boot';
	}
	if (snp === 'usable') {
		return 'let the gate decide, on the host itself: npx --no snpgate run --host local';
	}
	return "give the whole kernel log of one boot ('journalctl -k -b') and, from root, 'snphost ok'; each with its own --from";
}

function fileLines({ files }: Diagnosis): readonly string[] {
	const names = files.map(({ file }) => cleanLine(file, longestPath));
	const width = Math.max(...names.map((name) => name.length));
	return files.map(({ reading }, index) => {
		const what = reading.facts.error === 'truncated' ? 'error: truncated' : `${reading.kind.padEnd(13)} ${reading.snp}`;
		return row(index === 0 ? 'Texts' : '', `${(names[index] ?? '').padEnd(width)}   ${what}`);
	});
}

function row(label: string, text: string): string {
	return `${(label === '' ? '' : `${label}:`).padEnd(9)}${text}`;
}
