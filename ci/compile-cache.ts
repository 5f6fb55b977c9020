// Loaded into every worker of ava: what Node compiled for one of them need not be compiled for the others.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled'));
