// rpm, as far as questions about installed packages go.

import { printed, refused, type Tool, type ToolOutput } from '../system.ts';
import type { Package } from '../world.ts';
import { formatPackage } from './rpm-format.ts';

const defaultFormat = '%{NVRA}\\n';

interface Query {
	readonly query: boolean;
	readonly all: boolean;
	readonly version: boolean;
	readonly format: string;
	readonly names: readonly string[];
}

/** rpm of this version: -q with --qf or names, -qa, --version. Anything else is an unknown option, in popt's words. */
export function createRpm(version: string): Tool {
	return ({ args, system }) => {
		const asked = parseArguments(args);
		if (typeof asked === 'string') {
			return refused(`rpm: ${asked}\n`);
		}
		if (asked.version) {
			return printed(`RPM version ${version}\n`);
		}
		if (!asked.query) {
			return printed(usage(version), '', asked.names.length === 0 ? 1 : 2);
		}
		if (asked.names.length === 0 && !asked.all) {
			return refused('rpm: no arguments given for query\n');
		}
		return query(asked, system.identity.packages);
	};
}

/** popt takes short options in clusters, knows no abbreviations, and names the whole word that it does not understand. */
function parseArguments(args: readonly string[]): Query | string {
	const words = { query: ['q', '--query'], all: ['a', '--all'], version: ['--version'], verbose: ['v', '--verbose'] };
	const seen = new Set<string>();
	const names: string[] = [];
	let format = defaultFormat;
	for (let index = 0; index < args.length; index += 1) {
		const arg = args[index] ?? '';
		const [word, attached] =
			arg.startsWith('--') && arg.includes('=') ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg];
		if (arg === '--') {
			names.push(...args.slice(index + 1));
			break;
		}
		if (!arg.startsWith('-') || arg === '-') {
			names.push(arg);
		} else if (word === '--qf' || word === '--queryformat') {
			const value = attached ?? args[index + 1];
			if (value === undefined) {
				return `${word}: missing argument`;
			}
			index += attached === undefined ? 1 : 0;
			format = value;
		} else {
			const parts = arg.startsWith('--') ? [arg] : [...arg.slice(1)];
			for (const part of parts) {
				const found = Object.entries(words).find(([, spellings]) => spellings.includes(part));
				if (found === undefined) {
					return `${arg}: unknown option`;
				}
				seen.add(found[0]);
			}
		}
	}
	return { query: seen.has('query'), all: seen.has('all'), version: seen.has('version'), format, names };
}

/** The exit status is the number of names that no package has; a wrong format is only complained about (rpm 4.18). */
function query({ names, all, format }: Query, packages: readonly Package[]): ToolOutput {
	let stdout = '';
	let stderr = '';
	let missing = 0;
	const show = (pack: Package) => {
		const formatted = formatPackage(format, pack);
		if ('error' in formatted) {
			stderr += `error: incorrect format: ${formatted.error}\n`;
		} else {
			stdout += formatted.text;
		}
	};
	if (all) {
		packages.filter(({ name }) => names.length === 0 || names.includes(name)).forEach(show);
		return printed(stdout, stderr);
	}
	for (const name of names) {
		const found = packages.filter((pack) => labels(pack).includes(name));
		found.forEach(show);
		if (found.length === 0) {
			missing += 1;
			stdout += `package ${name} is not installed\n`;
		}
	}
	return printed(stdout, stderr, Math.min(missing, 255));
}

/** Everything that names this package on rpm's command line. */
function labels({ name, epoch, version, release, arch }: Package): readonly string[] {
	const epochs = ['', `${epoch ?? 0}:`];
	const withoutArch = [
		name,
		...epochs.flatMap((prefix) => [`${name}-${prefix}${version}`, `${name}-${prefix}${version}-${release}`]),
	];
	return withoutArch.flatMap((label) => [label, `${label}.${arch}`]);
}

/** popt's usage, with the options that are simulated. */
function usage(version: string): string {
	return [
		`RPM version ${version}`,
		'Copyright (C) 1998-2002 - Red Hat, Inc.',
		'This program may be freely redistributed under the terms of the GNU GPL',
		'',
		'Usage: rpm [-aqv] [-a|--all] [-q|--query] [--queryformat=QUERYFORMAT]',
		'        [-v|--verbose] [--version]',
		'',
	].join('\n');
}
