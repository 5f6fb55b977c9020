// For tests, with --import: tells on standard error which modules of packages were loaded, and the processor time it all took.

import { registerHooks } from 'node:module';

registerHooks({
	load: (url, context, next) => {
		if (url.includes('node_modules')) {
			process.stderr.write(`${url}\n`);
		}
		return next(url, context);
	},
});

process.on('exit', () => {
	const { user, system } = process.cpuUsage();
	process.stderr.write(`cpu ${Math.round((user + system) / 1000)}\n`);
});
