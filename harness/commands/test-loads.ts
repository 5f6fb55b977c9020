// For tests, with --import: tells on standard error which modules of packages were loaded.

import { registerHooks } from 'node:module';

registerHooks({
	load: (url, context, next) => {
		if (url.includes('node_modules')) {
			process.stderr.write(`${url}\n`);
		}
		return next(url, context);
	},
});
