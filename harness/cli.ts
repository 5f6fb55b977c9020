#!/usr/bin/env node
// The way in. What Node compiled is kept in the user's cache, which halves the time of every later start; the rest is main.ts.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirectory } from './commands/cache-directory.ts';

enableCompileCache(join(cacheDirectory(process.env), 'compiled'));
await import('./main.ts');
