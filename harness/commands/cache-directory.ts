// Where this program keeps what it can make or fetch again.

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** snpgate's directory in the user's cache; a relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification). */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
	const { XDG_CACHE_HOME: given } = env;
	return join(given !== undefined && isAbsolute(given) ? given : join(homedir(), '.cache'), 'snpgate');
}
