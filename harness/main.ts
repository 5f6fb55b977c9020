// argv -> command -> exit code. A command's module is loaded when it is chosen: help loads none of them.

import { parseArguments, UsageError } from './commands/arguments.ts';
import { renderCommandHelp, renderHelp } from './commands/help.ts';
import { type CommandSpec, commands, laterCommands } from './commands/table.ts';
import { nearestWord } from './domain/text/nearest.ts';

type Execute = (args: ReturnType<typeof parseArguments>, argv: readonly string[]) => number | Promise<number>;

const modules: Readonly<Record<string, () => Promise<{ readonly execute: Execute }>>> = {
	run: () => import('./commands/run.ts'),
	plan: () => import('./commands/plan.ts'),
	gate: () => import('./commands/gate.ts'),
	replay: () => import('./commands/replay.ts'),
	report: () => import('./commands/report.ts'),
	doctor: () => import('./commands/doctor.ts'),
	capture: () => import('./commands/capture.ts'),
	verify: () => import('./commands/verify.ts'),
	inspect: () => import('./commands/inspect.ts'),
	measure: () => import('./commands/measure.ts'),
	kds: () => import('./commands/kds.ts'),
	schema: () => import('./commands/schema.ts'),
	evr: () => import('./commands/evr.ts'),
};

function findCommand(name: string): CommandSpec {
	const found = commands.find((command) => command.name === name);
	if (found !== undefined) {
		return found;
	}
	if (laterCommands.includes(name)) {
		throw new UsageError(`'snpgate ${name}' is not available yet in this version.`);
	}
	const near = nearestWord(
		name,
		commands.map((command) => command.name),
	);
	throw new UsageError(
		`There is no command '${name}'. ${near === null ? "'snpgate --help' lists them." : `Did you mean '${near}'?`}`,
	);
}

async function main(argv: readonly string[]): Promise<number> {
	const [name, ...rest] = argv;
	if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
		process.stdout.write(renderHelp());
		return name === undefined ? 2 : 0;
	}
	const command = findCommand(name);
	const asked = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
	if (asked.includes('--help') || asked.includes('-h')) {
		process.stdout.write(renderCommandHelp(command));
		return 0;
	}
	const args = parseArguments(command, rest);
	const module = await modules[command.name]?.();
	if (module === undefined) {
		throw new Error(`command '${command.name}' has no module`);
	}
	return module.execute(args, argv);
}

// A reader that went away (`snpgate … | head`) is no reason to end early; a full disk is one to say so, after the teardown.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') {
		process.stderr.write(`snpgate: standard output cannot be written: ${error.message}. The exit code is 3.\n`);
		process.on('exit', () => {
			process.exitCode = 3;
		});
	}
});

/** The sentence and the exit code: 2 for what the user can mend, 3 for what could not be found out. */
function explain(error: unknown): readonly [string, number] {
	if (!(error instanceof Error)) {
		return [String(error), 3];
	}
	if (error.name === 'UsageError' || error.name === 'BundleError') {
		return [error.message, 2];
	}
	if (error.name === 'UnreachableError') {
		return [error.message, 3];
	}
	const { code, path } = error as NodeJS.ErrnoException;
	const system = code !== undefined && /^E[A-Z]+$/.test(code);
	return [
		system
			? `${error.message}. Free space, or give a directory that can be written${path === undefined ? '' : ` instead of '${path}'`}.`
			: (error.stack ?? error.message),
		3,
	];
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	// Anything that is not foreseen is a defect and keeps its stack.
	const [message, code] = explain(error);
	process.stderr.write(`snpgate: ${message}\n`);
	process.exitCode = code;
}
