// virsh: --version and domcapabilities.

import { printed, refused, type Tool, type ToolOutput } from '../system.ts';
import type { World } from '../world.ts';
import { domainCapabilities } from './domain-capabilities.ts';

const system = 'qemu:///system';

/** virsh of this world. Its other commands are unknown to it, with the text for an unknown command. */
export function createVirsh(world: World): Tool {
	return ({ args }) => {
		const rest = [...args];
		let uri = system;
		while (rest[0]?.startsWith('-')) {
			const option = rest.shift() ?? '';
			if (option === '--version' || option === '-v') {
				return printed(`${world.libvirt.version}\n`);
			}
			if (option === '-q' || option === '--quiet' || option === '-r' || option === '--readonly') {
				continue;
			}
			if (option !== '-c' && option !== '--connect') {
				return refused(`error: unsupported option '${option}'. See --help.\n`);
			}
			const value = rest.shift();
			if (value === undefined) {
				return refused(`error: option '${option}' requires an argument\n`);
			}
			uri = value;
		}
		const [command, ...options] = rest;
		if (command !== 'domcapabilities') {
			return command === undefined ? printed('') : refused(`error: unknown command: '${command}'\n`);
		}
		if (uri !== system) {
			return refused(`error: failed to connect to the hypervisor\nerror: no connection driver available for ${uri}\n`);
		}
		return capabilities(world, options);
	};
}

const optionNames = ['virttype', 'emulatorbin', 'arch', 'machine'];

function capabilities(world: World, args: readonly string[]): ToolOutput {
	const options = new Map<string, string>();
	for (let index = 0; index < args.length; index += 1) {
		const arg = args[index] ?? '';
		const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
		if (!optionNames.includes(name)) {
			return arg.startsWith('--')
				? refused(`error: command 'domcapabilities' doesn't support option --${name}\n`)
				: refused(`error: unexpected data '${arg}'\n`);
		}
		const value = attached ?? args[index + 1];
		if (value === undefined) {
			return refused(`error: expected syntax: --${name} <string>\n`);
		}
		index += attached === undefined ? 1 : 0;
		options.set(name, value);
	}
	const { q35, i440fx } = world.qemu;
	const asked = options.get('machine') ?? 'pc';
	const machine = new Map([
		['q35', q35],
		['pc', i440fx],
		[q35, q35],
		[i440fx, i440fx],
	]).get(asked);
	const complain = (text: string) => refused(`error: failed to get emulator capabilities\nerror: invalid argument: ${text}\n`);
	if (machine === undefined) {
		return complain(`the machine '${asked}' is not supported by emulator '/usr/bin/qemu-system-x86_64'`);
	}
	const virttype = options.get('virttype') ?? 'kvm';
	if (virttype !== 'kvm') {
		return complain(`unknown virttype: ${virttype}`);
	}
	// virsh ends every answer with one more line feed.
	return printed(`${domainCapabilities(world, machine)}\n`);
}
