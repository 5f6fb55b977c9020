// BUNDLE on the command line: a path, a run id under reports/, or 'latest'.

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { BundleError } from './bundle-reader.ts';

export function findBundle(word: string, reports: string): string {
	const candidates = [word, join(reports, word)];
	const found = candidates.find((path) => existsSync(join(path, 'run.json')));
	if (found === undefined) {
		throw new BundleError(`No bundle '${word}': it is neither a directory with a run.json nor a run under '${reports}'.`);
	}
	return realpathSync(found);
}
