// The house's order: who may import whom. The table is the rule; the imports are read from the files.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';

const root = import.meta.dirname;

/** Layer to the layers that it may import; its own is always allowed. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	domain: [],
	ports: [],
	language: ['domain', 'ports'],
	plan: ['domain', 'ports', 'language'],
	checks: ['domain', 'ports', 'language'],
	evidence: ['domain', 'ports', 'language'],
	faults: ['domain', 'ports', 'language'],
	gate: ['domain', 'ports', 'language'],
	run: ['domain', 'ports', 'language', 'plan', 'checks', 'evidence', 'faults', 'gate'],
	reporters: ['domain', 'ports', 'language', 'plan', 'checks', 'evidence', 'faults', 'gate', 'run'],
	machines: ['domain', 'ports'],
	guests: ['domain', 'ports', 'machines'],
	kds: ['domain', 'ports'],
	sim: ['domain', 'ports', 'language'],
	commands: [
		'domain',
		'ports',
		'language',
		'plan',
		'checks',
		'evidence',
		'faults',
		'gate',
		'run',
		'reporters',
		'machines',
		'guests',
		'kds',
		'sim',
	],
	main: ['domain', 'commands'],
	cli: ['main', 'commands'],
};

/** What domain/ may take from Node: computing, never looking or touching. */
const pureModules = new Set(['node:crypto', 'node:path', 'semver']);

interface Import {
	readonly file: string;
	readonly specifier: string;
}

function sources(): readonly string[] {
	return readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)test-[^/]*\.ts$/.test(name))
		.map((name) => name.split('\\').join('/'));
}

function importsOf(file: string): readonly Import[] {
	const text = readFileSync(join(root, file), 'utf8');
	return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g)].flatMap(
		(match) => {
			const specifier = match[1] ?? match[2];
			return specifier === undefined ? [] : [{ file, specifier }];
		},
	);
}

const layerOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, ''));

test('every import follows the order of the house', (t) => {
	const wrong = sources().flatMap((file) =>
		importsOf(file).flatMap(({ specifier }) => {
			const from = layerOf(file);
			if (!specifier.startsWith('.')) {
				return [];
			}
			const to = layerOf(relative(root, resolve(root, dirname(file), specifier)));
			return to === from || allowed[from]?.includes(to) === true ? [] : [`'${file}' may not import '${specifier}'`];
		}),
	);
	t.deepEqual(wrong, []);
});

test('domain is pure: no file, process, clock, random number or child process', (t) => {
	const wrong = sources()
		.filter((file) => layerOf(file) === 'domain')
		.flatMap((file) => {
			const text = readFileSync(join(root, file), 'utf8');
			const modules = importsOf(file).filter(({ specifier }) => !specifier.startsWith('.') && !pureModules.has(specifier));
			const words = /\b(?:process\.|Date\.now|new Date\(\)|Math\.random|randomBytes|setTimeout|fetch\()/.exec(text);
			return [
				...modules.map(({ specifier }) => `'${file}' imports '${specifier}'`),
				...(words === null ? [] : [`'${file}' uses '${words[0]}'`]),
			];
		});
	t.deepEqual(wrong, []);
});

test('every folder has its place in the order', (t) => {
	const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	t.deepEqual(
		folders.map(({ name }) => name).filter((name) => !(name in allowed)),
		[],
	);
});

test('places differ by inventory and matrix: nothing outside sim and tests names a world or the lab', (t) => {
	const names = /\bf\d\d-(?:change|shipped)\b|\blab\b|host-kernel-|guest-kernel-/i;
	const wrong = sources()
		.filter((file) => layerOf(file) !== 'sim')
		.flatMap((file) => {
			const found = names.exec(readFileSync(join(root, file), 'utf8'));
			return found === null ? [] : [`'${file}' says '${found[0]}'`];
		});
	t.deepEqual(wrong, []);
});
