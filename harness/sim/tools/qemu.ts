// qemu-system-x86_64, as far as it answers without running a machine: --version and the help of -object and -machine.

import { printed, refused, type Tool, type ToolOutput } from '../system.ts';
import type { Package, Qemu, QemuProperty } from '../world.ts';

const program = 'qemu-system-x86_64';
const emulatorPackage = 'qemu-system-x86-core';

/** The emulator of these facts. Launches are the business of the guests, so options that would start one are refused. */
export function createQemu(qemu: Qemu): Tool {
	return ({ args, system }) => {
		const [first, second] = args;
		if (first === undefined) {
			return refused(`${program}: the simulated emulator starts guests only through the harness\n`);
		}
		// QEMU takes one dash or two for every option.
		const option = first.startsWith('--') ? first.slice(1) : first;
		if (option === '-version') {
			return printed(version(qemu, system.identity.packages));
		}
		if (option !== '-object' && option !== '-machine' && option !== '-M') {
			return first.startsWith('-')
				? refused(`${program}: ${first}: invalid option\n`)
				: refused(`${program}: ${first}: Could not open '${first}': No such file or directory\n`);
		}
		if (second === undefined) {
			return refused(`${program}: ${first}: requires an argument\n`);
		}
		return option === '-object' ? objectHelp(qemu, first, second) : machineHelp(qemu, second);
	};
}

function version(qemu: Qemu, packages: readonly Package[]): string {
	const pack = packages.find(({ name }) => name === emulatorPackage);
	const build = pack === undefined ? '' : ` (qemu-${pack.version}-${pack.release})`;
	return `QEMU emulator version ${qemu.version}${build}\nCopyright (c) 2003-2024 Fabrice Bellard and the QEMU Project developers\n`;
}

const isHelp = (word: string) => word === 'help' || word === '?';

function objectHelp(qemu: Qemu, option: string, argument: string): ToolOutput {
	if (isHelp(argument)) {
		const names = Object.keys(qemu.objects).sort();
		return printed(`List of user creatable objects:\n${names.map((name) => `  ${name}\n`).join('')}`);
	}
	const [head = '', ...rest] = argument.split(',');
	const type = head.startsWith('qom-type=') ? head.slice('qom-type='.length) : head;
	const complain = (text: string) => refused(`${program}: ${option} ${argument}: ${text}\n`);
	if (type === '' || type.includes('=')) {
		return complain("Parameter 'qom-type' is missing");
	}
	const properties = Object.hasOwn(qemu.objects, type) ? qemu.objects[type] : undefined;
	if (properties === undefined) {
		return complain(`Parameter 'qom-type' does not accept value '${type}'`);
	}
	if (rest.some(isHelp)) {
		return printed(propertyList(type, properties));
	}
	if (!rest.some((word) => word.startsWith('id='))) {
		return complain("Parameter 'id' is missing");
	}
	return refused(`${program}: the simulated emulator starts guests only through the harness\n`);
}

function machineHelp(qemu: Qemu, argument: string): ToolOutput {
	const [head = '', ...rest] = argument.split(',');
	const name = head.startsWith('type=') ? head.slice('type='.length) : head;
	const machines: Readonly<Record<string, string>> = {
		pc: `Standard PC (i440FX + PIIX, 1996) (alias of ${qemu.i440fx})`,
		[qemu.i440fx]: 'Standard PC (i440FX + PIIX, 1996) (default)',
		q35: `Standard PC (Q35 + ICH9, 2009) (alias of ${qemu.q35})`,
		[qemu.q35]: 'Standard PC (Q35 + ICH9, 2009)',
		none: 'empty machine',
	};
	const known = Object.hasOwn(machines, name);
	if (isHelp(name) || (!known && rest.some(isHelp))) {
		const lines = Object.entries(machines).map(([machine, text]) => `${machine.padEnd(20)} ${text}\n`);
		return printed(`Supported machines are:\n${lines.join('')}`);
	}
	if (!known) {
		return refused(`${program}: unsupported machine type\nUse -machine help to list supported machines\n`);
	}
	const machine = name === 'pc' ? qemu.i440fx : name === 'q35' ? qemu.q35 : name;
	if (rest.some(isHelp)) {
		return printed(propertyList(`${machine}-machine`, qemu.machineProperties));
	}
	const wrong = rest
		.map((word) => word.split('=')[0] ?? '')
		.find((word) => !qemu.machineProperties.some((property) => property.name === word));
	return wrong === undefined
		? refused(`${program}: the simulated emulator starts guests only through the harness\n`)
		: refused(noSuchProperty(machine, wrong));
}

/** What QEMU says of a machine property that the machine does not have. */
export function noSuchProperty(machine: string, property: string): string {
	return `${program}: Property '${machine}-machine.${property}' not found\n`;
}

/** `  name=<type>` by name; a description starts in column 26, or after the property where that is longer. */
function propertyList(type: string, properties: readonly QemuProperty[]): string {
	const lines = properties.map(({ name, type: valueType, description }) => {
		const left = `  ${name}=<${valueType}>`;
		return description === undefined ? left : `${left.padEnd(24)} - ${description}`;
	});
	return `${type} options:\n${lines
		.sort()
		.map((line) => `${line}\n`)
		.join('')}`;
}
