// snpgate plan: what a run would do. Looks at the host only to learn what it is (phase 0).

import { formatDocument } from '../language/document.ts';
import type { Plan, PlannedCell } from '../language/plan.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { prepare } from './prepare.ts';

const later = ['github', 'gitlab', 'tmt'];

export async function execute(args: Arguments): Promise<number> {
	const format = args.flag('json') ? 'json' : (args.one('format') ?? 'table');
	if (later.includes(format)) {
		throw new UsageError(`'--format ${format}' is not available yet in this version. There is: table, json.`);
	}
	if (format !== 'table' && format !== 'json') {
		throw new UsageError(`There is no plan format '${format}'. There is: table, json.`);
	}
	const prepared = await prepare(args, (text) => process.stderr.write(`${text}\n`), new AbortController().signal);
	await prepared.connection.machine.close();
	const simulated = prepared.connection.simulated !== null;
	const { plan } = prepared;
	process.stdout.write(format === 'json' ? formatDocument({ ...plan, simulated }) : renderPlan(plan, simulated));
	return 0;
}

function renderPlan(plan: Plan, simulated: boolean): string {
	const checks = plan.cells.reduce((sum, cell) => sum + cell.checks.length, 0);
	const guests = plan.cells.filter(({ checks: planned }) => planned.some(({ kind }) => kind === 'guest-boot')).length;
	const head = `${simulated ? 'SIMULATED · ' : ''}${count(plan.cells.length, 'cell')}, ${count(checks, 'check')}, ${count(guests, 'guest')} to boot, judged as ${plan.profiles.join(', ')}\n`;
	return `${head}${plan.cells.map(renderCell).join('')}`;
}

function count(n: number, what: string): string {
	return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function renderCell(cell: PlannedCell): string {
	const skip = cell.skip === null ? '' : `  (skipped by ${cell.skip.rule}: ${cell.skip.because})`;
	const widest = Math.max(...cell.checks.map(({ id }) => id.length));
	const rows = cell.checks.map((check) => {
		const marks = [
			check.selected ? null : 'prerequisite',
			check.required ? null : 'informational',
			check.skip === null || cell.skip !== null ? null : `skipped by ${check.skip.rule}`,
		].filter((mark) => mark !== null);
		return `  ${check.id.padEnd(widest)}  ${check.title}${marks.length === 0 ? '' : ` [${marks.join(', ')}]`}\n`;
	});
	return `\n${cell.id} on ${cell.host}${skip}\n${rows.join('')}`;
}
