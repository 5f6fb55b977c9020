// Help, printed from the table of commands.

import { type CommandSpec, commands, laterCommands } from './table.ts';

const intro = `snpgate asks whether a Fedora host launches a confidential AMD SEV-SNP guest that can prove what it is.

Usage: snpgate COMMAND [ARGUMENT…]
`;

const exitCodes = 'Exit: 0 conforms, 1 does not, 2 usage or configuration, 3 could not find out, 4 interrupted.';

const written = 'Exit: 0 when it wrote what was asked, 2 usage or configuration.';

export function renderHelp(): string {
	const rows = commands.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`);
	return `${intro}\n${rows.join('\n')}\n\nNot available yet: ${laterCommands.join(', ')}.\n'snpgate COMMAND --help' shows its options.\n${exitCodes}\n`;
}

export function renderCommandHelp(command: CommandSpec): string {
	const rows = Object.entries(command.options).map(([name, option]) => {
		const left = `  --${name}${option.value === undefined ? '' : ` ${option.value}`}${option.multiple === true ? '…' : ''}`;
		return `${left.padEnd(22)} ${option.summary}`;
	});
	const later =
		command.later.length === 0 ? '' : `\nNot available yet: ${command.later.map((name) => `--${name}`).join(', ')}.\n`;
	return `Usage: snpgate ${command.usage}\n${command.summary}.\n${rows.length === 0 ? '' : `\n${rows.join('\n')}\n`}${later}\n${command.exits ?? (command.judges ? exitCodes : written)}\n`;
}
