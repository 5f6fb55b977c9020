// snpgate schema suite|matrix|hosts|expect: JSON Schema for editors.

import { kinds } from '../checks/index.ts';
import { formatDocument } from '../language/document.ts';
import { schemaFor } from '../language/json-schema.ts';
import { type Arguments, UsageError } from './arguments.ts';

const known = ['suite', 'matrix', 'hosts', 'expect'] as const;
const later = ['waivers'];

export function execute(args: Arguments): number {
	const [word, ...more] = args.words;
	const what = known.find((name) => name === word);
	if (word !== undefined && later.includes(word)) {
		throw new UsageError(`'snpgate schema ${word}' is not available yet in this version.`);
	}
	if (what === undefined || more.length > 0) {
		throw new UsageError(`'snpgate schema' takes one of: ${known.join(', ')}.`);
	}
	process.stdout.write(formatDocument(schemaFor(what, kinds)));
	return 0;
}
