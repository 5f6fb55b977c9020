// Loaded into every worker of ava: what Node compiled for one of them, or for a command that a test starts, need not be compiled
// for the others.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled');
enableCompileCache(directory);
process.env.NODE_COMPILE_CACHE = directory;
