// Reads suites and matrices from disk; every problem of every file is told at once.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { kinds } from '../checks/index.ts';
import { nearestWord } from '../domain/text/nearest.ts';
import { loadMatrix } from '../language/load-matrix.ts';
import { loadSuite } from '../language/load-suite.ts';
import type { Matrix } from '../language/matrix.ts';
import { formatProblems, type Problem } from '../language/problems.ts';
import { checkReferences, type LocatedMatrix, type LocatedSuite } from '../language/references.ts';
import type { Suite } from '../language/suite.ts';
import { UsageError } from './arguments.ts';
import { readSource, type Source, shorten } from './source-file.ts';

const projectRoot = resolve(import.meta.dirname, '..', '..');
const suitesDirectory = join(projectRoot, 'suites');
const matricesDirectory = join(projectRoot, 'matrices');

export interface LoadedSuites {
	/** All that are known: those of the project, and those that were named. */
	readonly suites: readonly Suite[];
	/** Names of those that were asked for; null when none was named. */
	readonly named: readonly string[] | null;
	readonly located: readonly LocatedSuite[];
	readonly problems: readonly Problem[];
	readonly sources: readonly Source[];
}

/** Loads the named suites (a path, or a name in suites/) and, for prerequisites, every other suite of the project. */
export function loadSuites(words: readonly string[]): LoadedSuites {
	const standard = existsSync(suitesDirectory)
		? readdirSync(suitesDirectory)
				.filter((name) => /\.ya?ml$/.test(name))
				.sort()
		: [];
	const asked = words.map((word) => findFile(word, suitesDirectory, 'suite'));
	const paths = [...asked, ...standard.map((name) => join(suitesDirectory, name))].map((path) => resolve(path));
	const sources = [...new Set(paths)].map(readSource);
	const loaded = sources.map(({ path, text }) => ({ path, text, ...loadSuite(text, path, kinds) }));
	const named = new Set(asked.map((path) => shorten(resolve(path))));
	// A suite that was named replaces the project's own of the same name: a copy that somebody works on.
	const taken = new Set(loaded.filter(({ path }) => named.has(path)).map(({ name }) => name));
	const used = loaded.filter(({ path, name }) => named.has(path) || name === null || !taken.has(name));
	return {
		suites: used.flatMap(({ suite }) => (suite === null ? [] : [suite])),
		named: words.length === 0 ? null : used.flatMap(({ path, suite }) => (named.has(path) && suite !== null ? [suite.name] : [])),
		located: used.map(({ path, suite, locate }) => ({ suite, locate, named: named.has(path) })),
		problems: used.flatMap(({ problems }) => problems),
		sources: used.map(({ path, text }) => ({ path, text })),
	};
}

export interface LoadedMatrix {
	readonly path: string;
	readonly matrix: Matrix | null;
	readonly located: LocatedMatrix | null;
	readonly problems: readonly Problem[];
	readonly source: Source;
}

/** Loads a matrix by its path, or by its name in matrices/. */
export function loadMatrixFile(word: string): LoadedMatrix {
	const source = readSource(resolve(findFile(word, matricesDirectory, 'matrix')));
	const { matrix, problems, locate } = loadMatrix(source.text, source.path);
	return { path: source.path, matrix, located: matrix === null ? null : { matrix, locate }, problems, source };
}

/** The matrix of a release, when the project has one. */
export function matrixForRelease(id: string, version: string): string | null {
	const path = join(matricesDirectory, `f${version}.yaml`);
	return id === 'fedora' && /^\d+$/.test(version) && existsSync(path) ? path : null;
}

export const defaultMatrix = join(matricesDirectory, 'f41.yaml');

/** The world that bare 'sim' means where no matrix is at hand: that of the default matrix. */
export function defaultWorld(): string | null {
	return loadMatrixFile(defaultMatrix).matrix?.world ?? null;
}

/** Throws UsageError with every problem when there is one; else the matrix. */
export function requireSound(suites: LoadedSuites, matrix: LoadedMatrix): Matrix {
	const all = [...suites.problems, ...matrix.problems, ...checkReferences(suites.located, matrix.located)];
	if (all.length > 0 || matrix.matrix === null) {
		const count = `${all.length} ${all.length === 1 ? 'problem' : 'problems'}`;
		throw new UsageError(`${count} in suites or matrix.\n\n${formatProblems(all)}`);
	}
	return matrix.matrix;
}

function findFile(word: string, directory: string, what: string): string {
	if (existsSync(word)) {
		return word;
	}
	const standard = join(directory, /\.ya?ml$/.test(word) ? basename(word) : `${word}.yaml`);
	if (dirname(word) === '.' && existsSync(standard)) {
		return standard;
	}
	const files = existsSync(directory)
		? readdirSync(directory).filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('hosts.'))
		: [];
	const known = files.map((name) => name.replace(/\.ya?ml$/, ''));
	const near = nearestWord(basename(word).replace(/\.ya?ml$/, ''), known);
	throw new UsageError(
		`There is no ${what} '${word}'. ${near === null ? `Known here: ${known.join(', ')}.` : `Did you mean '${near}'?`}`,
	);
}
