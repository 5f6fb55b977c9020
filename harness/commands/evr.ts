// snpgate evr A B: -1, 0 or 1 on standard output.

import { compareEvr, EvrError, parseEvr } from '../domain/rpm/evr.ts';
import { type Arguments, UsageError } from './arguments.ts';

export function execute(args: Arguments): number {
	const [a, b, ...more] = args.words;
	if (a === undefined || b === undefined || more.length > 0) {
		throw new UsageError("'snpgate evr' compares two versions: snpgate evr 2:9.1.0-1 2:9.1.0-0.3.rc2");
	}
	try {
		process.stdout.write(`${compareEvr(parseEvr(a), parseEvr(b))}\n`);
	} catch (error) {
		throw error instanceof EvrError ? new UsageError(error.message) : error;
	}
	return 0;
}
