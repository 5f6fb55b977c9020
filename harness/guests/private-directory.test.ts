import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makePrivateDirectory, removeAbandoned } from './private-directory.ts';

/** A directory whose owner was killed and could not remove it. */
async function abandoned(parent: string): Promise<string> {
	const source = `import { makePrivateDirectory } from ${JSON.stringify(join(import.meta.dirname, 'private-directory.ts'))};
		console.log(makePrivateDirectory(${JSON.stringify(parent)}));
		setInterval(() => {}, 1_000);`;
	const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [said] = await once(child.stdout, 'data');
	const directory = String(said).trim();
	removeAbandoned(parent);
	if (!existsSync(directory)) {
		throw new Error('the directory of a living owner was removed');
	}
	child.kill('SIGKILL');
	await once(child, 'exit');
	return directory;
}

test('what a killed owner left is removed, and nothing else', async (t) => {
	const parent = mkdtempSync(join(tmpdir(), 'owners-'));
	const dead = await abandoned(parent);
	writeFileSync(join(dead, 'vars'), 'x');
	mkdirSync(join(dead, 'tpm-state'));
	const owner = readFileSync(join(dead, 'owner'), 'utf8');
	const mine = makePrivateDirectory(parent);
	/** Directories that look alike, with this in their file 'owner'. */
	const others = {
		'snpgate-noownr': null,
		'snpgate-broken': '{',
		'snpgate-nothng': 'null',
		'snpgate-reboot': owner.replace(/"boot":"[^"]*"/, '"boot":"another"'),
		'snpgate-namesp': owner.replace(/"namespace":"[^"]*"/, '"namespace":"pid:[1]"'),
		'snpgate-longer-name': owner,
		'another-abcdef': owner,
	};
	for (const [name, text] of Object.entries(others)) {
		mkdirSync(join(parent, name), { mode: 0o700 });
		if (text !== null) {
			writeFileSync(join(parent, name, 'owner'), text);
		}
	}
	symlinkSync(join(parent, 'another-abcdef'), join(parent, 'snpgate-symlnk'));
	removeAbandoned(parent);
	t.false(existsSync(dead));
	t.true(existsSync(mine));
	for (const name of [...Object.keys(others), 'snpgate-symlnk']) {
		t.true(existsSync(join(parent, name)), name);
	}
	rmSync(parent, { recursive: true });
});

test('an owner whose number went to a later process is dead', (t) => {
	const parent = mkdtempSync(join(tmpdir(), 'owners-'));
	const directory = makePrivateDirectory(parent);
	const file = join(directory, 'owner');
	writeFileSync(file, readFileSync(file, 'utf8').replace(/"started":"[^"]*"/, '"started":"1"'));
	removeAbandoned(parent);
	t.false(existsSync(directory));
	removeAbandoned(join(parent, 'absent'));
	rmSync(parent, { recursive: true });
});
