// virt-install --version. Guests are launched by the guest adapter, so nothing else is simulated.

import { printed, refused, type Tool } from '../system.ts';

/** virt-install of this version; other arguments are argparse's usage error. */
export function createVirtInstall(version: string): Tool {
	return ({ args }) => {
		if (args.includes('--version')) {
			return printed(`${version}\n`);
		}
		const [first] = args;
		const usage = 'usage: virt-install --name NAME --memory MB STORAGE INSTALL [options]\n';
		return first === undefined
			? refused('ERROR    \n--name is required\n')
			: refused(`${usage}virt-install: error: unrecognized arguments: ${args.join(' ')}\n`, 2);
	};
}
