// The table of capabilities for people: what needs each, why, and what is lost without it.

import type { Need, Permission } from '../domain/doctor/permissions.ts';
import { cleanLine } from './plain-text.ts';

const longestNeed = 160;
const labelWidth = 9;

/** One paragraph a capability; a machine's text is nowhere in it, but a suite's is. */
export function renderPermissions(permissions: readonly Permission[]): string {
	return `${permissions.map(renderPermission).join('\n\n')}\n`;
}

function renderPermission({ capability, why, needs, checks, doctor }: Permission): string {
	const lost = [...checks, ...(doctor ? ["what the doctor reads ('snpgate doctor')"] : [])];
	return [
		capability,
		row('Why', why),
		...needs.map((need, index) => row(index === 0 ? 'For' : '', needLine(need))),
		row('Lost', lost.join(', ')),
	].join('\n');
}

function needLine(need: Need): string {
	return cleanLine('path' in need ? need.path : need.argv.join(' '), longestNeed);
}

function row(label: string, text: string): string {
	return `${(label === '' ? '' : `${label}:`).padEnd(labelWidth)}${text}`;
}
