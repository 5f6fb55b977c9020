// npm drops the optional packages of other platforms from the lock when the registry at hand does not carry them,
// and `npm ci` then refuses that lock everywhere. Whoever runs `npm install` there finds out here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';

interface Entry {
	readonly version?: string;
	readonly resolved?: string;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
	readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'),
);

test('the lock has an entry for every optional package of every platform', (t) => {
	const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
		Object.keys(optionalDependencies).filter(
			(name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
		),
	);
	t.deepEqual(missing, []);
});

test('the lock names no registry', (t) => {
	const named = Object.entries(lock.packages).flatMap(([path, { resolved }]) =>
		resolved?.startsWith('http') === true ? [path] : [],
	);
	t.deepEqual(named, []);
});
